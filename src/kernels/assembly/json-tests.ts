// What JSON text is and has. What is broken is declined.
import { BROKEN, CANONICAL, elementIn, MISSING, memberIn } from './json-access';
import { isBoolean, isOpening, LETTER_N, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './json-characters';
import { holdsText } from './json-escapes';
import { closingQuote, firstPart, hasPart, nextPart, skipSpaces, skipValue } from './json-scan';
import { keysIn, UNIQUE, UNKNOWN } from './json-unique';
import { isValid, TEXTS, validDocument } from './json-validation';
import { countOf, elementLength, elementPointer, isElementValid } from './nested-access';
import { decline, heapAllocate } from './status';
import { lengthOf, makeView, pointerOf } from './text-view';

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
  if (first == LETTER_N) return NULL;
  return isBoolean(first) ? BOOLEAN : NUMBER;
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

/** Is the string whose first quote is at `from` the text? Of one that does not end it is not known: -1. */
function isString(from: usize, end: usize, text: usize, textLength: u32): i32 {
  const closing = closingQuote(from + 1, end);
  return <usize>(closing & 0xffffffff) >= end ? -1 : i32(holdsText(from + 1, closing, text, textLength));
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
  let at = firstPart(from, end);
  while (hasPart(at, end)) {
    if (load<u8>(at) == QUOTE) {
      const found = isString(at, end, text, length);
      if (found != 0) return found;
    }
    const behind = skipValue(at, end);
    if (behind == 0) return -1;
    at = nextPart(behind, end);
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
  return i32(isValid(pointerOf(text), pointerOf(text) + lengthOf(text)));
}

/** text IS JSON of a kind, and with unique keys where they have to be. */
export function textIsJson(block: usize, text: v128, kind: v128, unique: i32): i32 {
  const end = pointerOf(text) + lengthOf(text);
  if (validDocument(pointerOf(text), end, unique == 0 ? 0 : TEXTS) == 0) return 0;
  const start = skipSpaces(pointerOf(text), end);
  const keys = unique == 0 ? UNIQUE : keysIn(block, start, end, true);
  if (keys != UNIQUE) {
    if (keys == UNKNOWN) decline(block);
    return 0;
  }
  const first = load<u8>(start);
  // value, scalar, object, array: the second letter tells them apart.
  const letter: u8 = lengthOf(kind) > 1 ? load<u8>(pointerOf(kind), 1) : 0;
  if (letter == 0x63) return i32(!isOpening(first));
  if (letter == 0x62) return i32(first == OPEN_BRACE);
  if (letter == 0x72) return i32(first == OPEN_BRACKET);
  return 1;
}
