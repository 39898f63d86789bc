import { notSupportedError, userError } from '../../common/errors.js';
import { countNodeIds } from '../../exec/pipeline/pipeline-plan.js';
import type { CopyStatement } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import type { ParquetSinkNode, PhysicalNode } from '../../planner/physical/physical-plan.js';
import { baseName, joinLocation, parentLocation, parseLocation } from '../../storage/location.js';
import { objectStoreFor } from '../../storage/open-object-store.js';
import type { StatementResult } from '../statement-result.js';
import { planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';

/**
 * `COPY (query) TO 'path' (FORMAT parquet)`: one file, which takes its name when it is complete. Only for sessions that
 * may write files: a client of a server may not write wherever the server can.
 */
export async function copy(
  context: StatementContext,
  statement: CopyStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const { source, target, position } = statement;
  if (!context.session.mayWriteFiles) {
    throw userError('42501', 'COPY to a file is not permitted in this session', {
      position,
      hint: 'Use millrace query --format parquet -o FILE on the machine itself.',
    });
  }
  if (statement.direction === 'from' || source.kind !== 'query' || target.kind !== 'stringLiteral') {
    throw notSupportedError('only COPY (query) TO a file is supported', {
      position,
      hint: "Write COPY (SELECT …) TO 'file.parquet' (FORMAT parquet); read files with SELECT … FROM 'file.parquet'.",
    });
  }
  assertParquet(statement);
  const path = parseLocation(target.value);
  const partialName = `.${baseName(path)}.partial-${process.pid}`;
  const store = objectStoreFor(path);
  if (!(await store.folderExists(parentLocation(path)))) {
    throw userError('58P01', `could not open file "${path}" for writing: there is no such folder`);
  }
  const { plan } = await planQueryOf(context, source, parameters);
  const sink = sinkOf(plan, parentLocation(path), partialName);
  const remove = (): Promise<void> => store.delete(joinLocation(sink.directory, partialName));
  return {
    kind: 'write',
    plan: sink,
    commit: async (query) => {
      const [file] = query.files;
      await store.move(file!.path, path);
      return { command: 'COPY', rowCount: file!.rowCount };
    },
    abort: remove,
  };
}

function assertParquet(statement: CopyStatement): void {
  for (const { name, value, position } of statement.options) {
    const text = value?.kind === 'identifier' ? value.name : value?.kind === 'stringLiteral' ? value.value : '';
    if (name !== 'format' || text.toLowerCase() !== 'parquet') {
      throw notSupportedError(`COPY does not support the option "${name} ${text}"`, {
        position,
        hint: 'The only option is (FORMAT parquet).',
      });
    }
  }
}

function sinkOf(input: PhysicalNode, directory: string, fileName: string): ParquetSinkNode {
  return {
    kind: 'parquetSink',
    id: countNodeIds(input),
    columns: [],
    estimatedRows: input.estimatedRows,
    input,
    directory,
    filePrefix: fileName,
    isSingleFile: true,
    fileColumns: input.columns.map(({ name, type }, ordinal) => ({ name, type, ordinal, nullable: true })),
    partitionColumns: [],
    compression: 'snappy',
  };
}
