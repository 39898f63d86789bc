import { characterClass } from './character-classes.js';
import { type CharacterSet, complement } from './character-set.js';
import { type PatternReader, regexError } from './pattern-reader.js';
import type { Assertion } from './regex-syntax.js';

export type Escape =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'backReference'; readonly index: number };

const CHARACTERS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  B: '\\',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const CLASSES: Readonly<Record<string, string>> = { d: 'digit', s: 'space', w: 'word' };

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'textStart',
  Z: 'textEnd',
  m: 'wordStart',
  M: 'wordEnd',
  y: 'wordBoundary',
  Y: 'notWordBoundary',
};

/** What begins with a backslash, which stands at the reader. `captures`: parentheses opened so far. Throws 2201B. */
export function parseEscape(reader: PatternReader, captures: number, ignoreCase: boolean): Escape {
  reader.at++;
  const letter = reader.next;
  if (letter === undefined) throw regexError('invalid escape \\ sequence');
  reader.at++;
  if (!/[A-Za-z0-9]/.test(letter)) return { kind: 'character', character: letter };
  if (Object.hasOwn(CHARACTERS, letter)) return { kind: 'character', character: CHARACTERS[letter]! };
  if (Object.hasOwn(ASSERTIONS, letter)) return { kind: 'assertion', assertion: ASSERTIONS[letter]! };
  const lower = letter.toLowerCase();
  if (Object.hasOwn(CLASSES, lower)) {
    const set = characterClass(CLASSES[lower]!, ignoreCase)!;
    return { kind: 'set', set: letter === lower ? set : complement(set) };
  }
  switch (letter) {
    case 'c': {
      const control = reader.next;
      if (control === undefined) throw regexError('invalid escape \\ sequence');
      reader.at++;
      return { kind: 'character', character: String.fromCharCode(control.codePointAt(0)! & 31) };
    }
    case 'u':
      return { kind: 'character', character: readDigits(reader, 16, 4, 4) };
    case 'U':
      return { kind: 'character', character: readDigits(reader, 16, 8, 8) };
    case 'x':
      return { kind: 'character', character: readDigits(reader, 16, 1, 255) };
    case '0':
      reader.at--;
      return { kind: 'character', character: readDigits(reader, 8, 1, 3) };
  }
  if (letter >= '1' && letter <= '9') return backReferenceOrOctal(reader, captures);
  throw regexError('invalid escape \\ sequence');
}

/** One digit is always a reference, more are if there are so many parentheses; else it is a character in octal. */
function backReferenceOrOctal(reader: PatternReader, captures: number): Escape {
  const start = reader.at - 1;
  let index = 0;
  for (reader.at = start; /[0-9]/.test(reader.next ?? ''); reader.at++) index = index * 10 + Number(reader.next);
  if (reader.at === start + 1 || (index > 0 && index <= captures)) return { kind: 'backReference', index };
  reader.at = start;
  return { kind: 'character', character: readDigits(reader, 8, 1, 3) };
}

function readDigits(reader: PatternReader, base: number, least: number, most: number): string {
  let value = 0;
  let count = 0;
  for (; count < most; count++) {
    const digit = Number.parseInt(reader.next ?? '', base);
    if (Number.isNaN(digit)) break;
    if (base === 8 && value * base + digit > 0xff) break;
    value = Math.min(value * base + digit, 2 ** 40);
    reader.at++;
  }
  if (count < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
    throw regexError('invalid escape \\ sequence');
  }
  return String.fromCodePoint(value);
}
