// Making arrays and taking them apart, called by memory (memory-call.ts).
import { putArgument } from './array-arguments';
import {
  allocateArray,
  argument,
  argumentScale,
  argumentTag,
  integerArgument,
  isNullArgument,
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
  HEADER_BYTES,
  isElementValid,
  putElements,
  putFixed,
  slotsOf,
  variableBytes,
} from './nested-access';
import { decline } from './status';
import { isVariable, widthOf } from './value-tags';

/** ARRAY[a, b, …]: the arguments are the elements. */
export function arrayOfElements(block: usize, args: usize, count: u32): void {
  const tag = argumentTag(args, count, 0);
  const scale = argumentScale(args, count, 0);
  let variable: u64 = 0;
  if (isVariable(tag)) {
    for (let i: u32 = 0; i < count; i++) {
      if (!isNullArgument(args, count, i)) variable += load<u32>(argument(args, i));
    }
  }
  const target = allocateArray(block, count, tag, variable);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(count, tag, variable);
  beginArray(target, count, tag, scale, byteLength);
  if (isVariable(tag)) {
    for (let i: u32 = 0; i < count; i++) putArgument(target, i, args, count, i);
  } else {
    const width = widthOf(tag);
    const slots = slotsOf(target);
    for (let i: u32 = 0; i < count; i++) {
      if (isNullArgument(args, count, i)) continue;
      store<u8>(target + HEADER_BYTES + i, 1);
      putFixed(slots + <usize>i * <usize>width, argument(args, i), tag, width);
    }
  }
  returnView(args, count, target, byteLength);
}

/** a[i]: NULL beyond the bounds. */
export function arrayElement(block: usize, args: usize, count: u32): void {
  const array = nestedArgument(args, 0);
  const index = <u32>(load<i32>(argument(args, 1)) - 1);
  if (index >= countOf(array) || !isElementValid(array, index)) {
    setNullResult(args, count);
    return;
  }
  returnValue(args, count, elementTagOf(array), elementPointer(array, index), elementLength(array, index));
}

/** a[from:to], counted from 1; what is beyond the bounds is left out. */
export function arraySlice(block: usize, args: usize, count: u32): void {
  const array = nestedArgument(args, 0);
  const size = <i64>countOf(array);
  const from = max<i64>(integerArgument(args, 1), 1) - 1;
  const to = max(min<i64>(integerArgument(args, 2), size), from);
  slice(block, args, count, array, <u32>min(from, size), <u32>min(to, size));
}

/** The elements from `from` up to, but without, `to`. */
function slice(block: usize, args: usize, count: u32, array: usize, from: u32, to: u32): void {
  const tag = elementTagOf(array);
  const taken = to - from;
  const variable = variableBytes(array, from, to);
  const target = allocateArray(block, taken, tag, variable);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(taken, tag, variable);
  beginArray(target, taken, tag, elementScaleOf(array), byteLength);
  putElements(target, 0, array, from, taken);
  returnView(args, count, target, byteLength);
}

/** Of all dimensions. */
function elementCount(array: usize): u32 {
  const count = countOf(array);
  if (elementTagOf(array) != 17) return count;
  let sum: u32 = 0;
  for (let i: u32 = 0; i < count; i++) if (isElementValid(array, i)) sum += elementCount(elementPointer(array, i));
  return sum;
}

/** cardinality(a). */
export function arrayElementCount(block: usize, args: usize, count: u32): void {
  store<i32>(resultOf(args, count), elementCount(nestedArgument(args, 0)));
}

/** array_size(a). */
export function arraySize(block: usize, args: usize, count: u32): void {
  store<i32>(resultOf(args, count), countOf(nestedArgument(args, 0)));
}

