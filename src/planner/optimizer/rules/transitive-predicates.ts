import type { ComparisonExpression, Expression } from '../../expression.js';
import {
  andOf,
  columnsOf,
  conjunctsOf,
  expressionKey,
  orOf,
  refersOnlyTo,
  substituteColumns,
} from '../../logical/expression-tree.js';
import type { LogicalJoin, LogicalNode } from '../../logical/logical-plan.js';
import { mapInputs, outputIdsOf } from '../../logical/plan-tree.js';
import type { PlanRule } from '../rule.js';
import { isVolatile } from '../volatility.js';
import { filterOver } from './predicate-pushdown.js';
import { simplify } from './simplify-boolean.js';

/**
 * What a column is compared with, the columns it equals are compared with too: both sides of a join read less.
 *
 *     (filter a.day = '2024-01-01' over a) join b on a.day = b.day   →   both sides are filtered
 *
 * An OR over both sides of an inner join implies an OR over each, where every branch says something about it:
 *
 *     (a.x = 1 and b.y = 2) or (a.x = 3 and b.y = 4)   →   also a.x = 1 or a.x = 3 on a's side, and b's likewise
 */
export const transitivePredicates: PlanRule = {
  name: 'transitive-predicates',
  description: 'Repeats conditions on join keys for the other side of the join.',
  traversal: 'plan',
  rewrite: (plan) => visit(plan),
};

function visit(node: LogicalNode): LogicalNode {
  const below = mapInputs(node, visit);
  return below.kind === 'join' ? copyPredicates(withImplied(below)) : below;
}

function withImplied(join: LogicalJoin): LogicalJoin {
  if (join.joinKind !== 'inner' && join.joinKind !== 'semi') return join;
  const [left, right] = [join.left, join.right].map((side) => filterOver(side, impliedBy(join.conditions, side)));
  return left === join.left && right === join.right ? join : { ...join, left: left!, right: right! };
}

function impliedBy(conditions: readonly Expression[], side: LogicalNode): readonly Expression[] {
  const ids = outputIdsOf(side);
  return conditions.flatMap((condition) => {
    if (condition.kind !== 'or') return [];
    const branches = condition.operands.map((branch) =>
      conjunctsOf(branch).filter((part) => columnsOf(part).size > 0 && refersOnlyTo(part, ids) && !isVolatile(part)),
    );
    return branches.some((parts) => parts.length === 0) ? [] : [simplify(orOf(branches.map(andOf)))];
  });
}

/** Which way conditions may be copied: what filters one side must not take rows from the result. */
const COPIES_TO_LEFT: ReadonlySet<LogicalJoin['joinKind']> = new Set(['inner', 'semi']);
const COPIES_TO_RIGHT: ReadonlySet<LogicalJoin['joinKind']> = new Set([
  'inner',
  'semi',
  'left',
  'anti',
  'mark',
  'single',
]);

function copyPredicates(join: LogicalJoin): LogicalNode {
  if (join.nullAware) return join;
  let { left, right } = join;
  for (const condition of join.conditions) {
    if (!isColumnEquality(condition)) continue;
    const [a, b] = [condition.left, condition.right];
    if (a.kind !== 'column' || b.kind !== 'column') continue;
    const [ofLeft, ofRight] = outputIdsOf(left).has(a.column) ? [a, b] : [b, a];
    // An outer join may compare two columns of one side.
    if (!outputIdsOf(left).has(ofLeft.column) || !outputIdsOf(right).has(ofRight.column)) continue;
    if (COPIES_TO_RIGHT.has(join.joinKind)) right = withCopies(right, ofRight.column, left, ofLeft.column, ofRight);
    if (COPIES_TO_LEFT.has(join.joinKind)) left = withCopies(left, ofLeft.column, right, ofRight.column, ofLeft);
  }
  return left === join.left && right === join.right ? join : { ...join, left, right };
}

function isColumnEquality(condition: Expression): condition is ComparisonExpression {
  return condition.kind === 'comparison' && condition.operator === '=';
}

function withCopies(
  target: LogicalNode,
  targetColumn: number,
  source: LogicalNode,
  sourceColumn: number,
  reference: Expression,
): LogicalNode {
  const copies = predicatesOn(source, sourceColumn).map((predicate) =>
    substituteColumns(predicate, new Map([[sourceColumn, reference]])),
  );
  if (copies.length === 0) return target;
  const known = new Set(predicatesOn(target, targetColumn).map(expressionKey));
  const fresh = copies.filter((copy) => !known.has(expressionKey(copy)));
  return filterOver(target, fresh);
}

/** Conditions on one column alone that all rows of a plan satisfy. */
function predicatesOn(node: LogicalNode, column: number): readonly Expression[] {
  switch (node.kind) {
    case 'scan':
      return node.filters.filter((filter) => isSimple(filter, column));
    case 'filter':
      return [...node.conjuncts.filter((conjunct) => isSimple(conjunct, column)), ...predicatesOn(node.input, column)];
    case 'sort':
    case 'limit':
      return predicatesOn(node.input, column);
    case 'project': {
      const item = node.items.find((candidate) => candidate.column.id === column);
      return item?.expression.kind === 'column' ? renamed(node.input, item.expression, column) : [];
    }
    case 'aggregate': {
      const key = node.groupKeys.find((candidate) => candidate.column.id === column);
      return key?.expression.kind === 'column' ? renamed(node.input, key.expression, column) : [];
    }
    case 'join': {
      if (outputIdsOf(node.left).has(column)) return node.joinKind === 'full' ? [] : predicatesOn(node.left, column);
      return node.joinKind === 'inner' ? predicatesOn(node.right, column) : [];
    }
    default:
      return [];
  }
}

function renamed(input: LogicalNode, source: Expression & { kind: 'column' }, column: number): readonly Expression[] {
  const reference: Expression = { ...source, column };
  return predicatesOn(input, source.column).map((predicate) =>
    substituteColumns(predicate, new Map([[source.column, reference]])),
  );
}

/** Cheap enough to be asked twice: a comparison of the column with constants. */
function isSimple(predicate: Expression, column: number): boolean {
  const columns = columnsOf(predicate);
  if (columns.size !== 1 || !columns.has(column) || isVolatile(predicate)) return false;
  if (predicate.kind === 'inList') return predicate.input.kind === 'column';
  if (predicate.kind !== 'comparison' || predicate.operator.startsWith('is') || predicate.operator === '<>')
    return false;
  return predicate.left.kind === 'column' || predicate.right.kind === 'column';
}
