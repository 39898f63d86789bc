// What JSON text is and has, and its parts at paths. What is broken, or needs more than bytes to be understood, is declined.
import {
  AS_TEXT,
  BROKEN,
  CANONICAL,
  elementAt,
  elementIn,
  MISSING,
  memberIn,
  partOf,
  partOfStep,
  UNCHECKED,
  viewOf,
} from './json-access';
import {
  BACKSLASH,
  CLOSE_BRACKET,
  COMMA,
  closingQuote,
  isSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpaces,
  skipValue,
} from './json-scan';
import { isValid } from './json-validation';
import { argument, isNullArgument, returnView, setNullResult } from './memory-call';
import { countOf, elementLength, elementPointer, isElementValid } from './nested-access';
import { decline, heapAllocate } from './status';
import { bytesEqual, lengthOf, makeView, pointerOf } from './text-view';

// The names of types as eight bytes, the first lowest.
// @ts-ignore: decorator
@inline const OBJECT: u64 = 0x7463656a626f;
// @ts-ignore: decorator
@inline const ARRAY: u64 = 0x7961727261;
// @ts-ignore: decorator
@inline const STRING: u64 = 0x676e69727473;
// @ts-ignore: decorator
@inline const NUMBER: u64 = 0x7265626d756e;
// @ts-ignore: decorator
@inline const BOOLEAN: u64 = 0x6e61656c6f6f62;
// @ts-ignore: decorator
@inline const NULL: u64 = 0x6c6c756e;

function typeNameOf(first: u8): u64 {
  if (first == OPEN_BRACE) return OBJECT;
  if (first == OPEN_BRACKET) return ARRAY;
  if (first == QUOTE) return STRING;
  if (first == 0x6e) return NULL;
  return first == 0x74 || first == 0x66 ? BOOLEAN : NUMBER;
}

/** json_typeof(json). */
export function jsonTypeOf(block: usize, json: v128): v128 {
  const end = pointerOf(json) + lengthOf(json);
  const start = skipSpaces(pointerOf(json), end);
  if (start >= end) {
    decline(block);
    return json;
  }
  const target = heapAllocate(block, 8);
  if (target == 0) return json;
  const name = typeNameOf(load<u8>(start));
  store<u64>(target, name);
  return makeView(target, 8 - (<u32>clz(name) >> 3));
}

/** json_array_length(json). */
export function jsonArrayLength(block: usize, json: v128): i32 {
  const end = pointerOf(json) + lengthOf(json);
  const start = skipSpaces(pointerOf(json), end);
  const count = start < end && load<u8>(start) == OPEN_BRACKET ? elementIn(start, end, -1) : BROKEN;
  if (count == BROKEN) decline(block);
  return <i32>count;
}

/** Is the string whose first quote is at `from` the text? Of one with escapes it is not known: -1. */
function isString(from: usize, end: usize, text: usize, textLength: u32): i32 {
  const closing = closingQuote(from + 1, end);
  if (<i64>closing < 0 || <usize>closing >= end) return -1;
  const length = <u32>(<usize>closing - from - 1);
  return length == textLength && bytesEqual(from + 1, text, length) ? 1 : 0;
}

/** A key of an object, an element of an array or the string itself; -1 where that is not known. */
function hasKey(start: usize, end: usize, key: usize, length: u32): i32 {
  const first: u8 = start < end ? load<u8>(start) : 0;
  if (first == OPEN_BRACE) {
    const member = memberIn(start, end, key, length, CANONICAL);
    return member == BROKEN ? -1 : member == MISSING ? 0 : 1;
  }
  if (first == OPEN_BRACKET) return hasElement(start, end, key, length);
  if (first == QUOTE) return isString(start, end, key, length);
  return first == 0 ? -1 : 0;
}

function hasElement(from: usize, end: usize, text: usize, length: u32): i32 {
  let at = skipSpaces(from + 1, end);
  while (at < end && load<u8>(at) != CLOSE_BRACKET) {
    if (load<u8>(at) == QUOTE) {
      const found = isString(at, end, text, length);
      if (found != 0) return found;
    }
    at = skipValue(at, end);
    if (at == 0) return -1;
    at = skipSpaces(at, end);
    if (at < end && load<u8>(at) == COMMA) at = skipSpaces(at + 1, end);
  }
  return at < end ? 0 : -1;
}

/** jsonb ? key. */
export function jsonHasKey(block: usize, json: v128, key: v128): i32 {
  const end = pointerOf(json) + lengthOf(json);
  const found = hasKey(skipSpaces(pointerOf(json), end), end, pointerOf(key), lengthOf(key));
  if (found < 0) decline(block);
  return found;
}

/** jsonb ?& keys, or ?| where one is enough; keys that are NULL do not count. */
export function jsonHasKeys(block: usize, json: v128, keys: v128, wanted: i32): i32 {
  const end = pointerOf(json) + lengthOf(json);
  const start = skipSpaces(pointerOf(json), end);
  const array = pointerOf(keys);
  const count = countOf(array);
  for (let i: u32 = 0; i < count; i++) {
    if (!isElementValid(array, i)) continue;
    const found = hasKey(start, end, elementPointer(array, i), elementLength(array, i));
    if (found < 0) {
      decline(block);
      return 0;
    }
    // The first that is there decides ?|, the first that is not decides ?&.
    if (found != wanted) return found;
  }
  return wanted;
}

