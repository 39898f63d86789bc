import { randomBytes } from 'node:crypto';
import { partitionFolderName } from '../../catalog/hive-path.js';
import { notSupportedError, userError } from '../../common/errors.js';
import { countNodeIds } from '../../exec/pipeline/pipeline-plan.js';
import type { LineFormat } from '../../exec/result/line-format.js';
import { formatLine } from '../../kernels/reference/text-lines.js';
import type { CopyStatement, QualifiedName, Query } from '../../parser/index.js';
import { parseStatement } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import type { ParquetSinkNode, PhysicalNode } from '../../planner/physical/physical-plan.js';
import { baseName, joinLocation, parentLocation, parseLocation } from '../../storage/location.js';
import type { ObjectStore } from '../../storage/object-store.js';
import { objectStoreFor } from '../../storage/open-object-store.js';
import type { StatementResult } from '../statement-result.js';
import type { CopyOptions } from './copy-options.js';
import { givenColumns, hasGenerated } from './generated-columns.js';
import { planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';

/** COPY TO: a file takes its name when it is complete; a folder of partitions gets its files then. */
export async function copyTo(
  context: StatementContext,
  statement: CopyStatement,
  options: CopyOptions,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const { target, position } = statement;
  if (target.kind === 'copyStream') return await copyToClient(context, statement, options, parameters);
  if (!context.session.mayWriteFiles) {
    throw userError('42501', 'COPY to a file is not permitted in this session', {
      position,
      hint: 'COPY … TO STDOUT sends the rows to the client: psql writes them with \\copy.',
    });
  }
  const path = parseLocation(target.value);
  const store = objectStoreFor(path);
  const { plan } = await planQueryOf(context, await sourceQuery(context, statement), parameters);
  if (options.partitionBy.length > 0) return await copyToFolder(store, path, plan, options, position);
  if (!(await store.folderExists(parentLocation(path)))) {
    throw userError('58P01', `could not open file "${path}" for writing: there is no such folder`, {
      position: target.position,
      hint: 'Create the folder first.',
    });
  }
  if (options.format === 'parquet') return copyToParquet(store, path, plan, options);
  const format = lineFormat(options, plan, false);
  return {
    kind: 'copyOut',
    plan,
    format: { kind: 'lines', lines: format, timeZone: context.session.timeZone },
    header: headerOf(plan, format, options),
    file: await store.createWriter(path),
  };
}

async function copyToClient(
  context: StatementContext,
  statement: CopyStatement,
  options: CopyOptions,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const { position } = statement;
  if (context.takesCopies !== true) {
    throw notSupportedError('COPY TO STDOUT needs a client of the Postgres protocol', {
      position,
      hint: 'Run the query itself, or COPY to a file.',
    });
  }
  if (options.format === 'parquet') {
    throw userError('0A000', 'Parquet files cannot be sent to the client', { position, hint: 'COPY … TO a file.' });
  }
  const { plan } = await planQueryOf(context, await sourceQuery(context, statement), parameters);
  const format = lineFormat(options, plan, true);
  return {
    kind: 'copyOut',
    plan,
    format: { kind: 'lines', lines: format, timeZone: context.session.timeZone },
    header: headerOf(plan, format, options),
    file: undefined,
  };
}

/** What a table stands for: its columns, in its order or as they are listed; as in PostgreSQL without those that are generated. */
async function sourceQuery(context: StatementContext, { source }: CopyStatement): Promise<Query> {
  if (source.kind === 'query') return source;
  const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
  const listed = source.columns.length > 0 ? source.columns : await columnsToCopy(context, source.name);
  const columns = listed.map(({ name }) => quote(name)).join(', ');
  const table = source.name.parts.map(({ name }) => quote(name)).join('.');
  const statement = parseStatement(`select ${columns === '' ? '*' : columns} from ${table}`);
  if (statement.kind !== 'queryStatement') throw new TypeError('a SELECT is a query');
  return statement.query;
}

/** None where they need not be listed. */
async function columnsToCopy({ session }: StatementContext, name: QualifiedName): Promise<readonly { name: string }[]> {
  const relation = await session.catalog
    .locate(name)
    .then((address) => session.catalog.get(address))
    .catch(() => undefined);
  return relation?.kind === 'table' && hasGenerated(relation) ? givenColumns(relation) : [];
}

function lineFormat(options: CopyOptions, plan: PhysicalNode, isFramed: boolean): LineFormat {
  const { format, delimiter, quote, escapeCharacter, nullText, forceQuote } = options;
  return {
    style: format === 'csv' || format === 'json' ? format : 'text',
    delimiter,
    quote,
    escapeCharacter,
    nullText,
    forceQuote: forceQuote === 'all' ? plan.columns.map(({ name }) => name) : forceQuote,
    isFramed,
  };
}

function headerOf(plan: PhysicalNode, format: LineFormat, { header }: CopyOptions): Uint8Array | undefined {
  if (header === false || format.style === 'json') return undefined;
  const kinds = plan.columns.map(() => 'plain' as const);
  const names = plan.columns.map(({ name }) => name);
  const { style, delimiter, quote, escapeCharacter, nullText } = format;
  const text = formatLine(names, { style, delimiter, quote, escapeCharacter, nullText, kinds, names: [] });
  const line = Buffer.from(text);
  if (!format.isFramed) return line;
  const framed = Buffer.alloc(5 + line.length);
  framed.write('d');
  framed.writeInt32BE(4 + line.length, 1);
  framed.set(line, 5);
  return framed;
}

function copyToParquet(store: ObjectStore, path: string, plan: PhysicalNode, options: CopyOptions): StatementResult {
  const directory = parentLocation(path);
  const partialName = `.${baseName(path)}.partial-${process.pid}`;
  return {
    kind: 'write',
    plan: { ...sinkOf(plan, directory, partialName, options), isSingleFile: true },
    commit: async (query) => {
      const [file] = query.files;
      await store.move(file!.path, path);
      return { command: 'COPY', rowCount: file!.rowCount };
    },
    abort: () => store.delete(joinLocation(directory, partialName)),
  };
}

/** One folder a partition, `a=1/b=2`, written beside and moved when all are complete. */
async function copyToFolder(
  store: ObjectStore,
  path: string,
  plan: PhysicalNode,
  options: CopyOptions,
  position: number,
): Promise<StatementResult> {
  if (options.format !== 'parquet') {
    throw notSupportedError('only Parquet files are written by partition', { position, hint: 'Use FORMAT parquet.' });
  }
  const names = plan.columns.map(({ name }) => name);
  const missing = options.partitionBy.find((name) => !names.includes(name));
  if (missing !== undefined) {
    throw userError('42703', `column "${missing}" named in PARTITION_BY does not exist`, {
      position,
      hint: `The columns are ${names.join(', ')}.`,
    });
  }
  if (options.partitionBy.length === names.length) {
    throw userError('42P17', 'a file needs a column that is not a partition column', { position });
  }
  const [existing] = await store.list(path);
  if (existing !== undefined && !options.overwrite) {
    throw userError('42P07', `folder "${path}" is not empty`, {
      position,
      hint: 'Name another folder, or say (OVERWRITE true) to replace what is in it.',
    });
  }
  const staging = `${path}.partial-${process.pid}-${randomBytes(4).toString('hex')}`;
  await store.createFolder(staging);
  return {
    kind: 'write',
    plan: sinkOf(plan, staging, 'part', options),
    commit: async (query) => {
      if (options.overwrite) await store.deleteFolder(path);
      await store.createFolder(path);
      for (const file of query.files) {
        const folders = options.partitionBy.map((name, index) =>
          partitionFolderName(name, file.partitionValues[index]!),
        );
        await store.move(file.path, joinLocation(path, ...folders, baseName(file.path)));
      }
      await store.deleteFolder(staging);
      return { command: 'COPY', rowCount: query.files.reduce((sum, file) => sum + file.rowCount, 0) };
    },
    abort: () => store.deleteFolder(staging),
  };
}

function sinkOf(input: PhysicalNode, directory: string, filePrefix: string, options: CopyOptions): ParquetSinkNode {
  const columns = input.columns.map(({ name, type }, ordinal) => ({ name, type, ordinal, nullable: true }));
  return {
    kind: 'parquetSink',
    id: countNodeIds(input),
    columns: [],
    estimatedRows: input.estimatedRows,
    input,
    directory,
    filePrefix,
    fileColumns: columns.filter(({ name }) => !options.partitionBy.includes(name)),
    partitionColumns: options.partitionBy.map((name) => ({
      name,
      ordinal: columns.find((column) => column.name === name)!.ordinal,
      nullable: true,
    })),
    compression: options.compression,
  };
}
