// Values as JSON text. Of rows the names of their fields are needed, which no value has: they come as a shape.
//
//   constant   u32 form (below), u32 address of the powers of ten, then the shapes of the arguments
//   shape      u32 its length, a multiple of 4, then of
//                an array    the shape of its elements
//                a map       the shapes of its keys and of its values
//                a struct    for each field: u32 length of its name, the name as JSON has it with the colon behind it,
//                            zeros up to a multiple of 4, the shape
import { formatBoolWord, formatBytea } from './format';
import { canonicalText } from './json-canonical';
import { COMMA, CLOSE_BRACE, CLOSE_BRACKET, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './json-scan';
import { argument, argumentScale, argumentTag, isNullArgument, resultOf, returnView, valuePointer } from './memory-call';
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
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';
import { ARRAY, BOOL, BYTEA, DECIMAL128, INT2, isNested, isVariable, JSON, JSONB, MAP, STRUCT, TEXT, TIMESTAMP, TIMESTAMPTZ } from './value-tags';

// Forms. Of the last two, the first argument says what becomes of NULLs.
// @ts-ignore: decorator
@inline const ONE_VALUE: u32 = 0;
// @ts-ignore: decorator
@inline const ARRAY_OF_ALL: u32 = 1;
// @ts-ignore: decorator
@inline const OBJECT_OF_ALL: u32 = 2;
// @ts-ignore: decorator
@inline const ENTRY: u32 = 3;
// @ts-ignore: decorator
@inline const ARRAY_BY_FLAGS: u32 = 4;
// @ts-ignore: decorator
@inline const OBJECT_BY_FLAGS: u32 = 5;

/** What a value of fixed width is at most, with its quotes. */
// @ts-ignore: decorator
@inline const FIXED_BYTES: u64 = 84;
/** What formatters touch behind it, and copies of 16 bytes at a time. */
// @ts-ignore: decorator
@inline const SLACK_BYTES: u64 = 256;
// @ts-ignore: decorator
@inline const LARGEST_TEXT: u64 = 0x10000000;

// @ts-ignore: decorator
@inline
function shapeEnd(shape: usize): usize {
  return shape + load<u32>(shape);
}

/** Bytes that JSON does not have in strings as they are: quotes, backslashes and control characters. */
// @ts-ignore: decorator
@inline
export function specialBytes(at: usize): u32 {
  const bytes = v128.load(at);
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(0x5c))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    ),
  );
}

/** A bound of the string of a text. */
function boundString(source: usize, length: u32): u64 {
  let specials: u32 = 0;
  for (let i: u32 = 0; i < length; i += 16) {
    const rest = length - i;
    const mask = specialBytes(source + i);
    specials += popcnt(rest < 16 ? mask & ((1 << rest) - 1) : mask);
  }
  return <u64>length + (<u64>specials) * 5 + 2;
}

