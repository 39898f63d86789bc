// array_to_string, called by memory (memory-call.ts).
import { argument, isNullArgument, nestedArgument, returnView, setNullResult } from './memory-call';
import { countOf, elementLength, elementPointer, elementScaleOf, elementTagOf, isElementValid } from './nested-access';
import { boundPart, formatPart, SLACK_BYTES } from './nested-text';
import { decline, heapAllocate, heapReturn } from './status';
import { lengthOf, pointerOf } from './text-view';
import { ARRAY } from './value-tags';

const LARGEST_TEXT: u64 = 0x10000000;

/**
 * (array, separator [, text that stands for NULL]): the elements that are not NULL with the separator between them; those of
 * arrays within it one after the other. `constant` holds the address of the powers of ten. Too long texts are declined.
 */
export function arrayToText(block: usize, args: usize, count: u32, constant: usize): void {
  if (isNullArgument(args, count, 0) || isNullArgument(args, count, 1)) {
    setNullResult(args, count);
    return;
  }
  const array = nestedArgument(args, 0);
  const separator = v128.load(argument(args, 1));
  const showsNulls = count > 2 && !isNullArgument(args, count, 2);
  const forNull = showsNulls ? v128.load(argument(args, 2)) : i64x2.splat(0);
  const bound = boundOf(array, lengthOf(separator), lengthOf(forNull)) + SLACK_BYTES;
  if (bound > LARGEST_TEXT) {
    decline(block);
    return;
  }
  const target = heapAllocate(block, <u32>bound);
  if (target == 0) return;
  const end = putElements(target, array, separator, forNull, showsNulls, load<u32>(constant));
  // There is a separator before each.
  const skipped = end == target ? 0 : lengthOf(separator);
  heapReturn(block, <u32>bound - ((<u32>(end - target) + 31) & ~15));
  returnView(args, count, target + skipped, <u32>(end - target) - skipped);
}

function putElements(target: usize, array: usize, separator: v128, forNull: v128, showsNulls: bool, powers: usize): usize {
  const tag = elementTagOf(array);
  const scale = elementScaleOf(array);
  const elements = countOf(array);
  let at = target;
  for (let i: u32 = 0; i < elements; i++) {
    const isValid = isElementValid(array, i);
    if (!isValid && !showsNulls) continue;
    if (isValid && tag == ARRAY) {
      at = putElements(at, elementPointer(array, i), separator, forNull, showsNulls, powers);
      continue;
    }
    at = putText(at, separator);
    if (!isValid) at = putText(at, forNull);
    else at += formatPart(tag, scale, elementPointer(array, i), elementLength(array, i), powers, 0, at);
  }
  return at;
}

function boundOf(array: usize, separator: u32, forNull: u32): u64 {
  const tag = elementTagOf(array);
  const elements = countOf(array);
  let total = <u64>elements * (<u64>separator + <u64>forNull);
  for (let i: u32 = 0; i < elements; i++) {
    if (!isElementValid(array, i)) continue;
    const pointer = elementPointer(array, i);
    total += tag == ARRAY ? boundOf(pointer, separator, forNull) : boundPart(tag, pointer, elementLength(array, i));
  }
  return total;
}

// @ts-ignore: decorator
@inline
function putText(at: usize, text: v128): usize {
  memory.copy(at, pointerOf(text), lengthOf(text));
  return at + lengthOf(text);
}
