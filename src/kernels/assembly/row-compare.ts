// Comparison of values in rows, for other kernels; not exported from the module.

import { compareNested } from './nested-compare';
import { BLOCK_MASK, INLINE_BYTES } from './row-access';

/*
 * Sort descriptor: u32 key count, then 16 bytes a key:
 *   u32 offset in the row, u32 validity offset in the row, u32 kind, u32 flags (1 = descending, 2 = NULLs first)
 */
export const KIND_U8: u32 = 0;
export const KIND_I32: u32 = 1;
export const KIND_I64: u32 = 2;
export const KIND_F32: u32 = 3;
export const KIND_F64: u32 = 4;
export const KIND_I128: u32 = 5;
export const KIND_STRING: u32 = 6;
export const KIND_UUID: u32 = 7;
export const KIND_INTERVAL: u32 = 8;
/** A view of a nested value. */
export const KIND_NESTED: u32 = 9;

export const DESCENDING: u32 = 1;
export const NULLS_FIRST: u32 = 2;
export const SIGN: u64 = 0x8000_0000_0000_0000;

// @ts-ignore: decorator
@inline
export function orderF64(value: f64): u64 {
  if (value != value) return u64.MAX_VALUE; // NaN sorts above everything
  const bits = reinterpret<u64>(value + 0.0);
  return bits & SIGN ? ~bits : bits | SIGN;
}

// @ts-ignore: decorator
@inline
function compareUnsigned(left: u64, right: u64): i32 {
  return left < right ? -1 : left > right ? 1 : 0;
}

const DAY: i64 = 86_400_000_000;

/** PostgreSQL's order of intervals: a month counts 30 days, a day 24 hours. Whole days, rounded down. */
// @ts-ignore: decorator
@inline
export function intervalDays(at: usize): i64 {
  const micros = load<i64>(at + 8);
  return <i64>load<i32>(at) * 30 + <i64>load<i32>(at + 4) + micros / DAY - i64(micros % DAY < 0);
}

/** What is left of the whole days. */
// @ts-ignore: decorator
@inline
export function intervalRest(at: usize): i64 {
  const rest = load<i64>(at + 8) % DAY;
  return rest < 0 ? rest + DAY : rest;
}

function compareIntervals(left: usize, right: usize): i32 {
  const leftDays = intervalDays(left);
  const rightDays = intervalDays(right);
  if (leftDays != rightDays) return leftDays < rightDays ? -1 : 1;
  const l = intervalRest(left);
  const r = intervalRest(right);
  return l < r ? -1 : l > r ? 1 : 0;
}

function compareRowStrings(left: usize, right: usize): i32 {
  const order = compareUnsigned(bswap<u64>(load<u64>(left + 8)), bswap<u64>(load<u64>(right + 8)));
  if (order) return order;
  const leftLength = load<u32>(left);
  const rightLength = load<u32>(right);
  const shared = min(leftLength, rightLength);
  if (shared > 8) {
    const leftBytes = (left & BLOCK_MASK) + load<u32>(left + 4);
    const rightBytes = (right & BLOCK_MASK) + load<u32>(right + 4);
    let at: u32 = 8;
    for (; at + 8 <= shared; at += 8) {
      const step = compareUnsigned(bswap<u64>(load<u64>(leftBytes + at)), bswap<u64>(load<u64>(rightBytes + at)));
      if (step) return step;
    }
    for (; at < shared; at++) {
      const l = load<u8>(leftBytes + at);
      const r = load<u8>(rightBytes + at);
      if (l != r) return l < r ? -1 : 1;
    }
  }
  return leftLength < rightLength ? -1 : leftLength > rightLength ? 1 : 0;
}

/** Where the bytes of a view in a row lie. */
// @ts-ignore: decorator
@inline
function rowBytes(view: usize): usize {
  return load<u32>(view) <= INLINE_BYTES ? view + 8 : (view & BLOCK_MASK) + load<u32>(view + 4);
}

export function compareValues(kind: u32, left: usize, right: usize): i32 {
  switch (kind) {
    case KIND_U8:
      return <i32>load<u8>(left) - <i32>load<u8>(right);
    case KIND_I32: {
      const l = load<i32>(left);
      const r = load<i32>(right);
      return l < r ? -1 : l > r ? 1 : 0;
    }
    case KIND_I64: {
      const l = load<i64>(left);
      const r = load<i64>(right);
      return l < r ? -1 : l > r ? 1 : 0;
    }
    case KIND_F32:
      return compareUnsigned(orderF64(<f64>load<f32>(left)), orderF64(<f64>load<f32>(right)));
    case KIND_F64:
      return compareUnsigned(orderF64(load<f64>(left)), orderF64(load<f64>(right)));
    case KIND_I128: {
      const l = load<i64>(left + 8);
      const r = load<i64>(right + 8);
      return l != r ? (l < r ? -1 : 1) : compareUnsigned(load<u64>(left), load<u64>(right));
    }
    case KIND_STRING:
      return compareRowStrings(left, right);
    case KIND_UUID: {
      const order = compareUnsigned(bswap<u64>(load<u64>(left)), bswap<u64>(load<u64>(right)));
      return order ? order : compareUnsigned(bswap<u64>(load<u64>(left + 8)), bswap<u64>(load<u64>(right + 8)));
    }
    case KIND_NESTED:
      return compareNested(rowBytes(left), rowBytes(right));
    default:
      return compareIntervals(left, right);
  }
}

export function compareRows(descriptor: usize, left: usize, right: usize): i32 {
  const keyCount = load<u32>(descriptor);
  let key = descriptor + 4;
  for (let k: u32 = 0; k < keyCount; k++) {
    const offset = <usize>load<u32>(key);
    const validityOffset = <usize>load<u32>(key + 4);
    const flags = load<u32>(key + 12);
    const leftValid = load<u8>(left + validityOffset);
    const rightValid = load<u8>(right + validityOffset);
    if (leftValid & rightValid) {
      const order = compareValues(load<u32>(key + 8), left + offset, right + offset);
      if (order) return flags & DESCENDING ? -order : order;
    } else if (leftValid != rightValid) {
      return (leftValid == 0) == ((flags & NULLS_FIRST) != 0) ? -1 : 1;
    }
    key += 16;
  }
  return 0;
}

/**
 * Of how many keys the images of sort entries (sort.ts) say all, but where they are extremes: then rows with equal images
 * are equal. 0: of none.
 */
export function exactKeys(descriptor: usize): u32 {
  const keyCount = load<u32>(descriptor);
  if (keyCount == 0 || keyCount > 2 || load<u32>(descriptor + 12) >= KIND_I128) return 0;
  if (keyCount == 1) return 1;
  const second = load<u32>(descriptor + 28);
  return second == KIND_U8 || second == KIND_I32 || second == KIND_I64 ? 2 : 0;
}

// @ts-ignore: decorator
@inline
export function saysAll(exact: u32, word: u64, low: u32): bool {
  return exact != 0 && word != 0 && word != u64.MAX_VALUE && (exact == 1 || (low != 0 && low != u32.MAX_VALUE));
}
