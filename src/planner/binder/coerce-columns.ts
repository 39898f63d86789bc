import type { CastContext } from '../../types/coercion.js';
import { type SqlType, sameType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { refer } from '../logical/expression-tree.js';
import type { LogicalNode, ProjectItem } from '../logical/logical-plan.js';
import type { BindContext, BoundQuery } from './bind-context.js';
import { coerce } from './coerce.js';

/** The query with its columns cast to the given types; untyped literals are read as those types right here. */
export function coerceColumns(
  bound: BoundQuery,
  types: readonly SqlType[],
  context: BindContext,
  position: number,
  castContext: CastContext = 'implicit',
): BoundQuery {
  if (bound.columns.every(({ column }, i) => sameType(column.type, types[i]!))) return bound;
  const typed = bound.plan.kind === 'values' ? typedValues(bound, types, context, position) : bound;
  const items = typed.columns.map(({ name, column }, i): ProjectItem => {
    const source = literalBehind(typed.plan, column.id) ?? refer(column);
    const expression = coerce(context, source, types[i]!, position, castContext);
    if (expression.kind === 'column') return { column, expression };
    return { column: context.ids.column(name, types[i]!, column.nullable), expression };
  });
  return {
    plan: { kind: 'project', input: typed.plan, items },
    columns: typed.columns.map(({ name }, i) => ({ name, column: items[i]!.column })),
  };
}

/** The untyped literal or parameter that a column of a projection is, if it is one. */
function literalBehind(plan: LogicalNode, id: number): Expression | undefined {
  if (plan.kind === 'sort' || plan.kind === 'limit') return literalBehind(plan.input, id);
  if (plan.kind !== 'project') return undefined;
  const item = plan.items.find(({ column }) => column.id === id);
  if (item?.expression.type.kind !== 'unknown') return undefined;
  return item.expression.kind === 'column' ? literalBehind(plan.input, item.expression.column) : item.expression;
}

function typedValues(bound: BoundQuery, types: readonly SqlType[], context: BindContext, position: number): BoundQuery {
  const { plan } = bound;
  if (plan.kind !== 'values') return bound;
  const unknown = plan.columns.map((column) => column.type.kind === 'unknown');
  const rows = plan.rows.map((row) =>
    row.map((value, i) => {
      const typed = unknown[i] ? coerce(context, value, types[i]!, position) : value;
      return typed.kind === 'constant' ? typed : value;
    }),
  );
  const retyped = plan.columns.map((column, i) => (unknown[i] ? { ...column, type: types[i]! } : column));
  return {
    plan: { ...plan, columns: retyped, rows },
    columns: bound.columns.map((column, i) => ({ ...column, column: retyped[i]! })),
  };
}
