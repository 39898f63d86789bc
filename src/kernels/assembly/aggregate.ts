// Parts of aggregate functions that are not worth generating.
import { keepAllocate } from './status';

/** A copy of a text whose bytes outlive the batch. */
export function textKeep(block: usize, view: v128): v128 {
  const length = <u32>i64x2.extract_lane(view, 0);
  const source = <usize>(<u64>i64x2.extract_lane(view, 0) >> 32);
  if (length == 0) return view;
  const target = keepAllocate(block, length);
  if (target == 0) return view;
  memory.copy(target, source, length);
  return i64x2.replace_lane(view, 0, (<i64>target << 32) | <i64>length);
}

/** Merges {f64 count, sum, sum of squared deviations}, after Youngs and Cramer (1971), as PostgreSQL. */
export function momentsCombine(target: usize, source: usize): void {
  const n = load<f64>(source);
  if (n == 0) return;
  const m = load<f64>(target);
  const sum = load<f64>(source, 8);
  const before = load<f64>(target, 8);
  const distance = m == 0 ? 0 : before / m - sum / n;
  store<f64>(target, m + n);
  store<f64>(target, before + sum, 8);
  store<f64>(target, load<f64>(target, 16) + load<f64>(source, 16) + (n * m * distance * distance) / (m + n), 16);
}
