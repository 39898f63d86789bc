// How JSON text is gone through: strings, arrays and objects are skipped as they lie. What is skipped is not validated.
import { findEither } from './text-records';

// @ts-ignore: decorator
@inline export const QUOTE: u8 = 0x22;
// @ts-ignore: decorator
@inline export const BACKSLASH: u8 = 0x5c;
// @ts-ignore: decorator
@inline export const COMMA: u8 = 0x2c;
// @ts-ignore: decorator
@inline export const COLON: u8 = 0x3a;
// @ts-ignore: decorator
@inline export const OPEN_BRACKET: u8 = 0x5b;
// @ts-ignore: decorator
@inline export const CLOSE_BRACKET: u8 = 0x5d;
// @ts-ignore: decorator
@inline export const OPEN_BRACE: u8 = 0x7b;
// @ts-ignore: decorator
@inline export const CLOSE_BRACE: u8 = 0x7d;

// @ts-ignore: decorator
@inline export function isSpace(byte: u8): bool {
  return byte == 0x20 || byte == 10 || byte == 13 || byte == 9;
}

export function skipSpaces(from: usize, end: usize): usize {
  let at = from;
  while (at < end && isSpace(load<u8>(at))) at++;
  return at;
}

/** Four hexadecimal digits, or -1. */
export function hexadecimal(at: usize): i32 {
  let value: i32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const byte: i32 = load<u8>(at + i);
    const letter = (byte | 0x20) - 0x61;
    if (byte >= 0x30 && byte <= 0x39) value = (value << 4) | (byte - 0x30);
    else if (letter >= 0 && letter < 6) value = (value << 4) | (letter + 10);
    else return -1;
  }
  return value;
}

/** The closing quote of a string whose first byte is at `from`, or `end`; with the top bit set if it has escapes. */
export function closingQuote(from: usize, end: usize): u64 {
  let at = from;
  let escaped: u64 = 0;
  while (at < end) {
    at = findEither(at, end, QUOTE, BACKSLASH);
    if (at >= end) break;
    if (load<u8>(at) == QUOTE) return <u64>at | escaped;
    escaped = (<u64>1) << 63;
    at += 2;
  }
  return end;
}

/** Behind an array or object that begins at `from`; 0 when it does not end. Looks at 16 bytes at a time. */
export function skipNested(from: usize, end: usize): usize {
  // Brackets and braces differ in this bit only.
  const fold = i8x16.splat(0x20);
  const opening = i8x16.splat(OPEN_BRACE);
  const closing = i8x16.splat(CLOSE_BRACE);
  const quote = i8x16.splat(QUOTE);
  let depth = 0;
  let at = from;
  while (at < end) {
    const bytes = v128.load(at);
    const folded = v128.or(bytes, fold);
    const opens: u32 = i8x16.bitmask(i8x16.eq(folded, opening));
    const quotes: u32 = i8x16.bitmask(i8x16.eq(bytes, quote));
    let mask: u32 = opens | quotes | i8x16.bitmask(i8x16.eq(folded, closing));
    let next = at + 16;
    while (mask != 0) {
      const bit: u32 = mask & -mask;
      const place = at + ctz(mask);
      if (place >= end) return 0;
      if ((quotes & bit) != 0) {
        next = <usize>(closingQuote(place + 1, end) & 0xffffffff) + 1;
        if (next > end) return 0;
        break;
      }
      depth += (opens & bit) != 0 ? 1 : -1;
      if (depth == 0) return place + 1;
      mask ^= bit;
    }
    at = next;
  }
  return 0;
}

/** Behind a value of any kind that begins at `from`; 0 when there is none, as where `from` is 0. */
export function skipValue(from: usize, end: usize): usize {
  if (from == 0 || from >= end) return 0;
  const first = load<u8>(from);
  if (first == QUOTE) {
    const closing = <usize>(closingQuote(from + 1, end) & 0xffffffff);
    return closing >= end ? 0 : closing + 1;
  }
  if (first == OPEN_BRACE || first == OPEN_BRACKET) return skipNested(from, end);
  let at = from;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == COMMA || byte == CLOSE_BRACE || byte == CLOSE_BRACKET || isSpace(byte)) break;
    at++;
  }
  return at == from ? 0 : at;
}

/** Where the value begins whose key is at `from`; 0 if there is no key and colon. */
export function valueOfKey(from: usize, end: usize): usize {
  if (from >= end || load<u8>(from) != QUOTE) return 0;
  const closing = <usize>(closingQuote(from + 1, end) & 0xffffffff);
  if (closing >= end) return 0;
  const colon = skipSpaces(closing + 1, end);
  return colon < end && load<u8>(colon) == COLON ? skipSpaces(colon + 1, end) : 0;
}

/** Where the member or element behind a value begins; where there is none, the brace or bracket. */
export function nextPart(valueEnd: usize, end: usize): usize {
  const at = skipSpaces(valueEnd, end);
  return at < end && load<u8>(at) == COMMA ? skipSpaces(at + 1, end) : at;
}
