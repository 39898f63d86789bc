import { bugError, notSupportedError } from '../../common/errors.js';
import type { RunningQuery } from '../../exec/running-query.js';
import type { CommonTableExpression, ModifyingTable, Statement, WithClause } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import type { SqlType } from '../../types/sql-type.js';
import type { CommandCompletion, PreparedStatement } from '../session.js';
import type { StatementResult } from '../statement-result.js';
import {
  assertNotHidden,
  knowingTables,
  queryOfColumns,
  statementClause,
  tableOfRows,
  tablesOf,
  withoutClause,
} from './common-tables.js';
import { type KeptRows, keepRows, keptColumn } from './kept-rows.js';
import * as make from './make-syntax.js';
import { getTable } from './relation-names.js';
import type { StatementContext } from './statement-context.js';
import { ownBlock } from './transaction-statements.js';

type Execute = (
  context: StatementContext,
  statement: Statement,
  parameters: readonly ConstantExpression[],
) => Promise<StatementResult>;

/** A statement of WITH whose files are written, and not published yet. */
interface StagedWrite {
  readonly result: Extract<StatementResult, { kind: 'returning' }>;
  readonly rows: KeptRows;
  readonly appends: boolean;
}

/**
 * A statement below WITH. Its tables are part of every query that it makes. Statements of WITH that write are run first, as far
 * as to stage their files and to keep the rows of RETURNING: none sees what another has done, nor does the statement
 * itself, as in PostgreSQL. Then all of it is published at once, in a transaction block.
 */
export async function executeWithTables(
  context: StatementContext,
  statement: Statement,
  parameters: readonly ConstantExpression[],
  execute: Execute,
): Promise<StatementResult> {
  const clause = statementClause(statement)!;
  assertNotHidden(statement, clause);
  const own = withoutClause(statement);
  if (clause.modifications.length === 0) {
    return await execute(knowingTables(context, clause, clause.tables), own, parameters);
  }
  for (const { statement: write } of clause.modifications) context.session.assertMayRun(write);
  await assertTablesDiffer(context, own, clause);
  const staged: StagedWrite[] = [];
  const block = ownBlock(context.session);
  const abort = async (): Promise<void> => {
    for (const { result, rows } of staged) {
      await result.abort().catch(() => undefined);
      await rows.drop().catch(() => undefined);
    }
    await block.abort();
  };
  try {
    const tables = await tablesOf(clause, async (modification, before) => {
      assertNotHidden(modification.statement, clause);
      const [write, table] = await stage(knowingTables(context, clause, before), modification, parameters, execute);
      staged.push(write);
      return table;
    });
    const result = await execute(knowingTables(context, clause, tables), own, parameters);
    return await publishing(result, staged, { commit: () => block.commit(), abort });
  } catch (error) {
    await abort();
    throw error;
  }
}

async function stage(
  context: StatementContext,
  modification: ModifyingTable,
  parameters: readonly ConstantExpression[],
  execute: Execute,
): Promise<readonly [StagedWrite, CommonTableExpression | undefined]> {
  const { statement } = modification;
  const returning = statement.returning ?? [make.itemAs(make.one, 'written')];
  const result = await execute(context, { ...statement, returning }, parameters);
  if (result.kind !== 'returning') throw bugError(`${statement.kind} with RETURNING gives ${result.kind}`);
  const names = result.plan.columns.map(({ name }) => name);
  const columns = result.plan.columns.map(({ type }, i) => ({ name: String(i), type, nullable: true }));
  const rows = await keepRows(context, { plan: result.plan }, columns).catch(async (error: unknown) => {
    await result.abort().catch(() => undefined);
    throw error;
  });
  const items = columns.map(({ name }, i) => make.itemAs(keptColumn(name), names[i]!));
  const appends = statement.kind === 'insert' && !statement.overwrite && statement.onConflict === undefined;
  const query = make.selectOf(items, [rows.rows], undefined);
  const table = statement.returning && tableOfRows(modification, query);
  return [{ result, rows, appends }, table];
}

/** The statement's own result, at whose end everything is published: what replaces rows before what adds some. */
async function publishing(
  result: StatementResult,
  staged: readonly StagedWrite[],
  block: { commit(): Promise<void>; abort(): Promise<void> },
): Promise<StatementResult> {
  const commit = async (own: () => Promise<CommandCompletion>): Promise<CommandCompletion> => {
    try {
      for (const write of staged) if (!write.appends) await write.result.commit(0);
      const completion = await own();
      for (const write of staged) if (write.appends) await write.result.commit(0);
      for (const { rows } of staged) await rows.drop();
      await block.commit();
      return completion;
    } catch (error) {
      await block.abort();
      throw error;
    }
  };
  switch (result.kind) {
    case 'rows': {
      const { plan, command } = result;
      return {
        kind: 'returning',
        plan,
        commit: (rowCount) => commit(async () => ({ command, rowCount })),
        abort: block.abort,
      };
    }
    case 'returning':
      return {
        ...result,
        commit: (rowCount: number) => commit(() => result.commit(rowCount)),
        abort: async () => {
          await result.abort().catch(() => undefined);
          await block.abort();
        },
      };
    case 'write':
      return {
        ...result,
        commit: (query: RunningQuery) => commit(() => result.commit(query)),
        abort: async () => {
          await result.abort().catch(() => undefined);
          await block.abort();
        },
      };
    case 'done':
      return { kind: 'done', completion: await commit(async () => result.completion) };
    default:
      throw bugError(`a statement below WITH gives ${result.kind}`);
  }
}

/** Two statements may not both replace rows of one table: the second would not know what the first has left. */
async function assertTablesDiffer(context: StatementContext, own: Statement, clause: WithClause): Promise<void> {
  const replaced = new Set<string>();
  for (const statement of [...clause.modifications.map((table) => table.statement), own]) {
    if (statement.kind === 'queryStatement' || (statement.kind === 'insert' && !statement.overwrite)) continue;
    if (!('table' in statement) || !('returning' in statement)) continue;
    const { displayName } = await getTable(context, statement.table);
    if (!replaced.has(displayName)) {
      replaced.add(displayName);
      continue;
    }
    throw notSupportedError(`"${displayName}" is changed by two statements of one WITH`, {
      position: statement.table.position,
      hint: 'Write two statements in a transaction block, or one MERGE.',
    });
  }
}

type Described = Pick<PreparedStatement, 'parameterTypes' | 'columns' | 'copyIn'>;

/** Parameters and columns of a statement below WITH. */
export async function describeWithTables(
  context: StatementContext,
  statement: Statement,
  parameterTypes: readonly (SqlType | undefined)[],
  describe: (
    context: StatementContext,
    statement: Statement,
    parameterTypes: readonly (SqlType | undefined)[],
  ) => Promise<Described>,
): Promise<Described> {
  const clause = statementClause(statement)!;
  let types = parameterTypes;
  const tables = await tablesOf(clause, async (modification, before) => {
    const described = await describe(knowingTables(context, clause, before), modification.statement, types);
    types = described.parameterTypes;
    return described.columns && tableOfRows(modification, queryOfColumns(described.columns));
  });
  return await describe(knowingTables(context, clause, tables), withoutClause(statement), types);
}
