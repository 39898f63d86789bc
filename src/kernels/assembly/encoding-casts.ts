// Texts as bytes of an encoding and back: convert_from and convert_to, called by memory (memory-call.ts). Encodings that are not
// in the tables, and what has no bytes or is no text, are declined.
//
// The tables (src/functions/scalar/text/encoding-tables.ts): u32 how many, u32 0, and for each:
//
//     0 u8[16] name, in capitals, without what is no letter or digit
//    16 u32    1 of UTF-8, which has no table
//    20 u32    where the characters of several bytes are (double-byte-tables.ts); 0 where there are none
//    24 u16[256] the code points of the bytes; 0 where there is none
import { characterBytes, codeOf, putCode } from './letter-case';
import { argument, returnView } from './memory-call';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';
import { isUtf8 } from './utf8';

// @ts-ignore: decorator
@inline const HEAD_BYTES: usize = 8;
// @ts-ignore: decorator
@inline const ENTRY_BYTES: usize = 536;
// @ts-ignore: decorator
@inline const LARGEST: u32 = 0x5000000;

/** The encoding of a name, whatever the case of its letters and what stands between; 0 where it is none. */
function encodingOf(name: v128, tables: usize): usize {
  const pointer = pointerOf(name);
  let low: u64 = 0;
  let high: u64 = 0;
  let count: u64 = 0;
  for (let i: u32 = 0; i < lengthOf(name); i++) {
    const byte = load<u8>(pointer + i);
    const isLetter = u8((byte | 0x20) - 0x61) < 26;
    if (!isLetter && u8(byte - 0x30) > 9) continue;
    if (count == 16) return 0;
    const letter = <u64>(isLetter ? byte & 0xdf : byte) << ((count & 7) << 3);
    if (count < 8) low |= letter;
    else high |= letter;
    count++;
  }
  const end = tables + HEAD_BYTES + <usize>load<u32>(tables) * ENTRY_BYTES;
  for (let entry = tables + HEAD_BYTES; entry < end; entry += ENTRY_BYTES) {
    if (load<u64>(entry) == low && load<u64>(entry, 8) == high) return entry;
  }
  return 0;
}

function hasZero(pointer: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) if (load<u8>(pointer + i) == 0) return true;
  return false;
}

// @ts-ignore: decorator
@inline const TRIPLE_ROWS: usize = 512;
// @ts-ignore: decorator
@inline const QUADRUPLES: usize = 1024;
// @ts-ignore: decorator
@inline const HAS_PLANES: usize = 1028;
// @ts-ignore: decorator
@inline const ROWS: usize = 1032;
// @ts-ignore: decorator
@inline const ROW_BYTES: usize = 768;
// @ts-ignore: decorator
@inline const FIRST_LAST_BYTE: u32 = 0x40;
// @ts-ignore: decorator
@inline const QUADRUPLE_COUNT: u32 = 39420;
/** That of 0x90308130, the code point 0x10000. */
// @ts-ignore: decorator
@inline const FIRST_OF_PLANES: u32 = 189000;
// @ts-ignore: decorator
@inline const LATER_PLANES: u32 = 0x100000;

/** The code point in a row, the first of which is 1; 0 where there is none. */
// @ts-ignore: decorator
@inline
function codeInRow(more: usize, row: u32, last: u32): u32 {
  if (row == 0 || last < FIRST_LAST_BYTE) return 0;
  return load<u32>(more + (<usize>(row - 1) * ROW_BYTES + (<usize>(last - FIRST_LAST_BYTE) << 2)), ROWS);
}

