import type { LogicalNode } from '../../logical/logical-plan.js';
import { mapInputs } from '../../logical/plan-tree.js';

/** The plan with some of its parts replaced. */
export function replaced(node: LogicalNode, replacements: ReadonlyMap<LogicalNode, LogicalNode>): LogicalNode {
  return replacements.get(node) ?? mapInputs(node, (input) => replaced(input, replacements));
}
