// array_to_string, called by memory (memory-call.ts).
import { argument, isNullArgument, nestedArgument, returnView, setNullResult } from './memory-call';
import { countOf, elementLength, elementPointer, elementScaleOf, elementTagOf, isElementValid } from './nested-access';
import { formatValue } from './postgres-text';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';
import { BOOL, DATE, INT2, INT4, INT8, isVariable, TEXT, TIMESTAMP, UUID } from './value-tags';

/** What a value of fixed width is at most, as text, with what its formatter touches behind it. */
const FIXED_BYTES: u64 = 96;
const LARGEST_TEXT: u64 = 0x10000000;

/**
 * (array, separator [, text that stands for NULL]): the elements that are not NULL with the separator between them. Other
 * types than texts, numbers and dates are declined.
 */
export function arrayToText(block: usize, args: usize, count: u32): void {
  if (isNullArgument(args, count, 0) || isNullArgument(args, count, 1)) {
    setNullResult(args, count);
    return;
  }
  const array = nestedArgument(args, 0);
  const tag = elementTagOf(array);
  const elements = countOf(array);
  const separator = v128.load(argument(args, 1));
  const showsNulls = count > 2 && !isNullArgument(args, count, 2);
  const forNull = showsNulls ? v128.load(argument(args, 2)) : i64x2.splat(0);
  const bound = boundOf(array, lengthOf(separator), lengthOf(forNull));
  if (!isWritten(tag) || bound > LARGEST_TEXT) {
    decline(block);
    return;
  }
  const target = heapAllocate(block, <u32>bound);
  if (target == 0) return;
  let at = target;
  let isFirst = true;
  for (let i: u32 = 0; i < elements; i++) {
    const isValid = isElementValid(array, i);
    if (!isValid && !showsNulls) continue;
    if (!isFirst) at = putText(at, separator);
    isFirst = false;
    if (!isValid) at = putText(at, forNull);
    else if (tag == TEXT) at = putBytes(at, elementPointer(array, i), elementLength(array, i));
    else at += formatValue(tag, elementScaleOf(array), elementPointer(array, i), 0, 0, at);
  }
  heapReturn(block, <u32>bound - <u32>(at - target));
  returnView(args, count, target, <u32>(at - target));
}

function isWritten(tag: u32): bool {
  return tag == TEXT || tag == INT2 || tag == INT4 || tag == INT8 || tag == BOOL || tag == DATE || tag == TIMESTAMP || tag == UUID;
}

function boundOf(array: usize, separator: u32, forNull: u32): u64 {
  const elements = countOf(array);
  let total = <u64>elements * (<u64>separator + <u64>forNull) + FIXED_BYTES;
  if (!isVariable(elementTagOf(array))) return total + <u64>elements * FIXED_BYTES;
  for (let i: u32 = 0; i < elements; i++) total += elementLength(array, i);
  return total;
}

// @ts-ignore: decorator
@inline
function putText(at: usize, text: v128): usize {
  return putBytes(at, pointerOf(text), lengthOf(text));
}

// @ts-ignore: decorator
@inline
function putBytes(at: usize, source: usize, length: u32): usize {
  memory.copy(at, source, length);
  return at + length;
}
