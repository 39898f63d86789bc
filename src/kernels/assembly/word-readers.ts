// Casts of texts to booleans, smallints, times and UUIDs, for generated code. As in text-readers.ts: plain forms are read,
// every other one, malformed ones included, is declined.
import { decline } from './status';
import { readInteger, timeAt } from './text-readers';
import { lengthOf, pointerOf } from './text-view';

/** A word of at most eight letters in lower case, the first in the lowest byte; letters in capitals become small. */
// @ts-ignore: decorator
@inline
function wordOf(text: v128): u64 {
  // Behind a short text its view has zeros: what is a letter with the bit of small letters is one without, too.
  const bytes = <u64>i64x2.extract_lane(text, 1);
  const shift = <u64>(8 - lengthOf(text)) << 3;
  return bytes | (<u64>0x2020202020202020 >> shift);
}

/** true, yes and their beginnings, on and 1; false, no, off and the like. */
export function textToBoolean(block: usize, text: v128): i32 {
  const length = lengthOf(text);
  if (length - 1 < 5) {
    if (length == 1) {
      // The bit of small letters would make a digit of what is none.
      const byte = <u8>i64x2.extract_lane(text, 1);
      if (byte == 0x31) return 1;
      if (byte == 0x30) return 0;
    }
    switch (wordOf(text)) {
      case 0x74: // t
      case 0x7274: // tr
      case 0x757274: // tru
      case 0x65757274: // true
      case 0x79: // y
      case 0x6579: // ye
      case 0x736579: // yes
      case 0x6e6f: // on
        return 1;
      case 0x66: // f
      case 0x6166: // fa
      case 0x6c6166: // fal
      case 0x736c6166: // fals
      case 0x65736c6166: // false
      case 0x6e: // n
      case 0x6f6e: // no
      case 0x666f: // of
      case 0x66666f: // off
        return 0;
    }
  }
  decline(block);
  return 0;
}

export function textToSmallint(block: usize, text: v128): i32 {
  const value = readInteger(block, text, 9);
  if (value < i16.MIN_VALUE || value > i16.MAX_VALUE) decline(block);
  return <i32>value;
}

/** HH:MM[:SS[.f…]]. */
export function textToTime(block: usize, text: v128): i64 {
  const time = timeAt(pointerOf(text), lengthOf(text));
  if (time < 0) decline(block);
  return time;
}

/** More than 15 of what is no digit. */
// @ts-ignore: decorator
@inline
function hexValue(byte: u8): u32 {
  if (u8(byte - 0x30) < 10) return byte - 0x30;
  const letter = u8((byte | 0x20) - 0x61);
  return letter < 6 ? 10 + letter : 255;
}

/** Eight bytes of 16 digits, the first in the lowest; with `dashes`, one stands before each byte whose bit is set. */
function eightBytes(block: usize, pointer: usize, dashes: u32): u64 {
  let value: u64 = 0;
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < 8; i++) {
    if ((dashes & (1 << i)) != 0) {
      if (load<u8>(pointer) != 0x2d) wrong = 255;
      pointer++;
    }
    const high = hexValue(load<u8>(pointer));
    const low = hexValue(load<u8>(pointer, 1));
    wrong |= high | low;
    value |= <u64>((high << 4) | (low & 15)) << (i << 3);
    pointer += 2;
  }
  if (wrong > 15) decline(block);
  return value;
}

/** 8-4-4-4-12 digits, or 32 of them. */
export function textToUuid(block: usize, text: v128): v128 {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  if (length != 36 && length != 32) {
    decline(block);
    return text;
  }
  const isDashed = length == 36;
  const first = eightBytes(block, pointer, isDashed ? 0b01010000 : 0);
  const second = eightBytes(block, pointer + (isDashed ? 18 : 16), isDashed ? 0b00000101 : 0);
  return i64x2.replace_lane(i64x2.splat(<i64>first), 1, <i64>second);
}
