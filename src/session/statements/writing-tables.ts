import { bugError, notSupportedError } from '../../common/errors.js';
import type { RunningQuery } from '../../exec/running-query.js';
import type { CommonTableExpression, ModifyingTable, Query, Statement, WithClause } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { mayGiveOtherRows } from '../../planner/logical/other-rows.js';
import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
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
import { type KeptRows, keepRows, keptColumn, runToEnd } from './kept-rows.js';
import * as make from './make-syntax.js';
import { planQueryOf } from './query-statement.js';
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
  readonly appends: boolean;
  commit(): Promise<unknown>;
  abort(): Promise<void>;
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
  const kept: KeptRows[] = [];
  const dropKept = async (): Promise<void> => {
    for (const rows of kept.splice(0)) await rows.drop().catch(() => undefined);
  };
  const abort = async (): Promise<void> => {
    for (const write of staged) await write.abort().catch(() => undefined);
    await dropKept();
    await block.abort();
  };
  try {
    const become = async (modification: ModifyingTable, before: readonly CommonTableExpression[]) => {
      assertNotHidden(modification.statement, clause);
      const [write, table] = await stage(knowingTables(context, clause, before), modification, parameters, execute);
      staged.push(write);
      return table;
    };
    const tables = await tablesOf(clause, become, async (table, before) => {
      if (clause.recursive) return table;
      return await computedOnce(knowingTables(context, clause, before), table, parameters, kept);
    });
    const result = await execute(knowingTables(context, clause, tables), own, parameters);
    const commit = async (): Promise<void> => {
      await dropKept();
      await block.commit();
    };
    return await publishing(result, staged, { commit, abort });
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
  if (statement.kind === 'insert' && statement.returning === undefined && statement.onConflict === undefined) {
    const result = await execute(context, statement, parameters);
    if (result.kind === 'write') return [await stagedFiles(context, result, !statement.overwrite), undefined];
    throw bugError(`an INSERT gives ${result.kind}`);
  }
  const returning = statement.returning ?? [make.itemAs(make.one, 'written')];
  const result = await execute(context, { ...statement, returning }, parameters);
  if (result.kind !== 'returning') throw bugError(`${statement.kind} with RETURNING gives ${result.kind}`);
  const { rows, query } = await keptQuery(context, result.plan).catch(async (error: unknown) => {
    await result.abort().catch(() => undefined);
    throw error;
  });
  const appends = statement.kind === 'insert' && !statement.overwrite && statement.onConflict === undefined;
  const table = statement.returning && tableOfRows(modification, query);
  const commit = async (): Promise<void> => {
    await result.commit(0);
    await rows.drop();
  };
  const abort = async (): Promise<void> => {
    await result.abort().catch(() => undefined);
    await rows.drop().catch(() => undefined);
  };
  return [{ appends, commit, abort }, table];
}

/** Runs a plan that writes files, which are published later. */
async function stagedFiles(
  context: StatementContext,
  { plan, explain, commit, abort }: Extract<StatementResult, { kind: 'write' }>,
  appends: boolean,
): Promise<StagedWrite> {
  const running = await runToEnd(context, plan).catch(async (error: unknown) => {
    await abort().catch(() => undefined);
    throw explain?.(error) ?? error;
  });
  return { appends, commit: () => commit(running), abort };
}

/** A table of WITH that might give other rows when it is computed again is computed once: all statements read these rows. */
async function computedOnce(
  context: StatementContext,
  table: CommonTableExpression,
  parameters: readonly ConstantExpression[],
  kept: KeptRows[],
): Promise<CommonTableExpression> {
  const planned = await planQueryOf(context, table.query, parameters);
  if (!mayGiveOtherRows(planned.logicalPlan)) return table;
  const { rows, query } = await keptQuery(context, planned.plan);
  kept.push(rows);
  return { ...table, query };
}

/** Keeps the rows of a plan; `query` reads them. */
async function keptQuery(context: StatementContext, plan: PhysicalNode): Promise<{ rows: KeptRows; query: Query }> {
  const columns = plan.columns.map(({ type }, i) => ({ name: String(i), type, nullable: true }));
  const rows = await keepRows(context, { plan }, columns);
  const items = columns.map(({ name }, i) => make.itemAs(keptColumn(name), plan.columns[i]!.name));
  return { rows, query: make.selectOf(items, [rows.rows], undefined) };
}

/** The statement's own result, at whose end everything is published: what replaces rows before what adds some. */
async function publishing(
  result: StatementResult,
  staged: readonly StagedWrite[],
  block: { commit(): Promise<void>; abort(): Promise<void> },
): Promise<StatementResult> {
  const commit = async (own: () => Promise<CommandCompletion>): Promise<CommandCompletion> => {
    try {
      for (const write of staged) if (!write.appends) await write.commit();
      const completion = await own();
      for (const write of staged) if (write.appends) await write.commit();
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
  const replaced = new Map<string, Statement[]>();
  for (const statement of [...clause.modifications.map((table) => table.statement), own]) {
    if (statement.kind === 'queryStatement' || (statement.kind === 'insert' && !statement.overwrite)) continue;
    if (!('table' in statement) || !('returning' in statement)) continue;
    const { displayName } = await getTable(context, statement.table);
    const others = replaced.get(displayName) ?? [];
    replaced.set(displayName, [...others, statement]);
    if (others.every((other) => areApart(other, statement))) continue;
    throw notSupportedError(`"${displayName}" is changed by two statements of one WITH`, {
      position: statement.table.position,
      hint: 'Write two statements in a transaction block, or one MERGE.',
    });
  }
}

/** INSERT OVERWRITE of partitions that differ in the value of a column. */
function areApart(one: Statement, other: Statement): boolean {
  const [values, otherValues] = [one, other].map((statement) => {
    if (statement.kind !== 'insert' || !statement.overwrite) return new Map<string, string>();
    const literals = (statement.partition?.entries ?? []).flatMap(({ column, value }): [string, string][] =>
      value?.kind === 'stringLiteral'
        ? [[column.name, value.value]]
        : value?.kind === 'numericLiteral'
          ? [[column.name, value.text]]
          : [],
    );
    return new Map(literals);
  });
  return [...values!].some(([name, value]) => otherValues!.has(name) && otherValues!.get(name) !== value);
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
