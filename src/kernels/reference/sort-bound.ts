// Reference twin of `assembly/sort-bound.ts`.

import { compareRows, type SortKey } from './sort.js';

/**
 * The rows that a top-N may want, by their first keys (`undefined` is NULL): those that do not come after the bound. The
 * kernel also lists rows after it whose image is the bound's.
 */
export function selectByBound<Value>(
  key: SortKey<Value>,
  bound: Value | undefined,
  values: readonly (Value | undefined)[],
): number[] {
  return values.flatMap((value, row) => (compareRows([key], [value], [bound]) <= 0 ? [row] : []));
}

/** The lower of two bounds. */
export function lowerBound<Value>(
  key: SortKey<Value>,
  bound: Value | undefined,
  other: Value | undefined,
): Value | undefined {
  return compareRows([key], [other], [bound]) < 0 ? other : bound;
}
