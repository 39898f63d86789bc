import type { Expression } from '../../expression.js';
import { FALSE, refer, TRUE } from '../../logical/expression-tree.js';
import type { LogicalApply, LogicalJoin, LogicalNode } from '../../logical/logical-plan.js';
import { outputIdsOf, outputOf } from '../../logical/plan-tree.js';
import { addJoinConditions, joinWithDefaults, restoreEmptyRow } from '../decorrelation/domain.js';
import { isUniquePerOuterRow, pullUp } from '../decorrelation/pull-up.js';
import type { Decorrelation, Pulled } from '../decorrelation/pulled.js';
import { rowBounds } from '../decorrelation/row-bounds.js';
import type { NodeRule, RuleContext } from '../rule.js';
import { filterOver } from './predicate-pushdown.js';

/**
 * Subqueries become joins: correlations are pulled up out of the right side of an apply until they are conditions of a
 * join. Inner subqueries go first. None is left, however deep they nest.
 *
 *     apply single (o, aggregate avg(x) over filter l.k = o.k over l)
 *       →   o left join (aggregate avg(x) by l.k over l) on o.k = l.k
 */
export const decorrelate: NodeRule = {
  name: 'decorrelate',
  description: 'Turns correlated subqueries into joins.',
  traversal: 'up',
  rewrite: (node, context) => (node.kind === 'apply' ? decorrelateApply(node, context) : undefined),
};

function decorrelateApply(node: LogicalApply, context: RuleContext): LogicalNode {
  const state: Decorrelation = { context, left: node.left, outer: outputIdsOf(node.left) };
  const right = isExistence(node) ? withoutLimit(node.right) : node.right;
  const pulled = pullUp(right, state);
  return pulled.emptyRow ? joinAlwaysOneRow(node, pulled, state) : joinPulled(node, pulled, state);
}

/** Only asks whether there are rows. */
function isExistence(node: LogicalApply): boolean {
  return ['semi', 'anti', 'mark'].includes(node.joinKind) && node.conditions.length === 0;
}

function withoutLimit(node: LogicalNode): LogicalNode {
  switch (node.kind) {
    case 'project':
    case 'sort':
    case 'limit': {
      const hasRows = node.kind !== 'limit' || (node.offset === 0 && node.limit !== 0);
      const sorted = node.kind === 'sort' && (node.offset || node.limit === 0);
      if (!hasRows || sorted) return node;
      return node.kind === 'project' ? { ...node, input: withoutLimit(node.input) } : withoutLimit(node.input);
    }
    default:
      return node;
  }
}

function joinPulled(node: LogicalApply, pulled: Pulled, state: Decorrelation): LogicalNode {
  const { left, conditions, markColumn, nullAware } = node;
  const join: LogicalJoin = {
    kind: 'join',
    joinKind: node.joinKind === 'single' ? scalarJoinKind(pulled, state) : node.joinKind,
    left,
    right: pulled.plan,
    conditions,
    markColumn,
    nullAware,
  };
  return addJoinConditions(join, pulled.conjuncts, state.context);
}

/** A scalar subquery must be checked for a second row only where it could have one. */
function scalarJoinKind(pulled: Pulled, state: Decorrelation): 'inner' | 'left' | 'single' {
  if (pulled.conjuncts.length > 0) return isUniquePerOuterRow(pulled, state) ? 'left' : 'single';
  const { least, most } = rowBounds(pulled.plan);
  if (most > 1) return 'single';
  return least === 1 ? 'inner' : 'left';
}

/** The right side has exactly one row for every left row: an aggregation without keys. */
function joinAlwaysOneRow(node: LogicalApply, pulled: Pulled, state: Decorrelation): LogicalNode {
  const { left, conditions, joinKind } = node;
  const withRow = (): LogicalNode => joinWithDefaults(left, pulled, pulled.conjuncts, state.context);
  switch (joinKind) {
    case 'single':
      return withRow();
    case 'inner':
      return filterOver(withRow(), conditions);
    case 'left':
      return conditions.length === 0 ? withRow() : joinPulled(node, restoreEmptyRow(pulled, state), state);
    case 'semi':
    case 'anti':
    case 'mark':
      if (conditions.length === 0) return existing(node, left);
      return joinPulled(node, restoreEmptyRow(pulled, state), state);
    case 'nullAwareAnti':
      return joinPulled(node, restoreEmptyRow(pulled, state), state);
  }
}

/** EXISTS of something that always has a row. */
function existing(node: LogicalApply, left: LogicalNode): LogicalNode {
  if (node.joinKind === 'semi') return left;
  if (node.joinKind === 'anti') return filterOver(left, [FALSE]);
  const truth: Expression = TRUE;
  const handedOn = outputOf(left).map((column) => ({ column, expression: refer(column) }));
  return { kind: 'project', input: left, items: [...handedOn, { column: node.markColumn!, expression: truth }] };
}
