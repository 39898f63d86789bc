// Nested values as text: arrays {1,NULL,"a b"}, rows (1,,"a b"), maps {a=1, b=2}. What stands within quotes is written
// first, and quoted in place where it has to be.
import { formatBytea } from './format';
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
  tagOf,
  valuesOf,
} from './nested-access';
import { formatValue } from './postgres-text';
import { heapAllocate } from './status';
import { makeView, pointerOf } from './text-view';
import { ARRAY, BYTEA, isNested, isVariable, MAP, STRUCT } from './value-tags';

/** What a formatter of a value of fixed width writes at most (an interval), without what it only touches. */
const FIXED_TEXT_BYTES: u64 = 80;
/** What one may touch behind the text. */
export const SLACK_BYTES: u64 = 256;

/** A bound of the text of a nested value, without slack. */
export function boundNestedText(value: usize): u64 {
  const tag = tagOf(value);
  if (tag == STRUCT) {
    let total: u64 = 2;
    const count = countOf(value);
    for (let i: u32 = 0; i < count; i++) {
      total += isFieldValid(value, i)
        ? boundQuoted(fieldTag(value, i), fieldPointer(value, i), fieldLength(value, i))
        : 1;
    }
    return total;
  }
  if (tag == MAP) return boundNestedText(keysOf(value)) + boundNestedText(valuesOf(value)) + (<u64>countOf(value) << 2);
  return boundArrayText(value);
}

function boundArrayText(array: usize): u64 {
  const count = countOf(array);
  const tag = elementTagOf(array);
  if (!isVariable(tag)) return 2 + <u64>count * (FIXED_TEXT_BYTES + 3);
  let total: u64 = 2;
  for (let i: u32 = 0; i < count; i++) {
    total += isElementValid(array, i) ? boundQuoted(tag, elementPointer(array, i), elementLength(array, i)) : 5;
  }
  return total;
}

function boundQuoted(tag: u32, pointer: usize, length: u32): u64 {
  return (boundPart(tag, pointer, length) << 1) + 3;
}

/** A bound of a part as `formatPart` writes it. */
export function boundPart(tag: u32, pointer: usize, length: u32): u64 {
  if (isNested(tag)) return boundNestedText(pointer);
  if (isVariable(tag)) return tag == BYTEA ? 2 + (<u64>length << 1) : length;
  return FIXED_TEXT_BYTES;
}

/** Writes the text of a nested value; returns its length. */
export function formatNested(value: usize, powers: usize, zone: usize, target: usize): u32 {
  const tag = tagOf(value);
  if (tag == STRUCT) return formatStruct(value, powers, zone, target);
  return tag == MAP ? formatMap(value, powers, zone, target) : formatArray(value, powers, zone, target);
}

/** A part, unquoted. */
export function formatPart(tag: u32, scale: u32, pointer: usize, length: u32, powers: usize, zone: usize, target: usize): u32 {
  if (isNested(tag)) return formatNested(pointer, powers, zone, target);
  if (!isVariable(tag)) return formatValue(tag, scale, pointer, powers, zone, target);
  if (tag == BYTEA) return formatBytea(pointer, length, target);
  memory.copy(target, pointer, length);
  return length;
}

function formatArray(array: usize, powers: usize, zone: usize, target: usize): u32 {
  const count = countOf(array);
  const tag = elementTagOf(array);
  const scale = elementScaleOf(array);
  let position = target;
  store<u8>(position++, 0x7b);
  for (let i: u32 = 0; i < count; i++) {
    if (i > 0) store<u8>(position++, 0x2c);
    if (!isElementValid(array, i)) {
      store<u32>(position, 0x4c4c554e); // NULL
      position += 4;
      continue;
    }
    const length = formatPart(tag, scale, elementPointer(array, i), elementLength(array, i), powers, zone, position);
    position += tag == ARRAY ? length : quoteElement(position, length);
  }
  store<u8>(position++, 0x7d);
  return <u32>(position - target);
}

