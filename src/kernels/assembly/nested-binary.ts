// Nested values in PostgreSQL's binary form.
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
  tagOf,
} from './nested-access';
import { boundNestedText, formatMap, SLACK_BYTES } from './nested-text';
import { encodeBinary } from './postgres-text';
import {
  ARRAY,
  BOOL,
  BYTEA,
  DATE,
  DECIMAL128,
  DECIMAL64,
  FLOAT4,
  FLOAT8,
  INT2,
  INT4,
  INT8,
  INTERVAL,
  isNested,
  isVariable,
  JSON,
  JSONB,
  MAP,
  STRUCT,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UUID,
} from './value-tags';

/** More an array cannot have in PostgreSQL, and drivers do not read. */
const MOST_DIMENSIONS: u32 = 6;

// @ts-ignore: decorator
@inline
function storeBig32(target: usize, value: u32): void {
  store<u32>(target, bswap<u32>(value));
}

/** PostgreSQL's OID of a type. */
function oidOf(tag: u32): u32 {
  switch (tag) {
    case BOOL:
      return 16;
    case INT2:
      return 21;
    case INT4:
      return 23;
    case INT8:
      return 20;
    case FLOAT4:
      return 700;
    case FLOAT8:
      return 701;
    case DECIMAL64:
    case DECIMAL128:
      return 1700;
    case BYTEA:
      return 17;
    case DATE:
      return 1082;
    case TIME:
      return 1083;
    case TIMESTAMP:
      return 1114;
    case TIMESTAMPTZ:
      return 1184;
    case INTERVAL:
      return 1186;
    case UUID:
      return 2950;
    case JSONB:
      return 3802;
    case JSON:
      return 114;
    case STRUCT:
      return 2249;
    default:
      return 25;
  }
}

function oidOfArray(tag: u32): u32 {
  switch (tag) {
    case BOOL:
      return 1000;
    case INT2:
      return 1005;
    case INT4:
      return 1007;
    case INT8:
      return 1016;
    case FLOAT4:
      return 1021;
    case FLOAT8:
      return 1022;
    case DECIMAL64:
    case DECIMAL128:
      return 1231;
    case BYTEA:
      return 1001;
    case DATE:
      return 1182;
    case TIME:
      return 1183;
    case TIMESTAMP:
      return 1115;
    case TIMESTAMPTZ:
      return 1185;
    case INTERVAL:
      return 1187;
    case UUID:
      return 2951;
    case JSONB:
      return 3807;
    case JSON:
      return 199;
    case STRUCT:
      return 2287;
    default:
      return 1009;
  }
}

/** A bound of the binary form, slack included. */
export function boundNestedBinary(value: usize): u64 {
  const tag = tagOf(value);
  if (tag == MAP) return boundNestedText(value) + SLACK_BYTES;
  let total: u64 = 64 + SLACK_BYTES;
  const count = countOf(value);
  for (let i: u32 = 0; i < count; i++) {
    const isStruct = tag == STRUCT;
    const partTag = isStruct ? fieldTag(value, i) : elementTagOf(value);
    const length = isStruct ? fieldLength(value, i) : elementLength(value, i);
    const pointer = isStruct ? fieldPointer(value, i) : elementPointer(value, i);
    const valid = isStruct ? isFieldValid(value, i) : isElementValid(value, i);
    total += 8;
    if (!valid) continue;
    if (isNested(partTag)) total += boundNestedBinary(pointer);
    else total += isVariable(partTag) ? <u64>length + 1 : 64;
  }
  return total;
}

/** array_send, record_send; a map is its text. */
export function encodeNestedBinary(value: usize, powers: usize, zone: usize, target: usize): u32 {
  const tag = tagOf(value);
  if (tag == STRUCT) return encodeStruct(value, powers, zone, target);
  if (tag == MAP) return formatMap(value, powers, zone, target);
  return encodeArray(value, powers, zone, target);
}

function encodePart(tag: u32, scale: u32, pointer: usize, length: u32, powers: usize, zone: usize, target: usize): u32 {
  if (isNested(tag)) return encodeNestedBinary(pointer, powers, zone, target);
  if (!isVariable(tag)) return encodeBinary(tag, scale, pointer, target);
  const skipped: u32 = tag == JSONB ? 1 : 0;
  if (skipped) store<u8>(target, 1);
  memory.copy(target + skipped, pointer, length);
  return length + skipped;
}

