// The value of a rank among those of a list (value-list.ts), without sorting them.
import { heapAllocate, heapReturn } from './status';
import { CHUNK_HEADER, gather } from './value-list';

/** So many values are sorted or searched as they are, not by their bits. */
// @ts-ignore: decorator
@inline const FEW: u32 = 1024;
// @ts-ignore: decorator
@inline const BUCKET_BITS: u64 = 12;
// @ts-ignore: decorator
@inline const BUCKET_BYTES: u32 = 16384;

/** Like heapAllocate, after `taken` bytes of the same heap: gives them back, and asks for both, when it fails. */
function allocateAfter(block: usize, taken: u32, byteLength: u32): usize {
  const pointer = heapAllocate(block, byteLength);
  if (pointer != 0) return pointer;
  heapReturn(block, taken);
  store<u32>(block, taken + byteLength, 12);
  return 0;
}

/** The value of a rank, from 0, among values[0..count), which are moved about (Hoare's quickselect). */
function selectFew(values: usize, count: u32, rank: u32): i64 {
  let from: i32 = 0;
  let to: i32 = <i32>count - 1;
  while (from < to) {
    const pivot = load<i64>(values + (<usize>((from + to) >> 1) << 3));
    let left = from;
    let right = to;
    while (left <= right) {
      while (load<i64>(values + (<usize>left << 3)) < pivot) left++;
      while (load<i64>(values + (<usize>right << 3)) > pivot) right--;
      if (left > right) break;
      const moved = load<i64>(values + (<usize>left << 3));
      store<i64>(values + (<usize>left << 3), load<i64>(values + (<usize>right << 3)));
      store<i64>(values + (<usize>right << 3), moved);
      left++;
      right--;
    }
    if (<i32>rank <= right) to = right;
    else if (<i32>rank >= left) from = left;
    else return pivot;
  }
  return load<i64>(values + (<usize>rank << 3));
}

/** How far values that span so much are shifted so that they fall into few buckets. */
// @ts-ignore: decorator
@inline
function shiftOf(span: u64): u64 {
  const bits = 64 - clz(span);
  return bits > BUCKET_BITS ? bits - BUCKET_BITS : 0;
}

/** The bucket of the rank; how many values are in those below it is left after the histogram. */
function bucketOf(histogram: usize, rank: u32): u32 {
  let below: u32 = 0;
  let bucket: u32 = 0;
  for (;;) {
    const count = load<u32>(histogram + (<usize>bucket << 2));
    if (rank < below + count) break;
    below += count;
    bucket++;
  }
  store<u32>(histogram, below, BUCKET_BYTES);
  return bucket;
}

/**
 * The value of a rank: by histograms of the leading bits in which values differ, which need few passes over them, one
 * after the other, and hardly any memory.
 */
export function selectValue(block: usize, list: i64, count: u32, rank: u32): i64 {
  if (count <= FEW) {
    const values = heapAllocate(block, count << 3);
    if (values == 0) return 0;
    gather(list, values, 8);
    const result = selectFew(values, count, rank);
    heapReturn(block, count << 3);
    return result;
  }
  const histogram = heapAllocate(block, BUCKET_BYTES + 8);
  if (histogram == 0) return 0;
  let least = i64.MAX_VALUE;
  let greatest = i64.MIN_VALUE;
  for (let chunk = <usize>(list & 0xffffffff); chunk != 0; chunk = load<u32>(chunk)) {
    let at = chunk + CHUNK_HEADER;
    const end = at + (<usize>load<u32>(chunk, 16) << 3);
    for (; at < end; at += 8) {
      const value = load<i64>(at);
      least = min(least, value);
      greatest = max(greatest, value);
    }
  }
  const shift = shiftOf(<u64>greatest - <u64>least);
  memory.fill(histogram, 0, BUCKET_BYTES);
  for (let chunk = <usize>(list & 0xffffffff); chunk != 0; chunk = load<u32>(chunk)) {
    count8(chunk + CHUNK_HEADER, load<u32>(chunk, 16), least, shift, histogram);
  }
  const bucket = bucketOf(histogram, rank);
  const low = <u64>least + (<u64>bucket << shift);
  if (shift == 0) {
    heapReturn(block, BUCKET_BYTES + 8);
    return <i64>low;
  }
  const found = load<u32>(histogram + (<usize>bucket << 2));
  const rest = rank - load<u32>(histogram, BUCKET_BYTES);
  const values = allocateAfter(block, BUCKET_BYTES + 8, found << 3);
  if (values == 0) return 0;
  let end = values;
  for (let chunk = <usize>(list & 0xffffffff); chunk != 0; chunk = load<u32>(chunk)) {
    end = pick(chunk + CHUNK_HEADER, load<u32>(chunk, 16), low, shift, end);
  }
  const result = selectIn(values, found, rest, low, shift, histogram);
  heapReturn(block, (found << 3) + BUCKET_BYTES + 8);
  return result;
}

