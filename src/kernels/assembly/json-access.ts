// Parts of JSON text, as views of its bytes. A row is declined, and left to TypeScript, where the text is broken or a key
// has escapes. jsonb is text, too, in the form that it is printed in: without repeated keys, which are ordered by length.
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  closingQuote,
  hexadecimal,
  isSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpaces,
  skipValue,
} from './json-scan';
import { decline, heapAllocate, heapReturn } from './status';
import { findEither } from './text-records';
import { bytesEqual, lengthOf, makeView, pointerOf } from './text-view';

/** Strings without quotes, and NULL for null. */
// @ts-ignore: decorator
@inline export const AS_TEXT: i32 = 1;
/** jsonb. */
// @ts-ignore: decorator
@inline export const CANONICAL: i32 = 2;
/** Any text, which may be no JSON. */
// @ts-ignore: decorator
@inline export const UNCHECKED: i32 = 4;

// Parts as a number: where they begin, and behind what they end. No part, and a text that is not for us:
// @ts-ignore: decorator
@inline export const MISSING: i64 = 0;
// @ts-ignore: decorator
@inline export const BROKEN: i64 = -1;

// @ts-ignore: decorator
@inline export function partOf(start: usize, end: usize): i64 {
  return (<i64>start << 32) | <i64>end;
}

// @ts-ignore: decorator
@inline function nullText(): v128 {
  return i64x2.splat(0xffff_ffff);
}

/** The value of a key in the object that begins at `from`; of repeated keys the last. */
export function memberIn(from: usize, end: usize, key: usize, keyLength: u32, flags: i32): i64 {
  let found = MISSING;
  let at = skipSpaces(from + 1, end);
  if (at < end && load<u8>(at) == CLOSE_BRACE) return MISSING;
  while (at < end && load<u8>(at) == QUOTE) {
    const name = at + 1;
    const closing = closingQuote(name, end);
    const nameEnd = <usize>(closing & 0xffffffff);
    if (<i64>closing < 0 || nameEnd >= end) return BROKEN;
    const length = <u32>(nameEnd - name);
    if ((flags & CANONICAL) != 0 && length > keyLength) return MISSING;
    at = skipSpaces(nameEnd + 1, end);
    if (at >= end || load<u8>(at) != COLON) return BROKEN;
    const start = skipSpaces(at + 1, end);
    at = skipValue(start, end);
    if (at == 0) return BROKEN;
    if (length == keyLength && bytesEqual(name, key, length)) {
      found = partOf(start, at);
      if ((flags & CANONICAL) != 0) return found;
    }
    at = skipSpaces(at, end);
    if (at >= end) return BROKEN;
    const byte = load<u8>(at);
    if (byte == CLOSE_BRACE) return found;
    if (byte != COMMA) return BROKEN;
    at = skipSpaces(at + 1, end);
  }
  return BROKEN;
}

/** The element of an index from 0 in the array that begins at `from`; of a negative index the number of elements. */
export function elementIn(from: usize, end: usize, index: i32): i64 {
  let count: i32 = 0;
  let at = skipSpaces(from + 1, end);
  if (at < end && load<u8>(at) == CLOSE_BRACKET) return MISSING;
  while (at < end) {
    const start = at;
    at = skipValue(at, end);
    if (at == 0) return BROKEN;
    if (count == index) return partOf(start, at);
    count++;
    at = skipSpaces(at, end);
    if (at >= end) return BROKEN;
    const byte = load<u8>(at);
    if (byte == CLOSE_BRACKET) return index < 0 ? <i64>count : MISSING;
    if (byte != COMMA) return BROKEN;
    at = skipSpaces(at + 1, end);
  }
  return BROKEN;
}

/** The same, where a negative index counts from the end. */
export function elementAt(from: usize, end: usize, index: i32): i64 {
  if (index >= 0) return elementIn(from, end, index);
  const count = elementIn(from, end, -1);
  if (count == BROKEN || count == MISSING) return count;
  return <i64>index + count < 0 ? MISSING : elementIn(from, end, <i32>(<i64>index + count));
}

/** A string without its escapes; it is no longer for it. */
export function unescaped(block: usize, start: usize, end: usize): v128 {
  const length = <u32>(end - start);
  if (findEither(start, end, BACKSLASH, BACKSLASH) >= end) return makeView(start, length);
  const target = heapAllocate(block, length);
  if (target == 0) return nullText();
  const to = putUnescaped(start, end, target);
  if (to != 0) return makeView(target, <u32>(to - target));
  heapReturn(block, length);
  decline(block);
  return nullText();
}

/** Writes a string without its escapes; returns where it ends, or 0 where \u0000, half a pair or no number is in it. */
export function putUnescaped(start: usize, end: usize, target: usize): usize {
  let at = findEither(start, end, BACKSLASH, BACKSLASH);
  memory.copy(target, start, at - start);
  let to = target + (at - start);
  while (at < end) {
    let byte: u8 = at + 1 < end ? load<u8>(at, 1) : 0;
    at += 2;
    if (byte == 0x75) {
      let point = at + 4 <= end ? hexadecimal(at) : -1;
      at += 4;
      if (point >= 0xd800 && point < 0xdc00 && at + 6 <= end && load<u16>(at) == 0x755c) {
        const low = hexadecimal(at + 2);
        point = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00) : -1;
        at += 6;
      }
      if (point <= 0 || (point >= 0xd800 && point < 0xe000)) return 0;
      to = putPoint(to, point);
    } else {
      if (byte == 0x6e) byte = 10;
      else if (byte == 0x74) byte = 9;
      else if (byte == 0x72) byte = 13;
      else if (byte == 0x62) byte = 8;
      else if (byte == 0x66) byte = 12;
      store<u8>(to++, byte);
    }
    while (at < end && load<u8>(at) != BACKSLASH) store<u8>(to++, load<u8>(at++));
  }
  return to;
}

