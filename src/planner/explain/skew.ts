import type { NodeCounters } from './explain-options.js';

/** Fewer rows are at hand at once: which worker takes them says nothing. */
const MIN_ROWS_OF_SKEW = 100_000;
const NOTABLE_SKEW = 1.2;

/** How many times as many rows as on average the busiest worker had, where that is worth a word. */
export function skewOf({ rows, workerRows }: NodeCounters): number | undefined {
  if (workerRows === undefined || rows < MIN_ROWS_OF_SKEW) return undefined;
  const skew = (Math.max(...workerRows) * workerRows.length) / rows;
  return skew > NOTABLE_SKEW ? skew : undefined;
}
