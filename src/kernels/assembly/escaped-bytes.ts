// Bytes as text with escapes, as encode and decode have them: \\ is a backslash, \ and three octal digits are a byte.
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const BACKSLASH: u8 = 0x5c;

// @ts-ignore: decorator
@inline function widthOf(byte: u8): u32 {
  return byte == BACKSLASH ? 2 : byte == 0 || byte >= 0x80 ? 4 : 1;
}

export function encodeEscape(block: usize, bytes: v128): v128 {
  const source = pointerOf(bytes);
  const length = lengthOf(bytes);
  let total: u64 = 0;
  for (let i: u32 = 0; i < length; i++) total += widthOf(load<u8>(source + i));
  if (total > 0x10000000) {
    decline(block);
    return bytes;
  }
  const target = heapAllocate(block, <u32>total + 8);
  if (target == 0) return bytes;
  let at = target;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(source + i);
    const width = widthOf(byte);
    if (width == 1) {
      store<u8>(at++, byte);
      continue;
    }
    store<u8>(at, BACKSLASH);
    if (width == 2) store<u8>(at, BACKSLASH, 1);
    else {
      store<u8>(at, 0x30 + (byte >> 6), 1);
      store<u8>(at, 0x30 + ((byte >> 3) & 7), 2);
      store<u8>(at, 0x30 + (byte & 7), 3);
    }
    at += width;
  }
  return makeView(target, <u32>total);
}

/** Declines what is no escape. */
export function decodeEscape(block: usize, text: v128): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  const target = heapAllocate(block, length + 8);
  if (target == 0) return text;
  let at = target;
  for (let i: u32 = 0; i < length; ) {
    const byte = load<u8>(source + i++);
    if (byte != BACKSLASH) {
      store<u8>(at++, byte);
      continue;
    }
    if (i < length && load<u8>(source + i) == BACKSLASH) {
      store<u8>(at++, BACKSLASH);
      i++;
      continue;
    }
    const first = i + 3 <= length ? load<u8>(source + i) - 0x30 : 8;
    const second = i + 3 <= length ? load<u8>(source + i, 1) - 0x30 : 8;
    const third = i + 3 <= length ? load<u8>(source + i, 2) - 0x30 : 8;
    if (u8(first) > 3 || u8(second) > 7 || u8(third) > 7) {
      decline(block);
      return text;
    }
    store<u8>(at++, <u8>((first << 6) | (second << 3) | third));
    i += 3;
  }
  const written = <u32>(at - target);
  heapReturn(block, (length - written) & ~7);
  return makeView(target, written);
}
