import type { MatchedFile } from '../../catalog/glob.js';
import type { LakeAccess } from '../../catalog/lake-access.js';
import { PartitionScheme } from '../../catalog/partition-scheme.js';
import type { MatchedFiles } from '../../catalog/resolve-path.js';
import type { CatalogFile, CatalogTable, ScanRequest, TableFiles } from '../../planner/catalog-view.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { type FileRequest, requestKey } from '../../planner/file-request.js';
import { textConstant } from '../../planner/logical/expression-tree.js';
import type { TextFormat } from '../../planner/text-format.js';
import { type SqlType, TEXT } from '../../types/sql-type.js';
import { csvOptions } from './csv-options.js';
import { csvTable, type TextTable } from './csv-table.js';
import { jsonOptions, jsonTable } from './json-table.js';

/** Types that fields are read as at once; all others are read as text and cast. */
const READABLE: ReadonlySet<SqlType['kind']> = new Set([
  'boolean',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'decimal',
  'date',
  'timestamp',
  'timestamptz',
  'text',
]);
const MAX_REMEMBERED = 64;
const FILE_NAME = 'filename';

interface Sniffed {
  readonly table: TextTable<TextFormat>;
  readonly withFileName: boolean;
  readonly hivePartitioning: boolean;
}

/** Text files as tables. What was found out about files is remembered until they change. */
export class TextTables {
  private readonly lake: LakeAccess;
  private readonly remembered = new Map<string, Promise<Sniffed>>();

  constructor(lake: LakeAccess) {
    this.lake = lake;
  }

  async find(request: FileRequest): Promise<CatalogTable> {
    const matched = await this.lake.matchFiles(request.paths);
    const versions = matched.files.map(({ path, byteLength, version }) => `${path} ${byteLength} ${version}`);
    const key = `${requestKey(request)}\n${versions.join('\n')}`;
    let sniffed = this.remembered.get(key);
    if (sniffed === undefined) {
      sniffed = sniff(matched.files, request);
      if (this.remembered.size >= MAX_REMEMBERED) this.remembered.delete(this.remembered.keys().next().value!);
      this.remembered.set(key, sniffed);
      sniffed.catch(() => this.remembered.delete(key));
    }
    return catalogTable(matched, await sniffed);
  }
}

async function sniff(files: readonly MatchedFile[], request: FileRequest): Promise<Sniffed> {
  if (request.format === 'json') {
    const options = jsonOptions(request);
    const { withFileName, hivePartitioning } = options;
    return { table: await jsonTable(files, options), withFileName, hivePartitioning };
  }
  const options = csvOptions(request);
  const { withFileName, hivePartitioning } = options;
  return { table: await csvTable(files, options), withFileName, hivePartitioning };
}

function catalogTable(matched: MatchedFiles, { table, withFileName, hivePartitioning }: Sniffed): CatalogTable {
  const names = new Set(table.columns.map(({ name }) => name));
  // As for Parquet, columns come from the folders only where the files have none of that name.
  const folders = hivePartitioning ? matched.partitionColumns.filter(({ name }) => !names.has(name)) : [];
  const fileName = withFileName ? [{ name: FILE_NAME, type: TEXT, nullable: false }] : [];
  const partitions = [...folders, ...fileName];
  const castTypes = new Map<string, SqlType>();
  const columns = table.columns.map(({ name, type }) => {
    const isReadable = READABLE.has(type.kind) || (table.format.kind === 'json' && type.kind === 'json');
    if (!isReadable) castTypes.set(name, type);
    return { name, type: castTypes.has(name) ? TEXT : type, nullable: true };
  });
  const scheme = new PartitionScheme(matched.displayName, matched.partitionColumns);
  const files = matched.files.map((file, index): CatalogFile => {
    const values = folders.length === 0 ? [] : scheme.parseAll(file.folders);
    const constants = folders.map(
      ({ name, type }): ConstantExpression => ({
        kind: 'constant',
        type,
        value: values[matched.partitionColumns.findIndex((column) => column.name === name)] ?? null,
      }),
    );
    if (withFileName) constants.push(textConstant(file.path));
    const { path, byteLength, version } = file;
    return { path, byteLength, version, partitionValues: constants, text: table.files[index]! };
  });
  return {
    kind: 'table',
    name: matched.displayName,
    columns: [...columns, ...partitions],
    partitionColumns: partitions.map(({ name }) => name),
    textFormat: table.format,
    castTypes,
    openScan: async (request) => openScan(files, request),
  };
}

function openScan(files: readonly CatalogFile[], { matchesPartition }: ScanRequest): TableFiles {
  return {
    files: files.filter((file) => matchesPartition?.(file.partitionValues) ?? true),
    totalFiles: files.length,
    columnStatistics: new Map(),
  };
}
