import { BIGINT, INTEGER, type SqlType } from '../types/sql-type.js';

/** A part of an interval, as a leaf of a Parquet file. */
export interface IntervalPart {
  readonly name: string;
  readonly type: SqlType;
  /** Where it lies in the 16 bytes of an interval. */
  readonly offset: number;
}

/**
 * How intervals are stored ([ADR 31](../../docs/adr/0031-stored-intervals.md)): a group of three required leaves, which are
 * the value's 16 bytes taken apart. Parquet's own INTERVAL has neither negative parts nor microseconds.
 */
export const INTERVAL_PARTS: readonly IntervalPart[] = [
  { name: 'months', type: INTEGER, offset: 0 },
  { name: 'days', type: INTEGER, offset: 4 },
  { name: 'microseconds', type: BIGINT, offset: 8 },
];

/** The key of a file's metadata whose value names those groups: a JSON array of paths, each an array of names. */
export const INTERVALS_KEY = 'millrace.intervals';
