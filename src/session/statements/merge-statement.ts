import { parsePartitionValue } from '../../catalog/partition-value.js';
import type { PartitionValue } from '../../catalog/table-snapshot.js';
import type { TableWriter, WriteMode, WrittenFile } from '../../catalog/table-write.js';
import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { mayGiveOtherRows } from '../../planner/logical/other-rows.js';
import type { SqlType } from '../../types/sql-type.js';
import type { PreparedStatement } from '../session.js';
import type { StatementResult } from '../statement-result.js';
import { droppingOnFailure, type KeptRows, keepRows, runSink } from './kept-rows.js';
import * as make from './make-syntax.js';
import { keptColumns, type MergeScope, mergedRows, mergeScope, numbersOf, withMergeAction } from './merge-rows.js';
import { MergedContent } from './merged-content.js';
import { MAX_PARTITIONS, overwriting, withinPartitions } from './modified-rows.js';
import { withWantedNumbers } from './numbered-kept.js';
import { countRows, rowsOf } from './query-rows.js';
import { describeQueryOf, planQueryOf } from './query-statement.js';
import { getTable } from './relation-names.js';
import { describeReturning, keptResult, returningQuery, returningResult } from './returning.js';
import type { StatementContext } from './statement-context.js';
import { abortOnFailure, namingRelation, tableSink } from './table-sink.js';

/** What a MERGE is written as. */
export interface MergeForm {
  readonly command: string;
  /** RETURNING sees the table alone. */
  readonly returnsTargetOnly: boolean;
}

const MERGE: MergeForm = { command: 'MERGE', returnsTargetOnly: false };

/**
 * MERGE. The source is joined with the partitions of the table that it has matches in, every row of the join gets the
 * number of the first clause that holds, and these partitions are written anew from it, as one commit.
 */
export async function merge(
  context: StatementContext,
  statement: Ast.MergeStatement,
  parameters: readonly ConstantExpression[],
  form: MergeForm = MERGE,
): Promise<StatementResult> {
  const table = await getTable(context, statement.table, 'merge into');
  // Begun before anything is read: a commit in between is a conflict.
  const write = await context.session.catalog.lakeOf(table).beginWrite(table);
  return await abortOnFailure(write, async () => {
    const types = parameters.map(({ type }) => type);
    const scope = await mergeScope(context, statement, table, types);
    const partitions = await matchedPartitions(context, scope, parameters);
    const within = withinPartitions(statement, table, partitions);
    const planned = await planQueryOf(context, mergedRows(scope, within), parameters);
    const relation = statement.table.parts.at(-1)!.name;
    const columns = keptColumns(scope, planned.columns);
    const computed = await keepRows(context, planned, columns).catch((error: unknown) => {
      throw namingRelation(error, relation);
    });
    const kept = await withWantedNumbers(context, table, computed, columns, numbersOf(scope));
    return await droppingOnFailure(kept, () => {
      return writeKept(context, scope, { kept, write, mode: overwriting(partitions), form }, parameters);
    });
  });
}

/**
 * Partitions with rows that match; all of the table where rows without a match are changed, too, and where the join might
 * match others than were found here.
 */
async function matchedPartitions(
  context: StatementContext,
  { statement, table }: MergeScope,
  parameters: readonly ConstantExpression[],
): Promise<(readonly PartitionValue[])[] | undefined> {
  const { partitionColumns } = table;
  if (partitionColumns.length === 0) return undefined;
  if (statement.clauses.some(({ when }) => when === 'not matched by source')) return undefined;
  const { position } = statement;
  const query = make.query([make.one], [statement.source], statement.condition);
  const keys = partitionColumns.map(({ name }) => make.castToText(make.column(statement, name)));
  const distinct = { kind: 'distinct', on: [], position } as const;
  const matches = make.query(keys, [make.target(statement)], { kind: 'exists', position, query });
  const body = { ...(matches.body as Ast.Select), distinct };
  const planned = await planQueryOf(context, { ...matches, body }, parameters);
  if (mayGiveOtherRows(planned.logicalPlan)) return undefined;
  const rows = await rowsOf(context, planned.plan);
  const partitions = rows.map((row) =>
    partitionColumns.map(({ type }, i) => parsePartitionValue(row[i] ?? null, type)),
  );
  if (partitions.length > MAX_PARTITIONS) return undefined;
  // A value that its folder would not give back: all of the table is written anew.
  if (partitions.some((values) => values.includes(undefined))) return undefined;
  return partitions as (readonly PartitionValue[])[];
}

interface KeptMerge {
  readonly kept: KeptRows;
  readonly write: TableWriter;
  readonly mode: WriteMode;
  readonly form: MergeForm;
}

async function writeKept(
  context: StatementContext,
  scope: MergeScope,
  { kept, write, mode, form }: KeptMerge,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const { statement, table, relations } = scope;
  const content = new MergedContent(statement, table, kept);
  if ((await countRows(context, content.changedTwice())) > 0) {
    throw userError('21000', 'MERGE command cannot affect row a second time', {
      hint: 'Ensure that not more than one source row matches any one target row.',
    });
  }
  const rowCount = await countRows(context, content.changes());
  const relation = statement.table.parts.at(-1)!.name;
  let files: readonly WrittenFile[] = [];
  if (rowCount > 0) {
    const isRepeated = (await countRows(context, content.matchedTwice())) > 0;
    const { plan } = await planQueryOf(context, content.rows(isRepeated), []);
    files = await runSink(context, tableSink(context, plan, table, write)).catch((error: unknown) => {
      throw namingRelation(error, relation);
    });
  }
  const written = {
    write,
    files,
    mode: rowCount === 0 ? ({ kind: 'append' } as const) : mode,
    command: form.command,
    rowCount,
  };
  if (statement.returning !== undefined) {
    const items = withMergeAction(statement.returning, content.actionName);
    const returned = form.returnsTargetOnly ? relations.slice(-1) : relations;
    const query = returningQuery(items, kept.rows, returned, content.isChanged);
    return await returningResult(context, query, parameters, kept, written);
  }
  return await keptResult(kept, written);
}

/** For EXPLAIN: the join from which the table is written anew. */
export async function joinOfMerge(context: StatementContext, statement: Ast.MergeStatement): Promise<Ast.Query> {
  const table = await getTable(context, statement.table, 'merge into');
  return mergedRows(await mergeScope(context, statement, table, []), undefined);
}

export async function describeMerge(
  context: StatementContext,
  statement: Ast.MergeStatement,
  parameterTypes: readonly (SqlType | undefined)[],
  form: MergeForm = MERGE,
): Promise<Pick<PreparedStatement, 'parameterTypes' | 'columns'>> {
  const table = await getTable(context, statement.table, 'merge into');
  const scope = await mergeScope(context, statement, table, parameterTypes);
  const described = await describeQueryOf(context, mergedRows(scope, undefined), parameterTypes);
  const { returning } = statement;
  if (returning === undefined) return { parameterTypes: described.parameterTypes, columns: undefined };
  const items = withMergeAction(returning, make.text('UPDATE'));
  const relations = form.returnsTargetOnly ? [make.target(statement)] : [statement.source, make.target(statement)];
  return await describeReturning(context, items, relations, described.parameterTypes);
}
