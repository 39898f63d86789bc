import { notSupportedError } from '../../common/errors.js';
import type { CommonTableExpression, ModifyingTable, Query, Statement, WithClause } from '../../parser/index.js';
import { formatType } from '../../types/sql-type.js';
import type { ResultColumn } from '../session.js';
import * as make from './make-syntax.js';
import type { StatementContext } from './statement-context.js';

/** The WITH that concerns a statement as a whole: of one that writes, or of a query that has statements which write. */
export function statementClause(statement: Statement): WithClause | undefined {
  switch (statement.kind) {
    case 'queryStatement': {
      const clause = statement.query.with;
      return clause !== undefined && clause.modifications.length > 0 ? clause : undefined;
    }
    case 'insert':
    case 'delete':
    case 'update':
    case 'merge':
      return statement.with;
    default:
      return undefined;
  }
}

export function withoutClause(statement: Statement): Statement {
  if (statement.kind === 'queryStatement') {
    return { ...statement, query: { ...statement.query, with: undefined } };
  }
  return 'with' in statement ? { ...statement, with: undefined } : statement;
}

/** A context in which all queries of the statement know these tables. */
export function knowingTables(
  context: StatementContext,
  clause: WithClause,
  tables: readonly CommonTableExpression[],
): StatementContext {
  return { ...context, commonTables: { ...clause, tables, modifications: [] } };
}

/**
 * The tables of a clause whose statements that write have become tables, by `become`, one after the other, each knowing
 * those before it. One without RETURNING becomes none. `know` may replace the others.
 */
export async function tablesOf(
  clause: WithClause,
  become: (
    table: ModifyingTable,
    before: readonly CommonTableExpression[],
  ) => Promise<CommonTableExpression | undefined>,
  know: (
    table: CommonTableExpression,
    before: readonly CommonTableExpression[],
  ) => Promise<CommonTableExpression> = same,
): Promise<readonly CommonTableExpression[]> {
  const tables: CommonTableExpression[] = [];
  let next = 0;
  for (const modification of clause.modifications) {
    for (const table of clause.tables.slice(next, modification.tablesBefore))
      tables.push(await know(table, [...tables]));
    next = modification.tablesBefore;
    const table = await become(modification, [...tables]);
    if (table !== undefined) tables.push(table);
  }
  for (const table of clause.tables.slice(next)) tables.push(await know(table, [...tables]));
  return tables;
}

const same = async (table: CommonTableExpression): Promise<CommonTableExpression> => table;

/** What stands for a statement that writes: a query of its rows. */
export function tableOfRows({ name, columns, position }: ModifyingTable, query: Query): CommonTableExpression {
  return { kind: 'commonTableExpression', name, columns, materialized: undefined, query, position };
}

/** A query that has these columns, and is not run. */
export function queryOfColumns(columns: readonly ResultColumn[]): Query {
  const items = columns.map(({ name, type }) =>
    make.itemAs(
      make.castTo({ kind: 'nullLiteral', position: 0 }, type.kind === 'unknown' ? 'text' : formatType(type)),
      name,
    ),
  );
  return make.selectOf(items, [], undefined);
}

/** The table that is changed is read by its name: a table of WITH must not be called so. */
export function assertNotHidden(statement: Statement, clause: WithClause): void {
  if (statement.kind !== 'delete' && statement.kind !== 'update' && statement.kind !== 'merge') return;
  const { parts } = statement.table;
  if (parts.length > 1) return;
  const hiding = [...clause.tables, ...clause.modifications].find(({ name }) => name.name === parts[0]!.name);
  if (hiding === undefined) return;
  throw notSupportedError(`WITH query "${hiding.name.name}" has the name of the table that is changed`, {
    position: hiding.position,
    hint: 'Give it another name, or write the schema before the name of the table.',
  });
}
