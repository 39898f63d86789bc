import type * as Ast from '../../parser/ast/index.js';
import { arrayOf, BIGINT, type StructType } from '../../types/sql-type.js';
import type { CallExpression, Expression } from '../expression.js';
import { refer } from '../logical/expression-tree.js';
import { type LogicalColumn, type LogicalNode, type ProjectItem, SINGLE_ROW } from '../logical/logical-plan.js';
import type { BindContext } from './bind-context.js';
import { bindTypeName } from './bind-type-name.js';
import { fieldAt } from './row-fields.js';
import type { BoundRelation } from './scope.js';
import { readInZone } from './session-zone.js';
import { elementTypeOf } from './set-functions.js';

/** An array in FROM, each element of which is a row. */
export interface RowSet {
  readonly elements: Expression;
  readonly name: string;
  /** The fields of its elements, which are rows, are columns. */
  readonly takesApart: boolean;
}

/** Arrays in FROM, their elements side by side; where one has less of them than another, its columns are NULL. */
export function bindRowSets(sets: readonly RowSet[], withOrdinality: boolean, { ids }: BindContext): BoundRelation {
  const items = sets.map(({ elements, name }) => ({
    expression: elements,
    column: ids.column(name, elementTypeOf(elements), true),
  }));
  const ordinality = withOrdinality ? ids.column('ordinality', BIGINT, false) : undefined;
  const unnest: LogicalNode = { kind: 'unnest', input: SINGLE_ROW, items, ordinality, outer: false };
  const numbers = ordinality === undefined ? [] : [ordinality];
  if (!sets.some(({ takesApart }) => takesApart)) {
    const columns = [...items.map(({ column }) => column), ...numbers].map(named);
    return { plan: unnest, columns, value: columns.length === 1 ? columns[0] : undefined };
  }
  const apart = items.flatMap(({ column }, i): ProjectItem[] => {
    if (!sets[i]!.takesApart) return [{ column, expression: refer(column) }];
    const rowType = column.type as StructType;
    return rowType.fields.map((field, index) => ({
      column: ids.column(field.name, field.type, true),
      expression: fieldAt(refer(column), rowType, index),
    }));
  });
  const all = [...apart, ...numbers.map((column): ProjectItem => ({ column, expression: refer(column) }))];
  return {
    plan: { kind: 'project', input: unnest, items: all },
    columns: all.map(({ column }) => named(column)),
  };
}

function named(column: LogicalColumn): BoundRelation['columns'][number] {
  return { name: column.name, column };
}

/** An array of rows in FROM: it is taken apart, and then each row. */
export function bindRowSet(
  rows: Expression,
  name: string,
  withOrdinality: boolean,
  context: BindContext,
): BoundRelation {
  return bindRowSets([{ elements: rows, name, takesApart: true }], withOrdinality, context);
}

/** The call of a function that returns records, as an array of rows of the columns that FROM lists. */
export function rowsOfRecordCall(
  context: BindContext,
  call: Expression,
  rows: 'one' | 'many',
  definitions: readonly Ast.FunctionColumn[],
): Expression {
  const row: StructType = {
    kind: 'struct',
    fields: definitions.map(({ name, type }) => ({ name: name.name, type: bindTypeName(type) })),
  };
  if (rows === 'many') return readInZone(context, { ...call, type: arrayOf(row) } as CallExpression);
  const record = readInZone(context, { ...call, type: row } as CallExpression);
  return { kind: 'call', type: arrayOf(row), overload: 'list_value(any...)', args: [record] };
}
