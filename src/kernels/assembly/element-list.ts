// All values of a group, NULLs included, that become an array: array_agg of types of fixed width, without an order.
//
// A list is an i64, as text-list.ts has it, of chunks in the heap of what outlives the batch:
//
//    0  next      address of the next chunk, or 0
//    4  capacity  a multiple of 8: bytes of the places
//    8  bytes     of the values that there is room for
//   12  0
//   16  count     elements in the chunk
//   20  0
//   24  u8 a place: 1 valid, 0 NULL; then the values
//
// so that the kernels of text-list and group-spill link, move and read chunks as they do items, and a chunk alone that is
// zeros where it is not used is an array from its byte 16 on, but for the tags.
import { copyExactly } from './copy-bytes';
import { arrayBytes, beginArray, countOf, HEADER_BYTES, putFixed, slotsOf } from './nested-access';
import { fail, heapAllocate, keepAllocate, TEXT_TOO_LONG } from './status';
import { textListConcat } from './text-list';
import { makeView } from './text-view';
import { FLOAT4, FLOAT8, widthOf } from './value-tags';

// @ts-ignore: decorator
@inline const CHUNK_HEADER: u32 = 24;
// @ts-ignore: decorator
@inline const FIRST_CAPACITY: u32 = 8;
/** Chunks must fit blocks of rows. */
// @ts-ignore: decorator
@inline const MOST_BYTES: u32 = 16384;
/** PostgreSQL's limit of a value. */
// @ts-ignore: decorator
@inline const LONGEST: u64 = 0x3fffffff;

/** A chunk with room for one more element: the last, or a new one that is not part of the list yet. 0: heap exhausted. */
export function elementListRoom(block: usize, list: i64, width: u32): usize {
  const last = <usize>(<u64>list >> 32);
  let capacity = FIRST_CAPACITY;
  if (last != 0) {
    capacity = load<u32>(last, 4);
    if (load<u32>(last, 16) < capacity) return last;
    if ((capacity << 1) * (width + 1) <= MOST_BYTES) capacity <<= 1;
  }
  const chunk = keepAllocate(block, CHUNK_HEADER + capacity * (width + 1));
  if (chunk == 0) return 0;
  store<u32>(chunk, 0);
  store<u32>(chunk, capacity, 4);
  store<u64>(chunk, capacity * width, 8);
  store<u64>(chunk, 0, 16);
  if (last == 0) for (let at: u32 = 0; at < capacity * (width + 1); at += 8) store<u64>(chunk + at, 0, CHUNK_HEADER);
  return chunk;
}

// @ts-ignore: decorator
@inline
function link(list: i64, chunk: usize): i64 {
  if (<usize>(<u64>list >> 32) == chunk) return list;
  return textListConcat(list, <i64>chunk | (<i64>chunk << 32));
}

/** The place of the next value of a chunk, whose validity is written; the chunk has one element more then. */
// @ts-ignore: decorator
@inline
function nextPlace(chunk: usize, width: u32, isNull: i32): usize {
  const count = load<u32>(chunk, 16);
  store<u8>(chunk + count, u8(isNull == 0), CHUNK_HEADER);
  store<u32>(chunk, count + 1, 16);
  return chunk + CHUNK_HEADER + load<u32>(chunk, 4) + count * width;
}

/** Values of up to 8 bytes, the lowest of these; a NULL has any. */
export function elementListAppend(list: i64, chunk: usize, value: i64, width: u32, isNull: i32): i64 {
  const place = nextPlace(chunk, width, isNull);
  const kept = isNull ? 0 : value;
  if (width == 4) store<u32>(place, <u32>kept);
  else if (width == 8) store<i64>(place, kept);
  else store<u8>(place, <u8>kept);
  return link(list, chunk);
}

export function elementListAppendWide(list: i64, chunk: usize, value: v128, isNull: i32): i64 {
  v128.store(nextPlace(chunk, 16, isNull), isNull ? i64x2.splat(0) : value);
  return link(list, chunk);
}

/** The array of a list that is not empty. */
export function elementListArray(block: usize, list: i64, tag: u32, scale: u32): v128 {
  const first = <usize>(list & 0xffffffff);
  let count: u32 = 0;
  for (let chunk = first; chunk != 0; chunk = load<u32>(chunk)) count += load<u32>(chunk, 16);
  const byteLength = arrayBytes(count, tag, 0);
  if (byteLength > LONGEST) {
    fail(block, TEXT_TOO_LONG);
    return i64x2.splat(0);
  }
  if (load<u32>(first) == 0 && load<u32>(first, 4) == FIRST_CAPACITY && count > 0) return arrayInPlace(first, tag, scale);
  const target = heapAllocate(block, <u32>byteLength);
  if (target == 0) return i64x2.splat(0);
  beginArray(target, count, tag, scale, <u32>byteLength);
  const width = widthOf(tag);
  let validity = target + HEADER_BYTES;
  let values = slotsOf(target);
  for (let chunk = first; chunk != 0; chunk = load<u32>(chunk)) {
    const elements = load<u32>(chunk, 16);
    const source = chunk + CHUNK_HEADER + load<u32>(chunk, 4);
    copyExactly(validity, chunk + CHUNK_HEADER, elements);
    putValues(values, source, elements, tag, width);
    validity += elements;
    values += elements * width;
  }
  return makeView(target, <u32>byteLength);
}

/** Some values, floats in their canonical form. */
// @ts-ignore: decorator
@inline
function putValues(target: usize, source: usize, count: u32, tag: u32, width: u32): void {
  const byteCount = count * width;
  if (tag == FLOAT4 || tag == FLOAT8) {
    for (let at: u32 = 0; at < byteCount; at += width) putFixed(target + at, source + at, tag, width);
  } else if (target != source) copyExactly(target, source, byteCount);
}

/** A first chunk, which was zeros, as an array where it lies: 1 … FIRST_CAPACITY elements have their values where it has. */
function arrayInPlace(chunk: usize, tag: u32, scale: u32): v128 {
  const array = chunk + CHUNK_HEADER - HEADER_BYTES;
  const count = countOf(array);
  beginArray(array, count, tag, scale, HEADER_BYTES);
  putValues(slotsOf(array), slotsOf(array), count, tag, widthOf(tag));
  return makeView(array, <u32>arrayBytes(count, tag, 0));
}
