// Texts as bytes of an encoding and back: convert_from and convert_to, called by memory (memory-call.ts). What has no bytes or
// is no text is declined.
//
// An encoding (src/functions/scalar/text/encoding-tables.ts), 0 where it is none:
//
//     0 u32    1 of UTF-8, which has no table
//     4 u32    where the characters of several bytes are (double-byte-tables.ts); 0 where there are none
//     8 u16[256] the code points of the bytes; 0 where there is none
import { characterBytes, codeOf, putCode } from './letter-case';
import { argument, returnView } from './memory-call';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';
import { isUtf8 } from './utf8';

// @ts-ignore: decorator
@inline const LARGEST: u32 = 0x5000000;

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

export function textOfEncoding(block: usize, args: usize, count: u32, encoding: usize): void {
  const bytes = v128.load(argument(args, 0));
  const source = pointerOf(bytes);
  const length = lengthOf(bytes);
  if (encoding == 0 || length > LARGEST) return decline(block);
  if (load<u32>(encoding) == 1) {
    if (!isUtf8(source, length) || hasZero(source, length)) return decline(block);
    return returnView(args, count, source, length);
  }
  const room = length * 3 + 16;
  const target = heapAllocate(block, room);
  if (target == 0) return;
  const moreStart = load<u32>(encoding, 4);
  let at = target;
  for (let i: u32 = 0; i < length; ) {
    const code: u32 = load<u16>(encoding + (<usize>load<u8>(source + i) << 1), 8);
    if (code != 0) {
      at = putCode(at, code);
      i++;
      continue;
    }
    const several = moreStart == 0 ? 0 : codeOfSeveral(source + i, length - i, encoding + moreStart);
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
  if (code < 256 && load<u16>(encoding + (<usize>code << 1), 8) == code) return code;
  for (let byte = 0; byte < 256; byte++) if (load<u16>(encoding + (<usize>byte << 1), 8) == code) return byte;
  return -1;
}

export function bytesOfEncoding(block: usize, args: usize, count: u32, encoding: usize): void {
  const text = v128.load(argument(args, 0));
  const source = pointerOf(text);
  const length = lengthOf(text);
  if (encoding == 0) return decline(block);
  if (load<u32>(encoding) == 1) return returnView(args, count, source, length);
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
