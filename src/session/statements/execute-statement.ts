import type { ExecuteStatement, Statement } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import type { StatementResult } from '../statement-result.js';
import { alterTable, renameColumn } from './alter-table.js';
import { analyze } from './analyze-statement.js';
import { comment } from './comment-statement.js';
import { statementClause } from './common-tables.js';
import { copy } from './copy-statement.js';
import { createTableAs } from './create-table-as.js';
import { createView } from './create-view.js';
import { closeCursor, declareCursor, fetchCursor } from './cursor-statements.js';
import { createSchema, createTable, truncateTables } from './definition-statements.js';
import { dropRelations } from './drop-statement.js';
import { explain } from './explain-statement.js';
import { createIndex, dropIndexes, standIdle } from './idle-statements.js';
import { insert } from './insert-statement.js';
import { merge } from './merge-statement.js';
import { modify } from './modify-statement.js';
import { optimize } from './optimize-statement.js';
import { deallocate, prepare, statementToExecute } from './prepared-statements.js';
import { runQuery } from './query-statement.js';
import { renameTable, setSchema } from './rename-statements.js';
import { discard, reset, setSetting, setTransaction, useSchema } from './setting-statements.js';
import { describe, showObjects, showSetting, showTable } from './show-statements.js';
import { createFunction, dropFunctions } from './sql-function-statements.js';
import type { StatementContext } from './statement-context.js';
import { summarize } from './summarize-statement.js';
import { begin, commit, release, rollback, savepoint } from './transaction-statements.js';
import { withoutPositions } from './without-positions.js';
import { executeWithTables } from './writing-tables.js';

/** Binds, plans and begins a statement. */
export async function executeStatement(
  context: StatementContext,
  statement: Statement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  if (statementClause(statement) !== undefined) {
    return await executeWithTables(context, statement, parameters, executeStatement);
  }
  switch (statement.kind) {
    case 'queryStatement':
      return await runQuery(context, statement, parameters);
    case 'insert':
      return await insert(context, statement, parameters);
    case 'delete':
    case 'update':
      return await modify(context, statement, parameters);
    case 'merge':
      return await merge(context, statement, parameters);
    case 'copy':
      return await copy(context, statement, parameters);
    case 'createTableAs':
      return await createTableAs(context, statement, parameters);
    case 'createTable':
      return await createTable(context, statement);
    case 'createView':
      return await createView(context, statement);
    case 'createSchema':
      return await createSchema(context, statement);
    case 'createFunction':
      return await createFunction(context, statement);
    case 'dropFunction':
      return await dropFunctions(context, statement);
    case 'drop':
      return await dropRelations(context, statement);
    case 'createIndex':
      return await createIndex(context, statement);
    case 'dropIndex':
      return dropIndexes(context, statement);
    case 'idle':
      return standIdle(context, statement);
    case 'alterTable':
      return await alterTable(context, statement);
    case 'renameColumn':
      return await renameColumn(context, statement);
    case 'renameTable':
      return await renameTable(context, statement);
    case 'setSchema':
      return await setSchema(context, statement);
    case 'comment':
      return await comment(context, statement);
    case 'truncate':
      return await truncateTables(context, statement);
    case 'optimize':
      return await optimize(context, statement);
    case 'analyze':
      return await analyze(context, statement, parameters);
    case 'explain':
      return await explain(context, statement, parameters, executeStatement);
    case 'set':
      return setSetting(context, statement);
    case 'reset':
      return reset(context, statement);
    case 'discard':
      return await discard(context, statement);
    case 'setTransaction':
      return setTransaction(context, statement);
    case 'showSetting':
      return showSetting(context, statement);
    case 'showObjects':
      return await showObjects(context, statement);
    case 'showTable':
      return await showTable(context, statement);
    case 'describe':
      return await describe(context, statement, parameters);
    case 'summarize':
      return await summarize(context, statement, parameters);
    case 'use':
      return await useSchema(context, statement);
    case 'begin':
      return begin(context, statement);
    case 'commit':
      return await commit(context, statement);
    case 'rollback':
      return await rollback(context, statement);
    case 'savepoint':
      return savepoint(context, statement);
    case 'release':
      return release(context, statement);
    case 'listen':
    case 'unlisten':
    case 'notify':
      return { kind: 'done', completion: { command: statement.kind.toUpperCase(), rowCount: undefined } };
    case 'declareCursor':
      return await declareCursor(context, statement, parameters);
    case 'fetchCursor':
      return fetchCursor(context, statement);
    case 'closeCursor':
      return await closeCursor(context, statement);
    case 'deallocate':
      return deallocate(context, statement);
    case 'prepare':
      return await prepare(context, statement);
    case 'execute':
      return await execute(context, statement, parameters);
  }
}

async function execute(
  context: StatementContext,
  statement: ExecuteStatement,
  outer: readonly ConstantExpression[],
): Promise<StatementResult> {
  const inner = await statementToExecute(context, statement, outer);
  context.session.assertMayRun(inner.statement);
  return await withoutPositions(() => executeStatement(inner.context, inner.statement, inner.parameters));
}
