// Making arrays and taking them apart, called by memory (memory-call.ts).
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
  valuePointer,
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
  putElement,
  putElements,
  HEADER_BYTES,
  putFixed,
  putNull,
  slotsOf,
  variableBytes,
} from './nested-access';
import { compareValues } from './nested-compare';
import { decline } from './status';
import { DATE, DECIMAL64, INT2, INT4, INT8, isVariable, TIMESTAMPTZ, widthOf } from './value-tags';

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

function putArgument(array: usize, index: u32, args: usize, count: u32, place: u32): void {
  const tag = argumentTag(args, count, place);
  const value = argument(args, place);
  if (isNullArgument(args, count, place)) putNull(array, index);
  else putElement(array, index, valuePointer(value, tag), isVariable(tag) ? load<u32>(value) : widthOf(tag));
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

/** cardinality(a). */
export function arrayCardinality(block: usize, args: usize, count: u32): void {
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

/** Is element `index` the value (NULL: pointer 0)? */
function isValue(array: usize, index: u32, tag: u32, value: usize, length: u32): bool {
  if (!isElementValid(array, index)) return value == 0;
  return value != 0 && compareValues(tag, elementPointer(array, index), elementLength(array, index), value, length) == 0;
}

// @ts-ignore: decorator
@inline
function bytesOfArgument(args: usize, count: u32, place: u32): usize {
  if (isNullArgument(args, count, place)) return 0;
  return valuePointer(argument(args, place), argumentTag(args, count, place));
}

// @ts-ignore: decorator
@inline
function lengthOfArgument(args: usize, count: u32, place: u32): u32 {
  const tag = argumentTag(args, count, place);
  return isVariable(tag) ? load<u32>(argument(args, place)) : widthOf(tag);
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

/**
 * x <operator> ANY or ALL (array): arguments are x and the array. Operators: 0 =, 1 <>, 2 <, 3 <=, 4 >, 5 >=. The
 * answer is NULL where the array is, and where no element decides and x or an element is NULL.
 */
function quantified(args: usize, count: u32, operator: u32, isAll: bool): void {
  if (isNullArgument(args, count, 1)) {
    setNullResult(args, count);
    return;
  }
  const array = nestedArgument(args, 1);
  const size = countOf(array);
  const result = resultOf(args, count);
  store<i32>(result, i32(isAll));
  if (size == 0) return;
  if (isNullArgument(args, count, 0)) {
    setNullResult(args, count);
    return;
  }
  const tag = elementTagOf(array);
  const value = bytesOfArgument(args, count, 0);
  const length = lengthOfArgument(args, count, 0);
  let sawNull = false;
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(array, i)) {
      sawNull = true;
      continue;
    }
    const order = compareValues(tag, value, length, elementPointer(array, i), elementLength(array, i));
    if (holds(operator, order) != isAll) {
      store<i32>(result, i32(!isAll));
      return;
    }
  }
  if (sawNull) setNullResult(args, count);
}

function holds(operator: u32, order: i32): bool {
  switch (operator) {
    case 0:
      return order == 0;
    case 1:
      return order != 0;
    case 2:
      return order < 0;
    case 3:
      return order <= 0;
    case 4:
      return order > 0;
    default:
      return order >= 0;
  }
}

export function equalsAny(block: usize, args: usize, count: u32): void {
  quantified(args, count, 0, false);
}

export function differsFromAny(block: usize, args: usize, count: u32): void {
  quantified(args, count, 1, false);
}

export function lessThanAny(block: usize, args: usize, count: u32): void {
  quantified(args, count, 2, false);
}

export function atMostAny(block: usize, args: usize, count: u32): void {
  quantified(args, count, 3, false);
}

export function greaterThanAny(block: usize, args: usize, count: u32): void {
  quantified(args, count, 4, false);
}

export function atLeastAny(block: usize, args: usize, count: u32): void {
  quantified(args, count, 5, false);
}

export function equalsAll(block: usize, args: usize, count: u32): void {
  quantified(args, count, 0, true);
}

export function differsFromAll(block: usize, args: usize, count: u32): void {
  quantified(args, count, 1, true);
}

export function lessThanAll(block: usize, args: usize, count: u32): void {
  quantified(args, count, 2, true);
}

export function atMostAll(block: usize, args: usize, count: u32): void {
  quantified(args, count, 3, true);
}

export function greaterThanAll(block: usize, args: usize, count: u32): void {
  quantified(args, count, 4, true);
}

export function atLeastAll(block: usize, args: usize, count: u32): void {
  quantified(args, count, 5, true);
}
