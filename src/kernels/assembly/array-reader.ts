// The cast of a text to an array of texts, or of arrays of them, for generated code. What is not well formed is rejected.
import { allocateNested } from './memory-call';
import { arrayBytes, beginArray, bytesOf, HEADER_BYTES, putNull, slotsOf } from './nested-access';
import { heapReturn, reject } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';
import { ARRAY, TEXT } from './value-tags';

// @ts-ignore: decorator
@inline const QUOTE: u8 = 0x22;
// @ts-ignore: decorator
@inline const COMMA: u8 = 0x2c;
// @ts-ignore: decorator
@inline const BACKSLASH: u8 = 0x5c;
// @ts-ignore: decorator
@inline const OPEN: u8 = 0x7b;
// @ts-ignore: decorator
@inline const CLOSE: u8 = 0x7d;

/** Bytes of an array beside its elements and their bytes, and of an element in it. */
const MOST_ARRAY_BYTES: u64 = 32;
const MOST_ELEMENT_BYTES: u64 = 5;
/** Behind the text, or what no array has there. */
const NONE: usize = 0;

// @ts-ignore: decorator
@inline
export function isSpace(byte: u8): bool {
  return byte == 0x20 || u8(byte - 9) < 5;
}

export function skipSpaces(at: usize, end: usize): usize {
  while (at < end && isSpace(load<u8>(at))) at++;
  return at;
}

/** Commas outside of quotes and of arrays within, and one. */
function countElements(from: usize, end: usize): u32 {
  let count: u32 = 1;
  let depth: u32 = 0;
  let isQuoted = false;
  for (let at = from; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == QUOTE) isQuoted = !isQuoted;
    else if (byte == BACKSLASH) at++;
    else if (isQuoted) continue;
    else if (byte == COMMA) count += u32(depth == 0);
    else if (byte == OPEN) depth++;
    else if (byte == CLOSE && depth-- == 0) break;
  }
  return count;
}

/** As many bytes as an array that a text says has at most. */
function mostBytes(start: usize, end: usize): u64 {
  let arrays: u64 = 1;
  let elements: u64 = 1;
  for (let at = start; at < end; at++) {
    const byte = load<u8>(at);
    arrays += u64(byte == OPEN);
    elements += u64(byte == COMMA || byte == OPEN);
  }
  return (arrays * MOST_ARRAY_BYTES + elements * MOST_ELEMENT_BYTES + (end - start) + 7) & ~7;
}

// @ts-ignore: decorator
@inline
function isNullWord(pointer: usize, length: usize): bool {
  return length == 4 && (load<u32>(pointer) | 0x20202020) == 0x6c6c756e;
}

/** The next place of what is being written, and of an element where NULL was read instead. */
let target: usize = 0;
let isNull = false;

/** Reads a text in quotes to `target`; where it ends, or NONE. */
function readQuoted(start: usize, end: usize): usize {
  let to = target;
  let at = start + 1;
  for (; at < end && load<u8>(at) != QUOTE; at++) {
    if (load<u8>(at) == BACKSLASH) at++;
    store<u8>(to++, load<u8>(at));
  }
  target = to;
  return at < end ? at + 1 : NONE;
}

/** Reads a word, without the spaces behind it. */
function readWord(start: usize, end: usize): usize {
  const from = target;
  let to = from;
  let kept = from;
  let isPlain = true;
  let at = start;
  for (; at < end; at++) {
    let byte = load<u8>(at);
    if (byte == COMMA || byte == CLOSE) break;
    if (byte == OPEN || byte == QUOTE) return NONE;
    const isEscaped = byte == BACKSLASH;
    if (isEscaped) {
      if (++at == end) return NONE;
      byte = load<u8>(at);
      isPlain = false;
    }
    store<u8>(to++, byte);
    if (isEscaped || !isSpace(byte)) kept = to;
  }
  isNull = isPlain && isNullWord(from, kept - from);
  target = isNull ? from : kept;
  return kept == from ? NONE : at;
}

/** Reads an array of `depth` dimensions to `target`. */
function readArray(start: usize, end: usize, depth: u32): usize {
  if (start >= end || load<u8>(start) != OPEN) return NONE;
  let at = skipSpaces(start + 1, end);
  const count: u32 = at < end && load<u8>(at) == CLOSE ? 0 : countElements(at, end);
  const array = target;
  const tag = depth > 1 ? ARRAY : TEXT;
  beginArray(array, count, tag, 0, <u32>arrayBytes(count, tag, 0));
  const bytes = bytesOf(array);
  target = bytes;
  for (let i: u32 = 0; i < count; i++) {
    at = skipSpaces(at, end);
    const first: u8 = at < end ? load<u8>(at) : 0;
    isNull = false;
    if (first == QUOTE) at = depth > 1 ? NONE : readQuoted(at, end);
    else if (first == OPEN) at = depth > 1 ? readArray(at, end, depth - 1) : NONE;
    else {
      at = readWord(at, end);
      if (depth > 1 && !isNull) return NONE;
    }
    if (at == NONE) return NONE;
    if (isNull) putNull(array, i);
    else {
      store<u8>(array + i, 1, HEADER_BYTES);
      store<u32>(slotsOf(array) + (<usize>i << 2), <u32>(target - bytes));
    }
    at = skipSpaces(at, end);
    if (at >= end || load<u8>(at) != (i + 1 < count ? COMMA : CLOSE)) return NONE;
    if (i + 1 < count) at++;
  }
  while ((target - array) & 7) store<u8>(target++, 0);
  isNull = false;
  return at < end && load<u8>(at) == CLOSE ? at + 1 : NONE;
}

/** `{a, "b,\"c", NULL}`, of as many dimensions as `depth` says. */
export function textToArray(block: usize, text: v128, depth: u32): v128 {
  const end = pointerOf(text) + lengthOf(text);
  const start = skipSpaces(pointerOf(text), end);
  const room = mostBytes(start, end);
  const array = allocateNested(block, room);
  if (array == 0) return text;
  target = array;
  const at = readArray(start, end, depth);
  if (at == NONE || skipSpaces(at, end) != end) {
    heapReturn(block, <u32>room);
    reject(block);
    return text;
  }
  const byteLength = <u32>(target - array);
  heapReturn(block, <u32>room - byteLength);
  return makeView(array, byteLength);
}
