import type { SqlType } from '../../types/sql-type.js';

/**
 * A value of a column as statistics keep it. By physical type: bool → boolean; i32, f32, f64 → number; i64 and i128 →
 * bigint; string → string. Other types have counts only.
 */
export type SketchValue = boolean | number | bigint | string;

/** What is known of a column over some of its rows. Sketches of disjoint rows can be merged. */
export interface ColumnSketch {
  readonly type: SqlType;
  readonly rowCount: number;
  readonly nullCount: number;
  /** Distinct values that are not NULL: exact where `common` is all there is, else an estimate. */
  readonly distinctCount: number;
  /** Nothing is smaller, or larger; where the type has an order. They need not occur. */
  readonly low: SketchValue | undefined;
  readonly high: SketchValue | undefined;
  /** HyperLogLog over the hashes that joins and groups use too; one byte a register. */
  readonly registers: Uint8Array;
  /** The most common values, most rows first. */
  readonly common: readonly CommonValue[];
  /** Of the rows with other values, equally many lie between a bound and the next. Ascending; repeated for one value. */
  readonly bounds: readonly SketchValue[];
}

export interface CommonValue {
  readonly value: SketchValue;
  readonly rowCount: number;
}

export const MAX_COMMON_VALUES = 100;
export const BUCKETS = 100;
/** Longer texts are no common values, and are cut in bounds. */
export const MAX_TEXT_BYTES = 60;

/** Rows whose value is neither NULL nor common. */
export function countOtherRows({ rowCount, nullCount, common }: ColumnSketch): number {
  return Math.max(
    0,
    common.reduce((rest, value) => rest - value.rowCount, rowCount - nullCount),
  );
}

export function compareSketchValues(left: SketchValue, right: SketchValue): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** As many bounds as there are buckets, plus one, from sorted values. Fewer than two values make no bucket. */
export function boundsOfSorted(sorted: readonly SketchValue[]): SketchValue[] {
  if (sorted.length < 2) return [];
  const buckets = Math.min(BUCKETS, sorted.length - 1);
  return Array.from({ length: buckets + 1 }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / buckets)]!);
}
