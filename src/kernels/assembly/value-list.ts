// All values of a group, to be looked up by rank: percentile_disc, percentile_cont, mode.
//
// A list is an i64, as text-list.ts has it, of chunks in the heap of what outlives the batch:
//
//    0  next      address of the next chunk, or 0
//    4  0
//    8  bytes     room for values
//   12  0
//   16  values    how many there are, in 8 bytes
//   24  values    8 bytes: an i64 that is ordered as they are; or 16 bytes, as they are
//
// so that the kernels of text-list and group-spill link, move and read chunks as they do items.
import { keepAllocate } from './status';
import { textListConcat } from './text-list';

// @ts-ignore: decorator
@inline export const CHUNK_HEADER: u32 = 24;
// @ts-ignore: decorator
@inline const FIRST_BYTES: u32 = 64;
/** Chunks must fit blocks of rows. */
// @ts-ignore: decorator
@inline const MOST_BYTES: u32 = 16384;

/** A chunk with room for one more value: the last, or a new one that is not part of the list yet. 0: heap exhausted. */
export function valueListRoom(block: usize, list: i64, width: u32): usize {
  const last = <usize>(<u64>list >> 32);
  let byteLength = FIRST_BYTES;
  if (last != 0) {
    const room = load<u32>(last, 8);
    if ((load<u32>(last, 16) + 1) * width <= room) return last;
    byteLength = min(room << 1, MOST_BYTES);
  }
  const chunk = keepAllocate(block, CHUNK_HEADER + byteLength);
  if (chunk == 0) return 0;
  store<u64>(chunk, 0);
  store<u32>(chunk, byteLength, 8);
  store<u32>(chunk, 0, 12);
  store<u64>(chunk, 0, 16);
  return chunk;
}

// @ts-ignore: decorator
@inline
function link(list: i64, chunk: usize): i64 {
  if (<usize>(<u64>list >> 32) == chunk) return list;
  return textListConcat(list, <i64>chunk | (<i64>chunk << 32));
}

export function valueListAppend(list: i64, chunk: usize, value: i64): i64 {
  const count = load<u32>(chunk, 16);
  store<i64>(chunk + (<usize>count << 3), value, CHUNK_HEADER);
  store<u32>(chunk, count + 1, 16);
  return link(list, chunk);
}

export function valueListAppendWide(list: i64, chunk: usize, value: v128): i64 {
  const count = load<u32>(chunk, 16);
  v128.store(chunk + (<usize>count << 4), value, CHUNK_HEADER);
  store<u32>(chunk, count + 1, 16);
  return link(list, chunk);
}

export function countValues(list: i64): u32 {
  let count: u32 = 0;
  for (let chunk = <usize>(list & 0xffffffff); chunk != 0; chunk = load<u32>(chunk)) count += load<u32>(chunk, 16);
  return count;
}

/** Copies all values to `target`; answers where they end. */
export function gather(list: i64, target: usize, width: u32): usize {
  let at = target;
  for (let chunk = <usize>(list & 0xffffffff); chunk != 0; chunk = load<u32>(chunk)) {
    const byteLength = load<u32>(chunk, 16) * width;
    memory.copy(at, chunk + CHUNK_HEADER, byteLength);
    at += byteLength;
  }
  return at;
}
