// Series as arrays, called by memory (memory-call.ts), for generate_series over columns; and arrays of arrays in one.
import {
  allocateArray,
  argument,
  argumentScale,
  argumentTag,
  isNullArgument,
  nestedArgument,
  returnView,
  setNullResult,
} from './memory-call';
import {
  arrayBytes,
  beginArray,
  countOf,
  elementPointer,
  tagOf,
  isElementValid,
  putElement,
  putElements,
  variableBytes,
} from './nested-access';
import { decline } from './status';
import { INT8, widthOf } from './value-tags';

// @ts-ignore: decorator
@inline
function integer(args: usize, count: u32, place: u32): i64 {
  const value = argument(args, place);
  return argumentTag(args, count, place) == INT8 ? load<i64>(value) : <i64>load<i32>(value);
}

/** From the first argument to the second, by the third. Left to TypeScript where the step is 0, an error. */
export function seriesArray(block: usize, args: usize, count: u32): void {
  const start = integer(args, count, 0);
  const stop = integer(args, count, 1);
  const step: i64 = count > 2 ? integer(args, count, 2) : 1;
  if (step == 0) {
    decline(block);
    return;
  }
  const tag = argumentTag(args, count, 0);
  // The distance of two i64 fits a u64.
  let size: u64 = 0;
  if (step > 0 && start <= stop) size = (<u64>stop - <u64>start) / <u64>step + 1;
  if (step < 0 && start >= stop) size = (<u64>start - <u64>stop) / (0 - <u64>step) + 1;
  const length = <u32>min<u64>(size, 0x3fffffff);
  const target = allocateArray(block, length, tag, 0);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(length, tag, 0);
  beginArray(target, length, tag, 0, byteLength);
  const scratch = argument(args, count);
  let value = start;
  for (let i: u32 = 0; i < length; i++) {
    store<i64>(scratch, value);
    putElement(target, i, scratch, widthOf(tag));
    value += step;
  }
  returnView(args, count, target, byteLength);
}

/** The elements of all arrays of an array, in one. */
export function arrayFlatten(block: usize, args: usize, count: u32): void {
  if (isNullArgument(args, count, 0)) {
    setNullResult(args, count);
    return;
  }
  const outer = nestedArgument(args, 0);
  const size = countOf(outer);
  const tag = argumentTag(args, count, 1);
  let length: u32 = 0;
  let variable: u64 = 0;
  const scale = argumentScale(args, count, 1);
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(outer, i)) continue;
    const inner = elementPointer(outer, i);
    length += countOf(inner);
    variable += variableBytes(inner, 0, countOf(inner));
  }
  const target = allocateArray(block, length, tag, variable);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(length, tag, variable);
  beginArray(target, length, tag, scale, byteLength);
  let next: u32 = 0;
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(outer, i)) continue;
    const inner = elementPointer(outer, i);
    putElements(target, next, inner, 0, countOf(inner));
    next += countOf(inner);
  }
  returnView(args, count, target, byteLength);
}
