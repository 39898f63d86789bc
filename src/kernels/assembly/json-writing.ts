// Values as JSON text. Of rows the names of their fields are needed, which no value has: they come as a shape.
//
//   shape      u32 its length, a multiple of 4, then of
//                an array    the shape of its elements
//                a map       the shapes of its keys and of its values
//                a struct    for each field: u32 length of its name, the name as JSON has it with the colon behind it,
//                            zeros up to a multiple of 4, the shape
import { formatBoolWord, formatBytea } from './format';
import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, ZERO } from './json-characters';
import { put, putSeparator } from './json-output';
import { boundString, putString } from './json-strings';
import {
  countOf,
  elementLength,
  elementPointer,
  elementScaleOf,
  elementTagOf,
  fieldLength,
  fieldPointer,
  fieldScale,
  fieldTag,
  isElementValid,
  isFieldValid,
  keysOf,
  valuesOf,
} from './nested-access';
import { formatValue } from './postgres-text';
import {
  ARRAY,
  BOOL,
  BYTEA,
  DECIMAL128,
  INT2,
  isNested,
  isVariable,
  JSON,
  JSONB,
  MAP,
  STRUCT,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
} from './value-tags';

/** What a value of fixed width is at most, with its quotes. */
// @ts-ignore: decorator
@inline const FIXED_BYTES: u64 = 84;
/** What formatters touch behind it, and copies of 16 bytes at a time. */
// @ts-ignore: decorator
@inline export const SLACK_BYTES: u64 = 256;
// @ts-ignore: decorator
@inline export const LARGEST_TEXT: u64 = 0x10000000;

// @ts-ignore: decorator
@inline
export function shapeEnd(shape: usize): usize {
  return shape + load<u32>(shape);
}

/** Can a value be the key of an object? */
// @ts-ignore: decorator
@inline
export function isKey(tag: u32): bool {
  return !isNested(tag) && tag != JSON && tag != JSONB;
}

/** A bound of the JSON of a value. */
export function boundOf(tag: u32, pointer: usize, length: u32, shape: usize): u64 {
  if (!isVariable(tag)) return FIXED_BYTES;
  if (tag == TEXT) return boundString(pointer, length);
  if (tag == BYTEA) return 5 + (<u64>length << 1);
  if (tag == ARRAY) return boundArray(pointer, shape + 4);
  if (tag == STRUCT) return boundStruct(pointer, shape);
  if (tag == MAP) {
    const ofKeys = shape + 4;
    const keyTag = elementTagOf(keysOf(pointer));
    if (!isKey(keyTag)) return LARGEST_TEXT + 1;
    // A key that is no text gets quotes, which its bound has; between key and value is a colon, behind it ", ".
    return boundArray(keysOf(pointer), ofKeys) + boundArray(valuesOf(pointer), shapeEnd(ofKeys)) + <u64>countOf(pointer);
  }
  return length; // json
}

function boundArray(array: usize, shape: usize): u64 {
  const count = countOf(array);
  const tag = elementTagOf(array);
  if (!isVariable(tag)) return 2 + <u64>count * (FIXED_BYTES + 3);
  let total: u64 = 2;
  for (let i: u32 = 0; i < count; i++) {
    total += 3 + (isElementValid(array, i) ? boundOf(tag, elementPointer(array, i), elementLength(array, i), shape) : 4);
  }
  return total;
}

function boundStruct(struct: usize, shape: usize): u64 {
  const count = countOf(struct);
  let total: u64 = 2;
  let at = shape + 4;
  for (let i: u32 = 0; i < count; i++) {
    const nameLength = load<u32>(at);
    at += 4 + ((<usize>nameLength + 3) & ~3);
    total += <u64>nameLength + 3;
    total += isFieldValid(struct, i)
      ? boundOf(fieldTag(struct, i), fieldPointer(struct, i), fieldLength(struct, i), at)
      : 4;
    at = shapeEnd(at);
  }
  return total;
}

// @ts-ignore: decorator
@inline
export function putNull(to: usize): usize {
  store<u32>(to, 0x6c6c756e);
  return to + 4;
}

/** What has no escapes: dates, intervals, uuids; of numbers, words. */
function putScalar(tag: u32, scale: u32, pointer: usize, powers: usize, to: usize, quoted: bool): usize {
  if (tag == BOOL && !quoted) return to + formatBoolWord(load<u8>(pointer), to);
  const isNumber = tag >= INT2 && tag <= DECIMAL128;
  const text = isNumber && !quoted ? to : to + 1;
  let length =
    tag == BOOL ? formatBoolWord(load<u8>(pointer), text) : formatValue(tag, scale, pointer, powers, 0, text);
  if (text == to) {
    // NaN and infinities are words.
    const last = load<u8>(text + length - 1);
    if (last < ZERO + 10) return text + length;
    memory.copy(to + 1, text, length);
  } else if (!quoted && (tag == TIMESTAMP || tag == TIMESTAMPTZ)) length = putIsoTime(text, length, tag == TIMESTAMPTZ);
  store<u8>(to, QUOTE);
  store<u8>(to + 1 + length, QUOTE);
  return to + length + 2;
}

