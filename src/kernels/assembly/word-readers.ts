// Casts of texts to booleans, times and UUIDs, for generated code. What is none is rejected.
import { readTimeText } from './datetime-readers';
import { hexValue } from './hex-digits';
import { reject } from './status';
import { timeAt } from './text-readers';
import { skipSpaces, skipSpacesBack } from './text-spaces';
import { lengthOf, pointerOf } from './text-view';

/** What readBoolean returns of what is none. */
export const NO_BOOLEAN: i32 = -1;

/** true, yes and their beginnings, on and 1; false, no, off and the like; in any case, with spaces around. */
export function readBoolean(pointer: usize, length: u32): i32 {
  const start = skipSpaces(pointer, pointer + length);
  const size = <u32>(skipSpacesBack(start, pointer + length) - start);
  if (size - 1 >= 5) return NO_BOOLEAN;
  const bytes = load<u64>(start) & ((<u64>1 << (<u64>size << 3)) - 1);
  // The bit of small letters would make a digit of what is none.
  if (size == 1 && (bytes | 1) == 0x31) return <i32>(bytes & 1);
  // The first letter is in the lowest byte.
  switch (bytes | (<u64>0x2020202020202020 >> (<u64>(8 - size) << 3))) {
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
  return NO_BOOLEAN;
}

export function textToBoolean(block: usize, text: v128): i32 {
  const value = readBoolean(pointerOf(text), lengthOf(text));
  if (value == NO_BOOLEAN) reject(block);
  return value & 1;
}

/** HH:MM[:SS[.f…]]; all other forms are read elsewhere. */
export function textToTime(block: usize, text: v128): i64 {
  const time = timeAt(pointerOf(text), lengthOf(text));
  return time < 0 ? readTimeText(block, text) : time;
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
  if (wrong > 15) reject(block);
  return value;
}

// @ts-ignore: decorator
@inline
function uuidOf(first: u64, second: u64): v128 {
  return i64x2.replace_lane(i64x2.splat(<i64>first), 1, <i64>second);
}

/** Before which of eight bytes a dash stands, where one may: before every other one from `first`, which is 0 or 2, on. */
function dashesAt(pointer: usize, first: u32): u32 {
  let at = pointer + (first << 1);
  let dashes: u32 = 0;
  for (let i = first; i < 8; i += 2) {
    if (load<u8>(at) == 0x2d) {
      dashes |= 1 << i;
      at++;
    }
    at += 4;
  }
  return dashes;
}

/** 8-4-4-4-12 digits. */
// @ts-ignore: decorator
@inline
function hasUsualDashes(pointer: usize): bool {
  return (load<u8>(pointer, 8) & load<u8>(pointer, 13) & load<u8>(pointer, 18) & load<u8>(pointer, 23)) == 0x2d;
}

/** 32 digits, with a dash behind any four of them, perhaps in braces. */
export function textToUuid(block: usize, text: v128): v128 {
  let pointer = pointerOf(text);
  let length = lengthOf(text);
  if (length == 36 && hasUsualDashes(pointer)) {
    return uuidOf(eightBytes(block, pointer, 0b01010000), eightBytes(block, pointer + 18, 0b00000101));
  }
  if (length > 0 && load<u8>(pointer) == 0x7b) {
    if (length < 2 || load<u8>(pointer + length - 1) != 0x7d) length = 0;
    pointer++;
    length -= 2;
  }
  if (length - 32 > 7) {
    reject(block);
    return text;
  }
  const dashes = dashesAt(pointer, 2);
  const second = pointer + 16 + popcnt(dashes);
  const more = dashesAt(second, 0);
  if (length != 32 + popcnt(dashes) + popcnt(more)) reject(block);
  return uuidOf(eightBytes(block, pointer, dashes), eightBytes(block, second, more));
}
