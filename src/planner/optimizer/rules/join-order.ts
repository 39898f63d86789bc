import { isRegion } from '../../join-order/join-region.js';
import { orderJoins } from '../../join-order/order-joins.js';
import { columnsOf } from '../../logical/expression-tree.js';
import type { LogicalNode } from '../../logical/logical-plan.js';
import { expressionsOf, mapInputs, outputIdsOf, visitPlan } from '../../logical/plan-tree.js';
import type { PlanRule } from '../rule.js';

/**
 * Inner, outer, semi and anti joins that stand together are reordered as a whole, for the least cost by estimated rows: by
 * dynamic programming over the join graph, or greedily where there are too many orders.
 *
 *     lineitem join orders on … join (a few) customers on …   →   lineitem join (orders join customers on …) on …
 */
export const joinOrder: PlanRule = {
  name: 'join-order',
  description: 'Chooses the order of joins and which side is built.',
  traversal: 'plan',
  rewrite(plan) {
    const used = usedColumns(plan);
    const reorder = (node: LogicalNode): LogicalNode =>
      isRegion(node) ? orderJoins(node, used, reorder) : mapInputs(node, reorder);
    return reorder(plan);
  },
};

/** What any node but a scan refers to, or the plan returns. */
function usedColumns(plan: LogicalNode): ReadonlySet<number> {
  const used = new Set(outputIdsOf(plan));
  visitPlan(plan, (node) => {
    if (node.kind === 'scan') return;
    for (const expression of expressionsOf(node)) for (const id of columnsOf(expression)) used.add(id);
    if (node.kind === 'recursive') for (const id of [...node.anchorColumns, ...node.stepColumns]) used.add(id);
    if (node.kind === 'unionAll') for (const ids of node.inputColumns) for (const id of ids) used.add(id);
  });
  return used;
}
