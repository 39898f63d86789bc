import { inputsOf } from './physical-inputs.js';
import type { PhysicalNode } from './physical-plan.js';

/** The recursions around a plan whose working tables it reads, by the ids of their nodes. */
export function workingTablesOf(node: PhysicalNode): ReadonlySet<number> {
  if (node.kind === 'workingTable') return new Set([node.recursion]);
  const tables = new Set(inputsOf(node).flatMap((input) => [...workingTablesOf(input)]));
  tables.delete(node.id);
  return tables;
}
