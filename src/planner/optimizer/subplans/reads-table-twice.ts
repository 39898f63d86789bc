import type { LogicalNode } from '../../logical/logical-plan.js';
import { visitPlan } from '../../logical/plan-tree.js';

/** Does a plan read one table more than once? Otherwise there is nothing to share, as most queries can tell at once. */
export function readsTableTwice(plan: LogicalNode): boolean {
  const names = new Set<string>();
  let isTwice = false;
  visitPlan(plan, (node) => {
    if (node.kind !== 'scan') return;
    if (names.has(node.table.name)) isTwice = true;
    names.add(node.table.name);
  });
  return isTwice;
}
