// Parts of JSON text, as views of its bytes. A row is declined, and left to TypeScript, where the text is broken. jsonb is
// text, too, in the form that it is printed in: without repeated keys, which are ordered by length.
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isSpace,
  LETTER_N,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './json-characters';
import { heldLength, holdsText } from './json-escapes';
import { closingQuote, firstPart, skipSpaces, skipValue } from './json-scan';
import { hasEscapes, putUnescaped } from './json-strings';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

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
@inline export function partStart(part: i64): usize {
  return <usize>(<u64>part >> 32);
}

// @ts-ignore: decorator
@inline export function partEnd(part: i64): usize {
  return <usize>(part & 0xffffffff);
}

/** A text without the spaces around it; broken where nothing is left. */
export function wholeOf(json: v128): i64 {
  let end = pointerOf(json) + lengthOf(json);
  const start = skipSpaces(pointerOf(json), end);
  while (end > start && isSpace(load<u8>(end - 1))) end--;
  return start == end ? BROKEN : partOf(start, end);
}

/** The view of a text that is NULL. */
// @ts-ignore: decorator
@inline export function nullText(): v128 {
  return i64x2.splat(0xffff_ffff);
}

/** The value of a key in the object that begins at `from`; of repeated keys the last. */
export function memberIn(from: usize, end: usize, key: usize, keyLength: u32, flags: i32): i64 {
  let found = MISSING;
  let at = firstPart(from, end);
  if (at < end && load<u8>(at) == CLOSE_BRACE) return MISSING;
  while (at < end && load<u8>(at) == QUOTE) {
    const name = at + 1;
    const closing = closingQuote(name, end);
    const nameEnd = <usize>(closing & 0xffffffff);
    if (nameEnd >= end) return BROKEN;
    if ((flags & CANONICAL) != 0 && heldLength(name, closing) > keyLength) return MISSING;
    at = skipSpaces(nameEnd + 1, end);
    if (at >= end || load<u8>(at) != COLON) return BROKEN;
    const start = skipSpaces(at + 1, end);
    at = skipValue(start, end);
    if (at == 0) return BROKEN;
    if (holdsText(name, closing, key, keyLength)) {
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
  let at = firstPart(from, end);
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
function unescaped(block: usize, start: usize, end: usize): v128 {
  const length = <u32>(end - start);
  if (!hasEscapes(start, end)) return makeView(start, length);
  const target = heapAllocate(block, length);
  if (target == 0) return nullText();
  const to = putUnescaped(start, end, target);
  if (to != 0) return makeView(target, <u32>(to - target));
  heapReturn(block, length);
  decline(block);
  return nullText();
}

/** A part as a text, `flags` as above. */
export function viewOf(block: usize, part: i64, flags: i32): v128 {
  if (part == BROKEN) {
    decline(block);
    return nullText();
  }
  if (part == MISSING) return nullText();
  const start = partStart(part);
  const end = partEnd(part);
  if ((flags & AS_TEXT) != 0) {
    const first = load<u8>(start);
    if (first == QUOTE) return unescaped(block, start + 1, end - 1);
    if (first == LETTER_N) return nullText();
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
