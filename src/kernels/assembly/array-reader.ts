// The cast of a text to an array of texts, for generated code. As in text-readers.ts: plain forms are read, every other one,
// malformed ones included, is declined.
import { allocateArray } from './memory-call';
import { arrayBytes, beginArray, bytesOf, HEADER_BYTES, putNull, slotsOf } from './nested-access';
import { decline, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';
import { TEXT } from './value-tags';

// @ts-ignore: decorator
@inline
function isSpace(byte: u8): bool {
  return byte == 0x20 || u8(byte - 9) < 5;
}

function skipSpaces(at: usize, end: usize): usize {
  while (at < end && isSpace(load<u8>(at))) at++;
  return at;
}

/** Commas outside of quotes, and one. */
function countElements(from: usize, end: usize): u32 {
  let count: u32 = 1;
  let isQuoted = false;
  for (let at = from; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == 0x22) isQuoted = !isQuoted;
    else if (byte == 0x5c) at++;
    else if (byte == 0x2c && !isQuoted) count++;
  }
  return count;
}

// @ts-ignore: decorator
@inline
function isNullWord(pointer: usize, length: usize): bool {
  return length == 4 && (load<u32>(pointer) | 0x20202020) == 0x6c6c756e;
}

/** `{a, "b,\"c", NULL}`. Declines dimensions, arrays within, and backslashes outside of quotes. */
export function textToArray(block: usize, text: v128): v128 {
  const start = pointerOf(text);
  const end = start + lengthOf(text);
  let at = skipSpaces(start, end);
  if (at >= end || load<u8>(at) != 0x7b) {
    decline(block);
    return text;
  }
  at = skipSpaces(at + 1, end);
  const isEmpty = at < end && load<u8>(at) == 0x7d;
  const count: u32 = isEmpty ? 0 : countElements(at, end);
  const target = allocateArray(block, count, TEXT, lengthOf(text));
  if (target == 0) return text;
  const room = <u32>arrayBytes(count, TEXT, lengthOf(text));
  beginArray(target, count, TEXT, 0, room);
  const bytes = bytesOf(target);
  const slots = slotsOf(target);
  let written: u32 = 0;
  let isWell = true;
  for (let i: u32 = 0; isWell && i < count; i++) {
    at = skipSpaces(at, end);
    let isValid = true;
    if (at < end && load<u8>(at) == 0x22) {
      for (at++; at < end && load<u8>(at) != 0x22; at++) {
        if (load<u8>(at) == 0x5c) at++;
        store<u8>(bytes + written++, load<u8>(at));
      }
      at++;
    } else {
      const from = at;
      let last = at;
      for (; at < end; at++) {
        const byte = load<u8>(at);
        if (byte == 0x2c || byte == 0x7d) break;
        if (byte == 0x7b || byte == 0x22 || byte == 0x5c) isWell = false;
        if (!isSpace(byte)) last = at + 1;
      }
      const length = last - from;
      if (length == 0) isWell = false;
      isValid = !isNullWord(from, length);
      if (isValid) {
        memory.copy(bytes + written, from, length);
        written += <u32>length;
      }
    }
    at = skipSpaces(at, end);
    if (at >= end || load<u8>(at) != (i + 1 < count ? 0x2c : 0x7d)) isWell = false;
    if (isWell && i + 1 < count) at++;
    if (isValid) {
      store<u8>(target + i, 1, HEADER_BYTES);
      store<u32>(slots + (<usize>i << 2), written);
    } else putNull(target, i);
  }
  if (!isWell || at >= end || load<u8>(at) != 0x7d || skipSpaces(at + 1, end) != end) {
    heapReturn(block, room);
    decline(block);
    return text;
  }
  const byteLength = <u32>arrayBytes(count, TEXT, written);
  heapReturn(block, room - byteLength);
  return makeView(target, byteLength);
}
