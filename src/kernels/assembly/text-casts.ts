// Casts to and from text, for generated code. Reading comes in pairs: `textIs…` says whether the text is of the plain
// form that `textTo…` reads; every other form, malformed ones included, is left to TypeScript.
import { formatBoolWord, formatDate, formatDecimal128, formatDecimal64, formatI64, formatTimestamp } from './format';
import { heapAllocate } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

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

/** An optional minus and 1 to `most` digits. */
function isDigits(text: v128, most: u32): i32 {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  if (length == 0) return 0;
  const start = u32(load<u8>(pointer) == 0x2d);
  if (length == start || length - start > most) return 0;
  for (let i = start; i < length; i++) {
    if (u8(load<u8>(pointer + i) - 0x30) > 9) return 0;
  }
  return 1;
}

function toNumber(text: v128): i64 {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  const start = u32(load<u8>(pointer) == 0x2d);
  let value: i64 = 0;
  for (let i = start; i < length; i++) value = value * 10 + (load<u8>(pointer + i) - 0x30);
  return start != 0 ? -value : value;
}

export function textIsBigint(text: v128): i32 {
  return isDigits(text, 18);
}

export function textToBigint(block: usize, text: v128): i64 {
  return toNumber(text);
}

export function textIsInteger(text: v128): i32 {
  return isDigits(text, 9);
}

export function textToInteger(block: usize, text: v128): i32 {
  return <i32>toNumber(text);
}

function digitsAt(pointer: usize, count: u32): i32 {
  let value: i32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const digit = <i32>load<u8>(pointer + i) - 0x30;
    if (<u32>digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** YYYY-MM-DD with a day that every month has. */
export function textIsDate(text: v128): i32 {
  if (lengthOf(text) != 10) return 0;
  const pointer = pointerOf(text);
  if (load<u8>(pointer + 4) != 0x2d || load<u8>(pointer + 7) != 0x2d) return 0;
  const month = digitsAt(pointer + 5, 2);
  const day = digitsAt(pointer + 8, 2);
  return i32(digitsAt(pointer, 4) >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 28);
}

export function textToDate(block: usize, text: v128): i32 {
  const pointer = pointerOf(text);
  const month = digitsAt(pointer + 5, 2);
  const year = digitsAt(pointer, 4) - i32(month <= 2);
  const day = digitsAt(pointer + 8, 2);
  const era = year / 400;
  const yearOfEra = year - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}
