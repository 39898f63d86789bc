import type { InsertStatement, Query, Expression as Syntax } from '../../parser/index.js';
import { plainQuery } from '../../parser/index.js';
import type { SqlType } from '../../types/sql-type.js';
import { defaultSyntaxOf } from './column-defaults.js';
import { assertAssignable } from './generated-columns.js';
import { isIdentity } from './identity-columns.js';
import type { InsertTarget } from './insert-target.js';
import { isQuery } from './numbered-rows.js';
import { describeQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';

/**
 * The query of an INSERT, with what the columns have by default in the place of DEFAULT. A value of VALUES is assigned to
 * its column where it stands: the rows need no type in common.
 */
export function sourceOf({ source, position }: InsertStatement, { supplied }: InsertTarget): Query {
  if (source === undefined) {
    const row = supplied.map((column) => defaultSyntaxOf(column, position));
    return plainQuery({ kind: 'values', rows: [row], position });
  }
  const { body } = source;
  // DEFAULT may not stand in VALUES that are sorted or limited: they are a query like others.
  if (body.kind !== 'values' || isQuery(source)) return source;
  const rows = body.rows.map((row) =>
    row.map((value, index): Syntax => {
      const column = supplied[index];
      // Of identity columns it has been looked at, before they got their numbers.
      if (column !== undefined && !isIdentity(column)) assertAssignable(column, value, 'insert');
      const operand = value.kind === 'defaultValue' ? defaultSyntaxOf(column, value.position) : value;
      if (column === undefined) return operand;
      return { kind: 'assigned', operand, column: column.name, type: column.type, position: operand.position };
    }),
  );
  return { ...source, body: { ...body, rows } };
}

/** BY NAME: as if the names of the query's columns were listed. */
export async function withNames(
  context: StatementContext,
  statement: InsertStatement,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<InsertStatement> {
  const { byName, source, table } = statement;
  if (!byName || source === undefined) return statement;
  const { position } = table;
  const { columns } = await describeQueryOf(context, source, parameterTypes);
  const names = columns.map(({ name }) => ({ kind: 'identifier', name, quoted: true, position }) as const);
  return { ...statement, byName: false, columns: names };
}
