// Casts to text, for generated code.
import { days, months, time } from './calendar';
import {
  formatBoolWord,
  formatDate,
  formatDecimal128,
  formatDecimal64,
  formatI64,
  formatInterval,
  formatTime,
  formatTimestamp,
  formatUuid,
} from './format';
import { formatF32, formatF64 } from './format-float';
import { heapAllocate } from './status';
import { makeView } from './text-view';

/** More than any of the texts below needs, overshoot included. */
// @ts-ignore: decorator
@inline const ROOM: u32 = 96;

/** Takes the bytes just written from the heap. */
function finish(block: usize, target: usize, length: u32): v128 {
  // Only what was used stays taken: the heap's words are current, end.
  store<u32>(block, <u32>target + ((length + 15) & ~15), 4);
  return makeView(target, length);
}

export function boolToText(block: usize, value: i32): v128 {
  const target = heapAllocate(block, ROOM);
  return target == 0 ? i64x2.splat(0) : finish(block, target, formatBoolWord(value, target));
}

export function bigintToText(block: usize, value: i64): v128 {
  const target = heapAllocate(block, ROOM);
  return target == 0 ? i64x2.splat(0) : finish(block, target, formatI64(value, target));
}

export function integerToText(block: usize, value: i32): v128 {
  return bigintToText(block, value);
}

export function dateToText(block: usize, value: i32): v128 {
  const target = heapAllocate(block, ROOM);
  return target == 0 ? i64x2.splat(0) : finish(block, target, formatDate(value, target));
}

export function timestampToText(block: usize, value: i64, withZone: i32): v128 {
  const target = heapAllocate(block, ROOM);
  return target == 0 ? i64x2.splat(0) : finish(block, target, formatTimestamp(value, withZone != 0, target));
}

export function decimal64ToText(block: usize, value: i64, scale: i32): v128 {
  const target = heapAllocate(block, ROOM);
  return target == 0 ? i64x2.splat(0) : finish(block, target, formatDecimal64(value, scale, target));
}

export function decimal128ToText(block: usize, value: v128, scale: i32): v128 {
  const target = heapAllocate(block, ROOM);
  if (target == 0) return i64x2.splat(0);
  const low = <u64>i64x2.extract_lane(value, 0);
  return finish(block, target, formatDecimal128(low, i64x2.extract_lane(value, 1), scale, target));
}

export function timeToText(block: usize, value: i64): v128 {
  const target = heapAllocate(block, ROOM);
  return target == 0 ? i64x2.splat(0) : finish(block, target, formatTime(<u64>value, target));
}

export function intervalToText(block: usize, value: v128): v128 {
  const target = heapAllocate(block, ROOM);
  if (target == 0) return i64x2.splat(0);
  return finish(block, target, formatInterval(months(value), days(value), time(value), target));
}

export function uuidToText(block: usize, value: v128): v128 {
  const target = heapAllocate(block, ROOM);
  if (target == 0) return i64x2.splat(0);
  // Its formatter reads it from memory: where it lies behind the text, which is written over it last.
  v128.store(target, value, 64);
  return finish(block, target, formatUuid(target + 64, target));
}

/** `powers`: the table of powers of ten. */
export function doubleToText(block: usize, value: f64, powers: usize): v128 {
  const target = heapAllocate(block, ROOM);
  return target == 0 ? i64x2.splat(0) : finish(block, target, formatF64(value, powers, target));
}

export function realToText(block: usize, value: f32, powers: usize): v128 {
  const target = heapAllocate(block, ROOM);
  return target == 0 ? i64x2.splat(0) : finish(block, target, formatF32(value, powers, target));
}
