// Bytes that are ordered as jsonb is, and equal where values are: functions/scalar/json/json-sort-key.ts draws them.
import {
  isBoolean,
  isOpening,
  LETTER_N,
  LETTER_T,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  POINT,
  QUOTE,
  ZERO,
} from './json-characters';
import { declined, finished } from './json-output';
import { firstPart, hasPart, MOST_LEVELS, nextPart, skipValue, stringEnd, valueOf } from './json-scan';
import { putUnescaped } from './json-strings';
import { heapAllocate } from './status';
import { lengthOf, pointerOf } from './text-view';

// The first byte of a value.
// @ts-ignore: decorator
@inline const EMPTY_ARRAY: u8 = 16;
// @ts-ignore: decorator
@inline const NULL: u8 = 32;
// @ts-ignore: decorator
@inline const STRING: u8 = 33;
// @ts-ignore: decorator
@inline const NUMBER: u8 = 34;
// @ts-ignore: decorator
@inline const BOOLEAN: u8 = 35;
// @ts-ignore: decorator
@inline const ARRAY: u8 = 36;
// @ts-ignore: decorator
@inline const OBJECT: u8 = 37;

/** A byte of the text becomes at most this many: a digit is a number of eight bytes. */
// @ts-ignore: decorator
@inline const BYTES_OF_A_BYTE: u32 = 8;

// @ts-ignore: decorator
@inline
function putCount(to: usize, count: u32): usize {
  store<u32>(to, bswap<u32>(count));
  return to + 4;
}

function putNumber(target: usize, start: usize, end: usize): usize {
  const isNegative = load<u8>(start) == MINUS;
  let to = target;
  store<u8>(to++, NUMBER);
  let point = start + usize(isNegative);
  let at = point;
  while (point < end && load<u8>(point) != POINT) point++;
  let last = end;
  // Of 100.0 the zeros on either side of the point are left out.
  while (last > at && (load<u8>(last - 1) == ZERO || load<u8>(last - 1) == POINT)) last--;
  while (at < last && load<u8>(at) - 0x31 > 8) at++;
  if (at >= last) {
    store<u8>(to, 1);
    return to + 1;
  }
  store<u8>(to++, isNegative ? 0 : 2);
  const mask: u8 = isNegative ? 255 : 0;
  // Of 0.00x the place of the first digit is below the point.
  const place = at < point ? <i32>(point - at) : <i32>(point + 1) - <i32>at;
  putCount(to, (<u32>place + 0x80000000) ^ (isNegative ? 0xffffffff : 0));
  to += 4;
  for (; at < last; at++) if (at != point) store<u8>(to++, load<u8>(at) ^ mask);
  store<u8>(to, mask);
  return to + 1;
}

/** What a string holds, and two zeros. */
function putText(target: usize, start: usize, end: usize): usize {
  const to = putUnescaped(start, end, target);
  if (to == 0) return 0;
  store<u16>(to, 0);
  return to + 2;
}

/** Behind the key of a value; 0 where it is not for us. */
function putKey(target: usize, start: usize, end: usize, levels: u32): usize {
  const first = load<u8>(start);
  if (first == QUOTE) {
    if (end - start < 2) return 0;
    store<u8>(target, STRING);
    return putText(target + 1, start + 1, end - 1);
  }
  if (first == LETTER_N) {
    store<u8>(target, NULL);
    return target + 1;
  }
  if (isBoolean(first)) {
    store<u8>(target, BOOLEAN);
    store<u8>(target, u8(first == LETTER_T), 1);
    return target + 2;
  }
  if (!isOpening(first)) return putNumber(target, start, end);
  if (levels == 0) return 0;
  const isObject = first == OPEN_BRACE;
  store<u8>(target, isObject ? OBJECT : ARRAY);
  let count: u32 = 0;
  let to = target + 5;
  let at = firstPart(start, end);
  while (hasPart(at, end)) {
    const value = valueOf(at, end, isObject);
    const valueEnd = skipValue(value, end);
    if (valueEnd == 0) return 0;
    if (isObject) {
      to = putText(to, at + 1, stringEnd(at + 1, end));
      if (to == 0) return 0;
    }
    to = putKey(to, value, valueEnd, levels - 1);
    if (to == 0) return 0;
    count++;
    at = nextPart(valueEnd, end);
  }
  if (at >= end) return 0;
  putCount(target + 1, count);
  return to;
}

/** Behind the key of a value that is not within another; 0 where it is not for us. */
export function putJsonKey(target: usize, start: usize, end: usize): usize {
  if (end - start != 2 || load<u8>(start) != OPEN_BRACKET) return start < end ? putKey(target, start, end, MOST_LEVELS) : 0;
  store<u8>(target, EMPTY_ARRAY);
  return target + 1;
}

/** sort_key(json, descending). */
export function jsonSortKey(block: usize, json: v128, descending: i32): v128 {
  const start = pointerOf(json);
  const end = start + lengthOf(json);
  if (start == end || lengthOf(json) > 0x0fffffff / BYTES_OF_A_BYTE) return declined(block);
  const reserved = lengthOf(json) * BYTES_OF_A_BYTE + 16;
  const target = heapAllocate(block, reserved);
  if (target == 0) return i64x2.splat(0);
  store<u8>(target, 1);
  const to = putJsonKey(target + 1, start, end);
  if (to != 0 && descending != 0) for (let at = target + 1; at < to; at++) store<u8>(at, ~load<u8>(at));
  return finished(block, target, reserved, to);
}
