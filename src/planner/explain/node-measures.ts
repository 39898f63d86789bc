import type { PhysicalNode } from '../physical/physical-plan.js';
import type { ExplainOptions, NodeCounters } from './explain-options.js';
import { formatBytes } from './format-bytes.js';
import { describeSkew } from './skew.js';

/** The estimate, and what came of it. */
export function measuresOf(node: PhysicalNode, { counters }: ExplainOptions): string {
  const estimate = `rows=${node.estimatedRows}`;
  if (!counters) return estimate;
  const actual = counters.get(node.id);
  if (!actual) return `${estimate}) (never executed`;
  const effort = effortOf(actual).map(([name, amount]) => `${name}=${amount}`);
  return `${estimate}) (${[`actual rows=${actual.rows}`, ...effort].join(' ')}`;
}

/** What an operator took, by name, where there is something to say. */
export function effortOf(actual: NodeCounters): readonly (readonly [name: string, amount: string])[] {
  const { timeMs, bytesRead, rowGroupsSkipped, pagesSkipped, memoryBytes, spilledBytes, hostCalls, keyedRows } = actual;
  const amounts: readonly (readonly [name: string, amount: string | undefined])[] = [
    ['time', formatMs(timeMs)],
    ['read', bytesRead === undefined ? undefined : formatBytes(bytesRead)],
    ['skipped', rowGroupsSkipped ? `${rowGroupsSkipped} row groups` : undefined],
    ['skipped', pagesSkipped ? `${pagesSkipped} pages` : undefined],
    ['memory', memoryBytes === undefined ? undefined : formatBytes(memoryBytes)],
    ['spilled', spilledBytes === undefined ? undefined : formatBytes(spilledBytes)],
    ['by-key', keyedRows === undefined ? undefined : `${keyedRows} rows`],
    ['javascript', hostCalls === undefined ? undefined : `${hostCalls} calls`],
    ['skew', describeSkew(actual)],
  ];
  return amounts.flatMap(([name, amount]) => (amount === undefined ? [] : [[name, amount] as const]));
}

export function formatMs(timeMs: number): string {
  return `${timeMs.toFixed(timeMs < 10 ? 2 : 1)} ms`;
}
