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
import { intervalCompare, uuidCompare } from './compare';
import { intervalAdd, intervalMultiply, intervalSubtract } from './dates';
import { decimalCompare } from './decimal';
import { heapAllocate, heapReturn, keepAllocate } from './status';
import { textListConcat } from './text-list';

// @ts-ignore: decorator
@inline const CHUNK_HEADER: u32 = 24;
// @ts-ignore: decorator
@inline const FIRST_BYTES: u32 = 64;
/** Chunks must fit blocks of rows. */
// @ts-ignore: decorator
@inline const MOST_BYTES: u32 = 16384;
/** So many values are sorted or searched as they are, not by their bits. */
// @ts-ignore: decorator
@inline const FEW: u32 = 1024;
// @ts-ignore: decorator
@inline const BUCKET_BITS: u64 = 12;
// @ts-ignore: decorator
@inline const BUCKET_BYTES: u32 = 16384;

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

function countValues(list: i64): u32 {
  let count: u32 = 0;
  for (let chunk = <usize>(list & 0xffffffff); chunk != 0; chunk = load<u32>(chunk)) count += load<u32>(chunk, 16);
  return count;
}

/** Copies all values to `target`; answers where they end. */
function gather(list: i64, target: usize, width: u32): usize {
  let at = target;
  for (let chunk = <usize>(list & 0xffffffff); chunk != 0; chunk = load<u32>(chunk)) {
    const byteLength = load<u32>(chunk, 16) * width;
    memory.copy(at, chunk + CHUNK_HEADER, byteLength);
    at += byteLength;
  }
  return at;
}

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
function selectValue(block: usize, list: i64, count: u32, rank: u32): i64 {
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
function nextValue(list: i64, value: i64, rank: u32): i64 {
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

// @ts-ignore: decorator
@inline
function floatOf(image: i64): f64 {
  return reinterpret<f64>(image ^ <i64>(<u64>(image >> 63) >> 1));
}

/** The place from 0 of a fraction among so many values. */
// @ts-ignore: decorator
@inline
function placeOf(fraction: f64, count: u32, descending: i32): f64 {
  const place = fraction * <f64>(count - 1);
  return descending ? <f64>(count - 1) - place : place;
}

/** percentile_disc: the rank from 0 of the first value whose cumulative share reaches the fraction. */
function rankOf(fraction: f64, count: u32, descending: i32): u32 {
  const rank = <u32>max<f64>(ceil<f64>(fraction * <f64>count), 1) - 1;
  return descending ? count - 1 - rank : rank;
}

/** percentile_cont of doubles. */
export function valueListPercentile(block: usize, list: i64, fraction: f64, descending: i32): f64 {
  const count = countValues(list);
  const place = placeOf(fraction, count, descending);
  const rank = <u32>floor<f64>(place);
  const image = selectValue(block, list, count, rank);
  const value = floatOf(image);
  const share = place - <f64>rank;
  if (share == 0 || load<i32>(block) != 0) return value;
  const next = floatOf(nextValue(list, image, rank));
  // As PostgreSQL does from the value that is first in its order.
  return descending ? next + (1 - share) * (value - next) : value + share * (next - value);
}

export function valueListDiscrete(block: usize, list: i64, fraction: f64, descending: i32): i64 {
  const count = countValues(list);
  return selectValue(block, list, count, rankOf(fraction, count, descending));
}

/** Sorts values of 8 bytes by their bits, lowest first; `scratch` has as much room, and 1 KiB more at its end. */
function sortValues(values: usize, count: u32, scratch: usize): void {
  let source = values;
  let target = scratch;
  const counts = scratch + (<usize>count << 3);
  const end = <usize>count << 3;
  for (let shift: u64 = 0; shift < 64; shift += 8) {
    memory.fill(counts, 0, 1024);
    for (let at: usize = 0; at < end; at += 8) {
      const bucket = counts + (<usize>(((load<u64>(source + at) ^ 0x8000000000000000) >> shift) & 0xff) << 2);
      store<u32>(bucket, load<u32>(bucket) + 1);
    }
    const first = counts + (<usize>(((load<u64>(source) ^ 0x8000000000000000) >> shift) & 0xff) << 2);
    if (load<u32>(first) == count) continue;
    let before: u32 = 0;
    for (let bucket = counts; bucket < counts + 1024; bucket += 4) {
      const own = load<u32>(bucket);
      store<u32>(bucket, before);
      before += own;
    }
    for (let at: usize = 0; at < end; at += 8) {
      const value = load<u64>(source + at);
      const bucket = counts + (<usize>(((value ^ 0x8000000000000000) >> shift) & 0xff) << 2);
      const place = load<u32>(bucket);
      store<u32>(bucket, place + 1);
      store<u64>(target + (<usize>place << 3), value);
    }
    const swapped = source;
    source = target;
    target = swapped;
  }
  if (source != values) memory.copy(values, source, end);
}

function sortFew(values: usize, count: u32): void {
  for (let i: u32 = 1; i < count; i++) {
    const value = load<i64>(values + (<usize>i << 3));
    let at = values + (<usize>i << 3);
    for (; at > values && load<i64>(at - 8) > value; at -= 8) store<i64>(at, load<i64>(at - 8));
    store<i64>(at, value);
  }
}

/** The most frequent value, of several the first. */
export function valueListMode(block: usize, list: i64, descending: i32): i64 {
  const count = countValues(list);
  const byteLength = (count << 4) + 1024;
  const values = heapAllocate(block, byteLength);
  if (values == 0) return 0;
  gather(list, values, 8);
  if (count <= 32) sortFew(values, count);
  else sortValues(values, count, values + (<usize>count << 3));
  let mode: i64 = 0;
  let most: u32 = 0;
  for (let from: u32 = 0; from < count; ) {
    const value = load<i64>(values + (<usize>from << 3));
    let to = from + 1;
    while (to < count && load<i64>(values + (<usize>to << 3)) == value) to++;
    if (to - from > most || (descending && to - from == most)) {
      most = to - from;
      mode = value;
    }
    from = to;
  }
  heapReturn(block, byteLength);
  return mode;
}

/** How values of 16 bytes are ordered. */
// @ts-ignore: decorator
@inline const AS_INTERVALS: i32 = 1;
// @ts-ignore: decorator
@inline const AS_UUIDS: i32 = 2;

// @ts-ignore: decorator
@inline
function compareWide(left: usize, right: usize, order: i32): i32 {
  const a = v128.load(left);
  const b = v128.load(right);
  if (order == AS_INTERVALS) return intervalCompare(a, b);
  return order == AS_UUIDS ? uuidCompare(a, b) : decimalCompare(a, b);
}

/** All values in order, in the heap: `count` of them, and as much scratch, which the caller returns. 0: exhausted. */
function sortedWide(block: usize, list: i64, count: u32, order: i32): usize {
  const values = heapAllocate(block, count << 5);
  if (values == 0) return 0;
  gather(list, values, 16);
  let source = values;
  let target = values + (<usize>count << 4);
  for (let width: u32 = 1; width < count; width <<= 1) {
    for (let start: u32 = 0; start < count; start += width << 1) {
      const middle = min(start + width, count);
      const end = min(middle + width, count);
      let left = start;
      let right = middle;
      for (let i = start; i < end; i++) {
        const takeRight =
          right < end &&
          (left == middle || compareWide(source + (<usize>right << 4), source + (<usize>left << 4), order) < 0);
        const taken = takeRight ? right++ : left++;
        v128.store(target + (<usize>i << 4), v128.load(source + (<usize>taken << 4)));
      }
    }
    const swapped = source;
    source = target;
    target = swapped;
  }
  if (source != values) memory.copy(values, source, <usize>count << 4);
  return values;
}

export function valueListDiscreteWide(block: usize, list: i64, fraction: f64, descending: i32, order: i32): v128 {
  const count = countValues(list);
  const values = sortedWide(block, list, count, order);
  if (values == 0) return i64x2.splat(0);
  const result = v128.load(values + (<usize>rankOf(fraction, count, descending) << 4));
  heapReturn(block, count << 5);
  return result;
}

export function valueListModeWide(block: usize, list: i64, descending: i32, order: i32): v128 {
  const count = countValues(list);
  const values = sortedWide(block, list, count, order);
  if (values == 0) return i64x2.splat(0);
  let mode = values;
  let most: u32 = 0;
  for (let from: u32 = 0; from < count; ) {
    const value = values + (<usize>from << 4);
    let to = from + 1;
    while (to < count && compareWide(value, values + (<usize>to << 4), order) == 0) to++;
    if (to - from > most || (descending && to - from == most)) {
      most = to - from;
      mode = value;
    }
    from = to;
  }
  const result = v128.load(mode);
  heapReturn(block, count << 5);
  return result;
}

/** percentile_cont of intervals. */
export function valueListPercentileOfIntervals(block: usize, list: i64, fraction: f64, descending: i32): v128 {
  const count = countValues(list);
  const values = sortedWide(block, list, count, AS_INTERVALS);
  if (values == 0) return i64x2.splat(0);
  const place = fraction * <f64>(count - 1);
  const rank = <u32>floor<f64>(place);
  const share = place - <f64>rank;
  const at = values + (<usize>(descending ? count - 1 - rank : rank) << 4);
  let result = v128.load(at);
  if (share != 0) {
    const next = v128.load(descending ? at - 16 : at + 16);
    result = intervalAdd(block, result, intervalMultiply(block, intervalSubtract(block, next, result), share));
  }
  heapReturn(block, count << 5);
  return result;
}
