import { type SqlType, sameType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { refer } from '../logical/expression-tree.js';
import type { LogicalNode, LogicalProject, ProjectItem } from '../logical/logical-plan.js';
import { assign } from './assign.js';
import type { BindContext, BoundQuery } from './bind-context.js';
import { coerce } from './coerce.js';
import { foldIfConstant } from './fold.js';

/**
 * The query with its columns cast to the given types; untyped literals are read as those types right here. With the
 * names of target columns, as they are assigned to them.
 */
export function coerceColumns(
  bound: BoundQuery,
  types: readonly SqlType[],
  context: BindContext,
  positionOf: (index: number) => number,
  targetNames?: readonly string[],
): BoundQuery {
  if (bound.columns.every(({ column }, i) => sameType(column.type, types[i]!))) return bound;
  const typed = typedValues(bound, types, context, positionOf, targetNames);
  const items = typed.columns.map(({ name, column }, i): ProjectItem => {
    const source = literalBehind(typed.plan, column.id) ?? refer(column);
    const expression =
      targetNames === undefined
        ? coerce(context, source, types[i]!, positionOf(i))
        : assign(context, source, types[i]!, positionOf(i), targetNames[i]);
    if (expression.kind === 'column') return { column, expression };
    return { column: context.ids.column(name, types[i]!, column.nullable), expression };
  });
  return {
    plan: { kind: 'project', input: typed.plan, items },
    columns: typed.columns.map(({ name }, i) => ({ name, column: items[i]!.column })),
  };
}

/** The untyped literal or parameter that a column of a projection is, if it is one. */
export function literalBehind(plan: LogicalNode, id: number): Expression | undefined {
  if (plan.kind === 'sort' || plan.kind === 'limit') return literalBehind(plan.input, id);
  if (plan.kind !== 'project') return undefined;
  const item = plan.items.find(({ column }) => column.id === id);
  if (item?.expression.type.kind !== 'unknown') return undefined;
  return item.expression.kind === 'column' ? literalBehind(plan.input, item.expression.column) : item.expression;
}

/** VALUES whose untyped literals and parameters are of the types wanted; any other plan comes back as it is. */
function typedValues(
  bound: BoundQuery,
  types: readonly SqlType[],
  context: BindContext,
  positionOf: (index: number) => number,
  targetNames: readonly string[] | undefined,
): BoundQuery {
  const { plan } = bound;
  if (plan.kind !== 'values' && plan.kind !== 'unionAll') return bound;
  const unknown = plan.columns.map((column) => column.type.kind === 'unknown');
  if (!unknown.includes(true)) return bound;
  const typed = (value: Expression, i: number): Expression => {
    if (!unknown[i]) return value;
    if (targetNames === undefined) return coerce(context, value, types[i]!, positionOf(i));
    return foldIfConstant(context, assign(context, value, types[i]!, positionOf(i), targetNames[i]), positionOf(i));
  };
  const planColumns = plan.columns.map((column, i) => (unknown[i] ? { ...column, type: types[i]! } : column));
  const columns = bound.columns.map((column, i) => ({ ...column, column: planColumns[i]! }));
  if (plan.kind === 'unionAll') {
    const inputs = plan.inputs.map((input) => (input.kind === 'project' ? typedProjection(input, typed) : input));
    return { plan: { ...plan, inputs, columns: planColumns }, columns };
  }
  const rows = plan.rows.map((row) =>
    row.map((value, i) => {
      const constant = typed(value, i);
      return constant.kind === 'constant' ? constant : value;
    }),
  );
  return { plan: { ...plan, columns: planColumns, rows }, columns };
}

function typedProjection(project: LogicalProject, typed: (value: Expression, i: number) => Expression): LogicalProject {
  const items = project.items.map(({ column, expression: value }, i) => {
    const expression = typed(value, i);
    return { column: { ...column, type: expression.type }, expression };
  });
  return { ...project, items };
}
