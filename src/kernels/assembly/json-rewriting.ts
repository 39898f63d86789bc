// JSON without nulls, and jsonb with a line for each part.
import { MOST_LEVELS } from './json-compare';
import { finished, SEPARATOR } from './json-editing';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  closingQuote,
  nextPart,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpaces,
  skipValue,
  valueOfKey,
} from './json-scan';
import { decline, heapAllocate } from './status';
import { findEither } from './text-records';
import { lengthOf, makeView, pointerOf } from './text-view';

/** Without spaces, as json is written; else as jsonb. */
// @ts-ignore: decorator
@inline const COMPACT: i32 = 1;
/** Elements that are null go as well. */
// @ts-ignore: decorator
@inline const IN_ARRAYS: i32 = 2;

/** Behind what is written; 0 where the value is broken or nested too deeply. */
function writeWithoutNulls(start: usize, end: usize, target: usize, flags: i32, levels: u32): usize {
  const open = load<u8>(start);
  if (open != OPEN_BRACE && open != OPEN_BRACKET) {
    memory.copy(target, start, end - start);
    return target + (end - start);
  }
  if (levels == 0) return 0;
  const isObject = open == OPEN_BRACE;
  const close = isObject ? CLOSE_BRACE : CLOSE_BRACKET;
  const leavesOut = isObject || (flags & IN_ARRAYS) != 0;
  let to = target;
  store<u8>(to++, open);
  let at = skipSpaces(start + 1, end);
  while (at < end && load<u8>(at) != close) {
    const value = isObject ? valueOfKey(at, end) : at;
    const valueEnd = skipValue(value, end);
    if (valueEnd == 0) return 0;
    if (!leavesOut || load<u8>(value) != 0x6e) {
      if (to > target + 1) {
        store<u16>(to, SEPARATOR);
        to += (flags & COMPACT) != 0 ? 1 : 2;
      }
      if (isObject) {
        const nameEnd = <usize>(closingQuote(at + 1, end) & 0xffffffff) + 1;
        memory.copy(to, at, nameEnd - at);
        to += nameEnd - at;
        store<u16>(to, 0x203a);
        to += (flags & COMPACT) != 0 ? 1 : 2;
      }
      to = writeWithoutNulls(value, valueEnd, to, flags, levels - 1);
      if (to == 0) return 0;
    }
    at = nextPart(valueEnd, end);
  }
  if (at >= end) return 0;
  store<u8>(to, close);
  return to + 1;
}

/** json_strip_nulls(json, in arrays); with escapes it is declined, which json then has in their shortest form. */
export function jsonWithoutNulls(block: usize, json: v128, inArrays: i32, isCanonical: i32): v128 {
  const end = pointerOf(json) + lengthOf(json);
  const start = skipSpaces(pointerOf(json), end);
  const valueEnd = skipValue(start, end);
  if (valueEnd == 0 || (isCanonical == 0 && findEither(start, end, BACKSLASH, BACKSLASH) < end)) {
    decline(block);
    return i64x2.splat(0);
  }
  const flags = (isCanonical == 0 ? COMPACT : 0) | (inArrays != 0 ? IN_ARRAYS : 0);
  // A separator is two bytes while it is written.
  const reserved = lengthOf(json) + 16;
  const target = heapAllocate(block, reserved);
  if (target == 0) return i64x2.splat(0);
  const to = writeWithoutNulls(start, valueEnd, target, flags, MOST_LEVELS);
  return finished(block, target, reserved, to == 0 ? 0 : <u32>(to - target));
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
      const behind = min(<usize>(closingQuote(at + 1, end) & 0xffffffff) + 1, end);
      if (isWritten) memory.copy(to, at, behind - at);
      to += behind - at;
      at = behind;
      continue;
    }
    if (byte == CLOSE_BRACE || byte == CLOSE_BRACKET) {
      if (depth > 0) depth--;
      to = breakLine(to, depth, isWritten);
    }
    if (isWritten) store<u8>(to, byte);
    to++;
    at++;
    if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
      depth++;
      // Of no parts there is but the line of the end.
      const next: u8 = at < end ? load<u8>(at) : CLOSE_BRACE;
      if (next != CLOSE_BRACE && next != CLOSE_BRACKET) to = breakLine(to, depth, isWritten);
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
  if (length > 0x3fffffff) {
    decline(block);
    return i64x2.splat(0);
  }
  const target = heapAllocate(block, <u32>length);
  if (target == 0) return i64x2.splat(0);
  writePretty(start, end, target, true);
  return makeView(target, <u32>length);
}
