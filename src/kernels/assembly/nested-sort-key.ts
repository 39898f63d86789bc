// sort_key of nested values: bytes that are ordered as compareNested orders values, and equal where they are equal.
//
//   array    1 and its key, or 2 for NULL, an element; then 0
//   struct   1 and its key, or 2 for NULL, a field
//   map      its keys, its values: arrays
//
// Within, a boolean is a byte, and other values have the keys of sort-key.ts without the 1 before them; no key is the
// beginning of another. functions/scalar/nested/nested-sort-key.ts is the twin.
import { putJsonKey } from './json-order';
import { declined, finished } from './json-output';
import {
  countOf,
  elementLength,
  elementPointer,
  elementTagOf,
  fieldLength,
  fieldPointer,
  fieldTag,
  isElementValid,
  isFieldValid,
  keysOf,
  tagOf,
  valuesOf,
} from './nested-access';
import { daysOfInterval, orderedFloat, putOrderedText, restOfInterval } from './ordered-values';
import { heapAllocate } from './status';
import { lengthOf, pointerOf } from './text-view';
import {
  BOOL,
  DATE,
  DECIMAL128,
  DECIMAL64,
  FLOAT4,
  FLOAT8,
  INT2,
  INT4,
  INT8,
  INTERVAL,
  isNested,
  JSONB,
  MAP,
  STRUCT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UUID,
} from './value-tags';

/** A byte of a value becomes at most this many: a digit of jsonb is a number of eight bytes. */
// @ts-ignore: decorator
@inline const BYTES_OF_A_BYTE: u32 = 8;

/** What comes before the key of a value, and stands for NULL. */
// @ts-ignore: decorator
@inline const PRESENT: u8 = 1;
// @ts-ignore: decorator
@inline const ABSENT: u8 = 2;

// @ts-ignore: decorator
@inline
function put64(to: usize, bits: u64): usize {
  store<u64>(to, bswap<u64>(bits));
  return to + 8;
}

// @ts-ignore: decorator
@inline
function putSigned(to: usize, value: i64): usize {
  return put64(to, <u64>value ^ 0x8000000000000000);
}

/** Behind the key of a part; 0 where it is not for us. */
function putPart(to: usize, tag: u32, source: usize, length: u32): usize {
  switch (tag) {
    case BOOL:
      store<u8>(to, load<u8>(source));
      return to + 1;
    case INT2:
    case INT4:
    case DATE:
      store<u32>(to, bswap<u32>(load<u32>(source) ^ 0x80000000));
      return to + 4;
    case INT8:
    case DECIMAL64:
    case TIME:
    case TIMESTAMP:
    case TIMESTAMPTZ:
      return putSigned(to, load<i64>(source));
    case FLOAT4:
      return putSigned(to, orderedFloat(<f64>load<f32>(source)));
    case FLOAT8:
      return putSigned(to, orderedFloat(load<f64>(source)));
    case DECIMAL128:
      return put64(putSigned(to, load<i64>(source, 8)), load<u64>(source));
    case INTERVAL: {
      const value = v128.load(source);
      return putSigned(putSigned(to, daysOfInterval(value)), restOfInterval(value));
    }
    case UUID:
      v128.store(to, v128.load(source));
      return to + 16;
    case JSONB:
      return putJsonKey(to, source, source + length);
  }
  return isNested(tag) ? putNested(to, source) : putOrderedText(to, source, length, 0);
}

function putArray(target: usize, array: usize): usize {
  const count = countOf(array);
  const tag = elementTagOf(array);
  let to = target;
  for (let i: u32 = 0; i < count; i++) {
    const isValid = isElementValid(array, i);
    store<u8>(to++, isValid ? PRESENT : ABSENT);
    if (isValid) to = putPart(to, tag, elementPointer(array, i), elementLength(array, i));
    if (to == 0) return 0;
  }
  store<u8>(to, 0);
  return to + 1;
}

function putNested(target: usize, value: usize): usize {
  const tag = tagOf(value);
  if (tag == MAP) {
    const to = putArray(target, keysOf(value));
    return to == 0 ? 0 : putArray(to, valuesOf(value));
  }
  if (tag != STRUCT) return putArray(target, value);
  const count = countOf(value);
  let to = target;
  for (let i: u32 = 0; i < count; i++) {
    const isValid = isFieldValid(value, i);
    store<u8>(to++, isValid ? PRESENT : ABSENT);
    if (isValid) to = putPart(to, fieldTag(value, i), fieldPointer(value, i), fieldLength(value, i));
    if (to == 0) return 0;
  }
  return to;
}

export function sortKeyNested(block: usize, value: v128, descending: i32): v128 {
  if (lengthOf(value) > 0x0fffffff / BYTES_OF_A_BYTE) return declined(block);
  const reserved = lengthOf(value) * BYTES_OF_A_BYTE + 16;
  const target = heapAllocate(block, reserved);
  if (target == 0) return i64x2.splat(0);
  store<u8>(target, PRESENT);
  const to = putNested(target + 1, pointerOf(value));
  if (to != 0 && descending != 0) for (let at = target + 1; at < to; at++) store<u8>(at, ~load<u8>(at));
  return finished(block, target, reserved, to);
}
