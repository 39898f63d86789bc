import type { Expression } from '../../expression.js';
import { andOf, columnsOf, conjunctsOf, expressionKey, orOf, refersOnlyTo } from '../../logical/expression-tree.js';
import type { LogicalFilter, LogicalJoin, LogicalNode } from '../../logical/logical-plan.js';
import { mapInputs, outputIdsOf } from '../../logical/plan-tree.js';
import type { PlanRule } from '../rule.js';
import { isVolatile } from '../volatility.js';
import { filterOver } from './predicate-pushdown.js';
import { simplify } from './simplify-boolean.js';

/**
 * An OR over several tables implies an OR over each of them, where every branch says something about it. The implied
 * ones filter before the join (TPC-H Q7, Q19); the OR itself stays.
 *
 *     (a.x = 1 and b.y = 2) or (a.x = 3 and b.y = 4)   →   also a.x = 1 or a.x = 3 on a's side, and b's likewise
 *
 * Of an outer join's conditions only those on its inner side are implied there; of filters above it, those on its outer
 * side.
 */
export const impliedDisjunctions: PlanRule = {
  name: 'implied-disjunctions',
  description: 'Derives from an OR over several tables what it implies for each.',
  traversal: 'plan',
  rewrite: (plan) => visit(plan),
};

function visit(node: LogicalNode): LogicalNode {
  const below = mapInputs(node, visit);
  if (below.kind === 'join') return withImplied(below);
  return below.kind === 'filter' && below.input.kind === 'join' ? filteredJoin(below, below.input) : below;
}

const FILTERS_LEFT: ReadonlySet<LogicalJoin['joinKind']> = new Set(['inner', 'semi']);

function withImplied(join: LogicalJoin): LogicalJoin {
  if (join.joinKind === 'full' || join.joinKind === 'nullAwareAnti' || join.nullAware) return join;
  const left = FILTERS_LEFT.has(join.joinKind) ? withConditions(join.left, join.conditions) : join.left;
  const right = withConditions(join.right, join.conditions);
  return left === join.left && right === join.right ? join : { ...join, left, right };
}

function filteredJoin(filter: LogicalFilter, join: LogicalJoin): LogicalNode {
  if (join.joinKind === 'full') return filter;
  const left = withConditions(join.left, filter.conjuncts);
  return left === join.left ? filter : { ...filter, input: { ...join, left } };
}

function withConditions(side: LogicalNode, conditions: readonly Expression[]): LogicalNode {
  const implied = impliedBy(conditions, side).filter((condition) => !isKnown(side, expressionKey(condition)));
  return filterOver(side, implied);
}

function impliedBy(conditions: readonly Expression[], side: LogicalNode): readonly Expression[] {
  const ids = outputIdsOf(side);
  return conditions.flatMap((condition) => {
    if (condition.kind !== 'or' || refersOnlyTo(condition, ids)) return [];
    const branches = condition.operands.map((branch) =>
      conjunctsOf(branch).filter((part) => columnsOf(part).size > 0 && refersOnlyTo(part, ids) && !isVolatile(part)),
    );
    return branches.some((parts) => parts.length === 0) ? [] : conjunctsOf(simplify(orOf(branches.map(andOf))));
  });
}

/** Was the condition derived before, and moved down since? */
function isKnown(node: LogicalNode, key: string): boolean {
  const has = (conditions: readonly Expression[]): boolean =>
    conditions.some((condition) => expressionKey(condition) === key);
  switch (node.kind) {
    case 'scan':
      return has(node.filters);
    case 'filter':
      return has(node.conjuncts) || isKnown(node.input, key);
    case 'join':
      if (node.joinKind === 'inner') return has(node.conditions) || isKnown(node.left, key) || isKnown(node.right, key);
      return node.joinKind !== 'full' && isKnown(node.left, key);
    default:
      return false;
  }
}