/** The code point of four bytes; 0 where there is none. */
function codeOfQuadruple(source: usize, more: usize): u32 {
  const start = load<u32>(more, QUADRUPLES);
  const first = <u32>load<u8>(source) - 0x81;
  const second = <u32>load<u8>(source, 1) - 0x30;
  const third = <u32>load<u8>(source, 2) - 0x81;
  const fourth = <u32>load<u8>(source, 3) - 0x30;
  if (start == 0 || first > 125 || second > 9 || third > 125 || fourth > 9) return 0;
  const index = ((first * 10 + second) * 126 + third) * 10 + fourth;
  if (index < QUADRUPLE_COUNT) return load<u16>(more + start + (<usize>index << 1));
  const isOfPlanes = load<u32>(more, HAS_PLANES) == 1 && index - FIRST_OF_PLANES < LATER_PLANES;
  return isOfPlanes ? index - FIRST_OF_PLANES + 0x10000 : 0;
}

/** The code point, and how many bytes it has (in the upper half), of a character of several bytes; 0 where there is none. */
function codeOfSeveral(source: usize, length: u32, more: usize): u64 {
  if (length < 2) return 0;
  const first = <usize>load<u8>(source);
  const second = <u32>load<u8>(source, 1);
  const double = codeInRow(more, load<u16>(more + (first << 1)), second);
  if (double != 0) return (<u64>2 << 32) | double;
  if (first == 0x8f && length > 2) {
    const row = load<u16>(more + (<usize>second << 1), TRIPLE_ROWS);
    const triple = codeInRow(more, row, load<u8>(source, 2));
    if (triple != 0) return (<u64>3 << 32) | triple;
  }
  const quadruple = length > 3 ? codeOfQuadruple(source, more) : 0;
  return quadruple == 0 ? 0 : (<u64>4 << 32) | quadruple;
}

export function textOfEncoding(block: usize, args: usize, count: u32, tables: usize): void {
  const bytes = v128.load(argument(args, 0));
  const source = pointerOf(bytes);
  const length = lengthOf(bytes);
  const encoding = encodingOf(v128.load(argument(args, 1)), tables);
  if (encoding == 0 || length > LARGEST) return decline(block);
  if (load<u32>(encoding, 16) == 1) {
    if (!isUtf8(source, length) || hasZero(source, length)) return decline(block);
    return returnView(args, count, source, length);
  }
  const room = length * 3 + 16;
  const target = heapAllocate(block, room);
  if (target == 0) return;
  const moreStart = load<u32>(encoding, 20);
  let at = target;
  for (let i: u32 = 0; i < length; ) {
    const code: u32 = load<u16>(encoding + (<usize>load<u8>(source + i) << 1), 24);
    if (code != 0) {
      at = putCode(at, code);
      i++;
      continue;
    }
    const several = moreStart == 0 ? 0 : codeOfSeveral(source + i, length - i, tables + moreStart);
    if (several == 0) return decline(block);
    at = putCode(at, <u32>several);
    i += <u32>(several >> 32);
  }
  const written = <u32>(at - target);
  heapReturn(block, room - ((written + 15) & ~15));
  returnView(args, count, target, written);
}

/** The byte of a character; -1 where there is none. */
function byteOf(code: u32, encoding: usize): i32 {
  if (code < 256 && load<u16>(encoding + (<usize>code << 1), 24) == code) return code;
  for (let byte = 0; byte < 256; byte++) if (load<u16>(encoding + (<usize>byte << 1), 24) == code) return byte;
  return -1;
}

export function bytesOfEncoding(block: usize, args: usize, count: u32, tables: usize): void {
  const text = v128.load(argument(args, 0));
  const source = pointerOf(text);
  const length = lengthOf(text);
  const encoding = encodingOf(v128.load(argument(args, 1)), tables);
  if (encoding == 0) return decline(block);
  if (load<u32>(encoding, 16) == 1) return returnView(args, count, source, length);
  const target = heapAllocate(block, length + 16);
  if (target == 0) return;
  let at = target;
  for (let i: u32 = 0; i < length; ) {
    const bytes = min(characterBytes(load<u8>(source + i)), length - i);
    const byte = byteOf(codeOf(source + i, bytes), encoding);
    if (byte < 0) return decline(block);
    store<u8>(at++, <u8>byte);
    i += bytes;
  }
  const written = <u32>(at - target);
  heapReturn(block, (length - written) & ~15);
  returnView(args, count, target, written);
}
