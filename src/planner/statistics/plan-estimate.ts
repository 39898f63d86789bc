import type { ColumnEstimate } from './selectivity.js';

/** How many rows a plan returns, as far as statistics tell, and what its columns hold. */
export interface PlanEstimate {
  /** At least 1, except for plans that are known to be empty. */
  readonly rows: number;
  readonly columns: ReadonlyMap<number, ColumnEstimate>;
}

/** Distinct values left when rows are drawn: never more than rows. */
export function capDistinct(
  columns: ReadonlyMap<number, ColumnEstimate>,
  rows: number,
): ReadonlyMap<number, ColumnEstimate> {
  const capped = new Map<number, ColumnEstimate>();
  for (const [id, column] of columns) {
    capped.set(id, column.distinct > rows ? { ...column, distinct: Math.max(1, rows) } : column);
  }
  return capped;
}

/** What is left of rows that are filtered at random. */
export function scaled(input: PlanEstimate, share: number): PlanEstimate {
  if (input.rows === 0) return input;
  const rows = Math.max(1, input.rows * share);
  return { rows, columns: capDistinct(input.columns, rows) };
}
