import type { ComparisonExpression, Expression } from '../../expression.js';
import { columnsOf, expressionKey, substituteColumns } from '../../logical/expression-tree.js';
import type { LogicalFilter, LogicalJoin, LogicalNode } from '../../logical/logical-plan.js';
import { mapInputs, outputIdsOf } from '../../logical/plan-tree.js';
import type { PlanRule } from '../rule.js';
import { filterOver } from './predicate-pushdown.js';

/**
 * What a column is compared with, the columns it equals are compared with too: both sides of a join read less. Bounds
 * and lists are copied like equalities; of an outer join's conditions only towards the side that may be missing.
 *
 *     (filter a.day = '2024-01-01' over a) join b on a.day = b.day   →   both sides are filtered
 */
export const transitivePredicates: PlanRule = {
  name: 'transitive-predicates',
  description: 'Repeats conditions on columns for the columns that they equal.',
  traversal: 'plan',
  rewrite: (plan) => visit(plan),
};

function visit(node: LogicalNode): LogicalNode {
  const below = mapInputs(node, visit);
  switch (below.kind) {
    case 'join':
      return copyPredicates(below);
    case 'filter':
      return copyWithin(below);
    default:
      return below;
  }
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
    if (!isEquality(condition)) continue;
    const { left: a, right: b } = condition;
    const ofLeft = sideOf(a, b, left);
    const ofRight = sideOf(a, b, right);
    // An outer join may compare two columns of one side.
    if (!ofLeft || !ofRight || ofLeft === ofRight) continue;
    if (COPIES_TO_RIGHT.has(join.joinKind) && ofLeft.kind === 'column') {
      // A condition of the join on the left column alone holds for all rows that match.
      const sources = [...predicatesOn(left, ofLeft.column), ...simpleAmong(join.conditions, ofLeft.column)];
      right = withCopies(right, ofRight, sources, ofLeft.column);
    }
    if (COPIES_TO_LEFT.has(join.joinKind) && ofRight.kind === 'column') {
      left = withCopies(left, ofLeft, predicatesOn(right, ofRight.column), ofRight.column);
    }
  }
  return left === join.left && right === join.right ? join : { ...join, left, right };
}

/** The operand that is a column of this side, as it is or widened. */
function sideOf(a: Expression, b: Expression, side: LogicalNode): Expression | undefined {
  return [a, b].find((operand) => {
    const column = underCast(operand);
    return column !== undefined && outputIdsOf(side).has(column);
  });
}

function underCast(operand: Expression): number | undefined {
  const inner = operand.kind === 'cast' ? operand.input : operand;
  return inner.kind === 'column' ? inner.column : undefined;
}

/** Equalities of two columns in one filter. */
function copyWithin(filter: LogicalFilter): LogicalNode {
  const copies = filter.conjuncts.flatMap((conjunct) => {
    if (!isEquality(conjunct) || conjunct.operator !== '=') return [];
    const { left, right } = conjunct;
    if (left.kind !== 'column' || right.kind !== 'column') return [];
    return [...copiesOf(filter, left, right), ...copiesOf(filter, right, left)];
  });
  return filterOver(filter, uniqueOf(copies));
}

function copiesOf(
  filter: LogicalFilter,
  from: Expression & { kind: 'column' },
  to: Expression & { kind: 'column' },
): readonly Expression[] {
  return fresh(predicatesOn(filter, from.column), from.column, to, predicatesOn(filter, to.column));
}

function uniqueOf(expressions: readonly Expression[]): readonly Expression[] {
  return [...new Map(expressions.map((expression) => [expressionKey(expression), expression])).values()];
}

/** NULLs that equal NULLs change nothing: the conditions that are copied are true for no NULL. */
function isEquality(condition: Expression): condition is ComparisonExpression {
  return (
    condition.kind === 'comparison' && (condition.operator === '=' || condition.operator === 'is not distinct from')
  );
}

function withCopies(
  target: LogicalNode,
  reference: Expression,
  sources: readonly Expression[],
  sourceColumn: number,
): LogicalNode {
  if (sources.length === 0) return target;
  const known = reference.kind === 'column' ? predicatesOn(target, reference.column) : comparedIn(target);
  return filterOver(target, uniqueOf(fresh(sources, sourceColumn, reference, known)));
}

/** The conditions with another operand for the column, but for those that are known. */
function fresh(
  sources: readonly Expression[],
  sourceColumn: number,
  reference: Expression,
  known: readonly Expression[],
): readonly Expression[] {
  const keys = new Set(known.map(expressionKey));
  return sources
    .map((predicate) => substituteColumns(predicate, new Map([[sourceColumn, reference]])))
    .filter((copy) => !keys.has(expressionKey(copy)));
}

/** All conditions of the filters right on top of a plan. */
function comparedIn(node: LogicalNode): readonly Expression[] {
  if (node.kind === 'scan') return node.filters;
  return node.kind === 'filter' ? [...node.conjuncts, ...comparedIn(node.input)] : [];
}

function simpleAmong(conditions: readonly Expression[], column: number): readonly Expression[] {
  return conditions.filter((condition) => isSimple(condition, column));
}

/** Conditions on one column alone that all rows of a plan satisfy. */
function predicatesOn(node: LogicalNode, column: number): readonly Expression[] {
  switch (node.kind) {
    case 'scan':
      return simpleAmong(node.filters, column);
    case 'filter':
      return [...simpleAmong(node.conjuncts, column), ...predicatesOn(node.input, column)];
    case 'sort':
    case 'limit':
      return predicatesOn(node.input, column);
    case 'window':
      return outputIdsOf(node.input).has(column) ? predicatesOn(node.input, column) : [];
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

/** Cheap enough to be asked twice, and true for no NULL: comparisons of the column with constants. */
function isSimple(predicate: Expression, column: number): boolean {
  const columns = columnsOf(predicate);
  if (columns.size !== 1 || !columns.has(column)) return false;
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return predicate.operands.every((operand) => isSimple(operand, column));
    case 'inList':
      return predicate.input.kind === 'column';
    case 'comparison': {
      const { left, right, operator } = predicate;
      if (operator.startsWith('is') || operator === '<>') return false;
      return (
        (left.kind === 'column' && right.kind === 'constant') || (right.kind === 'column' && left.kind === 'constant')
      );
    }
    default:
      return false;
  }
}