function formatStruct(struct: usize, powers: usize, zone: usize, target: usize): u32 {
  const count = countOf(struct);
  let position = target;
  store<u8>(position++, 0x28);
  for (let i: u32 = 0; i < count; i++) {
    if (i > 0) store<u8>(position++, 0x2c);
    if (!isFieldValid(struct, i)) continue;
    const length = formatPart(
      fieldTag(struct, i),
      fieldScale(struct, i),
      fieldPointer(struct, i),
      fieldLength(struct, i),
      powers,
      zone,
      position,
    );
    position += quoteField(position, length);
  }
  store<u8>(position++, 0x29);
  return <u32>(position - target);
}

export function formatMap(map: usize, powers: usize, zone: usize, target: usize): u32 {
  const count = countOf(map);
  let position = target;
  store<u8>(position++, 0x7b);
  for (let i: u32 = 0; i < count; i++) {
    if (i > 0) {
      store<u16>(position, 0x202c);
      position += 2;
    }
    position += formatEntryPart(keysOf(map), i, powers, zone, position);
    store<u8>(position++, 0x3d);
    position += formatEntryPart(valuesOf(map), i, powers, zone, position);
  }
  store<u8>(position++, 0x7d);
  return <u32>(position - target);
}

function formatEntryPart(array: usize, index: u32, powers: usize, zone: usize, target: usize): u32 {
  if (!isElementValid(array, index)) {
    store<u32>(target, 0x4c4c554e);
    return 4;
  }
  return formatPart(
    elementTagOf(array),
    elementScaleOf(array),
    elementPointer(array, index),
    elementLength(array, index),
    powers,
    zone,
    target,
  );
}

// @ts-ignore: decorator
@inline
function isSpace(byte: u32): bool {
  return byte == 0x20 || (byte >= 9 && byte <= 13);
}

/** Quotes an array's element where PostgreSQL does: when it is empty, NULL, or has a brace, comma, quote, backslash or space. */
function quoteElement(text: usize, length: u32): u32 {
  let needed = length == 0 || (length == 4 && (load<u32>(text) & 0xdfdfdfdf) == 0x4c4c554e);
  let escapes: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const byte = <u32>load<u8>(text + i);
    if (byte == 0x22 || byte == 0x5c) escapes++;
    else if (byte == 0x7b || byte == 0x7d || byte == 0x2c || isSpace(byte)) needed = true;
  }
  if (!needed && escapes == 0) return length;
  return quoteInPlace(text, length, escapes, 0x5c);
}

/** Quotes a field of a row: when it is empty or has a parenthesis, comma, quote, backslash or space. */
function quoteField(text: usize, length: u32): u32 {
  let needed = length == 0;
  let escapes: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const byte = <u32>load<u8>(text + i);
    if (byte == 0x22 || byte == 0x5c) escapes++;
    else if (byte == 0x28 || byte == 0x29 || byte == 0x2c || isSpace(byte)) needed = true;
  }
  if (!needed && escapes == 0) return length;
  return quoteInPlace(text, length, escapes, 0);
}

/** Puts quotes round a text and `escape` before each quote and backslash in it; 0 doubles them. From the end, in place. */
function quoteInPlace(text: usize, length: u32, escapes: u32, escape: u32): u32 {
  const total = length + escapes + 2;
  let target = text + total - 1;
  store<u8>(target, 0x22);
  for (let i = length; i > 0; i--) {
    const byte = <u32>load<u8>(text + i - 1);
    store<u8>(--target, <u8>byte);
    if (byte == 0x22 || byte == 0x5c) store<u8>(--target, <u8>(escape ? escape : byte));
  }
  store<u8>(text, 0x22);
  return total;
}

/** CAST(nested AS text). */
export function nestedToText(block: usize, value: v128, powers: i32): v128 {
  const pointer = pointerOf(value);
  const bound = boundNestedText(pointer) + SLACK_BYTES;
  const target = heapAllocate(block, bound > <u64>u32.MAX_VALUE ? u32.MAX_VALUE : <u32>bound);
  if (target == 0) return i64x2.splat(0);
  const length = formatNested(pointer, powers, 0, target);
  store<u32>(block, <u32>target + ((length + 15) & ~15), 4);
  return makeView(target, length);
}
