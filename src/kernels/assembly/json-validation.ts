// Is a text JSON? What is not, and what jsonb and unique keys do not have, is rejected.
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isOpening,
  LETTER_U,
  MINUS,
  OPEN_BRACE,
  POINT,
  QUOTE,
  ZERO,
} from './json-characters';
import { characterOf, escapeAt, escapedByte, hexadecimal, lengthOfEscape, NO_CHARACTER } from './json-escapes';
import { isNumeric, LONGEST_PLAIN } from './json-numbers';
import { skipSpaces } from './json-scan';
import { specialBytes } from './json-strings';
import { reject } from './status';
import { lengthOf, pointerOf } from './text-view';

/** What may be nested in one another, as json-text.ts has it. */
// @ts-ignore: decorator
@inline export const DEEPEST: u32 = 6000;

/** Levels that one call keeps, a bit each. */
// @ts-ignore: decorator
@inline const KEPT_LEVELS: u32 = 64;

/** Set in the place behind a value that has numbers with exponents. */
// @ts-ignore: decorator
@inline export const HAS_EXPONENTS: u64 = 1 << 32;

/** Needed: strings that are texts, without \u0000 and halves of pairs of surrogates. Keys are compared as texts. */
// @ts-ignore: decorator
@inline export const TEXTS: u32 = 1;
/** Needed: numbers that numeric has. */
// @ts-ignore: decorator
@inline export const NUMERICS: u32 = 2;

// @ts-ignore: decorator
@inline export function placeOf(behind: u64): usize {
  return <usize>(behind & 0xffffffff);
}

/** Behind the closing quote of a string whose first byte is at `from`; 0 if there is none, or an escape is wrong. */
function validString(from: usize, end: usize, needs: u32): usize {
  let at = from;
  while (at < end) {
    const mask = specialBytes(at);
    if (mask == 0) {
      at += 16;
      continue;
    }
    at += ctz(mask);
    if (at >= end) return 0;
    const byte = load<u8>(at++);
    if (byte == QUOTE) return at;
    if (byte != BACKSLASH || at >= end) return 0;
    const letter = load<u8>(at++);
    if (letter == LETTER_U) {
      if (at + 4 > end || hexadecimal(at) < 0) return 0;
      if ((needs & TEXTS) != 0) {
        const escape = escapeAt(at - 2, end);
        if (characterOf(escape) == 0 || characterOf(escape) == NO_CHARACTER) return 0;
        at += lengthOfEscape(escape) - 2;
      } else at += 4;
    } else if (letter != QUOTE && letter != BACKSLASH && letter != 0x2f && escapedByte(letter) == letter) return 0;
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function isDigit(at: usize, end: usize): bool {
  return at < end && load<u8>(at) - ZERO < 10;
}

/** Behind the digits that begin at `from`; 0 if there are none. */
function digitsEnd(from: usize, end: usize): usize {
  let at = from;
  while (isDigit(at, end)) at++;
  return at == from ? 0 : at;
}

/** Behind a number; 0 if there is none. */
function validNumber(from: usize, end: usize, needs: u32): u64 {
  let at = from;
  if (load<u8>(at) == MINUS) at++;
  const zero = at < end && load<u8>(at) == ZERO;
  at = zero ? at + 1 : digitsEnd(at, end);
  if (at != 0 && at < end && load<u8>(at) == POINT) at = digitsEnd(at + 1, end);
  let flags: u64 = 0;
  if (at != 0 && at < end && (load<u8>(at) | 0x20) == 0x65) {
    flags = HAS_EXPONENTS;
    at++;
    if (at < end && (load<u8>(at) == 0x2b || load<u8>(at) == MINUS)) at++;
    at = digitsEnd(at, end);
  }
  if (at == 0) return 0;
  if ((needs & NUMERICS) != 0 && (flags != 0 || at - from > LONGEST_PLAIN) && !isNumeric(from, at)) return 0;
  return <u64>at | flags;
}

/** Behind a string, a number, true, false or null; 0 if there is none. */
function validScalar(at: usize, end: usize, needs: u32): u64 {
  const first = load<u8>(at);
  if (first == QUOTE) return validString(at + 1, end, needs);
  // The four bytes of `true`, `null` and `fals`, as a number.
  const word = load<u32>(at);
  if (word == 0x65757274 || word == 0x6c6c756e) return at + 4 > end ? 0 : at + 4;
  if (word == 0x736c6166) return at + 5 > end || load<u8>(at + 4) != 0x65 ? 0 : at + 5;
  return validNumber(at, end, needs);
}

/** Where the value of a member begins whose key is at `from`; 0 if there is no key and colon. */
function validKey(from: usize, end: usize, needs: u32): usize {
  if (from >= end || load<u8>(from) != QUOTE) return 0;
  let at = validString(from + 1, end, needs);
  if (at == 0) return 0;
  at = skipSpaces(at, end);
  return at < end && load<u8>(at) == COLON ? skipSpaces(at + 1, end) : 0;
}

/** Behind the value at `from`, with the flags above; 0 if there is none. Values in so many levels may be nested in it. */
function validValue(from: usize, end: usize, needs: u32, mostLevels: u32): u64 {
  // A bit for each open level, the innermost lowest: 1 for an object.
  let levels: u64 = 0;
  let depth: u32 = 0;
  let flags: u64 = 0;
  let at = from;
  while (at != 0 && at < end) {
    const first = load<u8>(at);
    if (isOpening(first) && depth < KEPT_LEVELS) {
      if (depth == mostLevels) return 0;
      const isObject = first == OPEN_BRACE;
      at = skipSpaces(at + 1, end);
      if (at >= end) return 0;
      if (load<u8>(at) == (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) at++;
      else {
        levels = (levels << 1) | u64(isObject);
        depth++;
        if (isObject) at = validKey(at, end, needs);
        continue;
      }
    } else {
      // What is nested deeper has another call to itself.
      const behind = isOpening(first)
        ? validValue(at, end, needs, mostLevels - KEPT_LEVELS)
        : validScalar(at, end, needs);
      if (behind == 0) return 0;
      flags |= behind & HAS_EXPONENTS;
      at = placeOf(behind);
    }
    // Behind a value: levels end, until another value follows.
    for (;;) {
      if (depth == 0) return <u64>at | flags;
      at = skipSpaces(at, end);
      if (at >= end) return 0;
      const isObject = (levels & 1) != 0;
      const byte = load<u8>(at++);
      if (byte == COMMA) {
        at = skipSpaces(at, end);
        if (isObject) at = validKey(at, end, needs);
        break;
      }
      if (byte != (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) return 0;
      levels >>= 1;
      depth--;
    }
  }
  return 0;
}

/** Behind the only value of a text, with the flags above; 0 if it is no JSON, or has not what it needs. */
export function validDocument(from: usize, end: usize, needs: u32): u64 {
  const behind = validValue(skipSpaces(from, end), end, needs, DEEPEST);
  return behind != 0 && skipSpaces(placeOf(behind), end) == end ? behind : 0;
}

export function isValid(from: usize, end: usize): bool {
  return validDocument(from, end, 0) != 0;
}

/** text::json, which is the text. */
export function textToJson(block: usize, text: v128): v128 {
  const pointer = pointerOf(text);
  if (!isValid(pointer, pointer + lengthOf(text))) reject(block);
  return text;
}
