// Comparisons of a value with the elements of an array: ANY and ALL, called by memory (memory-call.ts).
import { bytesOfArgument, lengthOfArgument } from './array-arguments';
import { findValue } from './find-value';
import { isNullArgument, nestedArgument, resultOf, setNullResult } from './memory-call';
import { countOf, elementLength, elementPointer, elementTagOf, isElementValid } from './nested-access';
import { compareValues } from './nested-compare';

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
  const value = bytesOfArgument(args, count, 0);
  const length = lengthOfArgument(args, count, 0);
  if (decides(operator, isAll, array, value, length)) store<i32>(result, i32(!isAll));
  else if (findValue(array, 0, 0, 0) < size) setNullResult(args, count);
}

/** Does one element settle the answer: for ANY one for which the comparison holds, for ALL one for which it does not? */
function decides(operator: u32, isAll: bool, array: usize, value: usize, length: u32): bool {
  const size = countOf(array);
  if (operator == (isAll ? 1 : 0)) return findValue(array, value, length, 0) < size;
  const tag = elementTagOf(array);
  for (let i: u32 = 0; i < size; i++) {
    if (!isElementValid(array, i)) continue;
    const order = compareValues(tag, value, length, elementPointer(array, i), elementLength(array, i));
    if (holds(operator, order) != isAll) return true;
  }
  return false;
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
