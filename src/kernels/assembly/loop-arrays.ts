// Arrays that generated code goes over and makes in a loop (src/exec/expression/lambda-code.ts).
//
// Values that are to become an array lie in the heap meanwhile:
//
//    capacity × width   values, as in a column
//    capacity × u8      1 valid, 0 NULL
import { allocateArray, allocateNested, valuePointer } from './memory-call';
import {
  arrayBytes,
  beginArray,
  elementLength,
  elementPointer,
  HEADER_BYTES,
  putElement,
  putFixed,
  putNull,
  slotsOf,
} from './nested-access';
import { makeView } from './text-view';
import { isVariable, widthOf } from './value-tags';

/** Room for values; 0, with the status set, when there is none. */
export function loopRoom(block: usize, capacity: u32, width: u32): usize {
  return allocateNested(block, <u64>capacity * (width + 1));
}

/** The first `count` values of a room as an array. */
export function loopArray(block: usize, room: usize, capacity: u32, count: u32, tag: u32, scale: u32): v128 {
  const width: u32 = isVariable(tag) ? 16 : widthOf(tag);
  const validity = room + <usize>capacity * <usize>width;
  let variable: u64 = 0;
  if (isVariable(tag)) {
    for (let i: u32 = 0; i < count; i++) {
      if (load<u8>(validity + i)) variable += load<u32>(room + (<usize>i << 4));
    }
  }
  const target = allocateArray(block, count, tag, variable);
  if (target == 0) return i64x2.splat(0);
  const byteLength = <u32>arrayBytes(count, tag, variable);
  beginArray(target, count, tag, scale, byteLength);
  const slots = slotsOf(target);
  for (let i: u32 = 0; i < count; i++) {
    const value = room + <usize>i * <usize>width;
    if (isVariable(tag)) {
      if (load<u8>(validity + i)) putElement(target, i, valuePointer(value, tag), load<u32>(value));
      else putNull(target, i);
    } else if (load<u8>(validity + i)) {
      store<u8>(target + i, 1, HEADER_BYTES);
      putFixed(slots + <usize>i * <usize>width, value, tag, width);
    }
  }
  return makeView(target, byteLength);
}

/** An element of variable width; of a NULL, an empty view. */
export function arrayElementView(array: usize, place: u32): v128 {
  return makeView(elementPointer(array, place), elementLength(array, place));
}
