import type { TableRelation } from '../../catalog/table-snapshot.js';
import type * as Ast from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { mayGiveOtherRows } from '../../planner/logical/other-rows.js';
import type { SqlType } from '../../types/sql-type.js';
import type { PreparedStatement } from '../session.js';
import type { StatementResult } from '../statement-result.js';
import * as make from './make-syntax.js';
import {
  type ModifyStatement,
  markedRows,
  matchingRows,
  movesRows,
  numberedBy,
  overwriting,
  type Partitions,
  partitionsOf,
  valuesByColumn,
  withinPartitions,
} from './modified-rows.js';
import { modifyKept } from './modify-kept.js';
import { countRows } from './query-rows.js';
import { describeQueryOf, planQueryOf } from './query-statement.js';
import { getTable } from './relation-names.js';
import { describeReturning } from './returning.js';
import type { StatementContext } from './statement-context.js';
import { abortOnFailure, namingRelation, tableSink, writeResult } from './table-sink.js';

/**
 * DELETE and UPDATE. Files are never changed: the partitions that may have rows that are meant are written anew, all of a
 * table without partitions, as one commit. If no row is meant, nothing is written.
 */
export async function modify(
  context: StatementContext,
  statement: ModifyStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const command = statement.kind.toUpperCase();
  const table = await getTable(context, statement.table, statement.kind === 'delete' ? 'delete from' : 'update');
  // Begun before anything is read: a commit in between is a conflict.
  const write = await context.session.catalog.lakeOf(table).beginWrite(table);
  return await abortOnFailure(write, async () => {
    await assertUnambiguous(context, statement, parameters);
    const matches = matchingRows(statement);
    const target = make.target(statement);
    const matching = await planQueryOf(context, make.query([make.one], [target], matches), parameters);
    const partitions = movesRows(statement, table) ? undefined : partitionsOf(matching.plan, table);
    const givesNumbers = statement.kind === 'update' && numberedBy(statement, table).length > 0;
    if (givesNumbers || statement.returning !== undefined || mayGiveOtherRows(matching.logicalPlan)) {
      return await modifyKept(context, statement, table, { write, partitions }, parameters);
    }
    const count = await countRows(context, make.query([make.countAll], [target], matches), parameters);
    if (count === 0) {
      await write.abort();
      return { kind: 'done', completion: { command, rowCount: 0 } };
    }
    const query =
      statement.kind === 'delete'
        ? remainingRows(statement, table, matches, partitions)
        : updatedRows(statement, table, partitions);
    const { plan } = await planQueryOf(context, query, parameters, {
      targetTypes: table.columns.map(({ type }) => type),
      targetNames: table.columns.map(({ name }) => name),
    });
    const sink = tableSink(context, plan, table, write);
    const result = writeResult(sink, write, overwriting(partitions), command);
    if (result.kind !== 'write') return result;
    const commit: typeof result.commit = async (running) => {
      await result.commit(running);
      return { command, rowCount: count };
    };
    const relation = statement.table.parts.at(-1)!.name;
    return { ...result, commit, explain: (error) => namingRelation(error, relation) };
  });
}

/** For EXPLAIN: the query whose rows take the place of those that are there. */
export async function modifiedRows(context: StatementContext, statement: ModifyStatement): Promise<Ast.Query> {
  const table = await getTable(context, statement.table, statement.kind === 'delete' ? 'delete from' : 'update');
  return statement.kind === 'delete'
    ? remainingRows(statement, table, matchingRows(statement), undefined)
    : updatedRows(statement, table, undefined);
}

/** The types of its parameters. */
export async function describeModify(
  context: StatementContext,
  statement: ModifyStatement,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<Pick<PreparedStatement, 'parameterTypes' | 'columns'>> {
  const table = await getTable(context, statement.table, statement.kind === 'delete' ? 'delete from' : 'update');
  const values = statement.kind === 'delete' ? [] : [...valuesByColumn(statement, table).values()];
  const from = [make.target(statement), ...statement.others];
  const query = make.query([make.one, ...values], from, statement.where);
  const described = await describeQueryOf(context, query, parameterTypes);
  const { returning } = statement;
  if (returning === undefined) return { parameterTypes: described.parameterTypes, columns: undefined };
  return await describeReturning(context, returning, from, described.parameterTypes);
}

/** A name that is in the table and in USING or FROM means neither, as it would side by side with them. */
async function assertUnambiguous(
  context: StatementContext,
  statement: ModifyStatement,
  parameters: readonly ConstantExpression[],
): Promise<void> {
  if (statement.others.length === 0) return;
  const query = make.query([make.one], [make.target(statement), ...statement.others], statement.where);
  await describeQueryOf(
    context,
    query,
    parameters.map(({ type }) => type),
  );
}

/** Of these partitions, all that a DELETE leaves. */
function remainingRows(
  statement: Ast.DeleteStatement,
  table: TableRelation,
  matches: Ast.Expression | undefined,
  partitions: Partitions,
): Ast.Query {
  const items = table.columns.map(({ name }) => make.column(statement, name));
  const stays = make.isNotTrue(matches ?? make.truth);
  const within = withinPartitions(statement, table, partitions);
  return make.query(items, [make.target(statement)], within === undefined ? stays : make.and([within, stays]));
}

/** Of these partitions all rows, with new values where they are meant. */
function updatedRows(statement: Ast.UpdateStatement, table: TableRelation, partitions: Partitions): Ast.Query {
  const { from, items } = markedRows(statement, table);
  return make.selectOf(items, from, withinPartitions(statement, table, partitions));
}
