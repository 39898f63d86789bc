// sort_key: bytes that are ordered, byte by byte, as values are; in descending order with all bits inverted.
//
// A key is the byte 1 (NULLs are 0 or 2, which the planner writes), then
//   numbers, dates, times   8 or 16 bytes, the highest first, with the sign bit inverted
//   intervals               16 bytes: days, a month having 30 of them, and the microseconds that are left
//   texts and bytes         their bytes, each 0 followed by 255, then 0, 0
import { daysOfInterval, putOrderedText, restOfInterval } from './ordered-values';
import { heapAllocate } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline
function maskOf(descending: i32): u64 {
  return descending ? ~0 : 0;
}

/** `value` is ordered as what it is made of. */
export function sortKeyInteger(block: usize, value: i64, descending: i32): v128 {
  const target = heapAllocate(block, 9);
  if (target == 0) return i64x2.splat(0);
  store<u8>(target, 1);
  store<u64>(target, bswap<u64>(<u64>value ^ 0x8000000000000000 ^ maskOf(descending)), 1);
  return makeView(target, 9);
}

export function sortKeyWide(block: usize, value: v128, descending: i32): v128 {
  const target = heapAllocate(block, 17);
  if (target == 0) return i64x2.splat(0);
  const upper = <u64>i64x2.extract_lane(value, 1);
  const lower = <u64>i64x2.extract_lane(value, 0);
  store<u8>(target, 1);
  store<u64>(target, bswap<u64>(upper ^ 0x8000000000000000 ^ maskOf(descending)), 1);
  store<u64>(target, bswap<u64>(lower ^ maskOf(descending)), 9);
  return makeView(target, 17);
}

export function sortKeyInterval(block: usize, value: v128, descending: i32): v128 {
  const rest = i64x2.splat(restOfInterval(value));
  return sortKeyWide(block, i64x2.replace_lane(rest, 1, daysOfInterval(value)), descending);
}

export function sortKeyUuid(block: usize, value: v128, descending: i32): v128 {
  const target = heapAllocate(block, 17);
  if (target == 0) return i64x2.splat(0);
  store<u8>(target, 1);
  store<u64>(target, <u64>i64x2.extract_lane(value, 0) ^ maskOf(descending), 1);
  store<u64>(target, <u64>i64x2.extract_lane(value, 1) ^ maskOf(descending), 9);
  return makeView(target, 17);
}

export function sortKeyText(block: usize, value: v128, descending: i32): v128 {
  const length = lengthOf(value);
  const source = pointerOf(value);
  let zeros: u32 = 0;
  for (let i: u32 = 0; i < length; i++) zeros += u32(load<u8>(source + i) == 0);
  const byteLength = length + zeros + 3;
  const target = heapAllocate(block, byteLength);
  if (target == 0) return i64x2.splat(0);
  store<u8>(target, 1);
  putOrderedText(target + 1, source, length, <u8>maskOf(descending));
  return makeView(target, byteLength);
}
