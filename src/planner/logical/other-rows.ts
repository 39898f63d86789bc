import { isVolatile } from '../optimizer/volatility.js';
import type { LogicalNode } from './logical-plan.js';
import { expressionsOf, visitPlan } from './plan-tree.js';

/** Does the plan compute anything that is another value each time? */
export function hasVolatile(plan: LogicalNode): boolean {
  let found = false;
  visitPlan(plan, (node) => {
    if (expressionsOf(node).some(isVolatile)) found = true;
  });
  return found;
}

/**
 * Might the plan give other rows when it is run again over the same tables? LIMIT and numbers of rows depend on which of
 * equal rows comes first.
 */
export function mayGiveOtherRows(plan: LogicalNode): boolean {
  let found = hasVolatile(plan);
  visitPlan(plan, (node) => {
    if (node.kind === 'limit' || node.kind === 'window') found = true;
    if (node.kind === 'sort' && node.limit !== undefined) found = true;
  });
  return found;
}
