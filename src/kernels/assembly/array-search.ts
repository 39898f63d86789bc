// Elements of arrays found by their value, and replaced or removed, called by memory (memory-call.ts).
import { bytesOfArgument, lengthOfArgument, putArgument } from './array-arguments';
import {
  allocateArray,
  argument,
  isNullArgument,
  nestedArgument,
  resultOf,
  returnView,
  setNullResult,
} from './memory-call';
import {
  arrayBytes,
  beginArray,
  countOf,
  elementLength,
  elementPointer,
  elementScaleOf,
  elementTagOf,
  HEADER_BYTES,
  isElementValid,
  putElement,
  putElements,
  slotsOf,
  variableBytes,
} from './nested-access';
import { compareValues } from './nested-compare';
import { DATE, DECIMAL64, INT2, INT4, INT8, isVariable, TIMESTAMPTZ } from './value-tags';

/** Is element `index` the value (NULL: pointer 0)? */
function isValue(array: usize, index: u32, tag: u32, value: usize, length: u32): bool {
  if (!isElementValid(array, index)) return value == 0;
  return value != 0 && compareValues(tag, elementPointer(array, index), elementLength(array, index), value, length) == 0;
}

/** array_position(a, x [, from]): the place of the first element that is not distinct from x, else NULL. */
export function arrayPosition(block: usize, args: usize, count: u32): void {
  if (isNullArgument(args, count, 0)) {
    setNullResult(args, count);
    return;
  }
  const array = nestedArgument(args, 0);
  const size = countOf(array);
  const tag = elementTagOf(array);
  const value = bytesOfArgument(args, count, 1);
  const length = lengthOfArgument(args, count, 1);
  const from = count > 2 ? <u32>max(load<i32>(argument(args, 2)) - 1, 0) : 0;
  for (let i = from; i < size; i++) {
    if (isValue(array, i, tag, value, length)) {
      store<i32>(resultOf(args, count), i + 1);
      return;
    }
  }
  setNullResult(args, count);
}

/** array_positions(a, x): the places of all of them. */
export function arrayPositions(block: usize, args: usize, count: u32): void {
  if (isNullArgument(args, count, 0)) {
    setNullResult(args, count);
    return;
  }
  const array = nestedArgument(args, 0);
  const size = countOf(array);
  const tag = elementTagOf(array);
  const value = bytesOfArgument(args, count, 1);
  const length = lengthOfArgument(args, count, 1);
  let found: u32 = 0;
  for (let i: u32 = 0; i < size; i++) found += u32(isValue(array, i, tag, value, length));
  const target = allocateArray(block, found, 2, 0);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(found, 2, 0);
  beginArray(target, found, 2, 0, byteLength);
  let next: u32 = 0;
  const scratch = resultOf(args, count);
  for (let i: u32 = 0; i < size; i++) {
    if (!isValue(array, i, tag, value, length)) continue;
    store<i32>(scratch, i + 1);
    putElement(target, next++, scratch, 4);
  }
  returnView(args, count, target, byteLength);
}

/** array_remove(a, x): without the elements that are not distinct from x. */
export function arrayRemove(block: usize, args: usize, count: u32): void {
  if (isNullArgument(args, count, 0)) {
    setNullResult(args, count);
    return;
  }
  const array = nestedArgument(args, 0);
  const size = countOf(array);
  const tag = elementTagOf(array);
  const value = bytesOfArgument(args, count, 1);
  const length = lengthOfArgument(args, count, 1);
  let kept: u32 = 0;
  let variable: u64 = 0;
  for (let i: u32 = 0; i < size; i++) {
    if (isValue(array, i, tag, value, length)) continue;
    kept++;
    variable += variableBytes(array, i, i + 1);
  }
  const target = allocateArray(block, kept, tag, variable);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(kept, tag, variable);
  beginArray(target, kept, tag, elementScaleOf(array), byteLength);
  let next: u32 = 0;
  for (let i: u32 = 0; i < size; i++) {
    if (isValue(array, i, tag, value, length)) continue;
    putElements(target, next++, array, i, 1);
  }
  returnView(args, count, target, byteLength);
}

