import type { ColumnDefinition } from '../../catalog/table-definition.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import type { TableWrite, WriteMode } from '../../catalog/table-write.js';
import { bugError, notSupportedError, userError } from '../../common/errors.js';
import { nearestNameHint } from '../../common/nearest-name.js';
import { countNodeIds } from '../../exec/pipeline/pipeline-plan.js';
import type { RunningQuery } from '../../exec/running-query.js';
import type { CreateTableAsStatement, Identifier, InsertStatement, PartitionEntry, Query } from '../../parser/index.js';
import type { ConstantExpression, Expression } from '../../planner/expression.js';
import type { ParquetSinkNode, PhysicalNode } from '../../planner/physical/physical-plan.js';
import type { SqlType } from '../../types/sql-type.js';
import type { CommandCompletion } from '../session.js';
import type { StatementResult } from '../statement-result.js';
import { definitionOf, dropIfExists, tableOptions, unlessExists } from './definition-statements.js';
import { describeQueryOf, planQueryOf } from './query-statement.js';
import { getTable, toRelationName } from './relation-names.js';
import type { StatementContext } from './statement-context.js';

type Compression = ParquetSinkNode['compression'];

/** What an INSERT writes: which columns its query supplies, and which are given by the PARTITION clause. */
interface InsertTarget {
  readonly table: TableRelation;
  /** In the order of the query's columns. */
  readonly supplied: readonly ColumnDefinition[];
  /** Static partition columns by name. */
  readonly constants: ReadonlyMap<string, PartitionEntry>;
}

async function insertTarget(context: StatementContext, statement: InsertStatement): Promise<InsertTarget> {
  const table = await getTable(context, statement.table);
  const entries = statement.partition?.entries ?? [];
  const constants = new Map<string, PartitionEntry>();
  for (const entry of entries) {
    const { name, position } = entry.column;
    if (!table.partitionColumns.some((column) => column.name === name)) {
      throw userError('42703', `"${name}" is not a partition column of "${table.displayName}"`, {
        position,
        hint: partitionHint(table),
      });
    }
    if (entry.value !== undefined) constants.set(name, entry);
  }
  if (statement.partition?.all === false && entries.length !== table.partitionColumns.length) {
    throw userError(
      '42601',
      `PARTITION names ${entries.length} of ${table.partitionColumns.length} partition columns`,
      {
        position: statement.partition.position,
        hint: partitionHint(table),
      },
    );
  }
  assertStaticFirst(table, constants, statement);
  const free = table.columns.filter((column) => !constants.has(column.name));
  const supplied =
    statement.columns.length === 0 ? free : statement.columns.map((name) => columnNamed(table, name, constants));
  return { table, supplied, constants };
}

function partitionHint(table: TableRelation): string {
  const names = table.partitionColumns.map((column) => column.name).join(', ');
  return names === '' ? 'The table is not partitioned: leave PARTITION out.' : `Its partition columns are (${names}).`;
}

/** `PARTITION (a = 1, b)` is a folder with folders in it; `PARTITION (a, b = 1)` is not one folder. */
function assertStaticFirst(
  table: TableRelation,
  constants: ReadonlyMap<string, unknown>,
  statement: InsertStatement,
): void {
  let dynamic: string | undefined;
  for (const { name } of table.partitionColumns) {
    if (!constants.has(name)) dynamic ??= name;
    else if (dynamic !== undefined) {
      throw userError('42601', `partition column "${name}" has a value, but "${dynamic}" before it has none`, {
        position: statement.partition!.position,
        hint: 'Give values to the first partition columns only.',
      });
    }
  }
}

function columnNamed(
  table: TableRelation,
  name: Identifier,
  constants: ReadonlyMap<string, unknown>,
): ColumnDefinition {
  const column = table.columns.find((candidate) => candidate.name === name.name);
  if (column === undefined) {
    const names = table.columns.map((candidate) => candidate.name);
    throw userError('42703', `column "${name.name}" of relation "${table.displayName}" does not exist`, {
      position: name.position,
      hint: nearestNameHint(name.name, names, `Its columns are ${names.join(', ')}.`),
    });
  }
  if (constants.has(name.name)) {
    throw userError('42701', `column "${name.name}" specified more than once`, {
      position: name.position,
      hint: 'Its value is given by PARTITION already.',
    });
  }
  return column;
}

