// parse_ident, for generated code. What is an error is left to TypeScript.
import { allocateArray } from './memory-call';
import { arrayBytes, beginArray, bytesOf, HEADER_BYTES, slotsOf } from './nested-access';
import { decline } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';
import { TEXT } from './value-tags';

// @ts-ignore: decorator
@inline const QUOTE: u8 = 0x22;
// @ts-ignore: decorator
@inline const POINT: u8 = 0x2e;

function skipBlanks(from: usize, end: usize): usize {
  let at = from;
  while (at < end && (load<u8>(at) == 0x20 || u8(load<u8>(at) - 9) < 5)) at++;
  return at;
}

/** A letter, an underscore, or a byte of what is not ASCII. */
// @ts-ignore: decorator
@inline
function begins(byte: u8): bool {
  return u8((byte | 0x20) - 0x61) < 26 || byte == 0x5f || byte >= 0x80;
}

// @ts-ignore: decorator
@inline
function continues(byte: u8): bool {
  return begins(byte) || u8(byte - 0x30) < 10 || byte == 0x24;
}

/** The number of parts << 32 and of their bytes, which go into an array unless that is 0; -1 of what is no name. */
function namePartsIn(text: v128, isStrict: bool, array: usize): i64 {
  const end = pointerOf(text) + lengthOf(text);
  let at = skipBlanks(pointerOf(text), end);
  let parts: u32 = 0;
  let bytes: u32 = 0;
  for (;;) {
    const first: u8 = at < end ? load<u8>(at) : 0;
    const from = bytes;
    if (first == QUOTE) {
      for (at++; ; at++) {
        if (at >= end) return -1;
        if (load<u8>(at) == QUOTE && (++at >= end || load<u8>(at) != QUOTE)) break;
        if (array != 0) store<u8>(bytesOf(array) + bytes, load<u8>(at));
        bytes++;
      }
    } else if (begins(first)) {
      for (; at < end && continues(load<u8>(at)); at++) {
        const byte = load<u8>(at);
        if (array != 0) store<u8>(bytesOf(array) + bytes, u8(byte - 0x41) < 26 ? byte | 0x20 : byte);
        bytes++;
      }
    }
    if (bytes == from) return -1;
    if (array != 0) {
      store<u8>(array + parts, 1, HEADER_BYTES);
      store<u32>(slotsOf(array) + (<usize>parts << 2), bytes);
    }
    parts++;
    at = skipBlanks(at, end);
    if (at >= end || load<u8>(at) != POINT) break;
    at = skipBlanks(at + 1, end);
  }
  return at < end && isStrict ? -1 : (<i64>parts << 32) | bytes;
}

export function textNameParts(block: usize, text: v128, isStrict: i32): v128 {
  const size = namePartsIn(text, isStrict != 0, 0);
  if (size < 0) {
    decline(block);
    return text;
  }
  const parts = <u32>(size >> 32);
  const target = allocateArray(block, parts, TEXT, <u32>size);
  if (target == 0) return text;
  const byteLength = <u32>arrayBytes(parts, TEXT, <u32>size);
  beginArray(target, parts, TEXT, 0, byteLength);
  namePartsIn(text, isStrict != 0, target);
  return makeView(target, byteLength);
}
