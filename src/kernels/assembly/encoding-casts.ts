// Texts as bytes of an encoding and back: convert_from and convert_to, called by memory (memory-call.ts). Encodings that are not
// in the tables, and what has no bytes or is no text, are declined.
//
// The tables (src/functions/scalar/text/encoding-tables.ts): u32 how many, u32 0, and for each:
//
//     0 u8[16] name, in capitals, without what is no letter or digit
//    16 u32    1 of UTF-8, which has no table
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
  let at = target;
  for (let i: u32 = 0; i < length; i++) {
    const code: u32 = load<u16>(encoding + (<usize>load<u8>(source + i) << 1), 24);
    if (code == 0) return decline(block);
    at = putCode(at, code);
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