/** json_valid(text). */
export function jsonIsValid(block: usize, text: v128): i32 {
  if (isValid(pointerOf(text), pointerOf(text) + lengthOf(text))) return 1;
  decline(block);
  return 0;
}

/** text IS JSON of a kind, without a look at whether keys are unique. */
export function textIsJson(block: usize, text: v128, kind: v128, unique: i32): i32 {
  const end = pointerOf(text) + lengthOf(text);
  if (unique != 0 || !isValid(pointerOf(text), end)) {
    decline(block);
    return 0;
  }
  const first = load<u8>(skipSpaces(pointerOf(text), end));
  // value, scalar, object, array: the second letter tells them apart.
  const letter: u8 = lengthOf(kind) > 1 ? load<u8>(pointerOf(kind), 1) : 0;
  if (letter == 0x63) return i32(first != OPEN_BRACE && first != OPEN_BRACKET);
  if (letter == 0x62) return i32(first == OPEN_BRACE);
  if (letter == 0x72) return i32(first == OPEN_BRACKET);
  return 1;
}

/** json_extract_path(json, step, …), with _text; the constant has flags. */
export function jsonAtSteps(block: usize, args: usize, count: u32, constant: usize): void {
  const flags = load<i32>(constant);
  const json = v128.load(argument(args, 0));
  let end = pointerOf(json) + lengthOf(json);
  let start = skipSpaces(pointerOf(json), end);
  while (end > start && isSpace(load<u8>(end - 1))) end--;
  let part = start == end ? BROKEN : partOf(start, end);
  for (let i: u32 = 1; i < count && part != MISSING && part != BROKEN; i++) {
    if (isNullArgument(args, count, i)) part = MISSING;
    else {
      const step = v128.load(argument(args, i));
      part = partOfStep(<usize>(<u64>part >> 32), <usize>(part & 0xffffffff), pointerOf(step), lengthOf(step), flags);
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
  let end = pointerOf(json) + lengthOf(json);
  let start = skipSpaces(pointerOf(json), end);
  while (end > start && isSpace(load<u8>(end - 1))) end--;
  const isUnfit = (flags & UNCHECKED) != 0 && !isValid(pointerOf(json), pointerOf(json) + lengthOf(json));
  let part = start == end || isUnfit ? BROKEN : partOf(start, end);
  let at = pointerOf(path);
  const pathEnd = at + lengthOf(path);
  if (at == pathEnd || (load<u8>(at) != 0x24 && load<u8>(at) != 0x2f)) {
    if (part != BROKEN) part = memberAt(start, end, at, <u32>(pathEnd - at), flags);
    return viewOf(block, part, flags);
  }
  if (load<u8>(at) == 0x2f) return viewOf(block, BROKEN, flags);
  at++;
  // The whole path is read, also behind a part that is not there: it may be wrong.
  while (at < pathEnd) {
    const inBrackets = load<u8>(at) == OPEN_BRACKET;
    if (!inBrackets && load<u8>(at) != 0x2e) return viewOf(block, BROKEN, flags);
    at++;
    const isQuoted = at < pathEnd && load<u8>(at) == QUOTE;
    if (isQuoted) at++;
    const step = at;
    while (at < pathEnd && isOfStep(load<u8>(at), isQuoted, inBrackets)) at++;
    const length = <u32>(at - step);
    if (isQuoted && (at >= pathEnd || load<u8>(at++) != QUOTE)) return viewOf(block, BROKEN, flags);
    if (inBrackets && (at >= pathEnd || load<u8>(at++) != CLOSE_BRACKET)) return viewOf(block, BROKEN, flags);
    if (!isQuoted && (length == 0 || (inBrackets && length > 9))) return viewOf(block, BROKEN, flags);
    if (!isQuoted && !inBrackets && load<u8>(step) - 0x30 < 10) return viewOf(block, BROKEN, flags);
    const index = inBrackets && !isQuoted ? indexOfDigits(step, length) : 0;
    if (index == i32.MIN_VALUE) return viewOf(block, BROKEN, flags);
    if (part == MISSING || part == BROKEN) continue;
    start = <usize>(<u64>part >> 32);
    end = <usize>(part & 0xffffffff);
    if (inBrackets && !isQuoted) part = load<u8>(start) == OPEN_BRACKET ? elementAt(start, end, index) : MISSING;
    else part = memberAt(start, end, step, length, flags);
  }
  return viewOf(block, part, flags);
}

function isOfStep(byte: u8, isQuoted: bool, inBrackets: bool): bool {
  if (isQuoted) return byte != QUOTE && byte != BACKSLASH;
  return inBrackets ? byte != CLOSE_BRACKET : isNameByte(byte);
}

function memberAt(start: usize, end: usize, key: usize, length: u32, flags: i32): i64 {
  return load<u8>(start) == OPEN_BRACE ? memberIn(start, end, key, length, flags) : MISSING;
}

/** A sign and digits; the least number where it is none. */
function indexOfDigits(from: usize, length: u32): i32 {
  const isNegative = load<u8>(from) == 0x2d;
  let value: i32 = 0;
  if (isNegative && length == 1) return i32.MIN_VALUE;
  for (let i: u32 = isNegative ? 1 : 0; i < length; i++) {
    const digit: u8 = load<u8>(from + i) - 0x30;
    if (digit > 9) return i32.MIN_VALUE;
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}
