// The median of the distances of doubles from their median, of a list as value-list.ts has it.
import { heapAllocate, heapReturn } from './status';
import { CHUNK_HEADER, countValues } from './value-list';
import { floatOf, valueListPercentile } from './value-ranks';
import { selectAmong } from './value-select';

/** As an i64 that is ordered as distances are: they are not negative, and NaN is the greatest. */
// @ts-ignore: decorator
@inline
function distanceOf(at: usize, from: f64): i64 {
  const distance = abs<f64>(floatOf(load<i64>(at)) - from);
  return isNaN<f64>(distance) ? 0x7ff8000000000000 : reinterpret<i64>(distance);
}

export function valueListMedianDistance(block: usize, list: i64): f64 {
  const median = valueListPercentile(block, list, 0.5, 0);
  if (load<i32>(block) != 0) return 0;
  const count = countValues(list);
  const distances = heapAllocate(block, count << 3);
  if (distances == 0) return 0;
  let to = distances;
  for (let chunk = <usize>(list & 0xffffffff); chunk != 0; chunk = load<u32>(chunk)) {
    const end = chunk + CHUNK_HEADER + (<usize>load<u32>(chunk, 16) << 3);
    for (let at = chunk + CHUNK_HEADER; at < end; at += 8, to += 8) store<i64>(to, distanceOf(at, median));
  }
  const rank = (count - 1) >> 1;
  const lower = selectAmong(block, distances, count, rank);
  if (load<i32>(block) != 0) return 0;
  heapReturn(block, count << 3);
  if (count & 1) return reinterpret<f64>(lower);
  return (reinterpret<f64>(lower) + reinterpret<f64>(nextDistance(list, median, lower, rank))) / 2;
}

/** The distance after that of a rank, which is `distance`. */
function nextDistance(list: i64, median: f64, distance: i64, rank: u32): i64 {
  let upTo: u32 = 0;
  let next = i64.MAX_VALUE;
  for (let chunk = <usize>(list & 0xffffffff); chunk != 0; chunk = load<u32>(chunk)) {
    const end = chunk + CHUNK_HEADER + (<usize>load<u32>(chunk, 16) << 3);
    for (let at = chunk + CHUNK_HEADER; at < end; at += 8) {
      const other = distanceOf(at, median);
      upTo += u32(other <= distance);
      next = min(next, other > distance ? other : i64.MAX_VALUE);
    }
  }
  return upTo > rank + 1 ? distance : next;
}
