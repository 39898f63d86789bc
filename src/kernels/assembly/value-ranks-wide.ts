// Percentiles and modes of the values of a list (value-list.ts) that take 16 bytes.
import { intervalCompare, uuidCompare } from './compare';
import { intervalAdd, intervalMultiply, intervalSubtract } from './dates';
import { decimalCompare } from './decimal';
import { heapAllocate, heapReturn } from './status';
import { countValues, gather } from './value-list';
import { rankOf } from './value-select';

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
