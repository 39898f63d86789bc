// string_agg without an order: texts of a group, each with the separator before it, one after the other.
//
// A list is an i64, as text-list.ts has it, of chunks in the heap of what outlives the batch:
//
//    0  next       address of the next chunk, or 0
//    4  separator  bytes of the first separator in the chunk, which is left out where the chunk comes first
//    8  bytes      room behind this header without these
//   12  0
//   16  used       bytes in the chunk, the first separator included
//   20  capacity
//   24  separator, text, separator, text, …
//
// so that the kernels of text-list and group-spill link, move and read chunks as they do items.
import { copyExactly } from './copy-bytes';
import { fail, heapAllocate, keepAllocate, TEXT_TOO_LONG } from './status';
import { textListConcat } from './text-list';
import { lengthOf, makeView, pointerOf } from './text-view';

// @ts-ignore: decorator
@inline const CHUNK_HEADER: u32 = 24;
// @ts-ignore: decorator
@inline const FIRST_CAPACITY: u32 = 40;
/** Chunks must fit blocks of rows, but for those of one longer text. */
// @ts-ignore: decorator
@inline const MOST_CAPACITY: u32 = 16384;
/** PostgreSQL's limit. */
// @ts-ignore: decorator
@inline const LONGEST_TEXT: u64 = 0x3fffffff;

/**
 * A chunk with room for a text and its separator: the last, or a new one that is not part of the list yet. 0: heap
 * exhausted.
 */
export function joinedTextRoom(block: usize, list: i64, value: v128, separator: v128): usize {
  const last = <usize>(<u64>list >> 32);
  const needed = lengthOf(value) + lengthOf(separator);
  let capacity = FIRST_CAPACITY;
  if (last != 0) {
    capacity = load<u32>(last, 20);
    if (capacity - load<u32>(last, 16) >= needed) return last;
    capacity = min(capacity << 1, MOST_CAPACITY);
  }
  capacity = (max(capacity, needed) + 7) & ~7;
  const chunk = keepAllocate(block, CHUNK_HEADER + capacity);
  if (chunk == 0) return 0;
  store<u32>(chunk, 0);
  store<u32>(chunk, lengthOf(separator), 4);
  store<u32>(chunk, capacity - lengthOf(separator), 8);
  store<u32>(chunk, 0, 12);
  store<u32>(chunk, 0, 16);
  store<u32>(chunk, capacity, 20);
  return chunk;
}

/** The list with a text more, in the chunk that has room for it; as it is when the chunk is 0. */
export function joinedTextAppend(list: i64, chunk: usize, value: v128, separator: v128): i64 {
  if (chunk == 0) return list;
  const used = load<u32>(chunk, 16);
  const separatorBytes = lengthOf(separator);
  const valueBytes = lengthOf(value);
  const end = chunk + CHUNK_HEADER + used;
  copyExactly(end, pointerOf(separator), separatorBytes);
  copyExactly(end + separatorBytes, pointerOf(value), valueBytes);
  store<u32>(chunk, used + separatorBytes + valueBytes, 16);
  if (<usize>(<u64>list >> 32) == chunk) return list;
  return textListConcat(list, <i64>chunk | (<i64>chunk << 32));
}

/** The text of a list that is not empty. */
export function joinedText(block: usize, list: i64): v128 {
  const first = <usize>(list & 0xffffffff);
  const skipped = load<u32>(first, 4);
  let byteLength: u64 = 0;
  for (let chunk = first; chunk != 0; chunk = load<u32>(chunk)) byteLength += load<u32>(chunk, 16);
  byteLength -= skipped;
  if (byteLength > LONGEST_TEXT) {
    fail(block, TEXT_TOO_LONG);
    return i64x2.splat(0);
  }
  const firstBytes = first + CHUNK_HEADER + skipped;
  // A chunk alone is the text as it lies there.
  if (load<u32>(first) == 0) return makeView(firstBytes, <u32>byteLength);
  const target = heapAllocate(block, (<u32>byteLength + 7) & ~7);
  if (target == 0) return i64x2.splat(0);
  let write = target;
  let source = firstBytes;
  let taken = load<u32>(first, 16) - skipped;
  for (let chunk = first; ; ) {
    copyExactly(write, source, taken);
    write += taken;
    chunk = <usize>load<u32>(chunk);
    if (chunk == 0) break;
    source = chunk + CHUNK_HEADER;
    taken = load<u32>(chunk, 16);
  }
  return makeView(target, <u32>byteLength);
}