function count8(values: usize, count: u32, least: i64, shift: u64, histogram: usize): void {
  const end = values + (<usize>count << 3);
  for (let at = values; at < end; at += 8) {
    const bucket = histogram + (<usize>((<u64>load<i64>(at) - <u64>least) >> shift) << 2);
    store<u32>(bucket, load<u32>(bucket) + 1);
  }
}

/** Copies the values of a bucket that begins with `low` to `target`, which may be where they lie. */
function pick(values: usize, count: u32, low: u64, shift: u64, target: usize): usize {
  const end = values + (<usize>count << 3);
  let to = target;
  for (let at = values; at < end; at += 8) {
    const value = load<i64>(at);
    store<i64>(to, value);
    to += <usize>((<u64>value - low) >> shift == 0) << 3;
  }
  return to;
}

/** The same among values[0..count), none of them negative, which lie on the heap and are moved about. */
export function selectAmong(block: usize, values: usize, count: u32, rank: u32): i64 {
  if (count <= FEW) return selectFew(values, count, rank);
  const histogram = allocateAfter(block, count << 3, BUCKET_BYTES + 8);
  if (histogram == 0) return 0;
  const result = selectIn(values, count, rank, 0, 63, histogram);
  heapReturn(block, BUCKET_BYTES + 8);
  return result;
}

/** The same among values[0..count), which span less than 2^bits from `least`. */
function selectIn(values: usize, count: u32, rank: u32, least: u64, bits: u64, histogram: usize): i64 {
  let size = count;
  let place = rank;
  let low = least;
  let width = bits;
  while (size > FEW) {
    const shift = width > BUCKET_BITS ? width - BUCKET_BITS : 0;
    memory.fill(histogram, 0, BUCKET_BYTES);
    count8(values, size, <i64>low, shift, histogram);
    const bucket = bucketOf(histogram, place);
    low += <u64>bucket << shift;
    if (shift == 0) return <i64>low;
    place -= load<u32>(histogram, BUCKET_BYTES);
    size = <u32>((pick(values, size, low, shift, values) - values) >> 3);
    width = shift;
  }
  return selectFew(values, size, place);
}

/** The value after that of a rank, which is `value`. */
export function nextValue(list: i64, value: i64, rank: u32): i64 {
  let upTo: u32 = 0;
  let next = i64.MAX_VALUE;
  for (let chunk = <usize>(list & 0xffffffff); chunk != 0; chunk = load<u32>(chunk)) {
    let at = chunk + CHUNK_HEADER;
    const end = at + (<usize>load<u32>(chunk, 16) << 3);
    for (; at < end; at += 8) {
      const other = load<i64>(at);
      upTo += u32(other <= value);
      next = min(next, other > value ? other : i64.MAX_VALUE);
    }
  }
  return upTo > rank + 1 ? value : next;
}

/** The place from 0 of a fraction among so many values. */
// @ts-ignore: decorator
@inline
export function placeOf(fraction: f64, count: u32, descending: i32): f64 {
  const place = fraction * <f64>(count - 1);
  return descending ? <f64>(count - 1) - place : place;
}

/** percentile_disc: the rank from 0 of the first value whose cumulative share reaches the fraction. */
export function rankOf(fraction: f64, count: u32, descending: i32): u32 {
  const rank = <u32>max<f64>(ceil<f64>(fraction * <f64>count), 1) - 1;
  return descending ? count - 1 - rank : rank;
}