function putPoint(target: usize, point: i32): usize {
  let to = target;
  if (point < 0x80) {
    store<u8>(to, <u8>point);
    return to + 1;
  }
  if (point < 0x800) store<u8>(to++, <u8>(0xc0 | (point >> 6)));
  else {
    if (point < 0x10000) store<u8>(to++, <u8>(0xe0 | (point >> 12)));
    else {
      store<u8>(to++, <u8>(0xf0 | (point >> 18)));
      store<u8>(to++, <u8>(0x80 | ((point >> 12) & 0x3f)));
    }
    store<u8>(to++, <u8>(0x80 | ((point >> 6) & 0x3f)));
  }
  store<u8>(to, <u8>(0x80 | (point & 0x3f)));
  return to + 1;
}

export function viewOf(block: usize, part: i64, flags: i32): v128 {
  if (part == BROKEN) {
    decline(block);
    return nullText();
  }
  if (part == MISSING) return nullText();
  const start = <usize>(<u64>part >> 32);
  const end = <usize>(part & 0xffffffff);
  if ((flags & AS_TEXT) != 0) {
    const first = load<u8>(start);
    if (first == QUOTE) return unescaped(block, start + 1, end - 1);
    if (first == 0x6e) return nullText();
  }
  return makeView(start, <u32>(end - start));
}

/** json -> key. */
export function jsonMember(block: usize, json: v128, key: v128, flags: i32): v128 {
  const end = pointerOf(json) + lengthOf(json);
  const start = skipSpaces(pointerOf(json), end);
  if (start >= end || load<u8>(start) != OPEN_BRACE) return nullText();
  return viewOf(block, memberIn(start, end, pointerOf(key), lengthOf(key), flags), flags);
}

/** json -> index. Of jsonb a scalar is the only element of itself. */
export function jsonElement(block: usize, json: v128, index: i32, flags: i32): v128 {
  const end = pointerOf(json) + lengthOf(json);
  const start = skipSpaces(pointerOf(json), end);
  if (start >= end || load<u8>(start) == OPEN_BRACE) return nullText();
  if (load<u8>(start) == OPEN_BRACKET) return viewOf(block, elementAt(start, end, index), flags);
  const isItself = (flags & CANONICAL) != 0 && (index == 0 || index == -1);
  return isItself ? viewOf(block, partOf(start, end), flags) : nullText();
}

// @ts-ignore: decorator
@inline export const NO_INDEX: i64 = i64.MIN_VALUE;

/** A step of a path as an index: spaces, a sign and digits. Others are none; those that are no ASCII are not for us. */
export function indexOf(pointer: usize, length: u32): i64 {
  let at = pointer;
  let end = pointer + length;
  while (at < end && (isSpace(load<u8>(at)) || load<u8>(at) - 11 < 2)) at++;
  while (end > at && (isSpace(load<u8>(end - 1)) || load<u8>(end - 1) - 11 < 2)) end--;
  const sign: u8 = at < end ? load<u8>(at) : 0;
  if (sign == 0x2d || sign == 0x2b) at++;
  if (at == end) return NO_INDEX;
  let value: i64 = 0;
  for (; at < end; at++) {
    const digit: u8 = load<u8>(at) - 0x30;
    if (digit > 9) return NO_INDEX;
    value = min<i64>(value * 10 + digit, 0x7fffffff);
  }
  return sign == 0x2d ? -value : value;
}

function isPlain(pointer: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) if (load<u8>(pointer + i) >= 0x80) return false;
  return true;
}

/** The part that a step of a path leads to: `#>` and `json_extract_path`. */
export function partOfStep(start: usize, end: usize, step: usize, length: u32, flags: i32): i64 {
  const first = load<u8>(start);
  if (first == OPEN_BRACE) return memberIn(start, end, step, length, flags);
  if (first != OPEN_BRACKET) return MISSING;
  const index = indexOf(step, length);
  if (index != NO_INDEX) return elementAt(start, end, <i32>index);
  return isPlain(step, length) ? MISSING : BROKEN;
}

/** json #> path, a text[]: see types/nested-codec.ts for its bytes. */
export function jsonAtPath(block: usize, json: v128, path: v128, flags: i32): v128 {
  let end = pointerOf(json) + lengthOf(json);
  let start = skipSpaces(pointerOf(json), end);
  while (end > start && isSpace(load<u8>(end - 1))) end--;
  if (start == end) {
    decline(block);
    return nullText();
  }
  const array = pointerOf(path);
  const count = load<u32>(array);
  const ends = array + 8 + ((count + 7) & ~7);
  const texts = ends + ((count * 4 + 7) & ~7);
  let from: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (load<u8>(array + 8 + i) == 0) return nullText();
    const to = load<u32>(ends + (i << 2));
    const part = partOfStep(start, end, texts + from, to - from, flags);
    if (part == MISSING || part == BROKEN) return viewOf(block, part, flags);
    start = <usize>(<u64>part >> 32);
    end = <usize>(part & 0xffffffff);
    from = to;
  }
  return viewOf(block, partOf(start, end), flags);
}
