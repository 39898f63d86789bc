// Is a text JSON? What is not, or is nested too deeply, is left to TypeScript, which says why.
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
import { skipSpaces } from './json-scan';
import { escapedByte, hexadecimal, specialBytes } from './json-strings';
import { decline } from './status';
import { lengthOf, pointerOf } from './text-view';

/** Levels that are kept, a bit each. */
// @ts-ignore: decorator
@inline const MOST_LEVELS: i32 = 64;

/** Behind the closing quote of a string whose first byte is at `from`; 0 if there is none, or an escape is wrong. */
function validString(from: usize, end: usize): usize {
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
    const escape = load<u8>(at++);
    if (escape == LETTER_U) {
      if (at + 4 > end || hexadecimal(at) < 0) return 0;
      at += 4;
    } else if (escape != QUOTE && escape != BACKSLASH && escape != 0x2f && escapedByte(escape) == escape) return 0;
  }
  return 0;
}

// @ts-ignore: decorator
@inline function isDigit(at: usize, end: usize): bool {
  return at < end && load<u8>(at) - ZERO < 10;
}

/** Behind the digits that begin at `from`; 0 if there are none. */
function digitsEnd(from: usize, end: usize): usize {
  let at = from;
  while (isDigit(at, end)) at++;
  return at == from ? 0 : at;
}

/** Behind a number; 0 if there is none. */
function validNumber(from: usize, end: usize): usize {
  let at = from;
  if (load<u8>(at) == MINUS) at++;
  const zero = at < end && load<u8>(at) == ZERO;
  at = zero ? at + 1 : digitsEnd(at, end);
  if (at != 0 && at < end && load<u8>(at) == POINT) at = digitsEnd(at + 1, end);
  if (at != 0 && at < end && (load<u8>(at) | 0x20) == 0x65) {
    at++;
    if (at < end && (load<u8>(at) == 0x2b || load<u8>(at) == MINUS)) at++;
    at = digitsEnd(at, end);
  }
  return at;
}

/** Behind a string, a number, true, false or null; 0 if there is none. */
function validScalar(at: usize, end: usize): usize {
  const first = load<u8>(at);
  if (first == QUOTE) return validString(at + 1, end);
  // The four bytes of `true`, `null` and `fals`, as a number.
  const word = load<u32>(at);
  if (word == 0x65757274 || word == 0x6c6c756e) return at + 4 > end ? 0 : at + 4;
  if (word == 0x736c6166) return at + 5 > end || load<u8>(at + 4) != 0x65 ? 0 : at + 5;
  return validNumber(at, end);
}

/** Where the value of a member begins whose key is at `from`; 0 if there is no key and colon. */
function validKey(from: usize, end: usize): usize {
  if (from >= end || load<u8>(from) != QUOTE) return 0;
  let at = validString(from + 1, end);
  if (at == 0) return 0;
  at = skipSpaces(at, end);
  return at < end && load<u8>(at) == COLON ? skipSpaces(at + 1, end) : 0;
}

export function isValid(from: usize, end: usize): bool {
  // A bit for each open level, the innermost lowest: 1 for an object.
  let levels: u64 = 0;
  let depth = 0;
  let at = skipSpaces(from, end);
  while (at != 0 && at < end) {
    const first = load<u8>(at);
    if (isOpening(first)) {
      if (depth == MOST_LEVELS) return false;
      const isObject = first == OPEN_BRACE;
      at = skipSpaces(at + 1, end);
      if (at >= end) return false;
      if (load<u8>(at) == (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) at++;
      else {
        levels = (levels << 1) | u64(isObject);
        depth++;
        if (isObject) at = validKey(at, end);
        continue;
      }
    } else {
      at = validScalar(at, end);
      if (at == 0) return false;
    }
    // Behind a value: levels end, until another value follows.
    for (;;) {
      at = skipSpaces(at, end);
      if (depth == 0) return at == end;
      if (at >= end) return false;
      const isObject = (levels & 1) != 0;
      const byte = load<u8>(at++);
      if (byte == COMMA) {
        at = skipSpaces(at, end);
        if (isObject) at = validKey(at, end);
        break;
      }
      if (byte != (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) return false;
      levels >>= 1;
      depth--;
    }
  }
  return false;
}

/** text::json, which is the text. */
export function textToJson(block: usize, text: v128): v128 {
  const pointer = pointerOf(text);
  if (!isValid(pointer, pointer + lengthOf(text))) decline(block);
  return text;
}
