import type { ColumnDefinition, RelationName, TableDefinition } from '../../catalog/table-definition.js';
import type { TableWrite, WriteMode } from '../../catalog/table-write.js';
import { bugError } from '../../common/errors.js';
import { countNodeIds } from '../../exec/pipeline/pipeline-plan.js';
import type { RunningQuery } from '../../exec/running-query.js';
import type { Expression } from '../../planner/expression.js';
import type { ParquetSinkNode, PhysicalNode } from '../../planner/physical/physical-plan.js';
import type { CommandCompletion } from '../session.js';
import type { StatementResult } from '../statement-result.js';
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

export function writeResult(
  context: StatementContext,
  plan: ParquetSinkNode,
  write: TableWrite,
  mode: WriteMode,
  { command, name }: { readonly command: string; readonly name: RelationName },
): StatementResult {
  const { transaction, catalog } = context.session;
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
      if (catalog.isOfBlock(name) && transaction.savepointCount === 0) return await publish();
      return await transaction.stage({ publish, abort: () => write.abort() }, completion);
    },
    abort: () => write.abort(),
  };
}

/** What `work` throws leaves nothing staged behind. */
export async function abortOnFailure<Result>(write: TableWrite, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await write.abort().catch(() => undefined);
    throw error;
  }
}
