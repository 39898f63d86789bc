import type { Expression } from '../../expression.js';
import { columnsOf } from '../../logical/expression-tree.js';
import type { LogicalApply, LogicalFilter, LogicalJoin, LogicalNode } from '../../logical/logical-plan.js';
import type { NodeRule } from '../rule.js';
import { filterOver } from './predicate-pushdown.js';

/**
 * A subquery's mark that is only used to keep or drop rows needs no column: EXISTS and IN become semi joins, NOT EXISTS
 * an anti join, NOT IN a null-aware anti join.
 *
 *     filter mark over (a mark join b)   →   a semi join b
 */
export const markToSemi: NodeRule = {
  name: 'mark-to-semi',
  description: 'Turns subqueries in conditions into semi and anti joins.',
  traversal: 'down',
  rewrite: (node) => (node.kind === 'filter' ? convert(node) : undefined),
};

type Marked = LogicalApply | LogicalJoin;

function convert(node: LogicalFilter): LogicalNode | undefined {
  for (const conjunct of node.conjuncts) {
    const test = markTest(conjunct);
    if (!test) continue;
    const others = node.conjuncts.filter((other) => other !== conjunct);
    if (others.some((other) => columnsOf(other).has(test.column))) continue;
    const input = replaceMark(node.input, test.column, test.negated);
    if (input) return filterOver(input, others);
  }
  return undefined;
}

function markTest(conjunct: Expression): { column: number; negated: boolean } | undefined {
  if (conjunct.kind === 'column') return { column: conjunct.column, negated: false };
  if (conjunct.kind === 'not' && conjunct.input.kind === 'column') {
    return { column: conjunct.input.column, negated: true };
  }
  return undefined;
}

/** Finds the mark join under other subqueries of the same filter; the mark must not be used on the way. */
function replaceMark(node: LogicalNode, mark: number, negated: boolean): LogicalNode | undefined {
  if (node.kind !== 'apply' && node.kind !== 'join') return undefined;
  if (node.joinKind === 'mark' && node.markColumn?.id === mark) return replaced(node, negated);
  if (!['mark', 'single', 'semi', 'anti', 'nullAwareAnti'].includes(node.joinKind)) return undefined;
  if (node.conditions.some((condition) => columnsOf(condition).has(mark))) return undefined;
  const left = replaceMark(node.left, mark, negated);
  return left && { ...node, left };
}

function replaced(node: Marked, negated: boolean): LogicalNode {
  const { markColumn: _mark, nullAware, ...rest } = node;
  if (!negated) return { ...rest, joinKind: 'semi' };
  return { ...rest, joinKind: nullAware ? 'nullAwareAnti' : 'anti' };
}
