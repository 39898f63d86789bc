import type { TableDefinition } from '../../catalog/table-definition.js';
import { definitionOfTable } from '../../catalog/table-definition-of.js';
import type { TableRelation } from '../../catalog/table-snapshot.js';
import type { TableWriter, WriteMode } from '../../catalog/table-write.js';
import { bugError, MillraceError, userError } from '../../common/errors.js';
import { countNodeIds } from '../../exec/pipeline/pipeline-plan.js';
import type { RunningQuery } from '../../exec/running-query.js';
import { roundedTime } from '../../planner/binder/time-modifiers.js';
import type { Expression } from '../../planner/expression.js';
import type { ParquetSinkNode, PhysicalNode } from '../../planner/physical/physical-plan.js';
import type { CommandCompletion } from '../session.js';
import type { StatementResult } from '../statement-result.js';
import { violationsOf } from './check-constraints.js';
import { completedRow, hasGenerated } from './generated-columns.js';
import type { StatementContext } from './statement-context.js';

type Compression = ParquetSinkNode['compression'];

/** Snappy, unless the table's options say otherwise. */
function compressionOf({ options }: TableDefinition): Compression {
  return (options.compression ?? 'snappy') as Compression;
}

/** What is written: a name for messages, and what its rows must be like. */
export interface WrittenTable {
  readonly name: string;
  readonly definition: TableDefinition;
}

/** A query on its way into Parquet files: `expressions` are its columns in the order of the table. */
export function sinkPlan(
  context: StatementContext,
  input: PhysicalNode,
  { name: table, definition }: WrittenTable,
  expressions: readonly Expression[],
  write: TableWriter,
): ParquetSinkNode {
  const { columns, partitionColumns } = definition;
  const projected = (of: PhysicalNode, values: readonly Expression[]): PhysicalNode => ({
    kind: 'project',
    id: countNodeIds(of),
    columns: columns.map(({ name, type }) => ({ name, type })),
    estimatedRows: of.estimatedRows,
    input: of,
    expressions: values,
  });
  const rounded = expressions.map((value, i) => roundedTime(value, columns[i]!.timePrecision));
  const given = projected(input, rounded);
  const rows = hasGenerated(definition) ? projected(given, completedRow(context, columns)) : given;
  const withOrdinal = columns.map((column, ordinal) => ({ ...column, ordinal }));
  return {
    kind: 'parquetSink',
    id: countNodeIds(rows),
    columns: [],
    estimatedRows: input.estimatedRows,
    input: rows,
    directory: write.stagingFolder,
    filePrefix: write.filePrefix,
    fileColumns: withOrdinal.filter((column) => !partitionColumns.includes(column.name)),
    partitionColumns: partitionColumns.map((name) => {
      const column = withOrdinal.find((candidate) => candidate.name === name);
      if (column === undefined) throw bugError(`partition column ${name} is missing`);
      return { name, ordinal: column.ordinal, nullable: column.nullable };
    }),
    compression: compressionOf(definition),
    violations: violationsOf(context, table, definition),
  };
}

/** The same for a plan that has the columns of a table, in their order. */
export function tableSink(
  context: StatementContext,
  input: PhysicalNode,
  table: TableRelation,
  write: TableWriter,
): ParquetSinkNode {
  const expressions = table.columns.map(({ type }, column): Expression => ({ kind: 'column', type, column }));
  return sinkPlan(context, input, writtenTable(table), expressions, write);
}

export function writtenTable(table: TableRelation): WrittenTable {
  const { displayName, columns } = table;
  const name = displayName.slice(displayName.lastIndexOf('.') + 1);
  return { name, definition: { ...definitionOfTable(table), columns } };
}

/** In a transaction block the commit is the block's own: others see it when the block is committed. */
export function writeResult(
  plan: ParquetSinkNode,
  write: TableWriter,
  mode: WriteMode,
  command: string,
): StatementResult {
  return {
    kind: 'write',
    plan,
    commit: async (query: RunningQuery): Promise<CommandCompletion> => {
      const { files } = query;
      await write.commit(files, mode);
      return { command, rowCount: files.reduce((sum, file) => sum + file.rowCount, 0) };
    },
    abort: () => write.abort(),
  };
}

/** Files know columns only; PostgreSQL names the table as well. */
export function namingRelation(error: unknown, relation: string): unknown {
  if (!(error instanceof MillraceError) || error.code !== '23502') return error;
  const message = error.message.replace(' violates', ` of relation "${relation}" violates`);
  return userError('23502', message, { detail: error.detail, hint: error.hint, cause: error });
}

/** What `work` throws leaves nothing staged behind. */
export async function abortOnFailure<Result>(write: TableWriter, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await write.abort().catch(() => undefined);
    throw error;
  }
}
