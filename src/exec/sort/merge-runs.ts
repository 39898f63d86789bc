import { CHUNK_BYTES, type SharedMemory } from '../../vector/shared-memory.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import type { SortedRun } from './sorted-run.js';

/** More runs than this are not merged at once: reading would jump about the disk. */
const MAX_FAN_IN = 128;

/** How many of the runs, of which each needs room for a block, may be merged at once: two at least. */
export function countMergeable(shared: SharedMemory, runs: readonly SortedRun[]): number {
  const blockChunks = runs.reduce((most, run) => Math.max(most, run.blockChunks), 1);
  const affordable = Math.floor(freeBreakerBytes(shared) / 2 / (blockChunks * CHUNK_BYTES));
  return Math.max(2, Math.min(MAX_FAN_IN, affordable));
}

/**
 * The runs to merge into one before the last merge, which may be of `fanIn`; undefined when that can begin. The smallest
 * first, and no more than necessary, so that few rows are written again.
 */
export function chooseRunsToMerge(runs: readonly SortedRun[], fanIn: number): SortedRun[] | undefined {
  if (runs.length <= fanIn) return undefined;
  const smallest = runs.toSorted((left, right) => left.rowCount - right.rowCount);
  return smallest.slice(0, Math.min(fanIn, runs.length - fanIn + 1));
}
