// Parts of JSON at paths, step by step: those of #>, of json_extract_path, and those that begin with a dollar.
import { BROKEN, elementAt, partEnd, MISSING, memberIn, partStart, UNCHECKED, viewOf, wholeOf } from './json-access';
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
import { isAscii, lengthOf, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline export const NO_INDEX: i64 = i64.MIN_VALUE;

/** A step of a path as an index: spaces, a sign and digits. Others are none; those that are no ASCII are not for us. */
export function indexOf(pointer: usize, length: u32): i64 {
  let at = pointer;
  let end = pointer + length;
  while (at < end && (isSpace(load<u8>(at)) || load<u8>(at) - 11 < 2)) at++;
  while (end > at && (isSpace(load<u8>(end - 1)) || load<u8>(end - 1) - 11 < 2)) end--;
  const sign: u8 = at < end ? load<u8>(at) : 0;
  if (sign == MINUS || sign == 0x2b) at++;
  if (at == end) return NO_INDEX;
  let value: i64 = 0;
  for (; at < end; at++) {
    const digit: u8 = load<u8>(at) - 0x30;
    if (digit > 9) return NO_INDEX;
    value = min<i64>(value * 10 + digit, 0x7fffffff);
  }
  return sign == MINUS ? -value : value;
}

/** The part that a step of a path leads to: `#>` and `json_extract_path`. */
function partOfStep(part: i64, step: usize, length: u32, flags: i32): i64 {
  const start = partStart(part);
  const end = partEnd(part);
  const first = load<u8>(start);
  if (first == OPEN_BRACE) return memberIn(start, end, step, length, flags);
  if (first != OPEN_BRACKET) return MISSING;
  const index = indexOf(step, length);
  if (index != NO_INDEX) return elementAt(start, end, <i32>index);
  return isAscii(step, length) ? MISSING : BROKEN;
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

/**
 * json_extract(json, path): $ and steps .name, ."any name", [0] or ["any name"], or a name alone. Pointers and names with
 * escapes are declined.
 */
export function jsonAtDollarPath(block: usize, json: v128, path: v128, flags: i32): v128 {
  const isUnfit = (flags & UNCHECKED) != 0 && !isValid(pointerOf(json), pointerOf(json) + lengthOf(json));
  let part = isUnfit ? BROKEN : wholeOf(json);
  let at = pointerOf(path);
  const pathEnd = at + lengthOf(path);
  if (at == pathEnd || (load<u8>(at) != 0x24 && load<u8>(at) != 0x2f)) {
    if (part != BROKEN) part = memberAt(part, at, <u32>(pathEnd - at), flags);
    return viewOf(block, part, flags);
  }
  if (load<u8>(at) == 0x2f) return viewOf(block, BROKEN, flags);
  at++;
  // The whole path is read, also behind a part that is not there: it may be wrong.
  while (at < pathEnd) {
    const inBrackets = load<u8>(at) == OPEN_BRACKET;
    if (!inBrackets && load<u8>(at) != POINT) return viewOf(block, BROKEN, flags);
    at++;
    const isQuoted = at < pathEnd && load<u8>(at) == QUOTE;
    if (isQuoted) at++;
    const step = at;
    while (at < pathEnd && isOfStep(load<u8>(at), isQuoted, inBrackets)) at++;
    const length = <u32>(at - step);
    if (isQuoted && (at >= pathEnd || load<u8>(at++) != QUOTE)) return viewOf(block, BROKEN, flags);
    if (inBrackets && (at >= pathEnd || load<u8>(at++) != CLOSE_BRACKET)) return viewOf(block, BROKEN, flags);
    if (!isQuoted && (length == 0 || (inBrackets && length > 9))) return viewOf(block, BROKEN, flags);
    if (!isQuoted && !inBrackets && load<u8>(step) - ZERO < 10) return viewOf(block, BROKEN, flags);
    const index = inBrackets && !isQuoted ? indexOfDigits(step, length) : 0;
    if (index == i32.MIN_VALUE) return viewOf(block, BROKEN, flags);
    if (part == MISSING || part == BROKEN) continue;
    const start = partStart(part);
    if (!inBrackets || isQuoted) part = memberAt(part, step, length, flags);
    else part = load<u8>(start) == OPEN_BRACKET ? elementAt(start, partEnd(part), index) : MISSING;
  }
  return viewOf(block, part, flags);
}

function isOfStep(byte: u8, isQuoted: bool, inBrackets: bool): bool {
  if (isQuoted) return byte != QUOTE && byte != BACKSLASH;
  return inBrackets ? byte != CLOSE_BRACKET : isNameByte(byte);
}

function memberAt(part: i64, key: usize, length: u32, flags: i32): i64 {
  const start = partStart(part);
  return load<u8>(start) == OPEN_BRACE ? memberIn(start, partEnd(part), key, length, flags) : MISSING;
}

/** A sign and digits; the least number where it is none. */
function indexOfDigits(from: usize, length: u32): i32 {
  const isNegative = load<u8>(from) == MINUS;
  let value: i32 = 0;
  if (isNegative && length == 1) return i32.MIN_VALUE;
  for (let i: u32 = isNegative ? 1 : 0; i < length; i++) {
    const digit: u8 = load<u8>(from + i) - 0x30;
    if (digit > 9) return i32.MIN_VALUE;
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}