/** A timestamp becomes one of ISO 8601: with T, and minutes of the offset, before BC where that stands. */
function putIsoTime(text: usize, length: u32, zoned: bool): u32 {
  let space: u32 = 0;
  while (space < length && load<u8>(text + space) != 0x20) space++;
  if (space == length) return length; // infinity
  store<u8>(text + space, 0x54);
  if (!zoned) return length;
  const isBeforeChrist = load<u8>(text + length - 1) == 0x43;
  const offsetEnd = isBeforeChrist ? length - 3 : length;
  if (isBeforeChrist) memory.copy(text + offsetEnd + 3, text + offsetEnd, 3);
  store<u16>(text + offsetEnd, 0x303a);
  store<u8>(text + offsetEnd, ZERO, 2);
  return length + 3;
}

/** Writes a value, and some bytes too many. */
export function putValue(tag: u32, scale: u32, pointer: usize, length: u32, shape: usize, powers: usize, to: usize): usize {
  if (!isVariable(tag)) return putScalar(tag, scale, pointer, powers, to, false);
  if (tag == TEXT) return putString(pointer, length, to);
  if (tag == BYTEA) return putBytes(pointer, length, to);
  if (tag == ARRAY) return putArray(pointer, shape + 4, powers, to, false);
  if (tag == STRUCT) return putStruct(pointer, shape, powers, to, false);
  if (tag == MAP) return putMap(pointer, shape, powers, to);
  return put(to, pointer, length);
}

// @ts-ignore: decorator
@inline
function putComma(to: usize, breaksLine: bool): usize {
  store<u8>(to, COMMA);
  if (breaksLine) store<u16>(to, 0x200a, 1);
  return to + (breaksLine ? 3 : 1);
}

function putBytes(pointer: usize, length: u32, to: usize): usize {
  store<u16>(to, 0x5c22);
  const end = to + 2 + formatBytea(pointer, length, to + 2);
  store<u8>(end, QUOTE);
  return end + 1;
}

/** `breaksLines`: each element is on a line of its own. */
export function putArray(array: usize, shape: usize, powers: usize, to: usize, breaksLines: bool): usize {
  const count = countOf(array);
  store<u8>(to++, OPEN_BRACKET);
  for (let i: u32 = 0; i < count; i++) {
    if (i > 0) to = putComma(to, breaksLines);
    to = putElement(array, i, shape, powers, to);
  }
  store<u8>(to, CLOSE_BRACKET);
  return to + 1;
}

function putElement(array: usize, index: u32, shape: usize, powers: usize, to: usize): usize {
  if (!isElementValid(array, index)) return putNull(to);
  const pointer = elementPointer(array, index);
  return putValue(elementTagOf(array), elementScaleOf(array), pointer, elementLength(array, index), shape, powers, to);
}

export function putStruct(struct: usize, shape: usize, powers: usize, to: usize, breaksLines: bool): usize {
  const count = countOf(struct);
  store<u8>(to++, OPEN_BRACE);
  let at = shape + 4;
  for (let i: u32 = 0; i < count; i++) {
    if (i > 0) to = putComma(to, breaksLines);
    const nameLength = load<u32>(at);
    to = put(to, at + 4, nameLength);
    at += 4 + ((<usize>nameLength + 3) & ~3);
    to = isFieldValid(struct, i)
      ? putValue(fieldTag(struct, i), fieldScale(struct, i), fieldPointer(struct, i), fieldLength(struct, i), at, powers, to)
      : putNull(to);
    at = shapeEnd(at);
  }
  store<u8>(to, CLOSE_BRACE);
  return to + 1;
}

/** Keys of maps are never NULL. */
function putMap(map: usize, shape: usize, powers: usize, to: usize): usize {
  const count = countOf(map);
  const keys = keysOf(map);
  const ofValues = shapeEnd(shape + 4);
  store<u8>(to++, OPEN_BRACE);
  for (let i: u32 = 0; i < count; i++) {
    if (i > 0) to = putSeparator(to);
    to = putKey(elementTagOf(keys), elementScaleOf(keys), elementPointer(keys, i), elementLength(keys, i), powers, to);
    store<u8>(to++, COLON);
    to = putElement(valuesOf(map), i, ofValues, powers, to);
  }
  store<u8>(to, CLOSE_BRACE);
  return to + 1;
}

/** A key as a string, which is the text of its value. */
export function putKey(tag: u32, scale: u32, pointer: usize, length: u32, powers: usize, to: usize): usize {
  if (tag == TEXT) return putString(pointer, length, to);
  return tag == BYTEA ? putBytes(pointer, length, to) : putScalar(tag, scale, pointer, powers, to, true);
}