export async function describeInsert(
  context: StatementContext,
  statement: InsertStatement,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<readonly SqlType[]> {
  if (statement.source === undefined) return [];
  const target = await insertTarget(context, statement);
  const types = await suppliedTypes(context, target, statement, statement.source, parameterTypes);
  return (await describeQueryOf(context, statement.source, parameterTypes, types)).parameterTypes;
}

/** The types that the query's columns are cast to; fails when there are more or fewer columns than the table takes. */
async function suppliedTypes(
  context: StatementContext,
  target: InsertTarget,
  statement: InsertStatement,
  source: Query,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<SqlType[]> {
  const { columns } = await describeQueryOf(context, source, parameterTypes);
  const { supplied, table } = target;
  const tooFew = columns.length < supplied.length;
  if (
    columns.length > supplied.length ||
    (tooFew && statement.columns.length > 0) ||
    (tooFew && table.partitionColumns.length > 0)
  ) {
    const names = supplied.map((column) => column.name).join(', ');
    throw userError(
      '42601',
      `INSERT has ${tooFew ? 'more target columns than expressions' : 'more expressions than target columns'}`,
      {
        position: source.position,
        hint: `The query has ${columns.length} columns; it must supply (${names}).`,
      },
    );
  }
  return supplied.slice(0, columns.length).map((column) => column.type);
}

export async function insert(
  context: StatementContext,
  statement: InsertStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  if (statement.source === undefined) {
    throw notSupportedError('INSERT … DEFAULT VALUES is not supported yet', { position: statement.position });
  }
  const target = await insertTarget(context, statement);
  const { table, supplied } = target;
  const types = await suppliedTypes(
    context,
    target,
    statement,
    statement.source,
    parameters.map((value) => value.type),
  );
  const constants = new Map<string, ConstantExpression>();
  for (const [name, entry] of target.constants) {
    const { type } = table.partitionColumns.find((column) => column.name === name)!;
    constants.set(name, await partitionConstant(context, entry, type, parameters));
  }
  const mode = writeMode(statement, table, constants);
  const write = await context.engine.lake.beginWrite(table);
  return await abortOnFailure(write, async () => {
    const planned = await planQueryOf(context, statement.source!, parameters, { targetTypes: types });
    const expressions = table.columns.map((column): Expression => {
      const ordinal = supplied.findIndex(({ name }) => name === column.name);
      if (ordinal >= 0 && ordinal < types.length) return { kind: 'column', type: column.type, column: ordinal };
      return constants.get(column.name) ?? { kind: 'constant', type: column.type, value: null };
    });
    const names = table.partitionColumns.map((column) => column.name);
    const compression = (table.definition?.options.compression ?? 'snappy') as Compression;
    const plan = sinkPlan(planned.plan, table.columns, expressions, names, write, compression);
    return writeResult(context, plan, write, mode, 'INSERT');
  });
}

/** The value of `PARTITION (column = value)`: any expression without columns. */
async function partitionConstant(
  context: StatementContext,
  entry: PartitionEntry,
  type: SqlType,
  parameters: readonly ConstantExpression[],
): Promise<ConstantExpression> {
  const value = entry.value!;
  const { position } = value;
  const query: Query = {
    kind: 'query',
    position,
    end: position,
    with: undefined,
    body: { kind: 'values', position, rows: [[value]] },
    orderBy: [],
    limit: undefined,
    offset: undefined,
  };
  const { plan } = await planQueryOf(context, query, parameters, { targetTypes: [type] });
  const constant = constantOf(plan);
  if (constant === undefined) {
    throw userError('42601', `the value of partition column "${entry.column.name}" must be a constant`, { position });
  }
  return constant;
}

function constantOf(plan: PhysicalNode): ConstantExpression | undefined {
  if (plan.kind === 'values') return plan.rows[0]?.[0];
  if (plan.kind !== 'project') return undefined;
  const [expression] = plan.expressions;
  if (expression?.kind === 'constant') return expression;
  return expression?.kind === 'column' && plan.input.kind === 'values'
    ? plan.input.rows[0]?.[expression.column]
    : undefined;
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

export async function createTableAs(
  context: StatementContext,
  statement: CreateTableAsStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  if (statement.temporary) {
    throw notSupportedError('temporary tables are not supported yet', { position: statement.position });
  }
  const { lake } = context.engine;
  const name = toRelationName(statement.name);
  const planned = await planQueryOf(context, statement.query, parameters);
  if (statement.columns.length > planned.columns.length) {
    throw userError('42601', 'too many column names were specified', { position: statement.columns[0]!.position });
  }
  const columns = planned.columns.map(
    (column, index): ColumnDefinition => ({
      name: statement.columns[index]?.name ?? column.name,
      type: column.type.kind === 'unknown' ? { kind: 'text' } : column.type,
      nullable: true,
    }),
  );
  assertDistinctNames(columns, statement);
  const definition = definitionOf(columns, statement.partitionedBy, tableOptions(statement.options));
  if (definition.columns.length !== columns.length) {
    throw userError('42601', 'PARTITIONED BY adds a column that the query does not have', {
      position: statement.partitionedBy[0]!.position,
      hint: 'Name columns of the query, without a type.',
    });
  }
  if (statement.orReplace) await dropIfExists(context, statement.name);
  if (!statement.withData) {
    await unlessExists(context, statement.ifNotExists, name.name, () => lake.createTable(name, definition));
    return { kind: 'done', completion: { command: 'CREATE TABLE AS', rowCount: undefined } };
  }
  let write: TableWrite | undefined;
  await unlessExists(context, statement.ifNotExists, name.name, async () => {
    write = await lake.beginCreateTable(name, definition);
  });
  if (write === undefined) return { kind: 'done', completion: { command: 'CREATE TABLE AS', rowCount: undefined } };
  const expressions = definition.columns.map(
    (column): Expression => ({
      kind: 'column',
      type: column.type,
      column: columns.findIndex(({ name: candidate }) => candidate === column.name),
    }),
  );
  const compression = (definition.options.compression ?? 'snappy') as Compression;
  const plan = sinkPlan(planned.plan, definition.columns, expressions, definition.partitionColumns, write, compression);
  return writeResult(context, plan, write, { kind: 'append' }, 'SELECT');
}

function assertDistinctNames(columns: readonly ColumnDefinition[], statement: CreateTableAsStatement): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) {
      throw userError('42701', `column "${name}" specified more than once`, {
        position: statement.query.position,
        hint: 'Give each column a name of its own with AS.',
      });
    }
    seen.add(name);
  }
}

