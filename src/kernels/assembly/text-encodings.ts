// Bytes as text: hexadecimal, base64 and escapes, as encode and decode have them, and integers in hexadecimal. Other formats,
// and what is no such text, are declined.

import { hexValue } from './hex-digits';
import { decodeEscape, encodeEscape } from './escaped-bytes';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

/** Digits of base64 in a line, as PostgreSQL writes them. */
const BASE64_LINE: u32 = 76;

/** The names of formats, as the first bytes of a number; their case matters not. */
// @ts-ignore: decorator
@inline const HEX: u64 = 0x786568;
// @ts-ignore: decorator
@inline const BASE64: u64 = 0x343665736162;
// @ts-ignore: decorator
@inline const ESCAPE: u64 = 0x657061637365;

/** A name of at most eight letters and digits in lower case, the first in the lowest byte; 0 where it is longer. */
function shortName(text: v128): u64 {
  const length = lengthOf(text);
  const pointer = pointerOf(text);
  if (length > 8) return 0;
  let name: u64 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    name |= <u64>(u8(byte - 0x41) < 26 ? byte | 0x20 : byte) << (i << 3);
  }
  return name;
}

// @ts-ignore: decorator
@inline
function hexDigitOf(value: u32): u8 {
  return <u8>(value < 10 ? 0x30 + value : 0x57 + value);
}

/** Twice as many digits as bytes; the bytes may lie behind the digits, not before. */
export function putHex(target: usize, source: usize, length: u32): void {
  for (let i: u32 = 0; i < length; i++) {
    const byte = <u32>load<u8>(source + i);
    store<u8>(target + (i << 1), hexDigitOf(byte >> 4));
    store<u8>(target + (i << 1), hexDigitOf(byte & 15), 1);
  }
}

// @ts-ignore: decorator
@inline
function base64Digit(value: u32): u8 {
  if (value < 26) return <u8>(0x41 + value);
  if (value < 52) return <u8>(0x61 - 26 + value);
  if (value < 62) return <u8>(0x30 - 52 + value);
  return value == 62 ? 0x2b : 0x2f;
}

/** encode(bytes, format). */
export function bytesEncode(block: usize, bytes: v128, format: v128): v128 {
  const name = shortName(format);
  const length = lengthOf(bytes);
  if ((name != HEX && name != BASE64 && name != ESCAPE) || length > 0x10000000) {
    decline(block);
    return bytes;
  }
  return name == HEX ? encodeHex(block, bytes) : name == BASE64 ? encodeBase64(block, bytes) : encodeEscape(block, bytes);
}

function encodeHex(block: usize, bytes: v128): v128 {
  const length = lengthOf(bytes);
  const target = heapAllocate(block, length << 1);
  if (target == 0) return bytes;
  putHex(target, pointerOf(bytes), length);
  return makeView(target, length << 1);
}

function encodeBase64(block: usize, bytes: v128): v128 {
  const source = pointerOf(bytes);
  const length = lengthOf(bytes);
  if (length == 0) return bytes;
  const digits = ((length + 2) / 3) << 2;
  const byteLength = digits + (digits - 1) / BASE64_LINE;
  const target = heapAllocate(block, byteLength);
  if (target == 0) return bytes;
  let at = target;
  let inLine: u32 = 0;
  for (let i: u32 = 0; i < length; i += 3) {
    if (inLine == BASE64_LINE) {
      store<u8>(at++, 0x0a);
      inLine = 0;
    }
    const count = length - i;
    const group =
      (<u32>load<u8>(source + i) << 16) |
      (count > 1 ? <u32>load<u8>(source + i, 1) << 8 : 0) |
      (count > 2 ? <u32>load<u8>(source + i, 2) : 0);
    store<u8>(at, base64Digit(group >> 18));
    store<u8>(at, base64Digit((group >> 12) & 63), 1);
    store<u8>(at, count > 1 ? base64Digit((group >> 6) & 63) : 0x3d, 2);
    store<u8>(at, count > 2 ? base64Digit(group & 63) : 0x3d, 3);
    at += 4;
    inLine += 4;
  }
  return makeView(target, byteLength);
}

/** The value of a digit; more than 63 of what is none. */
// @ts-ignore: decorator
@inline
function base64Value(byte: u8): u32 {
  if (u8(byte - 0x41) < 26) return byte - 0x41;
  if (u8(byte - 0x61) < 26) return byte - 0x61 + 26;
  if (u8(byte - 0x30) < 10) return byte - 0x30 + 52;
  return byte == 0x2b ? 62 : byte == 0x2f ? 63 : 255;
}

