import type { ColumnDefinition } from '../../catalog/table-definition.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import type { TableWriter, WriteMode } from '../../catalog/table-write.js';
import { userError } from '../../common/errors.js';
import type { InsertStatement, PartitionEntry, Expression as Syntax } from '../../parser/index.js';
import { plainQuery } from '../../parser/index.js';
import { roundedTime } from '../../planner/binder/time-modifiers.js';
import type { ConstantExpression, Expression } from '../../planner/expression.js';
import { INTEGER, type SqlType } from '../../types/sql-type.js';
import { evaluateConstant } from '../evaluate-constant.js';
import type { PreparedStatement } from '../session.js';
import type { StatementResult } from '../statement-result.js';
import { defaultExpressionOf } from './column-defaults.js';
import { describeUpsert, upsert } from './insert-on-conflict.js';
import { withWholeColumns } from './insert-parts.js';
import { sourceOf, withNames } from './insert-source.js';
import { insertTarget, suppliedTypes, targetOptions } from './insert-target.js';
import { droppingOnFailure, type KeptRows, keepRows, keptColumn, runSink } from './kept-rows.js';
import * as make from './make-syntax.js';
import { numberedPlan } from './numbered-plan.js';
import { columnsToNumber, numberedValues, withNumbers } from './numbered-rows.js';
import { constantRow, describeQueryOf, planQueryOf } from './query-statement.js';
import { conformingRows } from './replace-where.js';
import { describeReturning, returningQuery, returningResult, targetRelation } from './returning.js';
import type { StatementContext } from './statement-context.js';
import { abortOnFailure, namingRelation, sinkPlan, tableSink, writeResult, writtenTable } from './table-sink.js';

