// string_to_array, called by memory (memory-call.ts): the parts of a text as an array of texts.
import { copyExactly } from './copy-bytes';
import { allocateArray, argument, isNullArgument, returnView, setNullResult } from './memory-call';
import { arrayBytes, beginArray, bytesOf, HEADER_BYTES, slotsOf } from './nested-access';
import { heapReturn } from './status';
import { bytesEqual, countCharacters, find, lengthOf, pointerOf, skipCharacters } from './text-view';
import { TEXT } from './value-tags';

/**
 * (text, separator [, text that stands for NULL]). A NULL separator takes characters apart, an empty one nothing; an
 * empty text has no parts.
 */
export function textSplit(block: usize, args: usize, count: u32): void {
  if (isNullArgument(args, count, 0)) {
    setNullResult(args, count);
    return;
  }
  const text = v128.load(argument(args, 0));
  const source = pointerOf(text);
  const length = lengthOf(text);
  const characters = isNullArgument(args, count, 1);
  const separator = characters ? i64x2.splat(0) : v128.load(argument(args, 1));
  const width = lengthOf(separator);
  let parts: u32 = 0;
  if (length > 0) parts = characters ? countCharacters(source, length) : countParts(source, length, separator);
  const bytes = parts == 0 ? 0 : length - (parts - 1) * width;
  const target = allocateArray(block, parts, TEXT, bytes);
  if (target == 0) return;
  let byteLength = <u32>arrayBytes(parts, TEXT, bytes);
  beginArray(target, parts, TEXT, 0, byteLength);
  if (parts > 0) {
    if (characters) splitCharacters(source, length, target);
    else if (parts == 1) putPart(target, 0, 0, source, length);
    else if (width == 1) splitAtByte(source, length, load<u8>(pointerOf(separator)), target);
    else splitAtText(source, length, separator, target);
  }
  if (count > 2 && !isNullArgument(args, count, 2)) {
    const kept = clearParts(target, parts, v128.load(argument(args, 2)));
    memory.fill(bytesOf(target) + kept, 0, bytes - kept);
    const shorter = <u32>arrayBytes(parts, TEXT, kept);
    heapReturn(block, byteLength - shorter);
    byteLength = shorter;
  }
  returnView(args, count, target, byteLength);
}

function countParts(source: usize, length: u32, separator: v128): u32 {
  const width = lengthOf(separator);
  let parts: u32 = 1;
  if (width == 0) return parts;
  if (width > 1) {
    for (let at = find(source, length, pointerOf(separator), width, 0); at >= 0; parts++) {
      at = find(source, length, pointerOf(separator), width, <u32>at + width);
    }
    return parts;
  }
  const byte = i8x16.splat(load<i8>(pointerOf(separator)));
  for (let i: u32 = 0; i < length; i += 16) parts += popcnt(placesOf(byte, source + i, length - i));
  return parts;
}

/** A bit for each of the next 16 bytes that is the wanted one; bytes beyond the `rest` are read, and left out. */
// @ts-ignore: decorator
@inline
function placesOf(byte: v128, source: usize, rest: u32): u32 {
  const places: u32 = i8x16.bitmask(i8x16.eq(v128.load(source), byte));
  return rest < 16 ? places & ((1 << rest) - 1) : places;
}

/** The part `index`, whose bytes begin `start` bytes behind those of the first one; answers where they end. */
// @ts-ignore: decorator
@inline
function putPart(array: usize, index: u32, start: u32, source: usize, length: u32): u32 {
  const end = start + length;
  store<u8>(array + index, 1, HEADER_BYTES);
  store<u32>(slotsOf(array) + (<usize>index << 2), end);
  copyExactly(bytesOf(array) + start, source, length);
  return end;
}

function splitCharacters(source: usize, length: u32, target: usize): void {
  let index: u32 = 0;
  for (let from: u32 = 0; from < length; ) {
    const characterBytes = skipCharacters(source + from, length - from, 1);
    from = putPart(target, index++, from, source + from, characterBytes);
  }
}

function splitAtByte(source: usize, length: u32, separator: u8, target: usize): void {
  const byte = i8x16.splat(separator);
  let index: u32 = 0;
  let from: u32 = 0;
  let end: u32 = 0;
  for (let i: u32 = 0; i < length; i += 16) {
    for (let places = placesOf(byte, source + i, length - i); places != 0; places &= places - 1) {
      const place = i + ctz(places);
      end = putPart(target, index++, end, source + from, place - from);
      from = place + 1;
    }
  }
  putPart(target, index, end, source + from, length - from);
}

function splitAtText(source: usize, length: u32, separator: v128, target: usize): void {
  const width = lengthOf(separator);
  let index: u32 = 0;
  let from: u32 = 0;
  let end: u32 = 0;
  while (true) {
    const place = find(source, length, pointerOf(separator), width, from);
    if (place < 0) break;
    end = putPart(target, index++, end, source + from, <u32>place - from);
    from = <u32>place + width;
  }
  putPart(target, index, end, source + from, length - from);
}

/** Parts that equal the text become NULL, whose bytes go; answers how many bytes are left. */
function clearParts(array: usize, parts: u32, text: v128): u32 {
  const width = lengthOf(text);
  const slots = slotsOf(array);
  const bytes = bytesOf(array);
  let from: u32 = 0;
  let kept: u32 = 0;
  for (let i: u32 = 0; i < parts; i++) {
    const slot = slots + (<usize>i << 2);
    const end = load<u32>(slot);
    const length = end - from;
    if (length == width && bytesEqual(bytes + from, pointerOf(text), width)) {
      store<u8>(array + i, 0, HEADER_BYTES);
    } else {
      if (kept != from) memory.copy(bytes + kept, bytes + from, length);
      kept += length;
    }
    store<u32>(slot, kept);
    from = end;
  }
  return kept;
}
