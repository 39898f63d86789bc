// Elements of arrays found by their value, and replaced or removed, called by memory (memory-call.ts).
import { bytesOfArgument, lengthOfArgument, putArgument } from './array-arguments';
import {
  allocateArray,
  argument,
  integerArgument,
  isNullArgument,
  nestedArgument,
  resultOf,
  returnView,
  setNullResult,
} from './memory-call';
import { findValue } from './find-value';
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
  putElements,
  slotsOf,
  variableBytes,
} from './nested-access';
import { decline } from './status';
import { INT4, isVariable } from './value-tags';

/** array_position(a, x [, from]): the place of the first element that is not distinct from x, else NULL. */
export function arrayPosition(block: usize, args: usize, count: u32): void {
  const hasFrom = count > 2;
  if (hasFrom && isNullArgument(args, count, 2) && !isNullArgument(args, count, 0)) {
    decline(block);
    return;
  }
  if (isNullArgument(args, count, 0)) {
    setNullResult(args, count);
    return;
  }
  const array = nestedArgument(args, 0);
  const from = hasFrom ? <u32>max<i64>(integerArgument(args, 2), 1) - 1 : 0;
  const found = findValue(array, bytesOfArgument(args, count, 1), lengthOfArgument(args, count, 1), from);
  if (found < countOf(array)) store<i32>(resultOf(args, count), found + 1);
  else setNullResult(args, count);
}

/** array_positions(a, x): the places of all of them. */
export function arrayPositions(block: usize, args: usize, count: u32): void {
  if (isNullArgument(args, count, 0)) {
    setNullResult(args, count);
    return;
  }
  const array = nestedArgument(args, 0);
  const size = countOf(array);
  const value = bytesOfArgument(args, count, 1);
  const length = lengthOfArgument(args, count, 1);
  const found = countValue(array, value, length);
  const target = allocateArray(block, found, INT4, 0);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(found, INT4, 0);
  beginArray(target, found, INT4, 0, byteLength);
  memory.fill(target + HEADER_BYTES, 1, found);
  let slot = slotsOf(target);
  for (let i = findValue(array, value, length, 0); i < size; i = findValue(array, value, length, i + 1)) {
    store<i32>(slot, i + 1);
    slot += 4;
  }
  returnView(args, count, target, byteLength);
}

/** How many elements are not distinct from a value. */
function countValue(array: usize, value: usize, length: u32): u32 {
  const size = countOf(array);
  let found: u32 = 0;
  for (let i = findValue(array, value, length, 0); i < size; i = findValue(array, value, length, i + 1)) found++;
  return found;
}

/** Bytes of the elements that are not distinct from a value: equal jsonb values may differ in length. */
function lengthOfFound(array: usize, value: usize, length: u32): u64 {
  const size = countOf(array);
  let sum: u64 = 0;
  for (let i = findValue(array, value, length, 0); i < size; i = findValue(array, value, length, i + 1)) {
    sum += elementLength(array, i);
  }
  return sum;
}

/** array_remove(a, x): without the elements that are not distinct from x. */
export function arrayRemove(block: usize, args: usize, count: u32): void {
  exchange(block, args, count, false);
}

/** array_replace(a, x, y): y in the place of each element that is not distinct from x. */
export function arrayReplace(block: usize, args: usize, count: u32): void {
  exchange(block, args, count, true);
}

/** The array (argument 0) with argument 2, or nothing, in the place of the elements that are not distinct from argument 1. */
function exchange(block: usize, args: usize, count: u32, replaces: bool): void {
  if (isNullArgument(args, count, 0)) {
    setNullResult(args, count);
    return;
  }
  const array = nestedArgument(args, 0);
  const size = countOf(array);
  const tag = elementTagOf(array);
  const value = bytesOfArgument(args, count, 1);
  const length = lengthOfArgument(args, count, 1);
  const found = countValue(array, value, length);
  if (found == 0) {
    v128.store(resultOf(args, count), v128.load(argument(args, 0)));
    return;
  }
  const kept = replaces ? size : size - found;
  let variable: u64 = variableBytes(array, 0, size);
  if (isVariable(tag)) {
    const replacement = replaces && !isNullArgument(args, count, 2) ? lengthOfArgument(args, count, 2) : 0;
    variable += <u64>found * replacement - lengthOfFound(array, value, length);
  }
  const target = allocateArray(block, kept, tag, variable);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(kept, tag, variable);
  beginArray(target, kept, tag, elementScaleOf(array), byteLength);
  let next: u32 = 0;
  for (let from: u32 = 0; from < size; ) {
    const place = findValue(array, value, length, from);
    putElements(target, next, array, from, place - from);
    next += place - from;
    if (replaces && place < size) putArgument(target, next++, args, count, 2);
    from = place + 1;
  }
  returnView(args, count, target, byteLength);
}

/** Is a value (NULL: pointer 0) among the elements? */
// @ts-ignore: decorator
@inline
function contains(array: usize, value: usize, length: u32): bool {
  return findValue(array, value, length, 0) < countOf(array);
}

/** list_contains(a, x). */
export function arrayContainsValue(block: usize, args: usize, count: u32): void {
  const array = nestedArgument(args, 0);
  const value = bytesOfArgument(args, count, 1);
  store<i32>(resultOf(args, count), i32(contains(array, value, lengthOfArgument(args, count, 1))));
}

function containsAll(array: usize, parts: usize): bool {
  const size = countOf(parts);
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(parts, i)) return false;
    if (!contains(array, elementPointer(parts, i), elementLength(parts, i))) return false;
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
  let found = false;
  for (let i: u32 = 0; i < size && !found; i++) {
    found = isElementValid(a, i) && contains(b, elementPointer(a, i), elementLength(a, i));
  }
  store<i32>(resultOf(args, count), i32(found));
}

/** Whether an element of `a` is the first of its like, and is in `b` as `wanted` says. */
function isMember(a: usize, b: usize, index: u32, wanted: bool): bool {
  const value = isElementValid(a, index) ? elementPointer(a, index) : 0;
  const length = value == 0 ? 0 : elementLength(a, index);
  return contains(b, value, length) == wanted && findValue(a, value, length, 0) == index;
}

/** The different elements of an array, NULL among them, that another has, or has not. */
function members(block: usize, args: usize, count: u32, wanted: bool): void {
  const a = nestedArgument(args, 0);
  const b = nestedArgument(args, 1);
  const size = countOf(a);
  const tag = elementTagOf(a);
  let kept: u32 = 0;
  let variable: u64 = 0;
  for (let i: u32 = 0; i < size; i++) {
    if (!isMember(a, b, i, wanted)) continue;
    kept++;
    variable += variableBytes(a, i, i + 1);
  }
  const target = allocateArray(block, kept, tag, variable);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(kept, tag, variable);
  beginArray(target, kept, tag, elementScaleOf(a), byteLength);
  let next: u32 = 0;
  for (let i: u32 = 0; i < size && next < kept; i++) if (isMember(a, b, i, wanted)) putElements(target, next++, a, i, 1);
  returnView(args, count, target, byteLength);
}

export function arrayIntersect(block: usize, args: usize, count: u32): void {
  members(block, args, count, true);
}

export function arrayExcept(block: usize, args: usize, count: u32): void {
  members(block, args, count, false);
}
