import type { Expression } from '../../expression.js';
import { isNullOf, refer, substituteColumns } from '../../logical/expression-tree.js';
import type { LogicalJoin, LogicalNode, ProjectItem } from '../../logical/logical-plan.js';
import { outputOf } from '../../logical/plan-tree.js';
import type { NodeRule, RuleContext } from '../rule.js';
import { PlanForms } from '../subplans/plan-forms.js';
import { isUniqueOn } from '../unique-keys.js';
import { filterOver } from './predicate-pushdown.js';

/**
 * Where a plan is joined with an equal one on a key of both, each row meets itself: one of them is enough.
 *
 *     w join w as v on w.k = v.k, k unique in w   →   filter k is not null over w
 */
export const selfJoinElimination: NodeRule = {
  name: 'self-join-elimination',
  description: 'Drops joins of a plan with itself on a key.',
  traversal: 'up',
  rewrite: (node, context) =>
    node.kind === 'join' && node.joinKind === 'inner' ? withItself(node, context) : undefined,
};

/** Two equal plans that meet on a key: each row meets itself. */
function withItself(join: LogicalJoin, { ids }: RuleContext): LogicalNode | undefined {
  const forms = PlanForms.of(ids);
  const [left, right] = [forms.formOf(join.left), forms.formOf(join.right)];
  if (!left || left.rows !== right?.rows) return undefined;
  const originals = outputOf(join.left);
  const byNumber = new Map(originals.map(({ id }) => [left.columns.get(id), id]));
  const twins = new Map<number, number>();
  for (const { id } of outputOf(join.right)) {
    const twin = byNumber.get(right.columns.get(id));
    if (twin === undefined) return undefined;
    twins.set(id, twin);
  }
  const meeting = join.conditions.flatMap((condition) => {
    const column = equatedWithTwin(condition, twins);
    return column === undefined ? [] : [{ condition, column }];
  });
  if (!isUniqueOn(join.left, new Set(meeting.map(({ column }) => column)))) return undefined;
  const replacements = new Map(
    outputOf(join.right).map((column): [number, Expression] => [
      column.id,
      refer({ id: twins.get(column.id)!, type: column.type }),
    ]),
  );
  const notNull = meeting.flatMap(({ condition, column }) => {
    const isEquality = condition.kind === 'comparison' && condition.operator === '=';
    const known = originals.find(({ id }) => id === column)!;
    return isEquality ? [isNullOf(refer(known), true)] : [];
  });
  const others = join.conditions
    .filter((condition) => !meeting.some((pair) => pair.condition === condition))
    .map((condition) => substituteColumns(condition, replacements));
  const items = outputOf(join).map(
    (column): ProjectItem => ({ column, expression: replacements.get(column.id) ?? refer(column) }),
  );
  return { kind: 'project', input: filterOver(join.left, [...notNull, ...others]), items };
}

/** The left column, where the condition compares it with its twin on the right. */
function equatedWithTwin(condition: Expression, twins: ReadonlyMap<number, number>): number | undefined {
  if (condition.kind !== 'comparison') return undefined;
  const { left, right, operator } = condition;
  if (operator !== '=' && operator !== 'is not distinct from') return undefined;
  if (left.kind !== 'column' || right.kind !== 'column') return undefined;
  if (twins.get(right.column) === left.column) return left.column;
  return twins.get(left.column) === right.column ? right.column : undefined;
}
