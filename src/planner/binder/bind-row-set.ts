import type * as Ast from '../../parser/ast/index.js';
import { type ArrayType, arrayOf, BIGINT, type StructType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { refer } from '../logical/expression-tree.js';
import { type LogicalNode, type ProjectItem, SINGLE_ROW } from '../logical/logical-plan.js';
import type { BindContext } from './bind-context.js';
import { bindTypeName } from './bind-type-name.js';
import { fieldAt } from './row-fields.js';
import type { BoundRelation } from './scope.js';

/** An array of rows in FROM: it is taken apart, and then each row. */
export function bindRowSet(
  rows: Expression,
  name: string,
  withOrdinality: boolean,
  { ids }: BindContext,
): BoundRelation {
  const rowType = (rows.type as ArrayType).element as StructType;
  const row = ids.column(name, rowType, true);
  const ordinality = withOrdinality ? ids.column('ordinality', BIGINT, false) : undefined;
  const unnest: LogicalNode = {
    kind: 'unnest',
    input: SINGLE_ROW,
    items: [{ expression: rows, column: row }],
    ordinality,
    outer: false,
  };
  const items = rowType.fields.map(
    (field, index): ProjectItem => ({
      column: ids.column(field.name, field.type, true),
      expression: fieldAt(refer(row), rowType, index),
    }),
  );
  if (ordinality) items.push({ column: ordinality, expression: refer(ordinality) });
  return {
    plan: { kind: 'project', input: unnest, items },
    columns: items.map(({ column }) => ({ name: column.name, column })),
  };
}

/** The call of a function that returns records, as an array of rows of the columns that FROM lists. */
export function rowsOfRecordCall(
  call: Expression,
  rows: 'one' | 'many',
  definitions: readonly Ast.FunctionColumn[],
): Expression {
  const row: StructType = {
    kind: 'struct',
    fields: definitions.map(({ name, type }) => ({ name: name.name, type: bindTypeName(type) })),
  };
  if (rows === 'many') return { ...call, type: arrayOf(row) } as Expression;
  const record = { ...call, type: row } as Expression;
  return { kind: 'call', type: arrayOf(row), overload: 'list_value(any...)', args: [record] };
}
