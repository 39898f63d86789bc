// How JSON text is gone through: strings, arrays and objects are skipped as they lie. What is skipped is not validated.
import {
  BACKSLASH,
  CLOSE_BRACE,
  COLON,
  COMMA,
  isClosing,
  isOpening,
  isSpace,
  OPEN_BRACE,
  QUOTE,
} from './json-characters';
import { findEither } from './text-records';

/** What is nested deeper is not for kernels that call themselves: the stack of WebAssembly is not endless. */
// @ts-ignore: decorator
@inline export const MOST_LEVELS: u32 = 1000;

export function skipSpaces(from: usize, end: usize): usize {
  let at = from;
  while (at < end && isSpace(load<u8>(at))) at++;
  return at;
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

/** The same without that bit. */
// @ts-ignore: decorator
@inline export function stringEnd(from: usize, end: usize): usize {
  return <usize>(closingQuote(from, end) & 0xffffffff);
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
        next = stringEnd(place + 1, end) + 1;
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
    const closing = stringEnd(from + 1, end);
    return closing >= end ? 0 : closing + 1;
  }
  if (isOpening(first)) return skipNested(from, end);
  let at = from;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == COMMA || isClosing(byte) || isSpace(byte)) break;
    at++;
  }
  return at == from ? 0 : at;
}

/** Where the value begins whose key is at `from`; 0 if there is no key and colon. */
export function valueOfKey(from: usize, end: usize): usize {
  if (from >= end || load<u8>(from) != QUOTE) return 0;
  const closing = stringEnd(from + 1, end);
  if (closing >= end) return 0;
  const colon = skipSpaces(closing + 1, end);
  return colon < end && load<u8>(colon) == COLON ? skipSpaces(colon + 1, end) : 0;
}

// Parts are the members of an object and the elements of an array:
//
//   let at = firstPart(start, end);
//   while (hasPart(at, end)) {
//     const value = valueOf(at, end, isObject);
//     const valueEnd = skipValue(value, end);
//     if (valueEnd == 0) …
//     at = nextPart(valueEnd, end);
//   }
//   if (at >= end) …

/** Where the first part of the array or object at `start` begins; where there is none, the brace or bracket. */
// @ts-ignore: decorator
@inline export function firstPart(start: usize, end: usize): usize {
  return skipSpaces(start + 1, end);
}

// @ts-ignore: decorator
@inline export function hasPart(at: usize, end: usize): bool {
  return at < end && !isClosing(load<u8>(at));
}

/** Where the value of a part begins; 0 if it has no key and colon. */
// @ts-ignore: decorator
@inline export function valueOf(at: usize, end: usize, isObject: bool): usize {
  return isObject ? valueOfKey(at, end) : at;
}

/** Where the part behind a value begins; where there is none, the brace or bracket. */
export function nextPart(valueEnd: usize, end: usize): usize {
  const at = skipSpaces(valueEnd, end);
  return at < end && load<u8>(at) == COMMA ? skipSpaces(at + 1, end) : at;
}