/** array_length(a, n): how many elements the n-th dimension has; NULL when it is empty or not there. */
export function arrayLength(block: usize, args: usize, count: u32): void {
  let array = nestedArgument(args, 0);
  let dimension = load<i32>(argument(args, 1));
  const innermost = dimension < 1;
  while (!innermost && dimension > 1 && countOf(array) > 0 && elementTagOf(array) == 17 && isElementValid(array, 0)) {
    array = elementPointer(array, 0);
    dimension--;
  }
  if (dimension != 1 || countOf(array) == 0) setNullResult(args, count);
  else store<i32>(resultOf(args, count), countOf(array));
}

/** array_append(a, x): a NULL array counts as empty. */
export function arrayAppend(block: usize, args: usize, count: u32): void {
  join(block, args, count, 0, 1);
}

/** array_prepend(x, a). */
export function arrayPrepend(block: usize, args: usize, count: u32): void {
  join(block, args, count, 1, 0);
}

/** The elements of an array argument and another argument as one more, behind it, or before it when it comes first. */
function join(block: usize, args: usize, count: u32, arrayPlace: u32, elementPlace: u32): void {
  const array: usize = isNullArgument(args, count, arrayPlace) ? 0 : nestedArgument(args, arrayPlace);
  const size = array == 0 ? 0 : countOf(array);
  const tag = argumentTag(args, count, elementPlace);
  let variable: u64 = array == 0 ? 0 : variableBytes(array, 0, size);
  if (isVariable(tag) && !isNullArgument(args, count, elementPlace)) variable += load<u32>(argument(args, elementPlace));
  const target = allocateArray(block, size + 1, tag, variable);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(size + 1, tag, variable);
  beginArray(target, size + 1, tag, argumentScale(args, count, elementPlace), byteLength);
  const isFirst = elementPlace < arrayPlace;
  if (isFirst) putArgument(target, 0, args, count, elementPlace);
  if (array != 0) putElements(target, isFirst ? 1 : 0, array, 0, size);
  if (!isFirst) putArgument(target, size, args, count, elementPlace);
  returnView(args, count, target, byteLength);
}

/** array_cat(a, b): NULL counts as empty; NULL when both are. */
export function arrayConcatenate(block: usize, args: usize, count: u32): void {
  const isNullA = isNullArgument(args, count, 0);
  const isNullB = isNullArgument(args, count, 1);
  if (isNullA || isNullB) {
    if (isNullA && isNullB) setNullResult(args, count);
    else v128.store(resultOf(args, count), v128.load(argument(args, isNullA ? 1 : 0)));
    return;
  }
  const a = nestedArgument(args, 0);
  const b = nestedArgument(args, 1);
  const sizeA = countOf(a);
  const sizeB = countOf(b);
  const tag = elementTagOf(a);
  const variable = <u64>variableBytes(a, 0, sizeA) + <u64>variableBytes(b, 0, sizeB);
  const target = allocateArray(block, sizeA + sizeB, tag, variable);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(sizeA + sizeB, tag, variable);
  beginArray(target, sizeA + sizeB, tag, elementScaleOf(a), byteLength);
  putElements(target, 0, a, 0, sizeA);
  putElements(target, sizeA, b, 0, sizeB);
  returnView(args, count, target, byteLength);
}

/** trim_array(a, n): without the last n elements. Left to TypeScript where n is no number of elements, an error. */
export function arrayTrim(block: usize, args: usize, count: u32): void {
  const array = nestedArgument(args, 0);
  const size = <i64>countOf(array);
  const trimmed = integerArgument(args, 1);
  if (trimmed < 0 || trimmed > size) {
    decline(block);
    return;
  }
  slice(block, args, count, array, 0, <u32>(size - trimmed));
}

/** The elements in the opposite order. */
export function arrayReverse(block: usize, args: usize, count: u32): void {
  const array = nestedArgument(args, 0);
  const size = countOf(array);
  const tag = elementTagOf(array);
  const variable = variableBytes(array, 0, size);
  const target = allocateArray(block, size, tag, variable);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(size, tag, variable);
  beginArray(target, size, tag, elementScaleOf(array), byteLength);
  for (let i: u32 = 0; i < size; i++) putElements(target, i, array, size - 1 - i, 1);
  returnView(args, count, target, byteLength);
}
