// Casts of arrays of numbers to wider ones, called by memory (memory-call.ts).
import { allocateArray, nestedArgument, returnView } from './memory-call';
import { arrayBytes, beginArray, countOf, elementTagOf, isElementValid, slotsOf } from './nested-access';
import { FLOAT4, FLOAT8, INT4, INT8, widthOf } from './value-tags';

function widen(block: usize, args: usize, count: u32, tag: u32): void {
  const source = nestedArgument(args, 0);
  const size = countOf(source);
  const target = allocateArray(block, size, tag, 0);
  if (target == 0) return;
  const byteLength = <u32>arrayBytes(size, tag, 0);
  beginArray(target, size, tag, 0, byteLength);
  memory.copy(target + 8, source + 8, size);
  const from = elementTagOf(source);
  const sourceSlots = slotsOf(source);
  const slots = slotsOf(target);
  const sourceWidth = widthOf(from);
  const width = widthOf(tag);
  for (let i: u32 = 0; i < size; i++) {
    if (isElementValid(source, i)) convert(from, sourceSlots + i * sourceWidth, tag, slots + i * width);
  }
  returnView(args, count, target, byteLength);
}

// @ts-ignore: decorator
@inline
function convert(from: u32, source: usize, to: u32, target: usize): void {
  if (to == FLOAT8) {
    const value: f64 = from == FLOAT4 ? <f64>load<f32>(source) : <f64>integer(from, source);
    store<f64>(target, value != value ? reinterpret<f64>(<u64>0x7ff8000000000000) : value);
  } else if (to == FLOAT4) store<f32>(target, <f32>integer(from, source));
  else if (to == INT8) store<i64>(target, integer(from, source));
  else store<i32>(target, <i32>integer(from, source));
}

// @ts-ignore: decorator
@inline
function integer(tag: u32, source: usize): i64 {
  return tag == INT8 ? load<i64>(source) : <i64>load<i32>(source);
}

export function widenArrayToInteger(block: usize, args: usize, count: u32): void {
  widen(block, args, count, INT4);
}

export function widenArrayToBigint(block: usize, args: usize, count: u32): void {
  widen(block, args, count, INT8);
}

export function widenArrayToReal(block: usize, args: usize, count: u32): void {
  widen(block, args, count, FLOAT4);
}

export function widenArrayToDouble(block: usize, args: usize, count: u32): void {
  widen(block, args, count, FLOAT8);
}
