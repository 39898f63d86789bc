// Reading and writing nested values, for other kernels; not exported from the module. src/types/nested-codec.ts draws
// the layouts.
import { ARRAY, FLOAT4, FLOAT8, isVariable, widthOf } from './value-tags';

export const HEADER_BYTES: u32 = 8;

// @ts-ignore: decorator
@inline
export function padded(byteLength: u32): u32 {
  return (byteLength + 7) & ~7;
}

/** Elements of an array, fields of a struct, entries of a map. */
// @ts-ignore: decorator
@inline
export function countOf(value: usize): u32 {
  return load<u32>(value);
}

// @ts-ignore: decorator
@inline
export function tagOf(value: usize): u32 {
  return load<u8>(value, 4);
}

// @ts-ignore: decorator
@inline
export function elementTagOf(array: usize): u32 {
  return load<u8>(array, 5);
}

// @ts-ignore: decorator
@inline
export function elementScaleOf(array: usize): u32 {
  return load<u8>(array, 6);
}

// @ts-ignore: decorator
@inline
export function isElementValid(array: usize, index: u32): bool {
  return load<u8>(array + index, HEADER_BYTES) != 0;
}

/** Bytes of an element in the part of fixed width: its value, or where its bytes end. */
// @ts-ignore: decorator
@inline
export function slotWidthOf(tag: u32): u32 {
  return isVariable(tag) ? 4 : widthOf(tag);
}

/** Where the part of fixed width begins. */
// @ts-ignore: decorator
@inline
export function slotsOf(array: usize): usize {
  return array + HEADER_BYTES + padded(countOf(array));
}

/** Where the bytes of variable width begin. */
// @ts-ignore: decorator
@inline
export function bytesOf(array: usize): usize {
  const count = countOf(array);
  return array + HEADER_BYTES + padded(count) + padded(count << 2);
}

/** Where the bytes of an element of variable width end, counted from `bytesOf`; −1 is the element before the first. */
// @ts-ignore: decorator
@inline
export function endOf(array: usize, index: i32): u32 {
  return index < 0 ? 0 : load<u32>(slotsOf(array) + (<usize>index << 2));
}

export function elementPointer(array: usize, index: u32): usize {
  const tag = elementTagOf(array);
  if (isVariable(tag)) return bytesOf(array) + endOf(array, <i32>index - 1);
  return slotsOf(array) + <usize>index * <usize>widthOf(tag);
}

export function elementLength(array: usize, index: u32): u32 {
  const tag = elementTagOf(array);
  if (isVariable(tag)) return endOf(array, index) - endOf(array, <i32>index - 1);
  return widthOf(tag);
}

/** Bytes of the elements from `from` up to `to` in the part of variable width. */
export function variableBytes(array: usize, from: u32, to: u32): u32 {
  if (to <= from || !isVariable(elementTagOf(array))) return 0;
  return endOf(array, to - 1) - endOf(array, <i32>from - 1);
}

/** Bytes of an array; more than 32 bits where it would be too long. */
export function arrayBytes(count: u32, tag: u32, variable: u64): u64 {
  const slots = <u64>count * <u64>slotWidthOf(tag);
  return ((HEADER_BYTES + <u64>padded(count) + ((slots + 7) & ~7) + variable) + 7) & ~7;
}

/** Begins an array of NULLs; its elements are then put in order. */
export function beginArray(target: usize, count: u32, tag: u32, scale: u32, byteLength: u32): void {
  clear(target, byteLength);
  store<u32>(target, count);
  store<u8>(target, <u8>ARRAY, 4);
  store<u8>(target, <u8>tag, 5);
  store<u8>(target, <u8>scale, 6);
}

/** Zeroes a multiple of 8 bytes: most values are short, and a call of memory.fill costs more. */
// @ts-ignore: decorator
@inline
function clear(target: usize, byteLength: u32): void {
  if (byteLength > 256) memory.fill(target, 0, byteLength);
  else for (let i: u32 = 0; i < byteLength; i += 8) store<u64>(target + i, 0);
}

