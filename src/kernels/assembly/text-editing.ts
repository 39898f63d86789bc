// Functions that make texts of parts of texts, for generated code. They work on bytes where UTF-8 allows that. What a
// function declines is left to TypeScript: results too large, and arguments that are errors.
import { changedCode, characterBytes, codeOf, putCode, roomInOtherCase } from './letter-case';
import { decline, heapAllocate, heapReturn } from './status';
import {
  countCharacters,
  find,
  isContinuation,
  lengthOf,
  makeView,
  pointerOf,
  skipCharacters,
} from './text-view';

/** Larger results are declined: TypeScript says which are too large. */
// @ts-ignore: decorator
@inline const LARGEST_RESULT: u64 = 1 << 28;

function emptyText(): v128 {
  return i64x2.splat(0);
}

/** Bytes for a result, a few more than it has; 0 when it was declined or the heap is exhausted. */
function allocateResult(block: usize, byteLength: u64): usize {
  if (byteLength > LARGEST_RESULT) {
    decline(block);
    return 0;
  }
  return heapAllocate(block, <u32>byteLength + 16);
}

/** How often the needle occurs, from left to right without overlap. */
function countOccurrences(text: v128, needle: v128): u32 {
  let count: u32 = 0;
  let from: u32 = 0;
  while (true) {
    const place = find(pointerOf(text), lengthOf(text), pointerOf(needle), lengthOf(needle), from);
    if (place < 0) return count;
    count++;
    from = <u32>place + lengthOf(needle);
  }
}

export function textReplace(block: usize, text: v128, from: v128, to: v128): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  const fromLength = lengthOf(from);
  const toLength = lengthOf(to);
  if (fromLength == 0) return text;
  let place = find(source, length, pointerOf(from), fromLength, 0);
  if (place < 0) return text;
  const result = <i64>length + <i64>countOccurrences(text, from) * (<i64>toLength - <i64>fromLength);
  const target = allocateResult(block, result);
  if (target == 0) return text;
  let read: u32 = 0;
  let write = target;
  while (place >= 0) {
    memory.copy(write, source + read, <u32>place - read);
    write += <u32>place - read;
    memory.copy(write, pointerOf(to), toLength);
    write += toLength;
    read = <u32>place + fromLength;
    place = find(source, length, pointerOf(from), fromLength, read);
  }
  memory.copy(write, source + read, length - read);
  return makeView(target, <u32>result);
}

/** Declines position 0. */
export function textSplitPart(block: usize, text: v128, separator: v128, position: i32): v128 {
  if (position == 0) {
    decline(block);
    return text;
  }
  const source = pointerOf(text);
  const length = lengthOf(text);
  const width = lengthOf(separator);
  if (width == 0) return position == 1 || position == -1 ? text : emptyText();
  let rest: i64 = position;
  if (rest < 0) rest += <i64>countOccurrences(text, separator) + 2;
  if (rest < 1) return emptyText();
  let start: u32 = 0;
  while (true) {
    const place = find(source, length, pointerOf(separator), width, start);
    rest--;
    if (rest == 0) return makeView(source + start, (place < 0 ? length : <u32>place) - start);
    if (place < 0) return emptyText();
    start = <u32>place + width;
  }
}

/** `fillByte`: the first byte of the fill, which is all that is looked at when it has one. */
function pad(
  block: usize,
  text: v128,
  length: i32,
  fill: usize,
  fillBytes: u32,
  fillByte: u8,
  atStart: bool,
): v128 {
  if (length <= 0) return emptyText();
  const source = pointerOf(text);
  const textBytes = lengthOf(text);
  const characters = countCharacters(source, textBytes);
  const wanted = <u32>length;
  if (characters >= wanted) return makeView(source, skipCharacters(source, textBytes, wanted));
  if (fillBytes == 0) return text;
  const missing = wanted - characters;
  const fillCharacters = fillBytes == 1 ? 1 : countCharacters(fill, fillBytes);
  const whole = missing / fillCharacters;
  const partBytes = fillBytes == 1 ? 0 : skipCharacters(fill, fillBytes, missing - whole * fillCharacters);
  const padding = <u64>whole * fillBytes + partBytes;
  const target = allocateResult(block, textBytes + padding);
  if (target == 0) return text;
  let write = atStart ? target : target + textBytes;
  memory.copy(atStart ? target + <usize>padding : target, source, textBytes);
  if (fillBytes == 1) {
    memory.fill(write, fillByte, <usize>padding);
  } else {
    for (let i: u32 = 0; i < whole; i++) {
      memory.copy(write, fill, fillBytes);
      write += fillBytes;
    }
    memory.copy(write, fill, partBytes);
  }
  return makeView(target, textBytes + <u32>padding);
}

// @ts-ignore: decorator
@inline function firstByte(view: v128): u8 {
  return <u8>i64x2.extract_lane(view, 1);
}

export function textPadStart(block: usize, text: v128, length: i32, fill: v128): v128 {
  return pad(block, text, length, pointerOf(fill), lengthOf(fill), firstByte(fill), true);
}

