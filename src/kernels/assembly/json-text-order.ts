// The order of two jsonb values, as texts: that of their keys (json-order.ts), which are not made for it.
import { BACKSLASH, isNumber, isOpening, LETTER_N, LETTER_U, OPEN_BRACE, QUOTE } from './json-characters';
import { compareNumbers } from './json-compare';
import { firstPart, hasPart, nextPart, skipValue, valueOf } from './json-scan';
import { escapedByte, hexadecimal } from './json-escapes';
import { lengthOf, pointerOf } from './text-view';

/** Values nested deeper are compared as their bytes are: calls within calls take room on a stack. */
// @ts-ignore: decorator
@inline const DEEPEST: u32 = 1000;

function compareBytes(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  const order = memory.compare(a, b, min(aEnd - a, bEnd - b));
  return order != 0 ? order : i32(aEnd - a > bEnd - b) - i32(aEnd - a < bEnd - b);
}

/** null, strings, numbers, booleans, arrays, objects. */
function rankOf(first: u8): i32 {
  if (isOpening(first)) return first == OPEN_BRACE ? 5 : 4;
  if (first == QUOTE) return 1;
  if (first == LETTER_N) return 0;
  return isNumber(first) ? 2 : 3;
}

/** The byte that a backslash and what follows stand for: jsonb writes control characters only as numbers. */
function escapedAt(at: usize, end: usize): i32 {
  const letter: u8 = at + 1 < end ? load<u8>(at, 1) : 0;
  if (letter != LETTER_U) return escapedByte(letter);
  return at + 6 <= end ? min(hexadecimal(at + 2), 255) : 0;
}

// @ts-ignore: decorator
@inline function behindEscape(at: usize, end: usize): usize {
  return at + (at + 1 < end && load<u8>(at, 1) == LETTER_U ? 6 : 2);
}

/** Strings behind their opening quotes. */
export function compareStrings(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  while (true) {
    const aEnds = a >= aEnd || load<u8>(a) == QUOTE;
    const bEnds = b >= bEnd || load<u8>(b) == QUOTE;
    if (aEnds || bEnds) return i32(bEnds) - i32(aEnds);
    const isEscaped = load<u8>(a) == BACKSLASH;
    const isOtherEscaped = load<u8>(b) == BACKSLASH;
    const one = isEscaped ? escapedAt(a, aEnd) : <i32>load<u8>(a);
    const other = isOtherEscaped ? escapedAt(b, bEnd) : <i32>load<u8>(b);
    if (one != other) return one < other ? -1 : 1;
    a = isEscaped ? behindEscape(a, aEnd) : a + 1;
    b = isOtherEscaped ? behindEscape(b, bEnd) : b + 1;
  }
}

/** Elements of an array, members of an object; of what is broken, those before. */
function countParts(start: usize, end: usize, isObject: bool): u32 {
  let count: u32 = 0;
  let at = firstPart(start, end);
  while (hasPart(at, end)) {
    const valueEnd = skipValue(valueOf(at, end, isObject), end);
    if (valueEnd == 0) break;
    count++;
    at = nextPart(valueEnd, end);
  }
  return count;
}

function compareParts(a: usize, aEnd: usize, b: usize, bEnd: usize, levels: u32): i32 {
  if (a >= aEnd || b >= bEnd || levels == 0) return compareBytes(a, aEnd, b, bEnd);
  const first = load<u8>(a);
  const rank = rankOf(first) - rankOf(load<u8>(b));
  if (rank != 0) return rank;
  if (first == QUOTE) return compareStrings(a + 1, aEnd, b + 1, bEnd);
  if (isNumber(first)) return compareNumbers(a, aEnd, b, bEnd);
  if (!isOpening(first)) return compareBytes(a, aEnd, b, bEnd);
  const isObject = first == OPEN_BRACE;
  const more = <i32>countParts(a, aEnd, isObject) - <i32>countParts(b, bEnd, isObject);
  if (more != 0) return more;
  let left = firstPart(a, aEnd);
  let right = firstPart(b, bEnd);
  while (hasPart(left, aEnd) && hasPart(right, bEnd)) {
    const value = valueOf(left, aEnd, isObject);
    const other = valueOf(right, bEnd, isObject);
    const valueEnd = skipValue(value, aEnd);
    const otherEnd = skipValue(other, bEnd);
    if (valueEnd == 0 || otherEnd == 0) return compareBytes(a, aEnd, b, bEnd);
    const ofKeys = isObject ? compareStrings(left + 1, aEnd, right + 1, bEnd) : 0;
    const order = ofKeys != 0 ? ofKeys : compareParts(value, valueEnd, other, otherEnd, levels - 1);
    if (order != 0) return order;
    left = nextPart(valueEnd, aEnd);
    right = nextPart(otherEnd, bEnd);
  }
  return 0;
}

/** −1, 0 or 1. An empty array that is not within another value is below everything. */
export function compareJson(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  if (aLength == bLength && memory.compare(a, b, aLength) == 0) return 0;
  const aIsEmpty = isEmptyArray(a, aLength);
  const bIsEmpty = isEmptyArray(b, bLength);
  if (aIsEmpty || bIsEmpty) return i32(bIsEmpty) - i32(aIsEmpty);
  const order = compareParts(a, a + aLength, b, b + bLength, DEEPEST);
  return i32(order > 0) - i32(order < 0);
}

/** The same of two texts, for generated code. */
export function jsonbCompare(a: v128, b: v128): i32 {
  return compareJson(pointerOf(a), lengthOf(a), pointerOf(b), lengthOf(b));
}

/** "[]" */
// @ts-ignore: decorator
@inline function isEmptyArray(at: usize, length: u32): bool {
  return length == 2 && load<u16>(at) == 0x5d5b;
}
