// Casts of texts to integers, for generated code. What is no integer of the type is rejected.
import { digitValue, isSign, MOST_DIGITS } from './number-scan';
import { reject } from './status';
import { skipSpaces, skipSpacesBack } from './text-spaces';
import { lengthOf, pointerOf } from './text-view';
import { make } from './wide-integer';

/** A sign and digits, with spaces around: the value, and in the second half whether it is one of the range. */
export function scanInteger(pointer: usize, length: u32, smallest: i64, largest: i64): v128 {
  let at = skipSpaces(pointer, pointer + length);
  const end = skipSpacesBack(at, pointer + length);
  const isNegative = at < end && load<u8>(at) == 0x2d;
  if (at < end && isSign(load<u8>(at))) at++;
  let first = at;
  let value: u64 = 0;
  while (at < end && digitValue(at) <= 9) value = value * 10 + digitValue(at++);
  let isRead = at == end && at > first;
  if (at - first > MOST_DIGITS) {
    while (first < at && load<u8>(first) == 0x30) first++;
    isRead = isRead && at - first <= MOST_DIGITS;
  }
  const limit: u64 = isNegative ? 0 - <u64>smallest : <u64>largest;
  return make(isNegative ? 0 - value : value, i64(isRead && value <= limit));
}

// @ts-ignore: decorator
@inline
function readInteger(block: usize, text: v128, smallest: i64, largest: i64): i64 {
  const scanned = scanInteger(pointerOf(text), lengthOf(text), smallest, largest);
  if (i64x2.extract_lane(scanned, 1) == 0) reject(block);
  return i64x2.extract_lane(scanned, 0);
}

export function textToSmallint(block: usize, text: v128): i32 {
  return <i32>readInteger(block, text, i16.MIN_VALUE, i16.MAX_VALUE);
}

export function textToInteger(block: usize, text: v128): i32 {
  return <i32>readInteger(block, text, i32.MIN_VALUE, i32.MAX_VALUE);
}

export function textToBigint(block: usize, text: v128): i64 {
  return readInteger(block, text, i64.MIN_VALUE, i64.MAX_VALUE);
}
