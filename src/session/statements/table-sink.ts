import type { ColumnDefinition, TableDefinition } from '../../catalog/table-definition.js';
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
import type { StatementContext } from './statement-context.js';

type Compression = ParquetSinkNode['compression'];

/** Snappy, unless the table's options say otherwise. */
export function compressionOf(definition: TableDefinition | undefined): Compression {
  return (definition?.options.compression ?? 'snappy') as Compression;
}

/** The query, its columns brought into the order of the table, on its way into Parquet files. */
export function sinkPlan(
  input: PhysicalNode,
  columns: readonly ColumnDefinition[],
  expressions: readonly Expression[],
  partitionColumns: readonly string[],
  write: TableWriter,
  compression: Compression,
  violations?: ParquetSinkNode['violations'],
): ParquetSinkNode {
  const nextId = countNodeIds(input);
  const project: PhysicalNode = {
    kind: 'project',
    id: nextId,
    columns: columns.map(({ name, type }) => ({ name, type })),
    estimatedRows: input.estimatedRows,
    input,
    expressions: expressions.map((value, i) => {
      const digits = columns[i]!.timePrecision;
      return digits === undefined ? value : roundedTime(value, digits);
    }),
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
    violations,
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
  const names = table.partitionColumns.map(({ name }) => name);
  return sinkPlan(
    input,
    table.columns,
    expressions,
    names,
    write,
    compressionOf(table.definition),
    tableViolations(context, table),
  );
}

/** The checks that new rows of a table must pass. */
export function tableViolations(context: StatementContext, table: TableRelation): ParquetSinkNode['violations'] {
  const { displayName, definition } = table;
  return violationsOf(context, displayName.slice(displayName.lastIndexOf('.') + 1), definition);
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