export async function describeInsert(
  context: StatementContext,
  written: InsertStatement,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<Pick<PreparedStatement, 'parameterTypes' | 'columns'>> {
  const named = await withNames(context, written, parameterTypes);
  const statement = await withWholeColumns(context, named, parameterTypes);
  if (statement.onConflict !== undefined) {
    const described = await describeUpsert(context, statement, statement.onConflict, parameterTypes);
    if (described !== undefined) return described;
  }
  const target = await insertTarget(context, statement);
  const source = sourceOf(statement, target);
  const types = await suppliedTypes(context, target, statement, source, parameterTypes);
  const described = await describeQueryOf(context, source, parameterTypes, targetOptions(target, types));
  const { returning } = statement;
  if (returning === undefined) return { parameterTypes: described.parameterTypes, columns: undefined };
  return await describeReturning(context, returning, [make.target(statement)], described.parameterTypes);
}

export async function insert(
  context: StatementContext,
  written: InsertStatement,
  parameters: readonly ConstantExpression[],
  command = 'INSERT',
): Promise<StatementResult> {
  const parameterTypes = parameters.map((value) => value.type);
  const byNames = await withNames(context, written, parameterTypes);
  const statement = await withWholeColumns(context, byNames, parameterTypes);
  if (statement.onConflict !== undefined) {
    const result = await upsert(context, statement, statement.onConflict, parameters);
    if (result !== undefined) return result;
  }
  const named = await insertTarget(context, statement);
  const target = await numberedValues(context, statement, named);
  const source = sourceOf(target.statement, target);
  const { table, supplied } = target;
  const types = await suppliedTypes(context, target, target.statement, source, parameterTypes);
  const constants = new Map<string, ConstantExpression>();
  for (const [name, entry] of target.constants) {
    const column = table.partitionColumns.find((known) => known.name === name)!;
    constants.set(name, await partitionConstant(context, entry, column, parameters));
  }
  const mode = writeMode(statement, table, constants);
  const write = await context.session.catalog.lakeOf(table).beginWrite(table);
  return await abortOnFailure(write, async () => {
    const read = await planQueryOf(context, source, parameters, targetOptions(target, types));
    const given: Expression[] = [];
    for (const column of table.columns) {
      const ordinal = supplied.findIndex(({ name }) => name === column.name);
      const isSupplied = ordinal >= 0 && ordinal < types.length;
      given.push(
        isSupplied
          ? { kind: 'column', type: column.type, column: ordinal }
          : (constants.get(column.name) ?? (await defaultExpressionOf(context, column))),
      );
    }
    const relation = statement.table.parts.at(-1)!.name;
    const numbered = columnsToNumber(target, types.length);
    return await withNumbers(context, table, numbered, { plan: read.plan, expressions: given }, async (rows) => {
      if (statement.returning !== undefined) {
        const plan = numberedPlan(rows.plan);
        const columns = plan ? [...table.columns, { name: NUMBER, type: INTEGER, nullable: true }] : table.columns;
        const number = { kind: 'column', type: INTEGER, column: rows.plan.columns.length } as const;
        const values = plan ? [...rows.expressions, number] : rows.expressions;
        const kept = await keepRows(context, plan ? { plan } : rows, columns, values).catch((error: unknown) => {
          throw namingRelation(error, relation);
        });
        const order = plan && keptColumn(NUMBER);
        return await returningKept(context, statement, { table, kept, write, mode, order }, parameters);
      }
      const sink = sinkPlan(context, rows.plan, writtenTable(table), rows.expressions, write);
      const plan = conformingRows(context, statement, table, sink);
      const result = writeResult(plan, write, mode, command);
      return result.kind === 'write' ? { ...result, explain: (error) => namingRelation(error, relation) } : result;
    });
  });
}

interface KeptInsert {
  readonly table: TableRelation;
  readonly kept: KeptRows;
  readonly write: TableWriter;
  readonly mode: WriteMode;
  /** The order of VALUES. */
  readonly order: Syntax | undefined;
}

const NUMBER = 'number of the row';

/** Writes rows that were kept, and returns what RETURNING asks of them. */
async function returningKept(
  context: StatementContext,
  statement: InsertStatement,
  { table, kept, write, mode, order }: KeptInsert,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  return await droppingOnFailure(kept, async () => {
    const { rows } = kept;
    const relation = statement.table.parts.at(-1)!.name;
    const values = table.columns.map(({ name }) => keptColumn(name));
    const { plan } = await planQueryOf(context, make.query(values, [rows], undefined), []);
    const sink = conformingRows(context, statement, table, tableSink(context, plan, table, write));
    const files = await runSink(context, sink).catch((error: unknown) => {
      throw namingRelation(error, relation);
    });
    const query = returningQuery(statement.returning!, rows, [targetRelation(statement, table)], undefined, order);
    const written = { write, files, mode, command: 'INSERT', rowCount: kept.rowCount };
    return await returningResult(context, query, parameters, kept, written);
  });
}

/** The value of `PARTITION (column = value)`, as rows have it: any expression without columns. */
export async function partitionConstant(
  context: StatementContext,
  entry: PartitionEntry,
  { type, timePrecision }: ColumnDefinition,
  parameters: readonly ConstantExpression[],
): Promise<ConstantExpression> {
  const value = entry.value!;
  const { position } = value;
  const query = plainQuery({ kind: 'values', rows: [[value]], position });
  const { plan } = await planQueryOf(context, query, parameters, {
    targetTypes: [type],
    targetNames: [entry.column.name],
  });
  const constant = constantRow(context, plan)?.[0];
  if (constant === undefined) {
    throw userError('42601', `the value of partition column "${entry.column.name}" must be a constant`, { position });
  }
  return timePrecision === undefined
    ? constant
    : evaluateConstant(context.engine, roundedTime(constant, timePrecision));
}

function writeMode(
  statement: InsertStatement,
  table: TableRelation,
  constants: ReadonlyMap<string, ConstantExpression>,
): WriteMode {
  if (!statement.overwrite) return { kind: 'append' };
  const { partition } = statement;
  if (table.partitionColumns.length === 0 || partition?.all) return { kind: 'overwrite table' };
  if (partition === undefined) {
    const names = table.partitionColumns.map((column) => column.name).join(', ');
    throw userError(
      '42601',
      `INSERT OVERWRITE of the partitioned table "${table.displayName}" must say what it replaces`,
      {
        position: statement.table.position,
        hint: `Add PARTITION (${names}) to replace the partitions that have new rows, or ALL PARTITIONS to replace everything.`,
      },
    );
  }
  if (constants.size === 0) return { kind: 'overwrite written partitions' };
  const values = table.partitionColumns
    .filter((column) => constants.has(column.name))
    .map((column) => constants.get(column.name)!.value);
  if (
    constants.size === table.partitionColumns.length ||
    partition.entries.every((entry) => entry.value !== undefined)
  ) {
    return { kind: 'overwrite partition', values: values as (string | number | bigint | boolean | null)[] };
  }
  return { kind: 'overwrite written partitions' };
}
