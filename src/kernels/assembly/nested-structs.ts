// Structs and maps, called by memory (memory-call.ts).
import {
  allocateNested,
  argument,
  argumentScale,
  argumentTag,
  isNullArgument,
  nestedArgument,
  returnValue,
  returnView,
  setNullResult,
  valuePointer,
} from './memory-call';
import {
  arrayBytes,
  beginArray,
  bytesOf,
  countOf,
  elementLength,
  elementPointer,
  elementScaleOf,
  elementTagOf,
  endOf,
  fieldEntry,
  fieldLength,
  fieldPointer,
  fieldScale,
  fieldTag,
  HEADER_BYTES,
  isElementValid,
  isFieldValid,
  keysOf,
  padded,
  putElement,
  putFixed,
  putNull,
  slotsOf,
  valuesOf,
} from './nested-access';
import { compareValues } from './nested-compare';
import { decline } from './status';
import { isVariable, MAP, STRUCT, widthOf } from './value-tags';

/** ROW(a, b, …). */
export function structOfFields(block: usize, args: usize, count: u32): void {
  let bytes: u64 = HEADER_BYTES + (<u64>count << 3);
  for (let i: u32 = 0; i < count; i++) bytes += lengthOfField(args, count, i);
  const byteLength = (bytes + 7) & ~7;
  const target = allocateNested(block, byteLength);
  if (target == 0) return;
  memory.fill(target, 0, <u32>byteLength);
  store<u32>(target, count);
  store<u8>(target, <u8>STRUCT, 4);
  const base = fieldEntry(target, count);
  let end: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const entry = fieldEntry(target, i);
    const tag = argumentTag(args, count, i);
    const length = lengthOfField(args, count, i);
    store<u8>(entry, <u8>tag);
    store<u8>(entry, <u8>argumentScale(args, count, i), 1);
    if (!isNullArgument(args, count, i)) {
      store<u8>(entry, 1, 2);
      const source = valuePointer(argument(args, i), tag);
      if (isVariable(tag)) memory.copy(base + end, source, length);
      else putFixed(base + end, source, tag, length);
    }
    end += length;
    store<u32>(entry, end, 4);
  }
  returnView(args, count, target, <u32>byteLength);
}

function lengthOfField(args: usize, count: u32, index: u32): u32 {
  if (isNullArgument(args, count, index)) return 0;
  const tag = argumentTag(args, count, index);
  return isVariable(tag) ? load<u32>(argument(args, index)) : widthOf(tag);
}

/** (r).field: the second argument is its number, counted from 1. */
export function structField(block: usize, args: usize, count: u32): void {
  const struct = nestedArgument(args, 0);
  const index = load<u32>(argument(args, 1)) - 1;
  if (!isFieldValid(struct, index)) setNullResult(args, count);
  else returnValue(args, count, fieldTag(struct, index), fieldPointer(struct, index), fieldLength(struct, index));
}

/** map(keys, values). Left to TypeScript where it is an error: NULL or equal keys, arrays of different lengths. */
export function mapOfArrays(block: usize, args: usize, count: u32): void {
  const keys = nestedArgument(args, 0);
  const values = nestedArgument(args, 1);
  const size = countOf(keys);
  if (size != countOf(values) || !areUnique(keys)) {
    decline(block);
    return;
  }
  const keysLength = load<u32>(argument(args, 0));
  const valuesLength = load<u32>(argument(args, 1));
  const target = allocateNested(block, 16 + <u64>keysLength + <u64>valuesLength);
  if (target == 0) return;
  store<u64>(target, size);
  store<u8>(target, <u8>MAP, 4);
  store<u64>(target, keysLength, 8);
  memory.copy(target + 16, keys, keysLength);
  memory.copy(target + 16 + keysLength, values, valuesLength);
  returnView(args, count, target, 16 + keysLength + valuesLength);
}

/** Without NULLs, too. */
function areUnique(keys: usize): bool {
  const size = countOf(keys);
  const tag = elementTagOf(keys);
  if (areAscending(keys, size, tag)) return true;
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(keys, i)) return false;
    const pointer = elementPointer(keys, i);
    const length = elementLength(keys, i);
    for (let j: u32 = 0; j < i; j++) {
      if (compareValues(tag, pointer, length, elementPointer(keys, j), elementLength(keys, j)) == 0) return false;
    }
  }
  return true;
}

/** Many keys mostly are: comparing each with all others would take long. */
function areAscending(keys: usize, size: u32, tag: u32): bool {
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(keys, i)) return false;
    if (i == 0) continue;
    const before = elementPointer(keys, i - 1);
    const lengthBefore = elementLength(keys, i - 1);
    if (compareValues(tag, before, lengthBefore, elementPointer(keys, i), elementLength(keys, i)) >= 0) return false;
  }
  return true;
}

