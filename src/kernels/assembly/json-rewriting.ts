// JSON without nulls, and jsonb with a line for each part.
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isClosing,
  isOpening,
  LETTER_N,
  OPEN_BRACE,
  QUOTE,
} from './json-characters';
import { declined, finished, put, putColon, putSeparator } from './json-output';
import { firstPart, hasPart, MOST_LEVELS, nextPart, skipSpaces, skipValue, stringEnd, valueOf } from './json-scan';
import { hasEscapes, putCanonical } from './json-strings';
import { heapAllocate } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

/** Without spaces, as json is written; else as jsonb. */
// @ts-ignore: decorator
@inline const COMPACT: i32 = 1;
/** Elements that are null go as well. */
// @ts-ignore: decorator
@inline const IN_ARRAYS: i32 = 2;

/** A string with its quotes, which in json is given the shortest escapes; 0 where it is no text. */
function putText(to: usize, start: usize, end: usize, flags: i32): usize {
  return (flags & COMPACT) != 0 && hasEscapes(start, end) ? putCanonical(start, end, to) : put(to, start, end - start);
}

/** Behind what is written; 0 where the value is broken or nested too deeply. */
function writeWithoutNulls(start: usize, end: usize, target: usize, flags: i32, levels: u32): usize {
  const open = load<u8>(start);
  if (open == QUOTE) return putText(target, start, end, flags);
  if (!isOpening(open)) return put(target, start, end - start);
  if (levels == 0) return 0;
  const isObject = open == OPEN_BRACE;
  const leavesOut = isObject || (flags & IN_ARRAYS) != 0;
  const unspaced: usize = (flags & COMPACT) != 0 ? 1 : 0;
  let to = target;
  store<u8>(to++, open);
  let at = firstPart(start, end);
  while (hasPart(at, end)) {
    const value = valueOf(at, end, isObject);
    const valueEnd = skipValue(value, end);
    if (valueEnd == 0) return 0;
    if (!leavesOut || load<u8>(value) != LETTER_N) {
      // The space behind a comma or colon is written over where there is to be none.
      if (to > target + 1) to = putSeparator(to) - unspaced;
      if (isObject) {
        to = putText(to, at, stringEnd(at + 1, end) + 1, flags);
        if (to == 0) return 0;
        to = putColon(to) - unspaced;
      }
      to = writeWithoutNulls(value, valueEnd, to, flags, levels - 1);
      if (to == 0) return 0;
    }
    at = nextPart(valueEnd, end);
  }
  if (at >= end) return 0;
  store<u8>(to, isObject ? CLOSE_BRACE : CLOSE_BRACKET);
  return to + 1;
}

/** json_strip_nulls(json, in arrays). */
export function jsonWithoutNulls(block: usize, json: v128, inArrays: i32, isCanonical: i32): v128 {
  const end = pointerOf(json) + lengthOf(json);
  const start = skipSpaces(pointerOf(json), end);
  const valueEnd = skipValue(start, end);
  if (valueEnd == 0) return declined(block);
  const flags = (isCanonical == 0 ? COMPACT : 0) | (inArrays != 0 ? IN_ARRAYS : 0);
  const reserved = lengthOf(json) + 16;
  const target = heapAllocate(block, reserved);
  if (target == 0) return i64x2.splat(0);
  return finished(block, target, reserved, writeWithoutNulls(start, valueEnd, target, flags, MOST_LEVELS));
}

// @ts-ignore: decorator
@inline const INDENT: u32 = 4;

/** A line break and its indentation; with a target of 0 it is only counted. */
// @ts-ignore: decorator
@inline
function breakLine(to: usize, depth: u32, isWritten: bool): usize {
  if (isWritten) {
    store<u8>(to, 10);
    memory.fill(to + 1, 0x20, depth * INDENT);
  }
  return to + 1 + depth * INDENT;
}

/** Writes jsonb with a line for each part, or counts its bytes from 0; where it is broken it ends at once. */
function writePretty(start: usize, end: usize, target: usize, isWritten: bool): usize {
  let to = target;
  let depth: u32 = 0;
  let at = start;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == QUOTE) {
      const behind = min(stringEnd(at + 1, end) + 1, end);
      if (isWritten) memory.copy(to, at, behind - at);
      to += behind - at;
      at = behind;
      continue;
    }
    if (isClosing(byte)) {
      if (depth > 0) depth--;
      to = breakLine(to, depth, isWritten);
    }
    if (isWritten) store<u8>(to, byte);
    to++;
    at++;
    if (isOpening(byte)) {
      depth++;
      // Of no parts there is but the line of the end.
      const next: u8 = at < end ? load<u8>(at) : CLOSE_BRACE;
      if (!isClosing(next)) to = breakLine(to, depth, isWritten);
    } else if (byte == COMMA) {
      to = breakLine(to, depth, isWritten);
      at = skipSpaces(at, end);
    } else if (byte == COLON) {
      if (isWritten) store<u8>(to, 0x20);
      to++;
      at = skipSpaces(at, end);
    }
  }
  return to;
}

/** jsonb_pretty(json). */
export function jsonPretty(block: usize, json: v128): v128 {
  const start = pointerOf(json);
  const end = start + lengthOf(json);
  const length = writePretty(start, end, 0, false);
  if (length > 0x3fffffff) return declined(block);
  const target = heapAllocate(block, <u32>length);
  if (target == 0) return i64x2.splat(0);
  writePretty(start, end, target, true);
  return makeView(target, <u32>length);
}
