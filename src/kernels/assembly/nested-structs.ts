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
  countOf,
  elementLength,
  elementPointer,
  elementTagOf,
  fieldEntry,
  fieldLength,
  fieldPointer,
  fieldTag,
  HEADER_BYTES,
  isElementValid,
  isFieldValid,
  keysOf,
  padded,
  putFixed,
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

function areUnique(keys: usize): bool {
  const size = countOf(keys);
  const tag = elementTagOf(keys);
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
