import type { CounterName, QueryBlock } from '../exec/query-block.js';
import type { NodeCounters } from '../planner/explain/explain-options.js';
import { inputsOf } from '../planner/physical/physical-inputs.js';
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
  for (const input of inputsOf(node)) collectCounters(block, input, counters);
  // The inputs of a union feed the same operator, one after the other: nothing else counts their rows together.
  const ofInputs = (): number => inputsOf(node).reduce((total, input) => total + counters.get(input.id)!.rows, 0);
  counters.set(node.id, {
    rows: node.kind === 'unionAll' ? ofInputs() : sum('rows'),
    workerRows: node.kind === 'unionAll' ? undefined : block.readCounter(node.id, 'rows'),
    assignedRows: sum('assignedRows') > 0 ? block.readCounter(node.id, 'assignedRows') : undefined,
    timeMs: sum('timeMs'),
    bytesRead: isScan ? sum('bytesRead') : undefined,
    rowGroupsSkipped: sum('rowGroupsSkipped') || undefined,
    pagesSkipped: sum('pagesSkipped') || undefined,
    memoryBytes: sum('memoryBytes') || undefined,
    spilledBytes: sum('spilledBytes') || undefined,
    hostCalls: sum('hostCalls') || undefined,
    keyedRows: sum('keyedRows') || undefined,
  });
  return counters;
}
