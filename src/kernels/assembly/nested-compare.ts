// The order of nested values, after PostgreSQL: part by part, NULL above everything, then the shorter array first.
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
import { compareJson } from './json-text-order';
import { pointerOf } from './text-view';
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
import { intervalCompare, uuidCompare } from './compare';

/** −1, 0 or 1 for two nested values of one type, as generated code has them. */
export function nestedCompare(a: v128, b: v128): i32 {
  return compareNested(pointerOf(a), pointerOf(b));
}

export function compareNested(a: usize, b: usize): i32 {
  if (a == b) return 0;
  const tag = tagOf(a);
  if (tag == STRUCT) return compareStructs(a, b);
  if (tag == MAP) {
    const order = compareArrays(keysOf(a), keysOf(b));
    return order ? order : compareArrays(valuesOf(a), valuesOf(b));
  }
  return compareArrays(a, b);
}

function compareArrays(a: usize, b: usize): i32 {
  const countA = countOf(a);
  const countB = countOf(b);
  const tag = elementTagOf(a);
  const shared = min(countA, countB);
  for (let i: u32 = 0; i < shared; i++) {
    const validA = isElementValid(a, i);
    const validB = isElementValid(b, i);
    if (validA != validB) return validA ? -1 : 1;
    if (!validA) continue;
    const order = compareValues(tag, elementPointer(a, i), elementLength(a, i), elementPointer(b, i), elementLength(b, i));
    if (order) return order;
  }
  return countA == countB ? 0 : countA < countB ? -1 : 1;
}

function compareStructs(a: usize, b: usize): i32 {
  const count = min(countOf(a), countOf(b));
  for (let i: u32 = 0; i < count; i++) {
    const validA = isFieldValid(a, i);
    const validB = isFieldValid(b, i);
    if (validA != validB) return validA ? -1 : 1;
    if (!validA) continue;
    const order = compareValues(
      fieldTag(a, i),
      fieldPointer(a, i),
      fieldLength(a, i),
      fieldPointer(b, i),
      fieldLength(b, i),
    );
    if (order) return order;
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function order<T>(a: T, b: T): i32 {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** NaN equals NaN and is above everything. */
// @ts-ignore: decorator
@inline
function orderFloats<T>(a: T, b: T): i32 {
  if (a != a) return b != b ? 0 : 1;
  return b != b || a < b ? -1 : a > b ? 1 : 0;
}

/** The bytes of two values of one type that are not NULL. */
export function compareValues(tag: u32, a: usize, lengthA: u32, b: usize, lengthB: u32): i32 {
  switch (tag) {
    case BOOL:
      return order<u32>(load<u8>(a), load<u8>(b));
    case INT2:
    case INT4:
    case DATE:
      return order<i32>(load<i32>(a), load<i32>(b));
    case INT8:
    case DECIMAL64:
    case TIME:
    case TIMESTAMP:
    case TIMESTAMPTZ:
      return order<i64>(load<i64>(a), load<i64>(b));
    case FLOAT4:
      return orderFloats<f32>(load<f32>(a), load<f32>(b));
    case FLOAT8:
      return orderFloats<f64>(load<f64>(a), load<f64>(b));
    case DECIMAL128: {
      const high = order<i64>(load<i64>(a, 8), load<i64>(b, 8));
      return high ? high : order<u64>(load<u64>(a), load<u64>(b));
    }
    case INTERVAL:
      return intervalCompare(v128.load(a), v128.load(b));
    case UUID:
      return uuidCompare(v128.load(a), v128.load(b));
    case JSONB:
      return compareJson(a, lengthA, b, lengthB);
  }
  if (isNested(tag)) return compareNested(a, b);
  const shared = min(lengthA, lengthB);
  let i: u32 = 0;
  for (; i + 8 <= shared; i += 8) {
    const x = load<u64>(a + i);
    const y = load<u64>(b + i);
    if (x != y) return order<u64>(bswap<u64>(x), bswap<u64>(y));
  }
  for (; i < shared; i++) {
    const x = load<u8>(a + i);
    const y = load<u8>(b + i);
    if (x != y) return x < y ? -1 : 1;
  }
  return order<u32>(lengthA, lengthB);
}
