import type { NodeCounters } from './explain-options.js';

/** Fewer rows are at hand at once: which worker takes them says nothing. */
const MIN_ROWS_OF_SKEW = 100_000;
const NOTABLE_SKEW = 1.2;

/** How uneven the work was, and would have been if no worker had helped another; where that is worth a word. */
export function describeSkew({ workerRows, assignedRows }: NodeCounters): string | undefined {
  const [skew, before] = [skewOf(workerRows), skewOf(assignedRows)];
  if (before > NOTABLE_SKEW && before > skew) return `${before.toFixed(1)} evened out to ${skew.toFixed(1)}`;
  return skew > NOTABLE_SKEW ? skew.toFixed(1) : undefined;
}

/** How many times as many rows as on average the busiest worker had; 1 where that says nothing. */
function skewOf(workerRows: readonly number[] = []): number {
  const rows = workerRows.reduce((sum, count) => sum + count, 0);
  return rows < MIN_ROWS_OF_SKEW ? 1 : (Math.max(...workerRows) * workerRows.length) / rows;
}
