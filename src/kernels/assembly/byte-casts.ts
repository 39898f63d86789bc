// Casts of bytes to text and to integers, and back, for generated code.
import { formatBytea } from './format';
import { decline, heapAllocate } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

/** Bytes that the formatter writes behind the digits. */
const OVERSHOOT: u32 = 32;

/** `\x` and two digits a byte. Declines what is longer than a text may be. */
export function bytesToText(block: usize, bytes: v128): v128 {
  const length = lengthOf(bytes);
  if (length > 0x10000000) {
    decline(block);
    return bytes;
  }
  const target = heapAllocate(block, 2 + (length << 1) + OVERSHOOT);
  if (target == 0) return bytes;
  return makeView(target, formatBytea(pointerOf(bytes), length, target));
}

/** The lowest `width` bytes, the highest of them first. */
export function bigintToBytes(block: usize, value: i64, width: u32): v128 {
  const target = heapAllocate(block, width);
  if (target == 0) return i64x2.splat(0);
  for (let i: u32 = 0; i < width; i++) store<u8>(target + i, <u8>(value >> (<i64>(width - 1 - i) << 3)));
  return makeView(target, width);
}

export function integerToBytes(block: usize, value: i32, width: u32): v128 {
  return bigintToBytes(block, value, width);
}

/** At most `width` bytes as a number of that many. Declines others. */
export function bytesToBigint(block: usize, bytes: v128, width: u32): i64 {
  const length = lengthOf(bytes);
  const pointer = pointerOf(bytes);
  if (length > width) {
    decline(block);
    return 0;
  }
  let value: i64 = 0;
  for (let i: u32 = 0; i < length; i++) value = (value << 8) | <i64>load<u8>(pointer + i);
  const rest = <i64>(8 - width) << 3;
  return (value << rest) >> rest;
}

export function bytesToInteger(block: usize, bytes: v128, width: u32): i32 {
  return <i32>bytesToBigint(block, bytes, width);
}
