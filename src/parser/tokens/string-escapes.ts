import { syntaxErrorAt } from './lexical-error.js';

const simpleEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const escapePattern = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))|''/g;

/**
 * The content of an `E'…'` string, between the quotes, with its backslash escapes resolved. Bytes given in octal or
 * hexadecimal form UTF-8 sequences, as they do in a UTF-8 database.
 */
export function decodeBackslashEscapes(content: string, position: number): string {
  if (!content.includes('\\')) return content.replaceAll("''", "'");
  let pendingBytes: number[] = [];
  let result = '';
  let last = 0;
  const flush = (): void => {
    if (pendingBytes.length === 0) return;
    try {
      result += new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(pendingBytes));
    } catch {
      throw syntaxErrorAt('22021', 'invalid byte sequence for encoding "UTF8"', position);
    }
    pendingBytes = [];
  };
  for (const match of content.matchAll(escapePattern)) {
    const [whole, octal, hex, short, long, other] = match;
    if (match.index > last) {
      flush();
      result += content.slice(last, match.index);
    }
    last = match.index + whole.length;
    const byte =
      octal !== undefined ? Number.parseInt(octal, 8) & 0xff : hex !== undefined ? Number.parseInt(hex, 16) : -1;
    if (byte >= 0) {
      if (byte === 0) throw syntaxErrorAt('22021', 'invalid byte sequence for encoding "UTF8": 0x00', position);
      pendingBytes.push(byte);
      continue;
    }
    flush();
    if (whole === "''") result += "'";
    else if (other === 'u' || other === 'U') throw invalidUnicodeEscape('22025', position + "E'".length + match.index);
    else if (other !== undefined) result += simpleEscapes[other] ?? other;
    else result += codePoint(Number.parseInt(short ?? (long as string), 16), position);
  }
  flush();
  return checkSurrogates(result + content.slice(last), position);
}

/** The content of `U&'…'` or `U&"…"`, whose quotes are already single, with `\XXXX` and `\+XXXXXX` resolved. */
export function decodeUnicodeEscapes(content: string, escapeCharacter: string, position: number): string {
  let result = '';
  for (let index = 0; index < content.length; index++) {
    if (content[index] !== escapeCharacter) {
      result += content[index];
      continue;
    }
    if (content[index + 1] === escapeCharacter) {
      result += escapeCharacter;
      index++;
      continue;
    }
    const long = content[index + 1] === '+';
    const digits = long ? content.slice(index + 2, index + 8) : content.slice(index + 1, index + 5);
    if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length !== (long ? 6 : 4)) {
      throw invalidUnicodeEscape('42601', position);
    }
    result += codePoint(Number.parseInt(digits, 16), position);
    index += long ? 7 : 4;
  }
  return checkSurrogates(result, position);
}

function codePoint(value: number, position: number): string {
  if (value === 0 || value > 0x10ffff) throw syntaxErrorAt('42601', 'invalid Unicode escape value', position);
  return String.fromCodePoint(value);
}

function checkSurrogates(text: string, position: number): string {
  if (/[\ud800-\udfff]/u.test(text)) throw syntaxErrorAt('42601', 'invalid Unicode surrogate pair', position);
  return text;
}

/** PostgreSQL has a code of its own for E'…'. */
function invalidUnicodeEscape(code: '22025' | '42601', position: number): Error {
  return syntaxErrorAt(code, 'invalid Unicode escape', position, {
    hint: "Unicode escapes must be \\uXXXX or \\UXXXXXXXX in E'…', \\XXXX or \\+XXXXXX in U&'…'.",
  });
}