/** The query, its columns brought into the order of the table, on its way into Parquet files. */
function sinkPlan(
  input: PhysicalNode,
  columns: readonly ColumnDefinition[],
  expressions: readonly Expression[],
  partitionColumns: readonly string[],
  write: TableWrite,
  compression: Compression,
): ParquetSinkNode {
  const nextId = countNodeIds(input);
  const project: PhysicalNode = {
    kind: 'project',
    id: nextId,
    columns: columns.map(({ name, type }) => ({ name, type })),
    estimatedRows: input.estimatedRows,
    input,
    expressions,
  };
  const withOrdinal = columns.map((column, ordinal) => ({ ...column, ordinal }));
  return {
    kind: 'parquetSink',
    id: nextId + 1,
    columns: [],
    estimatedRows: input.estimatedRows,
    input: project,
    directory: write.stagingFolder,
    filePrefix: write.filePrefix,
    fileColumns: withOrdinal.filter((column) => !partitionColumns.includes(column.name)),
    partitionColumns: partitionColumns.map((name) => {
      const column = withOrdinal.find((candidate) => candidate.name === name);
      if (column === undefined) throw bugError(`partition column ${name} is missing`);
      return { name, ordinal: column.ordinal };
    }),
    compression,
  };
}

function writeResult(
  context: StatementContext,
  plan: ParquetSinkNode,
  write: TableWrite,
  mode: WriteMode,
  command: string,
): StatementResult {
  const { transaction } = context.session;
  return {
    kind: 'write',
    plan,
    commit: async (query: RunningQuery): Promise<CommandCompletion> => {
      const { files } = query;
      const rowCount = files.reduce((sum, file) => sum + file.rowCount, 0);
      const completion = { command, rowCount };
      const publish = async (): Promise<CommandCompletion> => {
        await write.commit(files, mode);
        return completion;
      };
      return await transaction.stage({ publish, abort: () => write.abort() }, completion);
    },
    abort: () => write.abort(),
  };
}

async function abortOnFailure<Result>(write: TableWrite, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await write.abort().catch(() => undefined);
    throw error;
  }
}
