import type { CopyTable, Statement } from '../../parser/index.js';
import type { SqlType } from '../../types/sql-type.js';
import { findPreparedStatement } from '../find-prepared-statement.js';
import type { PreparedStatement } from '../session.js';
import { statementClause } from './common-tables.js';
import { givenColumns } from './generated-columns.js';
import { describeInsert } from './insert-statement.js';
import { describeMerge } from './merge-statement.js';
import { describeModify } from './modify-statement.js';
import { describeQueryOf, describeResult } from './query-statement.js';
import { getTable } from './relation-names.js';
import { shownColumns } from './show-statements.js';
import type { StatementContext } from './statement-context.js';
import { describeSummary } from './summarize-statement.js';
import { describeWithTables } from './writing-tables.js';

/** Parameters and columns of a statement, before it is executed. */
export async function describeStatement(
  context: StatementContext,
  statement: Statement,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<Pick<PreparedStatement, 'parameterTypes' | 'columns' | 'copyIn'>> {
  if (statementClause(statement) !== undefined) {
    return await describeWithTables(context, statement, parameterTypes, describeStatement);
  }
  switch (statement.kind) {
    case 'queryStatement':
      return await describeResult(context, statement, parameterTypes);
    case 'insert':
      return await describeInsert(context, statement, parameterTypes);
    case 'declareCursor':
    case 'createTableAs': {
      const description = await describeQueryOf(context, statement.query, parameterTypes);
      return { parameterTypes: description.parameterTypes, columns: undefined };
    }
    case 'explain': {
      const inner = await describeStatement(context, statement.statement, parameterTypes);
      return { parameterTypes: inner.parameterTypes, columns: shownColumns(statement) };
    }
    case 'delete':
    case 'update':
      return await describeModify(context, statement, parameterTypes);
    case 'merge':
      return await describeMerge(context, statement, parameterTypes);
    case 'summarize':
      return await describeSummary(context, statement, parameterTypes);
    case 'fetchCursor': {
      const { cursor, move } = statement;
      const found = context.session.cursors.find(cursor.name);
      return { parameterTypes: [], columns: move ? undefined : found.options.columns };
    }
    case 'execute':
      return { parameterTypes: [], columns: findPreparedStatement(context.session, statement.name).columns };
    case 'copy':
      return {
        parameterTypes: [],
        columns: undefined,
        copyIn:
          statement.direction === 'from' && statement.target.kind === 'copyStream'
            ? { columnCount: await copiedColumnCount(context, statement.source as CopyTable) }
            : undefined,
      };
    default:
      return { parameterTypes: [], columns: shownColumns(statement) };
  }
}

async function copiedColumnCount(context: StatementContext, { name, columns }: CopyTable): Promise<number> {
  const table = await getTable(context, name, 'insert into');
  return columns.length === 0 ? givenColumns(table).length : columns.length;
}
