// Arguments of memory calls (memory-call.ts) that are, or become, elements of arrays.
import { argument, argumentTag, isNullArgument, valuePointer } from './memory-call';
import { putElement, putNull } from './nested-access';
import { isVariable, widthOf } from './value-tags';

export function putArgument(array: usize, index: u32, args: usize, count: u32, place: u32): void {
  const tag = argumentTag(args, count, place);
  const value = argument(args, place);
  if (isNullArgument(args, count, place)) putNull(array, index);
  else putElement(array, index, valuePointer(value, tag), isVariable(tag) ? load<u32>(value) : widthOf(tag));
}

// @ts-ignore: decorator
@inline
export function bytesOfArgument(args: usize, count: u32, place: u32): usize {
  if (isNullArgument(args, count, place)) return 0;
  return valuePointer(argument(args, place), argumentTag(args, count, place));
}

// @ts-ignore: decorator
@inline
export function lengthOfArgument(args: usize, count: u32, place: u32): u32 {
  const tag = argumentTag(args, count, place);
  return isVariable(tag) ? load<u32>(argument(args, place)) : widthOf(tag);
}
