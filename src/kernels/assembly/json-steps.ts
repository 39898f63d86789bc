// Parts of JSON at paths, step by step: those of #>, of json_extract_path, and those that begin with a dollar.
import {
  BROKEN,
  elementAt,
  MISSING,
  memberIn,
  nullText,
  partEnd,
  partStart,
  UNCHECKED,
  viewOf,
  wholeOf,
} from './json-access';
import {
  BACKSLASH,
  CLOSE_BRACKET,
  isSpace,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  POINT,
  QUOTE,
  ZERO,
} from './json-characters';
import { isValid } from './json-validation';
import { argument, isNullArgument, returnView, setNullResult } from './memory-call';
import { countOf, elementLength, elementPointer, isElementValid } from './nested-access';
import { heapAllocate, heapReturn } from './status';
import { findEither } from './text-records';
import { lengthOf, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const DOLLAR: u8 = 0x24;
// @ts-ignore: decorator
@inline const SLASH: u8 = 0x2f;
// @ts-ignore: decorator
@inline const TILDE: u8 = 0x7e;

// @ts-ignore: decorator
@inline export const NO_INDEX: i64 = i64.MIN_VALUE;

/** A step of a path as an index of 32 bits: spaces, a sign and digits. Others are none. */
export function indexOf(pointer: usize, length: u32): i64 {
  let at = pointer;
  const end = pointer + length;
  while (at < end && (isSpace(load<u8>(at)) || load<u8>(at) - 11 < 2)) at++;
  const sign: u8 = at < end ? load<u8>(at) : 0;
  if (sign == MINUS || sign == 0x2b) at++;
  const digits = digitsOf(at, <u32>(end - at));
  const index = sign == MINUS ? -digits : digits;
  return digits < 0 || index != <i64><i32>index ? NO_INDEX : index;
}

/** The number that digits are, at most 10^10; -1 where there are others, or none. */
function digitsOf(from: usize, length: u32): i64 {
  let value: i64 = length == 0 ? -1 : 0;
  for (let at = from; at < from + length; at++) {
    const digit: u8 = load<u8>(at) - ZERO;
    if (digit > 9) return -1;
    value = min<i64>(value * 10 + digit, 10_000_000_000);
  }
  return value;
}

/** The part that a step of a path leads to: `#>` and `json_extract_path`. */
function partOfStep(part: i64, step: usize, length: u32, flags: i32): i64 {
  const start = partStart(part);
  const end = partEnd(part);
  const first = load<u8>(start);
  if (first == OPEN_BRACE) return memberIn(start, end, step, length, flags);
  if (first != OPEN_BRACKET) return MISSING;
  const index = indexOf(step, length);
  return index == NO_INDEX ? MISSING : elementAt(start, end, <i32>index);
}

/** json #> path, a text[]. */
export function jsonAtPath(block: usize, json: v128, path: v128, flags: i32): v128 {
  const steps = pointerOf(path);
  const count = countOf(steps);
  let part = wholeOf(json);
  for (let i: u32 = 0; i < count && part != MISSING && part != BROKEN; i++) {
    part = isElementValid(steps, i)
      ? partOfStep(part, elementPointer(steps, i), elementLength(steps, i), flags)
      : MISSING;
  }
  return viewOf(block, part, flags);
}

/** json_extract_path(json, step, …), with _text; the constant has flags. */
export function jsonAtSteps(block: usize, args: usize, count: u32, constant: usize): void {
  const flags = load<i32>(constant);
  let part = wholeOf(v128.load(argument(args, 0)));
  for (let i: u32 = 1; i < count && part != MISSING && part != BROKEN; i++) {
    if (isNullArgument(args, count, i)) part = MISSING;
    else {
      const step = v128.load(argument(args, i));
      part = partOfStep(part, pointerOf(step), lengthOf(step), flags);
    }
  }
  const view = viewOf(block, part, flags);
  if (load<i32>(block) != 0) return;
  if (lengthOf(view) == u32.MAX_VALUE) setNullResult(args, count);
  else returnView(args, count, pointerOf(view), lengthOf(view));
}

// @ts-ignore: decorator
@inline
function isNameByte(byte: u8): bool {
  return (byte | 0x20) - 0x61 < 26 || byte - 0x30 < 10 || byte == 0x5f || byte >= 0x80;
}

/** json_extract(json, path): $ and steps .name, ."any name", [0] or ["any name"]; a pointer; or a name alone. */
export function jsonAtDollarPath(block: usize, json: v128, path: v128, flags: i32): v128 {
  const isUnfit = (flags & UNCHECKED) != 0 && !isValid(pointerOf(json), pointerOf(json) + lengthOf(json));
  const whole = isUnfit ? BROKEN : wholeOf(json);
  const start = pointerOf(path);
  const end = start + lengthOf(path);
  if (whole == BROKEN) return viewOf(block, whole, flags);
  const first: u8 = start < end ? load<u8>(start) : 0;
  if (first == SLASH) return alongPointer(block, whole, start, end, flags);
  if (first != DOLLAR) return viewOf(block, memberAt(whole, start, lengthOf(path), flags), flags);
  return viewOf(block, alongSteps(whole, start + 1, end, flags), flags);
}

/** What is at the steps; broken where they are no path. */
function alongSteps(whole: i64, from: usize, pathEnd: usize, flags: i32): i64 {
  let part = whole;
  let at = from;
  // The whole path is read, also behind a part that is not there: it may be wrong.
  while (at < pathEnd) {
    const inBrackets = load<u8>(at) == OPEN_BRACKET;
    if (!inBrackets && load<u8>(at) != POINT) return BROKEN;
    at++;
    const isQuoted = at < pathEnd && load<u8>(at) == QUOTE;
    if (isQuoted) at++;
    const step = at;
    at = isQuoted ? quotedEnd(at, pathEnd) : plainEnd(at, pathEnd, inBrackets);
    const length = <u32>(at - step);
    if (isQuoted && (at >= pathEnd || load<u8>(at++) != QUOTE)) return BROKEN;
    if (inBrackets && (at >= pathEnd || load<u8>(at++) != CLOSE_BRACKET)) return BROKEN;
    const isIndex = inBrackets && !isQuoted;
    const isNegative = isIndex && length > 0 && load<u8>(step) == MINUS;
    const digits = isIndex ? digitsOf(step + usize(isNegative), length - u32(isNegative)) : 0;
    if (digits < 0) return BROKEN;
    if (!isQuoted && !inBrackets && (length == 0 || load<u8>(step) - ZERO < 10)) return BROKEN;
    if (part == MISSING || part == BROKEN) continue;
    if (isIndex) part = elementOf(part, isNegative ? -digits : digits);
    else part = memberAt(part, step, length, flags);
  }
  return part;
}

/** The closing quote of a name in a path, whose escapes are taken as they are written; the end where it is wrong. */
function quotedEnd(from: usize, end: usize): usize {
  let at = from;
  while (at < end && load<u8>(at) != QUOTE) {
    if (load<u8>(at) == BACKSLASH) {
      at++;
      if (at >= end || load<u8>(at) == 10 || load<u8>(at) == 13 || load<u8>(at) >= 0x80) return end;
    }
    at++;
  }
  return at;
}

function plainEnd(from: usize, end: usize, inBrackets: bool): usize {
  let at = from;
  while (at < end && (inBrackets ? load<u8>(at) != CLOSE_BRACKET : isNameByte(load<u8>(at)))) at++;
  return at;
}

/** What is at a pointer: names or indexes behind slashes, in names ~1 for a slash and ~0 for a tilde. */
function alongPointer(block: usize, whole: i64, from: usize, end: usize, flags: i32): v128 {
  const room = <u32>(end - from);
  const name = heapAllocate(block, room);
  if (name == 0) return nullText();
  let part = whole;
  let at = from;
  while (at < end && part != MISSING && part != BROKEN) {
    const step = at + 1;
    at = min(findEither(step, end, SLASH, SLASH), end);
    if (load<u8>(partStart(part)) == OPEN_BRACKET) {
      const index = digitsOf(step, <u32>(at - step));
      part = index < 0 ? MISSING : elementOf(part, index);
    } else part = memberAt(part, name, putPlainName(step, at, name), flags);
  }
  heapReturn(block, room);
  return viewOf(block, part, flags);
}

/** Returns how many bytes the name has. */
function putPlainName(from: usize, end: usize, target: usize): u32 {
  let to = target;
  let at = from;
  while (at < end) {
    let byte = load<u8>(at++);
    const digit: u8 = byte == TILDE && at < end ? load<u8>(at) - ZERO : 2;
    if (digit < 2) {
      byte = digit == 1 ? SLASH : TILDE;
      at++;
    }
    store<u8>(to++, byte);
  }
  return <u32>(to - target);
}

function elementOf(part: i64, index: i64): i64 {
  const start = partStart(part);
  if (load<u8>(start) != OPEN_BRACKET || index != <i64><i32>index) return MISSING;
  return elementAt(start, partEnd(part), <i32>index);
}

function memberAt(part: i64, key: usize, length: u32, flags: i32): i64 {
  const start = partStart(part);
  return load<u8>(start) == OPEN_BRACE ? memberIn(start, partEnd(part), key, length, flags) : MISSING;
}
