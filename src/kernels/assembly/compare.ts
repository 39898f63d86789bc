// Comparison of 16-byte values, for generated code: string views, intervals, uuids, and searches in sorted lists.
import { floorDays } from './calendar';
import { lengthOf, pointerOf } from './text-view';

/** Are two texts of the same length and first 8 bytes equal? */
export function textRestEquals(a: v128, b: v128): i32 {
  const length = lengthOf(a);
  if (length <= 8) return 1;
  const p = pointerOf(a);
  const q = pointerOf(b);
  if (p == q) return 1;
  let i: u32 = 8;
  for (; i + 8 <= length; i += 8) {
    if (load<u64>(p + i) != load<u64>(q + i)) return 0;
  }
  for (; i < length; i++) {
    if (load<u8>(p + i) != load<u8>(q + i)) return 0;
  }
  return 1;
}

/** By bytes: -1, 0 or 1. */
export function textCompare(a: v128, b: v128): i32 {
  const prefixA = bswap<u64>(<u64>i64x2.extract_lane(a, 1));
  const prefixB = bswap<u64>(<u64>i64x2.extract_lane(b, 1));
  if (prefixA != prefixB) return prefixA < prefixB ? -1 : 1;
  const lengthA = lengthOf(a);
  const lengthB = lengthOf(b);
  const shorter = min(lengthA, lengthB);
  const p = pointerOf(a);
  const q = pointerOf(b);
  for (let i: u32 = 8; i < shorter; i++) {
    const x = load<u8>(p + i);
    const y = load<u8>(q + i);
    if (x != y) return x < y ? -1 : 1;
  }
  return lengthA == lengthB ? 0 : lengthA < lengthB ? -1 : 1;
}

/** A month counts as 30 days, a day as 24 hours, as in PostgreSQL. */
export function intervalCompare(a: v128, b: v128): i32 {
  const daysA = <i64>i32x4.extract_lane(a, 0) * 30 + <i64>i32x4.extract_lane(a, 1);
  const daysB = <i64>i32x4.extract_lane(b, 0) * 30 + <i64>i32x4.extract_lane(b, 1);
  const timeA = i64x2.extract_lane(a, 1);
  const timeB = i64x2.extract_lane(b, 1);
  // Whole days of the time part move over, so that neither side can overflow.
  const wholeA = daysA + floorDays(timeA);
  const wholeB = daysB + floorDays(timeB);
  if (wholeA != wholeB) return wholeA < wholeB ? -1 : 1;
  const restA = timeA - floorDays(timeA) * 86400000000;
  const restB = timeB - floorDays(timeB) * 86400000000;
  return restA == restB ? 0 : restA < restB ? -1 : 1;
}

export function uuidCompare(a: v128, b: v128): i32 {
  const highA = bswap<u64>(<u64>i64x2.extract_lane(a, 0));
  const highB = bswap<u64>(<u64>i64x2.extract_lane(b, 0));
  if (highA != highB) return highA < highB ? -1 : 1;
  const lowA = bswap<u64>(<u64>i64x2.extract_lane(a, 1));
  const lowB = bswap<u64>(<u64>i64x2.extract_lane(b, 1));
  return lowA == lowB ? 0 : lowA < lowB ? -1 : 1;
}

/** Is the value among `count` sorted i64? */
export function listContains64(value: i64, list: usize, count: u32): i32 {
  let from: u32 = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (load<i64>(list + (middle << 3)) < value) from = middle + 1;
    else to = middle;
  }
  return i32(from < count && load<i64>(list + (from << 3)) == value);
}

/** Is the value among `count` sorted f64? NaN is the last. */
export function listContainsDouble(value: f64, list: usize, count: u32): i32 {
  if (value != value) {
    if (count == 0) return 0;
    const last = load<f64>(list + ((count - 1) << 3));
    return i32(last != last);
  }
  let from: u32 = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (load<f64>(list + (middle << 3)) < value) from = middle + 1;
    else to = middle;
  }
  return i32(from < count && load<f64>(list + (from << 3)) == value);
}

/** Is the text among `count` sorted string views? */
export function listContainsText(value: v128, list: usize, count: u32): i32 {
  let from: u32 = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    const order = textCompare(v128.load(list + (<usize>middle << 4)), value);
    if (order == 0) return 1;
    if (order < 0) from = middle + 1;
    else to = middle;
  }
  return 0;
}

/** Is a decimal, interval or uuid among `count` values, byte by byte? */
export function listContains128(value: v128, list: usize, count: u32): i32 {
  for (let i: u32 = 0; i < count; i++) {
    if (v128.any_true(v128.xor(v128.load(list + (<usize>i << 4)), value)) == false) return 1;
  }
  return 0;
}
