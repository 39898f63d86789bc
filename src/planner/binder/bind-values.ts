import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import type { SqlType } from '../../types/sql-type.js';
import type { ConstantExpression, Expression } from '../expression.js';
import { type LogicalColumn, type LogicalNode, SINGLE_ROW } from '../logical/logical-plan.js';
import { type BindContext, type BoundQuery, type PendingApply, withSubqueries } from './bind-context.js';
import { bindExpression } from './bind-expression.js';
import { coerce } from './coerce.js';
import { commonTypeAt } from './common-type-at.js';
import { foldIfConstant } from './fold.js';
import { operandTypes } from './literal-types.js';
import type { Scope } from './scope.js';
import { SetCollector } from './set-functions.js';

/** VALUES: literal rows, or, where a value is not constant, a union of one-row projections. */
export function bindValues(values: Ast.Values, scope: Scope, context: BindContext, keepUnknown: boolean): BoundQuery {
  const width = values.rows[0]!.length;
  for (const row of values.rows) {
    if (row.length !== width) {
      throw userError('42601', 'VALUES lists must all be the same length', {
        position: row[0]?.position ?? values.position,
        hint: `The first list has ${width} values.`,
      });
    }
  }
  const subqueries = values.rows.map((): PendingApply[] => []);
  // One row of an INSERT is a select list to PostgreSQL.
  const isSelectList = values.rows.length === 1 && values.rows[0]!.some(({ kind }) => kind === 'assigned');
  const sets = isSelectList ? new SetCollector(context) : undefined;
  const bound = values.rows.map((row, i) =>
    row.map((value) => bindExpression(value, { context, scope, clause: 'VALUES', subqueries: subqueries[i]!, sets })),
  );
  const types = Array.from({ length: width }, (_, i) => columnType(bound, i, values, keepUnknown));
  const rows = bound.map((row, r) =>
    row.map((value, i) => {
      const { position } = values.rows[r]![i]!;
      const typed = types[i]!.kind === 'unknown' ? value : coerce(context, value, types[i]!, position);
      return foldIfConstant(context, typed, position);
    }),
  );
  const columns = types.map((type, i) =>
    context.ids.column(
      `column${i + 1}`,
      type,
      rows.some((row) => !isNotNull(row[i]!)),
    ),
  );
  return {
    plan: planOf(rows, columns, subqueries, sets, context),
    columns: columns.map((column) => ({ name: column.name, column })),
  };
}

const isNotNull = (value: Expression): boolean => value.kind === 'constant' && value.value !== null;

function columnType(
  rows: readonly (readonly Expression[])[],
  index: number,
  values: Ast.Values,
  keepUnknown: boolean,
): SqlType {
  const types = operandTypes(rows.map((row) => row[index]!));
  if (keepUnknown && types.every((type) => type.kind === 'unknown')) return { kind: 'unknown' };
  return commonTypeAt(
    types,
    'VALUES',
    values.rows.map((row) => row[index]!.position),
  );
}

function planOf(
  rows: readonly (readonly Expression[])[],
  columns: readonly LogicalColumn[],
  subqueries: readonly (readonly PendingApply[])[],
  sets: SetCollector | undefined,
  context: BindContext,
): LogicalNode {
  if (rows.every((row) => row.every((value) => value.kind === 'constant'))) {
    return { kind: 'values', columns, rows: rows as readonly (readonly ConstantExpression[])[] };
  }
  const inputs = rows.map((row, r): { plan: LogicalNode; ids: readonly number[] } => {
    const items = row.map((expression, i) => ({
      column: context.ids.column(columns[i]!.name, columns[i]!.type, true),
      expression,
    }));
    const input = withSubqueries(SINGLE_ROW, subqueries[r]!);
    const plan: LogicalNode = { kind: 'project', input: sets?.over(input) ?? input, items };
    return { plan, ids: items.map((item) => item.column.id) };
  });
  return {
    kind: 'unionAll',
    inputs: inputs.map((input) => input.plan),
    columns: columns.map((column) => ({ ...column, nullable: true })),
    inputColumns: inputs.map((input) => input.ids),
  };
}