/** array_replace(a, x, y): y in the place of each element that is not distinct from x. */
export function arrayReplace(block: usize, args: usize, count: u32): void {
  if (isNullArgument(args, count, 0)) {
    setNullResult(args, count);
    return;
  }
  const array = nestedArgument(args, 0);
  const size = countOf(array);
  const tag = elementTagOf(array);
  const value = bytesOfArgument(args, count, 1);
  const length = lengthOfArgument(args, count, 1);
  const replacement: u64 = isVariable(tag) && !isNullArgument(args, count, 2) ? load<u32>(argument(args, 2)) : 0;
  let variable: u64 = 0;
  for (let i: u32 = 0; i < size; i++) {
    variable += isValue(array, i, tag, value, length) ? replacement : <u64>variableBytes(array, i, i + 1);
  }
  const target = allocateArray(block, size, tag, variable);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(size, tag, variable);
  beginArray(target, size, tag, elementScaleOf(array), byteLength);
  for (let i: u32 = 0; i < size; i++) {
    if (isValue(array, i, tag, value, length)) putArgument(target, i, args, count, 2);
    else putElements(target, i, array, i, 1);
  }
  returnView(args, count, target, byteLength);
}

/** Are values of 4 or 8 bytes equal when their bits are? */
// @ts-ignore: decorator
@inline
function hasPlainBits(tag: u32): bool {
  return tag == INT4 || tag == INT2 || tag == INT8 || tag == DECIMAL64 || (tag >= DATE && tag <= TIMESTAMPTZ);
}

/** Is a value that is not NULL among the elements? */
function contains(array: usize, tag: u32, value: usize, length: u32): bool {
  const size = countOf(array);
  if (hasPlainBits(tag)) {
    const slots = slotsOf(array);
    const valid = array + HEADER_BYTES;
    if (length == 4) {
      const wanted = load<u32>(value);
      for (let i: u32 = 0; i < size; i++) {
        if (load<u32>(slots + (<usize>i << 2)) == wanted && load<u8>(valid + i)) return true;
      }
    } else {
      const wanted = load<u64>(value);
      for (let i: u32 = 0; i < size; i++) {
        if (load<u64>(slots + (<usize>i << 3)) == wanted && load<u8>(valid + i)) return true;
      }
    }
    return false;
  }
  for (let i: u32 = 0; i < size; i++) {
    if (
      isElementValid(array, i) &&
      compareValues(tag, elementPointer(array, i), elementLength(array, i), value, length) == 0
    ) {
      return true;
    }
  }
  return false;
}

/** list_contains(a, x). */
export function arrayContainsValue(block: usize, args: usize, count: u32): void {
  const array = nestedArgument(args, 0);
  const value = bytesOfArgument(args, count, 1);
  store<i32>(resultOf(args, count), i32(contains(array, elementTagOf(array), value, lengthOfArgument(args, count, 1))));
}

function containsAll(array: usize, parts: usize): bool {
  const size = countOf(parts);
  const tag = elementTagOf(parts);
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(parts, i)) return false;
    if (!contains(array, tag, elementPointer(parts, i), elementLength(parts, i))) return false;
  }
  return true;
}

/** a @> b: every element of b is one of a; a NULL never is. */
export function arrayContains(block: usize, args: usize, count: u32): void {
  store<i32>(resultOf(args, count), i32(containsAll(nestedArgument(args, 0), nestedArgument(args, 1))));
}

/** a <@ b. */
export function arrayIsContained(block: usize, args: usize, count: u32): void {
  store<i32>(resultOf(args, count), i32(containsAll(nestedArgument(args, 1), nestedArgument(args, 0))));
}

/** a && b: have they an element in common? */
export function arraysOverlap(block: usize, args: usize, count: u32): void {
  const a = nestedArgument(args, 0);
  const b = nestedArgument(args, 1);
  const size = countOf(a);
  const tag = elementTagOf(a);
  let found = false;
  for (let i: u32 = 0; i < size && !found; i++) {
    found = isElementValid(a, i) && contains(b, tag, elementPointer(a, i), elementLength(a, i));
  }
  store<i32>(resultOf(args, count), i32(found));
}