export function textPadEnd(block: usize, text: v128, length: i32, fill: v128): v128 {
  return pad(block, text, length, pointerOf(fill), lengthOf(fill), firstByte(fill), false);
}

export function textPadStartSpaces(block: usize, text: v128, length: i32): v128 {
  return pad(block, text, length, 0, 1, 0x20, true);
}

export function textPadEndSpaces(block: usize, text: v128, length: i32): v128 {
  return pad(block, text, length, 0, 1, 0x20, false);
}

export function textRepeat(block: usize, text: v128, count: i32): v128 {
  const length = lengthOf(text);
  if (count <= 0 || length == 0) return emptyText();
  const target = allocateResult(block, <u64>length * <u64>count);
  if (target == 0) return text;
  for (let i = 0; i < count; i++) memory.copy(target + <usize>length * i, pointerOf(text), length);
  return makeView(target, length * count);
}

export function textReverse(block: usize, text: v128): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  const target = allocateResult(block, length);
  if (target == 0) return text;
  let write = target + length;
  for (let i: u32 = 0; i < length; ) {
    let next = i + 1;
    while (next < length && isContinuation(load<u8>(source + next))) next++;
    write -= next - i;
    for (let k = i; k < next; k++) store<u8>(write + (k - i), load<u8>(source + k));
    i = next;
  }
  return makeView(target, length);
}

// @ts-ignore: decorator
@inline const WORD_PAGES: usize = 1024;

/** Is a code point a letter or a digit, by the tables of src/kernels/constant-tables.ts? */
function isOfWord(code: u32, words: usize): bool {
  if (code >= 0x40000) return false;
  const page = <usize>load<u8>(words + (code >> 8));
  return ((load<u8>(words + WORD_PAGES + (page << 5) + ((code & 255) >> 3)) >> <u8>(code & 7)) & 1) != 0;
}

/** Each word, which is letters and digits, with a capital. */
export function textInitcap(block: usize, text: v128, cases: usize, words: usize): v128 {
  const source = pointerOf(text);
  const length = lengthOf(text);
  if (length == 0) return text;
  const room = roomInOtherCase(length);
  const target = heapAllocate(block, room);
  if (target == 0) return text;
  let write = target;
  let inWord = false;
  for (let i: u32 = 0; i < length; ) {
    const byte = load<u8>(source + i);
    if (byte < 0x80) {
      const isLetter = u8((byte | 0x20) - 0x61) < 26;
      store<u8>(write++, isLetter ? (inWord ? byte | 0x20 : byte & 0xdf) : byte);
      inWord = isLetter || u8(byte - 0x30) < 10;
      i++;
      continue;
    }
    const bytes = min(characterBytes(byte), length - i);
    const code = codeOf(source + i, bytes);
    const small = changedCode(code, false, cases);
    const ofWord = isOfWord(small, words);
    write = putCode(write, inWord || !ofWord ? small : changedCode(small, true, cases));
    inWord = ofWord;
    i += bytes;
  }
  const written = <u32>(write - target);
  heapReturn(block, room - written);
  return makeView(target, written);
}

/** The code point of the first character; 0 of an empty text. */
export function textFirstCodePoint(text: v128): i32 {
  const length = lengthOf(text);
  if (length == 0) return 0;
  const source = pointerOf(text);
  return codeOf(source, min(characterBytes(load<u8>(source)), length));
}

/** chr. Declines what is no character. */
export function textOfCode(block: usize, code: i32): v128 {
  if (code <= 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    decline(block);
    return i64x2.splat(0);
  }
  const target = heapAllocate(block, 4);
  if (target == 0) return i64x2.splat(0);
  return makeView(target, <u32>(putCode(target, code) - target));
}

/** overlay(text placing replacement from start for count). Declines starts before the text, and ends beyond 32 bits. */
export function textOverlay(block: usize, text: v128, replacement: v128, start: i32, count: i32): v128 {
  if (start <= 0 || <i64>start + count > i32.MAX_VALUE) {
    decline(block);
    return text;
  }
  const source = pointerOf(text);
  const length = lengthOf(text);
  const end = max<i64>(<i64>start - 1 + count, 0);
  const before = skipCharacters(source, length, min<u32>(start - 1, length));
  const skipped = skipCharacters(source, length, <u32>min<i64>(end, length));
  const middle = lengthOf(replacement);
  const target = allocateResult(block, <u64>before + middle + (length - skipped));
  if (target == 0) return text;
  memory.copy(target, source, before);
  memory.copy(target + before, pointerOf(replacement), middle);
  memory.copy(target + before + middle, source + skipped, length - skipped);
  return makeView(target, before + middle + (length - skipped));
}

/** The same, for as many characters as the replacement has. */
export function textOverlayWhole(block: usize, text: v128, replacement: v128, start: i32): v128 {
  return textOverlay(block, text, replacement, start, countCharacters(pointerOf(replacement), lengthOf(replacement)));
}