function boundOf(tag: u32, pointer: usize, length: u32, shape: usize): u64 {
  if (!isVariable(tag)) return FIXED_BYTES;
  if (tag == TEXT) return boundString(pointer, length);
  if (tag == BYTEA) return 5 + (<u64>length << 1);
  if (tag == ARRAY) return boundArray(pointer, shape + 4);
  if (tag == STRUCT) return boundStruct(pointer, shape);
  if (tag == MAP) {
    const ofKeys = shape + 4;
    const keyTag = elementTagOf(keysOf(pointer));
    if (isNested(keyTag) || keyTag == JSON || keyTag == JSONB) return LARGEST_TEXT + 1; // no keys
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

function putEscape(byte: u8, to: usize): usize {
  store<u8>(to, 0x5c);
  let letter: u8 = 0;
  if (byte == QUOTE || byte == 0x5c) letter = byte;
  else if (byte == 8) letter = 0x62;
  else if (byte == 9) letter = 0x74;
  else if (byte == 10) letter = 0x6e;
  else if (byte == 12) letter = 0x66;
  else if (byte == 13) letter = 0x72;
  if (letter != 0) {
    store<u8>(to, letter, 1);
    return to + 2;
  }
  store<u32>(to, 0x30303075, 1); // u000
  store<u8>(to, 0x30 + (byte >> 4), 4);
  const low: u8 = byte & 15;
  store<u8>(to, low < 10 ? 0x30 + low : 0x57 + low, 5);
  return to + 6;
}

/** Writes up to 15 bytes too many. */
function putString(source: usize, length: u32, target: usize): usize {
  const end = source + length;
  let at = source;
  let to = target;
  store<u8>(to++, QUOTE);
  while (at < end) {
    v128.store(to, v128.load(at));
    const rest = end - at;
    const plain: usize = min<usize>(min<usize>(ctz(specialBytes(at)), 16), rest);
    at += plain;
    to += plain;
    if (plain < 16 && plain < rest) to = putEscape(load<u8>(at++), to);
  }
  store<u8>(to++, QUOTE);
  return to;
}

// @ts-ignore: decorator
@inline
function putNull(to: usize): usize {
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
    if (last <= 0x39) return text + length;
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
  store<u8>(text + offsetEnd, 0x30, 2);
  return length + 3;
}

function putValue(tag: u32, scale: u32, pointer: usize, length: u32, shape: usize, powers: usize, to: usize): usize {
  if (!isVariable(tag)) return putScalar(tag, scale, pointer, powers, to, false);
  if (tag == TEXT) return putString(pointer, length, to);
  if (tag == BYTEA) return putBytes(pointer, length, to);
  if (tag == ARRAY) return putArray(pointer, shape + 4, powers, to);
  if (tag == STRUCT) return putStruct(pointer, shape, powers, to);
  if (tag == MAP) return putMap(pointer, shape, powers, to);
  memory.copy(to, pointer, length);
  return to + length;
}

function putBytes(pointer: usize, length: u32, to: usize): usize {
  store<u16>(to, 0x5c22);
  const end = to + 2 + formatBytea(pointer, length, to + 2);
  store<u8>(end, QUOTE);
  return end + 1;
}

function putArray(array: usize, shape: usize, powers: usize, to: usize): usize {
  const count = countOf(array);
  store<u8>(to++, OPEN_BRACKET);
  for (let i: u32 = 0; i < count; i++) {
    if (i > 0) store<u8>(to++, COMMA);
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

function putStruct(struct: usize, shape: usize, powers: usize, to: usize): usize {
  const count = countOf(struct);
  store<u8>(to++, OPEN_BRACE);
  let at = shape + 4;
  for (let i: u32 = 0; i < count; i++) {
    if (i > 0) store<u8>(to++, COMMA);
    const nameLength = load<u32>(at);
    memory.copy(to, at + 4, nameLength);
    to += nameLength;
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
    if (i > 0) {
      store<u16>(to, 0x202c);
      to += 2;
    }
    to = putKey(elementTagOf(keys), elementScaleOf(keys), elementPointer(keys, i), elementLength(keys, i), powers, to);
    store<u8>(to++, 0x3a);
    to = putElement(valuesOf(map), i, ofValues, powers, to);
  }
  store<u8>(to, CLOSE_BRACE);
  return to + 1;
}

/** A key as a string, which is the text of its value. */
function putKey(tag: u32, scale: u32, pointer: usize, length: u32, powers: usize, to: usize): usize {
  if (tag == TEXT) return putString(pointer, length, to);
  return tag == BYTEA ? putBytes(pointer, length, to) : putScalar(tag, scale, pointer, powers, to, true);
}

// @ts-ignore: decorator
@inline
function argumentLength(args: usize, index: u32, tag: u32): u32 {
  return isVariable(tag) ? load<u32>(argument(args, index)) : 0;
}

function boundArgument(args: usize, count: u32, index: u32, shape: usize): u64 {
  if (isNullArgument(args, count, index)) return 4;
  const tag = argumentTag(args, count, index);
  return boundOf(tag, valuePointer(argument(args, index), tag), argumentLength(args, index, tag), shape);
}

function putArgument(args: usize, count: u32, index: u32, shape: usize, powers: usize, to: usize): usize {
  if (isNullArgument(args, count, index)) return putNull(to);
  const tag = argumentTag(args, count, index);
  const pointer = valuePointer(argument(args, index), tag);
  return putValue(tag, argumentScale(args, count, index), pointer, argumentLength(args, index, tag), shape, powers, to);
}

/** `"key" : value`. Returns 0 where the key is none. */
function putEntry(args: usize, count: u32, index: u32, ofValue: usize, powers: usize, to: usize): usize {
  const tag = argumentTag(args, count, index);
  if (isNullArgument(args, count, index) || isNested(tag) || tag == JSON || tag == JSONB) return 0;
  const pointer = valuePointer(argument(args, index), tag);
  to = putKey(tag, argumentScale(args, count, index), pointer, argumentLength(args, index, tag), powers, to);
  store<u32>(to, 0x203a20);
  return putArgument(args, count, index + 1, ofValue, powers, to + 3);
}

/** `absent …`: what is NULL is left out. */
// @ts-ignore: decorator
@inline
function leavesOut(flags: v128): bool {
  return lengthOf(flags) >= 6 && load<u8>(pointerOf(flags)) == 0x61;
}

/** `… unique`: keys must differ. */
// @ts-ignore: decorator
@inline
function needsUnique(flags: v128): bool {
  return lengthOf(flags) >= 6 && load<u8>(pointerOf(flags) + lengthOf(flags) - 6) == 0x75;
}

/** The values of the arguments from `first` on, those that are NULL left out where `omits` says so. */
function putValues(args: usize, count: u32, first: u32, shapes: usize, omits: bool, powers: usize, to: usize): usize {
  const start = to;
  let shape = shapes;
  for (let i = first; i < count; i++) {
    if (!omits || !isNullArgument(args, count, i)) {
      if (to != start) to = putSeparator(to);
      to = putArgument(args, count, i, shape, powers, to);
    }
    shape = shapeEnd(shape);
  }
  return to;
}

/** The same of keys and values by turns. Returns 0 where a key is none. */
function putEntries(args: usize, count: u32, first: u32, shapes: usize, omits: bool, powers: usize, to: usize): usize {
  const start = to;
  let shape = shapes;
  for (let i = first; i < count; i += 2) {
    const ofValue = shapeEnd(shape);
    // Also the key of what is left out must be one.
    if (!omits || !isNullArgument(args, count, i + 1) || isNullArgument(args, count, i)) {
      if (to != start) to = putSeparator(to);
      to = putEntry(args, count, i, ofValue, powers, to);
      if (to == 0) return 0;
    }
    shape = shapeEnd(ofValue);
  }
  return to;
}

// @ts-ignore: decorator
@inline
function putSeparator(to: usize): usize {
  store<u16>(to, 0x202c);
  return to + 2;
}

/** What the form makes of the arguments, written to `target`; returns its end, or 0 where a key is none. */
function putForm(form: u32, args: usize, count: u32, shapes: usize, powers: usize, target: usize): usize {
  if (form == ONE_VALUE) return putArgument(args, count, 0, shapes, powers, target);
  if (form == ENTRY) return putEntries(args, count, 0, shapes, false, powers, target);
  const byFlags = form >= ARRAY_BY_FLAGS;
  const omits = byFlags && leavesOut(v128.load(argument(args, 0)));
  const first: u32 = byFlags ? 1 : 0;
  const from = byFlags ? shapeEnd(shapes) : shapes;
  const isObject = isObjectForm(form);
  store<u8>(target, isObject ? OPEN_BRACE : OPEN_BRACKET);
  const to = isObject
    ? putEntries(args, count, first, from, omits, powers, target + 1)
    : putValues(args, count, first, from, omits, powers, target + 1);
  if (to == 0) return 0;
  store<u8>(to, isObject ? CLOSE_BRACE : CLOSE_BRACKET);
  return to + 1;
}

// @ts-ignore: decorator
@inline
function isObjectForm(form: u32): bool {
  return form == OBJECT_OF_ALL || form == OBJECT_BY_FLAGS;
}

/** What is left to TypeScript: lines for each element, keys without a value, and keys that must differ. */
function isRare(form: u32, args: usize, count: u32): bool {
  if (form == ONE_VALUE) return count == 2 && load<u8>(argument(args, 1)) != 0;
  if (form == OBJECT_OF_ALL) return (count & 1) != 0;
  return form == OBJECT_BY_FLAGS && needsUnique(v128.load(argument(args, 0)));
}

/** to_json, and what builds arrays and objects of its arguments. Keys that are none are declined, too. */
export function jsonOfArguments(block: usize, args: usize, count: u32, constant: usize): void {
  const form = load<u32>(constant);
  const powers = <usize>load<u32>(constant, 4);
  const shapes = constant + 8;
  let bound: u64 = SLACK_BYTES;
  let shape = shapes;
  for (let i: u32 = 0; i < count; i++) {
    bound += 4 + boundArgument(args, count, i, shape);
    shape = shapeEnd(shape);
  }
  if (bound > LARGEST_TEXT || isRare(form, args, count)) {
    decline(block);
    return;
  }
  const target = heapAllocate(block, <u32>bound);
  if (target == 0) return;
  const end = putForm(form, args, count, shapes, powers, target);
  if (end == 0) {
    heapReturn(block, <u32>bound);
    decline(block);
    return;
  }
  const length = <u32>(end - target);
  // The next text may not lie in what is read 16 bytes at a time.
  heapReturn(block, <u32>bound - ((length + 31) & ~15));
  if (argumentTag(args, count, count) == JSONB) v128.store(resultOf(args, count), canonicalText(block, target, length));
  else returnView(args, count, target, length);
}
