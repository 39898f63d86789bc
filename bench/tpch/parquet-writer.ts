import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  DATE,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  ENUM,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import type { ColumnSpec, ColumnValues, TableBatch, TableGenerator } from './table-generator.js';

/**
 * Writes generated tables as Parquet through DuckDB, a writer that is neither of the engines' readers' own. Rows are
 * staged in a table of a DuckDB file on disk, because COPY wants a query: memory stays bounded at any scale.
 */

const ROW_GROUP_ROWS = 122_880;

const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quoteLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Numbers are staged as INTEGER, which the binding takes without a BigInt or an object per value. */
function stagingType(column: ColumnSpec): DuckDBType {
  switch (column.kind) {
    case 'integer':
    case 'bigint':
    case 'money':
    case 'date':
      return INTEGER;
    case 'text':
      return VARCHAR;
    case 'choice':
      return ENUM(column.entries ?? []);
  }
}

function finalExpression({ name, kind }: ColumnSpec): string {
  const column = quoteIdentifier(name);
  switch (kind) {
    case 'integer':
    case 'text':
      return column;
    case 'bigint':
      return `${column}::BIGINT AS ${column}`;
    case 'money':
      return `(${column}::DECIMAL(15,0) * 0.01)::DECIMAL(15,2) AS ${column}`;
    case 'date':
      return `(DATE '1970-01-01' + ${column})::${DATE} AS ${column}`;
    case 'choice':
      return `${column}::VARCHAR AS ${column}`;
  }
}

function fillColumn(chunk: DuckDBDataChunk, index: number, spec: ColumnSpec, values: ColumnValues): void {
  const vector = chunk.getColumnVector(index);
  const rowCount = chunk.rowCount;
  if (spec.kind === 'choice') {
    for (let row = 0; row < rowCount; row++) vector.setItem(row, spec.entries![values[row] as number]!);
  } else {
    for (let row = 0; row < rowCount; row++) vector.setItem(row, values[row]!);
  }
  vector.flush();
}

/** One chunk serves all batches: the memory of chunks is DuckDB's, and would wait for JavaScript's garbage collector. */
function fillChunk(chunk: DuckDBDataChunk, columns: readonly ColumnSpec[], batch: TableBatch): void {
  chunk.reset();
  chunk.rowCount = batch.rowCount;
  columns.forEach((spec, index) => {
    fillColumn(chunk, index, spec, batch.columns[index]!);
  });
}

export interface WrittenTable {
  readonly rowCount: number;
}

export interface ParquetWriter {
  /** Writes the whole table as one file, row groups of 122,880 rows, snappy. `onProgress` hears the rows staged so far. */
  writeTable(
    table: TableGenerator,
    scale: number,
    path: string,
    onProgress: (rowCount: number) => void,
  ): Promise<WrittenTable>;
  close(): Promise<void>;
}

async function stageTable(
  connection: DuckDBConnection,
  table: TableGenerator,
  scale: number,
  onProgress: (rowCount: number) => void,
): Promise<number> {
  const types = table.columns.map(stagingType);
  const definitions = table.columns.map(({ name }, index) => `${quoteIdentifier(name)} ${types[index]}`);
  await connection.run(`CREATE TABLE ${table.name} (${definitions.join(', ')})`);
  const appender = await connection.createAppender(table.name);
  const chunk = DuckDBDataChunk.create(types);
  let rowCount = 0;
  for (const batch of table.generate(scale)) {
    fillChunk(chunk, table.columns, batch);
    appender.appendDataChunk(chunk);
    rowCount += batch.rowCount;
    onProgress(rowCount);
  }
  appender.closeSync();
  return rowCount;
}

export async function openParquetWriter(stagingPath: string): Promise<ParquetWriter> {
  const removeStaging = async (): Promise<void> => {
    await rm(stagingPath, { force: true });
    await rm(`${stagingPath}.wal`, { force: true });
  };
  await mkdir(dirname(stagingPath), { recursive: true });
  await removeStaging();
  const instance = await DuckDBInstance.create(stagingPath, { memory_limit: '1GB', threads: '2' });
  const connection = await instance.connect();
  return {
    async writeTable(table, scale, path, onProgress) {
      const rowCount = await stageTable(connection, table, scale, onProgress);
      await mkdir(dirname(path), { recursive: true });
      await connection.run(
        `COPY (SELECT ${table.columns.map(finalExpression).join(', ')} FROM ${table.name}) TO ${quoteLiteral(path)} ` +
          `(FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
      );
      await connection.run(`DROP TABLE ${table.name}`);
      return { rowCount };
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
      await removeStaging();
    },
  };
}
