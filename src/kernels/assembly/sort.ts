// Sorting of rows: entries of { u64 word, u32 row, u32 unused }, where `word` is a monotone image of the first key, so
// that most comparisons never touch a row; ties compare the rows, key by key.

import { BLOCK_MASK } from './row-access';

/*
 * Sort descriptor: u32 key count, then 16 bytes a key:
 *   u32 offset in the row, u32 validity offset in the row, u32 kind, u32 flags (1 = descending, 2 = NULLs first)
 */
const KIND_U8: u32 = 0;
const KIND_I32: u32 = 1;
const KIND_I64: u32 = 2;
const KIND_F32: u32 = 3;
const KIND_F64: u32 = 4;
const KIND_I128: u32 = 5;
const KIND_STRING: u32 = 6;
const KIND_UUID: u32 = 7;
const KIND_INTERVAL: u32 = 8;

const DESCENDING: u32 = 1;
const NULLS_FIRST: u32 = 2;
const SIGN: u64 = 0x8000_0000_0000_0000;

// @ts-ignore: decorator
@inline
function orderF64(value: f64): u64 {
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
function intervalDays(at: usize): i64 {
  const micros = load<i64>(at + 8);
  return <i64>load<i32>(at) * 30 + <i64>load<i32>(at + 4) + micros / DAY - i64(micros % DAY < 0);
}

/** What is left of the whole days. */
// @ts-ignore: decorator
@inline
function intervalRest(at: usize): i64 {
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

function compareValues(kind: u32, left: usize, right: usize): i32 {
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
    default:
      return compareIntervals(left, right);
  }
}

function compareRows(descriptor: usize, left: usize, right: usize): i32 {
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

function firstWord(kind: u32, at: usize): u64 {
  switch (kind) {
    case KIND_U8:
      return load<u8>(at);
    case KIND_I32:
      return <u64>(<i64>load<i32>(at)) ^ SIGN;
    case KIND_I64:
      return load<u64>(at) ^ SIGN;
    case KIND_F32:
      return orderF64(<f64>load<f32>(at));
    case KIND_F64:
      return orderF64(load<f64>(at));
    case KIND_I128:
      return load<u64>(at + 8) ^ SIGN;
    case KIND_STRING:
      return bswap<u64>(load<u64>(at + 8));
    case KIND_UUID:
      return bswap<u64>(load<u64>(at));
    default:
      return <u64>intervalDays(at) ^ SIGN;
  }
}

/** entries[i] = { word of the first key, rows[i] }. */
export function makeSortEntries(descriptor: usize, rows: usize, count: u32, entries: usize): void {
  const offset = <usize>load<u32>(descriptor + 4);
  const validityOffset = <usize>load<u32>(descriptor + 8);
  const kind = load<u32>(descriptor + 12);
  const flags = load<u32>(descriptor + 16);
  for (let i: u32 = 0; i < count; i++) {
    const row = <usize>load<u32>(rows + (<usize>i << 2));
    let word: u64;
    if (load<u8>(row + validityOffset)) {
      word = firstWord(kind, row + offset);
      if (flags & DESCENDING) word = ~word;
    } else {
      word = flags & NULLS_FIRST ? 0 : u64.MAX_VALUE;
    }
    const entry = entries + (<usize>i << 4);
    store<u64>(entry, word);
    store<u32>(entry + 8, <u32>row);
  }
}

// @ts-ignore: decorator
@inline
function entryBefore(descriptor: usize, left: usize, right: usize): bool {
  const l = load<u64>(left);
  const r = load<u64>(right);
  if (l != r) return l < r;
  return compareRows(descriptor, <usize>load<u32>(left + 8), <usize>load<u32>(right + 8)) < 0;
}

const RUN: u32 = 16;

/** Merge sort, stable. Returns which of the two buffers of count * 16 bytes holds the result. */
export function sortEntries(descriptor: usize, entries: usize, scratch: usize, count: u32): usize {
  for (let start: u32 = 0; start < count; start += RUN) {
    const end = min(start + RUN, count);
    for (let i = start + 1; i < end; i++) {
      const moving = v128.load(entries + (<usize>i << 4));
      v128.store(scratch, moving);
      let j = i;
      while (j > start && entryBefore(descriptor, scratch, entries + (<usize>(j - 1) << 4))) {
        v128.store(entries + (<usize>j << 4), v128.load(entries + (<usize>(j - 1) << 4)));
        j--;
      }
      v128.store(entries + (<usize>j << 4), moving);
    }
  }
  let from = entries;
  let to = scratch;
  for (let width: u32 = RUN; width < count && width != 0; width <<= 1) {
    for (let start: u32 = 0; start < count; ) {
      const middle = count - start > width ? start + width : count;
      const end = count - middle > width ? middle + width : count;
      mergeRuns(descriptor, from, start, middle, end, to);
      start = end;
    }
    const swap = from;
    from = to;
    to = swap;
  }
  return from;
}

function mergeRuns(descriptor: usize, from: usize, start: u32, middle: u32, end: u32, to: usize): void {
  let left = from + (<usize>start << 4);
  const leftEnd = from + (<usize>middle << 4);
  let right = leftEnd;
  const rightEnd = from + (<usize>end << 4);
  let target = to + (<usize>start << 4);
  if (left < leftEnd && right < rightEnd && !entryBefore(descriptor, right, leftEnd - 16)) {
    memory.copy(target, left, rightEnd - left); // in order already
    return;
  }
  while (left < leftEnd && right < rightEnd) {
    if (entryBefore(descriptor, right, left)) {
      v128.store(target, v128.load(right));
      right += 16;
    } else {
      v128.store(target, v128.load(left));
      left += 16;
    }
    target += 16;
  }
  if (left < leftEnd) memory.copy(target, left, leftEnd - left);
  else if (right < rightEnd) memory.copy(target, right, rightEnd - right);
}

/** Merges two sorted arrays of entries into one. */
export function mergeEntries(descriptor: usize, left: usize, leftCount: u32, right: usize, rightCount: u32, target: usize): void {
  const leftEnd = left + (<usize>leftCount << 4);
  const rightEnd = right + (<usize>rightCount << 4);
  while (left < leftEnd && right < rightEnd) {
    if (entryBefore(descriptor, right, left)) {
      v128.store(target, v128.load(right));
      right += 16;
    } else {
      v128.store(target, v128.load(left));
      left += 16;
    }
    target += 16;
  }
  if (left < leftEnd) memory.copy(target, left, leftEnd - left);
  else if (right < rightEnd) memory.copy(target, right, rightEnd - right);
}

/** rows[i] = row of entry i. */
export function entryRows(entries: usize, count: u32, rows: usize): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(rows + (<usize>i << 2), load<u32>(entries + (<usize>i << 4) + 8));
}
