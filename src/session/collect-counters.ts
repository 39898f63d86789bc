import { inputsOf } from '../exec/pipeline/pipeline-plan.js';
import type { CounterName, QueryBlock } from '../exec/query-block.js';
import type { NodeCounters } from '../planner/explain.js';
import type { PhysicalNode } from '../planner/physical/physical-plan.js';

/** The counters of a query that has ended and not yet been released, by plan node. */
export function collectCounters(
  block: QueryBlock,
  node: PhysicalNode,
  counters: Map<number, NodeCounters> = new Map(),
): Map<number, NodeCounters> {
  const sum = (name: CounterName): number =>
    block.readCounter(node.id, name).reduce((total, value) => total + value, 0);
  const isScan = node.kind === 'scan';
  counters.set(node.id, {
    rows: sum('rows'),
    timeMs: sum('timeMs'),
    bytesRead: isScan ? sum('bytesRead') : undefined,
    memoryBytes: sum('memoryBytes') || undefined,
    spilledBytes: sum('spilledBytes') || undefined,
  });
  for (const input of inputsOf(node)) collectCounters(block, input, counters);
  return counters;
}