/** decode(text, format). */
export function textDecode(block: usize, text: v128, format: v128): v128 {
  const name = shortName(format);
  if (name == HEX) return decodeHex(block, text);
  if (name == BASE64) return decodeBase64(block, text);
  if (name == ESCAPE) return decodeEscape(block, text);
  decline(block);
  return text;
}

/** What may stand between digits. */
// @ts-ignore: decorator
@inline
function isSpace(byte: u8): bool {
  return byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09;
}

function decodeHex(block: usize, text: v128): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  const count = length >> 1;
  const target = heapAllocate(block, count + 8);
  if (target == 0) return text;
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const high = hexValue(load<u8>(source + (i << 1)));
    const low = hexValue(load<u8>(source + (i << 1), 1));
    wrong |= high | low;
    store<u8>(target + i, <u8>((high << 4) | low));
  }
  if (wrong > 15 || (length & 1) != 0) return decodeSpacedHex(block, text, target);
  return makeView(target, count);
}

/** Of any text, into room for half as many bytes. Spaces may stand between the bytes, not within one. */
function decodeSpacedHex(block: usize, text: v128, target: usize): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  let write = target;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(source + i);
    if (isSpace(byte)) continue;
    i++;
    const high = hexValue(byte);
    const low = i < length ? hexValue(load<u8>(source + i)) : 16;
    if ((high | low) > 15) {
      decline(block);
      return text;
    }
    store<u8>(write++, <u8>((high << 4) | low));
  }
  return makeView(target, <u32>(write - target));
}

function decodeBase64(block: usize, text: v128): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  if (length == 0) return text;
  const padding = length < 4 ? 0 : u32(load<u8>(source + length - 1) == 0x3d) + u32(load<u16>(source + length - 2) == 0x3d3d);
  const digits = length - padding;
  const room = ((length + 3) >> 2) * 3 + 8;
  const target = heapAllocate(block, room);
  if (target == 0) return text;
  let wrong: u32 = length & 3 ? 64 : 0;
  for (let i: u32 = 0, at = target; i < length && wrong < 64; i += 4, at += 3) {
    let group: u32 = 0;
    for (let digit: u32 = 0; digit < 4; digit++) {
      const value = i + digit < digits ? base64Value(load<u8>(source + i + digit)) : 0;
      wrong |= value;
      group = (group << 6) | (value & 63);
    }
    store<u8>(at, <u8>(group >> 16));
    store<u8>(at, <u8>(group >> 8), 1);
    store<u8>(at, <u8>group, 2);
  }
  if (wrong > 63) return decodeSpacedBase64(block, text, target, room);
  return makeView(target, (length >> 2) * 3 - padding);
}

/** Of any text, into room that is large enough: lines, as PostgreSQL and others write them. */
function decodeSpacedBase64(block: usize, text: v128, target: usize, room: u32): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  let write = target;
  let group: u32 = 0;
  let digits: u32 = 0;
  let padding: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(source + i);
    if (isSpace(byte)) continue;
    const isPadding = byte == 0x3d;
    const value = isPadding ? 0 : base64Value(byte);
    if (isPadding) padding++;
    if (value > 63 || padding > 2 || (isPadding ? (digits & 3) < 2 : padding > 0)) {
      decline(block);
      return text;
    }
    group = (group << 6) | value;
    digits++;
    if ((digits & 3) != 0) continue;
    store<u8>(write, <u8>(group >> 16));
    store<u8>(write, <u8>(group >> 8), 1);
    store<u8>(write, <u8>group, 2);
    write += 3;
  }
  if ((digits & 3) != 0) {
    decline(block);
    return text;
  }
  const count = <u32>(write - target) - padding;
  heapReturn(block, room - ((count + 15) & ~7));
  return makeView(target, count);
}

/** A number in digits of so many bits each. */
function digitsOf(block: usize, value: u64, bits: u32): v128 {
  const digits: u32 = value == 0 ? 1 : (63 - <u32>clz<u64>(value)) / bits + 1;
  const target = heapAllocate(block, digits);
  if (target == 0) return i64x2.splat(0);
  const mask = (1 << bits) - 1;
  for (let i: u32 = 0; i < digits; i++) {
    store<u8>(target + i, hexDigitOf(<u32>(value >> <u64>((digits - 1 - i) * bits)) & mask));
  }
  return makeView(target, digits);
}

/** to_hex, to_oct and to_bin: in two's complement, a digit standing for 4, 3 or 1 bits. */
export function integerDigits(block: usize, value: i32, bits: u32): v128 {
  return digitsOf(block, <u64>(<u32>value), bits);
}

export function bigintDigits(block: usize, value: i64, bits: u32): v128 {
  return digitsOf(block, value, bits);
}