/** A NULL as element `index`; of fixed width it is there already. */
export function putNull(array: usize, index: u32): void {
  if (isVariable(elementTagOf(array))) store<u32>(slotsOf(array) + (<usize>index << 2), endOf(array, <i32>index - 1));
}

/** Element `index` of the `length` bytes at `source`; floats become canonical. */
export function putElement(array: usize, index: u32, source: usize, length: u32): void {
  const tag = elementTagOf(array);
  store<u8>(array + index, 1, HEADER_BYTES);
  if (isVariable(tag)) {
    const start = endOf(array, <i32>index - 1);
    memory.copy(bytesOf(array) + start, source, length);
    store<u32>(slotsOf(array) + (<usize>index << 2), start + length);
    return;
  }
  putFixed(slotsOf(array) + <usize>index * <usize>length, source, tag, length);
}

/** A value of fixed width, floats in their canonical form: one NaN, and no −0. */
export function putFixed(target: usize, source: usize, tag: u32, width: u32): void {
  if (tag == FLOAT8) {
    const value = load<f64>(source);
    store<f64>(target, value != value ? reinterpret<f64>(<u64>0x7ff8000000000000) : value + 0.0);
  } else if (tag == FLOAT4) {
    const value = load<f32>(source);
    store<f32>(target, value != value ? reinterpret<f32>(<u32>0x7fc00000) : value + <f32>0.0);
  } else if (width == 4) store<u32>(target, load<u32>(source));
  else if (width == 8) store<u64>(target, load<u64>(source));
  else if (width == 16) v128.store(target, v128.load(source));
  else memory.copy(target, source, width);
}

/** Elements `from` … `from + count` of an array of the same type become those from `index` on. */
export function putElements(array: usize, index: u32, source: usize, from: u32, count: u32): void {
  if (count == 0) return;
  memory.copy(array + HEADER_BYTES + index, source + HEADER_BYTES + from, count);
  const tag = elementTagOf(array);
  if (!isVariable(tag)) {
    const width = <usize>widthOf(tag);
    memory.copy(slotsOf(array) + <usize>index * width, slotsOf(source) + <usize>from * width, <usize>count * width);
    return;
  }
  const start = endOf(array, <i32>index - 1);
  const sourceStart = endOf(source, <i32>from - 1);
  const slots = slotsOf(array) + (<usize>index << 2);
  const sourceSlots = slotsOf(source) + (<usize>from << 2);
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(slots + (<usize>i << 2), load<u32>(sourceSlots + (<usize>i << 2)) - sourceStart + start);
  }
  memory.copy(bytesOf(array) + start, bytesOf(source) + sourceStart, variableBytes(source, from, from + count));
}

// Structs.

// @ts-ignore: decorator
@inline
export function fieldEntry(struct: usize, index: u32): usize {
  return struct + HEADER_BYTES + (<usize>index << 3);
}

// @ts-ignore: decorator
@inline
export function isFieldValid(struct: usize, index: u32): bool {
  return load<u8>(fieldEntry(struct, index), 2) != 0;
}

// @ts-ignore: decorator
@inline
export function fieldTag(struct: usize, index: u32): u32 {
  return load<u8>(fieldEntry(struct, index));
}

// @ts-ignore: decorator
@inline
export function fieldScale(struct: usize, index: u32): u32 {
  return load<u8>(fieldEntry(struct, index), 1);
}

export function fieldStart(struct: usize, index: u32): u32 {
  return index == 0 ? 0 : load<u32>(fieldEntry(struct, index - 1), 4);
}

export function fieldPointer(struct: usize, index: u32): usize {
  return fieldEntry(struct, countOf(struct)) + fieldStart(struct, index);
}

export function fieldLength(struct: usize, index: u32): u32 {
  return load<u32>(fieldEntry(struct, index), 4) - fieldStart(struct, index);
}

// Maps.

// @ts-ignore: decorator
@inline
export function keysOf(map: usize): usize {
  return map + 16;
}

// @ts-ignore: decorator
@inline
export function valuesOf(map: usize): usize {
  return map + 16 + load<u32>(map, 8);
}
