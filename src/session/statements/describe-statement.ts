import type { Statement } from '../../parser/index.js';
import type { SqlType } from '../../types/sql-type.js';
import { findPreparedStatement } from '../find-prepared-statement.js';
import type { PreparedStatement } from '../session.js';
import { describeInsert } from './insert-statement.js';
import { describeQueryOf } from './query-statement.js';
import { shownColumns } from './show-statements.js';
import type { StatementContext } from './statement-context.js';

/** Parameters and columns of a statement, before it is executed. */
export async function describeStatement(
  context: StatementContext,
  statement: Statement,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<Pick<PreparedStatement, 'parameterTypes' | 'columns'>> {
  switch (statement.kind) {
    case 'queryStatement':
      return await describeQueryOf(context, statement.query, parameterTypes);
    case 'insert':
      return { parameterTypes: await describeInsert(context, statement, parameterTypes), columns: undefined };
    case 'createTableAs': {
      const description = await describeQueryOf(context, statement.query, parameterTypes);
      return { parameterTypes: description.parameterTypes, columns: undefined };
    }
    case 'explain': {
      const inner = await describeStatement(context, statement.statement, parameterTypes);
      return { parameterTypes: inner.parameterTypes, columns: shownColumns(statement) };
    }
    case 'execute':
      return { parameterTypes: [], columns: findPreparedStatement(context.session, statement.name).columns };
    default:
      return { parameterTypes: [], columns: shownColumns(statement) };
  }
}
