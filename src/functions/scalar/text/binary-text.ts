import { userError } from '../../../common/errors.js';

// Bytes as text, in hexadecimal, base64 or with escapes, as encode and decode have them.

const encoder = new TextEncoder();
const HEX_DIGITS = '0123456789abcdef';
const BASE64_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64_LINE = 76;
const SPACE = /[ \t\r\n]/;

export function encodeBytes(bytes: Uint8Array, format: string): string {
  switch (format.toLowerCase()) {
    case 'hex':
      return Array.from(bytes, (byte) => HEX_DIGITS[byte >> 4]! + HEX_DIGITS[byte & 15]!).join('');
    case 'base64':
      return encodeBase64(bytes);
    case 'escape':
      return Array.from(bytes, (byte) => {
        if (byte === 0x5c) return '\\\\';
        if (byte !== 0 && byte < 0x80) return String.fromCharCode(byte);
        return `\\${byte.toString(8).padStart(3, '0')}`;
      }).join('');
    default:
      throw unknownEncoding(format);
  }
}

/** In lines of 76 digits, as PostgreSQL writes them. */
function encodeBase64(bytes: Uint8Array): string {
  let digits = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const count = Math.min(3, bytes.length - at) + 1;
    for (let digit = 0; digit < 4; digit++)
      digits += digit < count ? BASE64_DIGITS[(group >> (18 - 6 * digit)) & 63]! : '=';
  }
  return digits.replace(new RegExp(`(.{${BASE64_LINE}})(?=.)`, 'g'), '$1\n');
}

export function decodeText(text: string, format: string): Uint8Array {
  switch (format.toLowerCase()) {
    case 'hex':
      return decodeHex(text);
    case 'base64':
      return decodeBase64(text);
    case 'escape':
      return decodeEscape(text);
    default:
      throw unknownEncoding(format);
  }
}

function decodeHex(text: string): Uint8Array {
  // Spaces may stand between the bytes, not within one.
  const digits: string[] = [];
  for (const digit of text) {
    if (digits.length % 2 === 0 && SPACE.test(digit)) continue;
    if (!/[0-9a-fA-F]/.test(digit)) throw userError('22023', `invalid hexadecimal digit: "${digit}"`);
    digits.push(digit);
  }
  if (digits.length % 2 === 1) throw userError('22023', 'invalid hexadecimal data: odd number of digits');
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits[at * 2]! + digits[at * 2 + 1]!, 16),
  );
}

function decodeBase64(text: string): Uint8Array {
  const digits = [...text].filter((character) => !SPACE.test(character));
  const padding = digits.length - digits.findLastIndex((digit) => digit !== '=') - 1;
  const bytes: number[] = [];
  let group = 0;
  for (const [at, digit] of digits.entries()) {
    const value = at >= digits.length - padding ? 0 : BASE64_DIGITS.indexOf(digit);
    if (digit === '=' && at % 4 < 2) throw userError('22023', 'unexpected "=" while decoding base64 sequence');
    if (value < 0) throw userError('22023', `invalid symbol "${digit}" found while decoding base64 sequence`);
    group = (group << 6) | value;
    if (at % 4 !== 3) continue;
    bytes.push((group >> 16) & 255, (group >> 8) & 255, group & 255);
    group = 0;
  }
  if (digits.length % 4 !== 0 || padding > 2) {
    throw userError('22023', 'invalid base64 end sequence', {
      hint: 'Input data is missing padding, is truncated, or is otherwise corrupted.',
    });
  }
  return Uint8Array.from(bytes.slice(0, bytes.length - padding));
}

/** \\ is a backslash, \ and three octal digits a byte. */
function decodeEscape(text: string): Uint8Array {
  const bytes = encoder.encode(text);
  const decoded: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0x5c) {
      decoded.push(bytes[at]!);
    } else if (bytes[at + 1] === 0x5c) {
      decoded.push(0x5c);
      at++;
    } else {
      const digits = String.fromCharCode(...bytes.subarray(at + 1, at + 4));
      if (!/^[0-3][0-7]{2}$/.test(digits)) throw userError('22P02', 'invalid input syntax for type bytea');
      decoded.push(Number.parseInt(digits, 8));
      at += 3;
    }
  }
  return Uint8Array.from(decoded);
}

function unknownEncoding(format: string): Error {
  return userError('22023', `unrecognized encoding: "${format}"`, {
    hint: 'Encodings are hex, base64 and escape.',
  });
}