/** m[k]: NULL where there is no such key. */
export function mapElement(block: usize, args: usize, count: u32): void {
  const map = nestedArgument(args, 0);
  const keys = keysOf(map);
  const tag = argumentTag(args, count, 1);
  const key = argument(args, 1);
  const pointer = valuePointer(key, tag);
  const length = isVariable(tag) ? load<u32>(key) : widthOf(tag);
  const size = countOf(map);
  for (let i: u32 = 0; i < size; i++) {
    if (compareValues(tag, elementPointer(keys, i), elementLength(keys, i), pointer, length) != 0) continue;
    const values = valuesOf(map);
    if (!isElementValid(values, i)) break;
    returnValue(args, count, elementTagOf(values), elementPointer(values, i), elementLength(values, i));
    return;
  }
  setNullResult(args, count);
}

export function mapKeys(block: usize, args: usize, count: u32): void {
  const map = nestedArgument(args, 0);
  returnView(args, count, keysOf(map), load<u32>(map, 8));
}

export function mapValues(block: usize, args: usize, count: u32): void {
  const map = nestedArgument(args, 0);
  const values = valuesOf(map);
  returnView(args, count, values, load<u32>(argument(args, 0)) - <u32>(values - map));
}

/** map_entries: an array of structs of a key and its value. */
export function mapEntries(block: usize, args: usize, count: u32): void {
  const map = nestedArgument(args, 0);
  const keys = keysOf(map);
  const values = valuesOf(map);
  const size = countOf(keys);
  let bytes: u64 = 0;
  for (let i: u32 = 0; i < size; i++) bytes += entryBytes(keys, values, i);
  const byteLength = arrayBytes(size, STRUCT, bytes);
  const target = allocateNested(block, byteLength);
  if (target == 0) return;
  beginArray(target, size, STRUCT, 0, <u32>byteLength);
  for (let i: u32 = 0; i < size; i++) {
    const start = endOf(target, <i32>i - 1);
    const struct = bytesOf(target) + start;
    store<u32>(struct, 2);
    store<u8>(struct, <u8>STRUCT, 4);
    const end = putField(struct, 0, keys, i, 0);
    putField(struct, 1, values, i, end);
    store<u8>(target + i, 1, HEADER_BYTES);
    store<u32>(slotsOf(target) + (<usize>i << 2), start + entryBytes(keys, values, i));
  }
  returnView(args, count, target, <u32>byteLength);
}

function entryBytes(keys: usize, values: usize, index: u32): u32 {
  return padded(HEADER_BYTES + 16 + validLength(keys, index) + validLength(values, index));
}

function validLength(array: usize, index: u32): u32 {
  return isElementValid(array, index) ? elementLength(array, index) : 0;
}

/** An element as a field of a struct of two, behind bytes of the first; answers where its own end. */
function putField(struct: usize, field: u32, array: usize, index: u32, start: u32): u32 {
  const entry = fieldEntry(struct, field);
  const length = validLength(array, index);
  store<u8>(entry, <u8>elementTagOf(array));
  store<u8>(entry, <u8>elementScaleOf(array), 1);
  store<u8>(entry, u8(isElementValid(array, index)), 2);
  memory.copy(fieldEntry(struct, 2) + start, elementPointer(array, index), length);
  store<u32>(entry, start + length, 4);
  return start + length;
}

/** map_from_entries. Left to TypeScript where it is an error: NULL entries, NULL or equal keys. So is an empty array. */
export function mapOfEntries(block: usize, args: usize, count: u32): void {
  const entries = nestedArgument(args, 0);
  const size = countOf(entries);
  let keyBytes: u64 = 0;
  let valueBytes: u64 = 0;
  let isComplete = size > 0;
  for (let i: u32 = 0; i < size && isComplete; i++) {
    isComplete = isElementValid(entries, i) && isFieldValid(elementPointer(entries, i), 0);
    if (!isComplete) break;
    keyBytes += fieldLength(elementPointer(entries, i), 0);
    valueBytes += fieldLength(elementPointer(entries, i), 1);
  }
  if (!isComplete) {
    decline(block);
    return;
  }
  const first = elementPointer(entries, 0);
  const keysLength = arrayBytes(size, fieldTag(first, 0), isVariable(fieldTag(first, 0)) ? keyBytes : 0);
  const valuesLength = arrayBytes(size, fieldTag(first, 1), isVariable(fieldTag(first, 1)) ? valueBytes : 0);
  const target = allocateNested(block, 16 + keysLength + valuesLength);
  if (target == 0) return;
  store<u64>(target, size);
  store<u8>(target, <u8>MAP, 4);
  store<u64>(target, keysLength, 8);
  const keys = target + 16;
  putFields(keys, <u32>keysLength, entries, 0);
  putFields(keys + <usize>keysLength, <u32>valuesLength, entries, 1);
  if (areUnique(keys)) returnView(args, count, target, 16 + <u32>(keysLength + valuesLength));
  else decline(block);
}

/** The fields of that number of an array of structs, as an array. */
function putFields(target: usize, byteLength: u32, entries: usize, field: u32): void {
  const size = countOf(entries);
  const first = elementPointer(entries, 0);
  beginArray(target, size, fieldTag(first, field), fieldScale(first, field), byteLength);
  for (let i: u32 = 0; i < size; i++) {
    const struct = elementPointer(entries, i);
    if (!isFieldValid(struct, field)) putNull(target, i);
    else putElement(target, i, fieldPointer(struct, field), fieldLength(struct, field));
  }
}
