// Percentiles and modes of the values of a list (value-list.ts) that are kept as i64.
import { heapAllocate, heapReturn } from './status';
import { countValues, gather } from './value-list';
import { nextValue, placeOf, rankOf, selectValue } from './value-select';

// @ts-ignore: decorator
@inline
export function floatOf(image: i64): f64 {
  return reinterpret<f64>(image ^ <i64>(<u64>(image >> 63) >> 1));
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