/** u32 fields, and for each u32 OID, i32 length (−1: NULL), bytes. */
function encodeStruct(struct: usize, powers: usize, zone: usize, target: usize): u32 {
  const count = countOf(struct);
  storeBig32(target, count);
  let position = target + 4;
  for (let i: u32 = 0; i < count; i++) {
    const tag = fieldTag(struct, i);
    const pointer = fieldPointer(struct, i);
    const isValid = isFieldValid(struct, i);
    storeBig32(position, tag == ARRAY && isValid ? oidOfArrays(innermostTag(pointer)) : oidOf(tag));
    position += 8;
    if (!isValid) {
      storeBig32(position - 4, u32.MAX_VALUE);
      continue;
    }
    const length = encodePart(tag, fieldScale(struct, i), pointer, fieldLength(struct, i), powers, zone, position);
    storeBig32(position - 4, length);
    position += length;
  }
  return <u32>(position - target);
}

/** The tag of what arrays of arrays are made of; of empty ones it is not known. */
function innermostTag(array: usize): u32 {
  const tag = elementTagOf(array);
  if (tag != ARRAY) return tag;
  const count = countOf(array);
  for (let i: u32 = 0; i < count; i++) {
    if (!isElementValid(array, i)) continue;
    const innermost = innermostTag(elementPointer(array, i));
    if (innermost != ARRAY) return innermost;
  }
  return ARRAY;
}

/** OIDs of arrays whose innermost elements have a tag. */
// @ts-ignore: decorator
@inline
function oidOfArrays(innermost: u32): u32 {
  return oidOfArray(innermost == ARRAY ? TEXT : innermost);
}

/** How many elements each of the arrays has that are so many levels down; 0 where one is NULL or empty, or they differ. */
function sharedCount(array: usize, levels: u32): u32 {
  const count = countOf(array);
  if (levels == 0) return count;
  if (elementTagOf(array) != ARRAY) return 0;
  let shared: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const own = isElementValid(array, i) ? sharedCount(elementPointer(array, i), levels - 1) : 0;
    if (own == 0 || (i > 0 && own != shared)) return 0;
    shared = own;
  }
  return shared;
}

/**
 * u32 dimensions, u32 has NULLs, u32 OID of the elements, for each dimension u32 length and u32 lower bound, then the
 * elements as i32 length and bytes. Arrays within an array are a further dimension if they have one length; otherwise,
 * which PostgreSQL does not know, they are elements.
 */
function encodeArray(array: usize, powers: usize, zone: usize, target: usize): u32 {
  let dimensions: u32 = 0;
  let position = target + 12;
  let first = array;
  for (let length = countOf(array); length != 0; ) {
    if (dimensions > 0) first = elementPointer(first, 0);
    storeBig32(position, length);
    storeBig32(position + 4, 1);
    position += 8;
    dimensions++;
    length = dimensions < MOST_DIMENSIONS ? sharedCount(array, dimensions) : 0;
  }
  const tag = elementTagOf(first);
  const areArrays = tag == ARRAY && dimensions > 0;
  storeBig32(target, dimensions);
  storeBig32(target + 4, 0);
  storeBig32(target + 8, areArrays ? oidOfArrays(innermostTag(array)) : oidOf(tag));
  return <u32>(encodeElements(array, dimensions, powers, zone, position, target + 4) - target);
}

/** The elements of all arrays that are so many levels down, counted from 1. */
function encodeElements(array: usize, level: u32, powers: usize, zone: usize, target: usize, nullsFlag: usize): usize {
  const count = countOf(array);
  const tag = elementTagOf(array);
  const scale = elementScaleOf(array);
  let position = target;
  for (let i: u32 = 0; i < count; i++) {
    const pointer = elementPointer(array, i);
    if (!isElementValid(array, i)) {
      storeBig32(nullsFlag, 1);
      storeBig32(position, u32.MAX_VALUE);
      position += 4;
    } else if (level > 1) {
      position = encodeElements(pointer, level - 1, powers, zone, position, nullsFlag);
    } else {
      const length = encodePart(tag, scale, pointer, elementLength(array, i), powers, zone, position + 4);
      storeBig32(position, length);
      position += 4 + length;
    }
  }
  return position;
}
