// Functions that need the order of an array's elements, or fold them; called by memory (memory-call.ts).
import {
  allocateNested,
  argument,
  nestedArgument,
  resultOf,
  returnValue,
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
  isElementValid,
  putElements,
  putNull,
  variableBytes,
} from './nested-access';
import { compareValues } from './nested-compare';
import { BIGINT_OVERFLOW, fail, heapReturn } from './status';
import { FLOAT8, INT8 } from './value-tags';

/** Fills `places` with the numbers of the elements that are not NULL; returns how many. */
function validPlaces(array: usize, places: usize): u32 {
  const size = countOf(array);
  let count: u32 = 0;
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(array, i)) continue;
    store<u32>(places + (<usize>count << 2), i);
    count++;
  }
  return count;
}

// @ts-ignore: decorator
@inline
function compareAt(array: usize, tag: u32, a: u32, b: u32): i32 {
  return compareValues(tag, elementPointer(array, a), elementLength(array, a), elementPointer(array, b), elementLength(array, b));
}

/** Merge sort of places by the elements there, stable; the result is in `places`. */
function sortPlaces(array: usize, tag: u32, places: usize, scratch: usize, count: u32, sign: i32): void {
  let from = places;
  let to = scratch;
  for (let width: u32 = 1; width < count && width != 0; width <<= 1) {
    for (let start: u32 = 0; start < count; start += width << 1) {
      const middle = min(start + width, count);
      const end = min(middle + width, count);
      let left = start;
      let right = middle;
      for (let k = start; k < end; k++) {
        let takeLeft = right >= end;
        if (!takeLeft && left < middle) {
          const order = compareAt(array, tag, load<u32>(from + (<usize>left << 2)), load<u32>(from + (<usize>right << 2)));
          takeLeft = order * sign <= 0;
        }
        const source = takeLeft ? left++ : right++;
        store<u32>(to + (<usize>k << 2), load<u32>(from + (<usize>source << 2)));
      }
    }
    const swap = from;
    from = to;
    to = swap;
  }
  if (from != places) memory.copy(places, from, <usize>count << 2);
}

/** array_sort(a [, descending [, NULLs first]]); NULLs are first by themselves when it is descending. */
export function arraySort(block: usize, args: usize, count: u32): void {
  const array = nestedArgument(args, 0);
  const size = countOf(array);
  const descending = count > 1 && load<u8>(argument(args, 1)) != 0;
  const nullsFirst = count > 2 ? load<u8>(argument(args, 2)) != 0 : descending;
  const tag = elementTagOf(array);
  const variable = variableBytes(array, 0, size);
  const byteLength = <u32>arrayBytes(size, tag, variable);
  const room = <u32>(<usize>size << 3);
  const target = allocateNested(block, <u64>byteLength + room);
  if (target == 0) return;
  const places = target + byteLength;
  const valid = validPlaces(array, places);
  sortPlaces(array, tag, places, places + (<usize>valid << 2), valid, descending ? -1 : 1);
  beginArray(target, size, tag, elementScaleOf(array), byteLength);
  let next: u32 = 0;
  if (nullsFirst) for (let i = valid; i < size; i++) putNull(target, next++);
  for (let i: u32 = 0; i < valid; i++) putElements(target, next++, array, load<u32>(places + (<usize>i << 2)), 1);
  if (!nullsFirst) for (let i = valid; i < size; i++) putNull(target, next++);
  heapReturn(block, room);
  returnView(args, count, target, byteLength);
}

/** array_distinct(a): the first of equal elements, in their order. */
export function arrayDistinct(block: usize, args: usize, count: u32): void {
  const array = nestedArgument(args, 0);
  const size = countOf(array);
  const tag = elementTagOf(array);
  // At most what the array itself needs; what is left over at the end is given back.
  const bound = <u32>arrayBytes(size, tag, variableBytes(array, 0, size));
  const room = <u32>(<usize>size * 9);
  const target = allocateNested(block, <u64>bound + room);
  if (target == 0) return;
  const places = target + bound;
  const valid = validPlaces(array, places);
  const scratch = places + (<usize>valid << 2);
  sortPlaces(array, tag, places, scratch, valid, 1);
  // The sort is stable: of equal elements the first comes first. Marks say who stays.
  const marks = scratch + (<usize>valid << 2);
  memory.fill(marks, 0, size);
  let kept: u32 = 0;
  let variable: u64 = 0;
  for (let i: u32 = 0; i < valid; i++) {
    const place = load<u32>(places + (<usize>i << 2));
    if (i > 0 && compareAt(array, tag, load<u32>(places + (<usize>(i - 1) << 2)), place) == 0) continue;
    store<u8>(marks + place, 1);
    kept++;
    variable += variableBytes(array, place, place + 1);
  }
  const byteLength = <u32>arrayBytes(kept, tag, variable);
  beginArray(target, kept, tag, elementScaleOf(array), byteLength);
  let next: u32 = 0;
  for (let i: u32 = 0; i < size; i++) if (load<u8>(marks + i)) putElements(target, next++, array, i, 1);
  heapReturn(block, room + bound - byteLength);
  returnView(args, count, target, byteLength);
}

function extremum(args: usize, count: u32, sign: i32): void {
  const array = nestedArgument(args, 0);
  const size = countOf(array);
  const tag = elementTagOf(array);
  let best: i32 = -1;
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(array, i)) continue;
    if (best < 0 || compareAt(array, tag, i, <u32>best) * sign < 0) best = i;
  }
  if (best < 0) setNullResult(args, count);
  else returnValue(args, count, tag, elementPointer(array, <u32>best), elementLength(array, <u32>best));
}

export function arrayMinimum(block: usize, args: usize, count: u32): void {
  extremum(args, count, 1);
}

export function arrayMaximum(block: usize, args: usize, count: u32): void {
  extremum(args, count, -1);
}

// @ts-ignore: decorator
@inline
function integerAt(array: usize, tag: u32, index: u32): i64 {
  const pointer = elementPointer(array, index);
  return tag == INT8 ? load<i64>(pointer) : <i64>load<i32>(pointer);
}

export function arraySumIntegers(block: usize, args: usize, count: u32): void {
  const array = nestedArgument(args, 0);
  const size = countOf(array);
  const tag = elementTagOf(array);
  let sum: i64 = 0;
  let seen = false;
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(array, i)) continue;
    const value = integerAt(array, tag, i);
    const next = sum + value;
    if (((sum ^ next) & (value ^ next)) < 0) {
      fail(block, BIGINT_OVERFLOW);
      return;
    }
    sum = next;
    seen = true;
  }
  if (!seen) setNullResult(args, count);
  else store<i64>(resultOf(args, count), sum);
}

export function arraySumDoubles(block: usize, args: usize, count: u32): void {
  fold(args, count, false);
}

export function arrayAverage(block: usize, args: usize, count: u32): void {
  fold(args, count, true);
}

function fold(args: usize, count: u32, isAverage: bool): void {
  const array = nestedArgument(args, 0);
  const size = countOf(array);
  const tag = elementTagOf(array);
  let sum: f64 = 0;
  let seen: u32 = 0;
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(array, i)) continue;
    sum += tag == FLOAT8 ? load<f64>(elementPointer(array, i)) : <f64>integerAt(array, tag, i);
    seen++;
  }
  if (seen == 0) setNullResult(args, count);
  else store<f64>(resultOf(args, count), isAverage ? sum / <f64>seen : sum);
}
