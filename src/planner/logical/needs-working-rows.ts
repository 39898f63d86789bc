import type { LogicalNode } from './logical-plan.js';
import { inputsOf } from './plan-tree.js';

/** Is it sure that a plan has no rows where the working table of that number has none? */
export function needsWorkingRows(plan: LogicalNode, number: number): boolean {
  const needs = (node: LogicalNode): boolean => needsWorkingRows(node, number);
  switch (plan.kind) {
    case 'workingTable':
      return plan.number === number;
    case 'join':
    case 'apply':
      if (plan.joinKind === 'full') return needs(plan.left) && needs(plan.right);
      return needs(plan.left) || (BOTH_SIDES.has(plan.joinKind) && needs(plan.right));
    case 'aggregate':
      return plan.groupKeys.length > 0 && needs(plan.input);
    case 'recursive':
      return needs(plan.anchor) && (needsWorkingRows(plan.step, plan.number) || needs(plan.step));
    case 'unionAll':
      return plan.inputs.every(needs);
    case 'scan':
    case 'values':
    case 'generateSeries':
      return false;
    default:
      return inputsOf(plan).every(needs);
  }
}

/** Joins without rows where either side has none. */
const BOTH_SIDES: ReadonlySet<string> = new Set(['inner', 'semi']);
