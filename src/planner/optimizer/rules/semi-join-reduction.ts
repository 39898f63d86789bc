import { BOOLEAN } from '../../../types/sql-type.js';
import type { Expression } from '../../expression.js';
import { clonePlan } from '../../logical/clone-plan.js';
import { columnsOf, refer } from '../../logical/expression-tree.js';
import type { LogicalAggregate, LogicalColumn, LogicalJoin, LogicalNode } from '../../logical/logical-plan.js';
import { expressionsOf, outputIdsOf, outputOf, readsWorkingTable, visitPlan } from '../../logical/plan-tree.js';
import { estimate } from '../../statistics/estimate.js';
import type { NodeRule, RuleContext } from '../rule.js';
import { isVolatile } from '../volatility.js';

/** The other side must have this many times fewer rows than there are groups, and read as many times less. */
const MARGIN = 4;
const READING_MARGIN = 2;
/** Below so many rows, grouping all of them is as good. */
const LEAST_ROWS = 50_000;

/**
 * A join keeps few of the groups of an aggregation when its other side has few keys. Rows of other groups need not be
 * grouped: a semi join with a copy of the other side takes them away before. Where making the copy is dear, the rule
 * common-subplans lets both read the same rows.
 *
 *     (aggregate avg(q) by k over scan l) join (scan p where …) on k = p
 *       →  (aggregate avg(q) by k over (scan l semi join (scan p where …) on k = p)) join (scan p where …) on k = p
 */
export const semiJoinReduction: NodeRule = {
  name: 'semi-join-reduction',
  description: 'Groups only rows whose group a join can find.',
  traversal: 'up',
  rewrite: (node, context) => (node.kind === 'join' ? reduce(node, context) : undefined),
};

/** Kinds that do not hand on what of either side finds no match. */
const DROPS_LEFT = new Set<LogicalJoin['joinKind']>(['inner', 'semi']);
const DROPS_RIGHT = new Set<LogicalJoin['joinKind']>(['inner', 'left', 'single', 'semi', 'anti']);

function reduce(join: LogicalJoin, context: RuleContext): LogicalNode | undefined {
  if (DROPS_RIGHT.has(join.joinKind)) {
    const right = reduceSide(join.right, join.left, join.conditions, context);
    if (right) return { ...join, right };
  }
  if (!DROPS_LEFT.has(join.joinKind)) return undefined;
  const left = reduceSide(join.left, join.right, join.conditions, context);
  return left && { ...join, left };
}

/** A column of the groups, and the column of the other side that it must equal. */
interface KeyPair {
  readonly own: number;
  readonly other: LogicalColumn;
}

function reduceSide(
  side: LogicalNode,
  other: LogicalNode,
  conditions: readonly Expression[],
  context: RuleContext,
): LogicalNode | undefined {
  // Each round would group anew.
  if (readsWorkingTable(other)) return undefined;
  const pairs = keyPairs(side, other, conditions);
  return pairs.length === 0 ? undefined : reduceGroups(side, other, pairs, context);
}

function keyPairs(side: LogicalNode, other: LogicalNode, conditions: readonly Expression[]): KeyPair[] {
  const own = outputIdsOf(side);
  const others = new Map(outputOf(other).map((column) => [column.id, column]));
  return conditions.flatMap((condition): KeyPair[] => {
    if (condition.kind !== 'comparison' || condition.operator !== '=') return [];
    const { left, right } = condition;
    if (left.kind !== 'column' || right.kind !== 'column') return [];
    const [mine, theirs] = own.has(left.column) ? [left, right] : [right, left];
    const found = others.get(theirs.column);
    return own.has(mine.column) && found ? [{ own: mine.column, other: found }] : [];
  });
}

/** Goes down to the aggregation whose keys the pairs name. */
function reduceGroups(
  node: LogicalNode,
  other: LogicalNode,
  pairs: readonly KeyPair[],
  context: RuleContext,
): LogicalNode | undefined {
  switch (node.kind) {
    case 'filter': {
      const input = reduceGroups(node.input, other, pairs, context);
      return input && { ...node, input };
    }
    case 'project': {
      const below = pairs.flatMap((pair): KeyPair[] => {
        const item = node.items.find(({ column }) => column.id === pair.own);
        return item?.expression.kind === 'column' ? [{ ...pair, own: item.expression.column }] : [];
      });
      const input = below.length === 0 ? undefined : reduceGroups(node.input, other, below, context);
      return input && { ...node, input };
    }
    case 'aggregate':
      return reduceAggregate(node, other, pairs, context);
    default:
      return undefined;
  }
}

function reduceAggregate(
  node: LogicalAggregate,
  other: LogicalNode,
  pairs: readonly KeyPair[],
  { ids, isForced }: RuleContext,
): LogicalNode | undefined {
  const keys = pairs.flatMap(({ own, other: column }) => {
    const key = node.groupKeys.find((candidate) => candidate.column.id === own);
    return key ? [{ expression: key.expression, column }] : [];
  });
  if (keys.length === 0 || hasVolatile(other) || !(isForced || pays(node, other))) return undefined;
  const wanted = new Set(keys.map(({ column }) => column.id));
  const copy = clonePlan(keepColumns(other, wanted), ids);
  const conditions = keys.map(({ expression, column }): Expression => {
    const right = refer(copy.columns.get(column.id)!);
    return { kind: 'comparison', type: BOOLEAN, operator: '=', left: expression, right };
  });
  const input = semiJoinBelow(node.input, conditions, copy.plan);
  return input && { ...node, input };
}

function pays(node: LogicalAggregate, other: LogicalNode): boolean {
  if (estimate(node.input).rows < LEAST_ROWS) return false;
  if (estimate(other).rows * MARGIN >= estimate(node).rows) return false;
  return rowsRead(other) * READING_MARGIN < rowsRead(node);
}

function rowsRead(plan: LogicalNode): number {
  let rows = 0;
  visitPlan(plan, (node) => {
    if (node.kind === 'scan') rows += node.files?.rowCount ?? estimate(node).rows;
    else if (node.kind === 'values' || node.kind === 'generateSeries') rows += estimate(node).rows;
  });
  return rows;
}

function hasVolatile(plan: LogicalNode): boolean {
  let found = false;
  visitPlan(plan, (node) => {
    if (expressionsOf(node).some(isVolatile)) found = true;
  });
  return found;
}

function keepColumns(plan: LogicalNode, wanted: ReadonlySet<number>): LogicalNode {
  const kept = outputOf(plan).filter(({ id }) => wanted.has(id));
  return { kind: 'project', input: plan, items: kept.map((column) => ({ column, expression: refer(column) })) };
}

/** As far down through inner joins as the keys' columns come from one side. Undefined where such a join is already. */
function semiJoinBelow(
  node: LogicalNode,
  conditions: readonly Expression[],
  right: LogicalNode,
): LogicalNode | undefined {
  const made = outputIdsOf(right);
  const used = conditions.flatMap((condition) => [...columnsOf(condition)]).filter((id) => !made.has(id));
  if (node.kind === 'join' && node.joinKind === 'inner') {
    for (const side of ['left', 'right'] as const) {
      if (!used.every((id) => outputIdsOf(node[side]).has(id))) continue;
      const input = semiJoinBelow(node[side], conditions, right);
      return input && { ...node, [side]: input };
    }
  }
  if (node.kind === 'join' && node.joinKind === 'semi') return undefined;
  return { kind: 'join', joinKind: 'semi', left: node, right, conditions };
}
