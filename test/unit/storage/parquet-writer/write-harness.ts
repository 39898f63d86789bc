import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBUUIDValue,
} from '@duckdb/node-api';
import { type Kernels, loadKernels } from '../../../../src/kernels/kernels.js';
import {
  ParquetFileWriter,
  type ParquetWriterOptions,
  type WrittenParquetFile,
} from '../../../../src/storage/parquet-writer/parquet-file-writer.js';
import type { SqlType } from '../../../../src/types/sql-type.js';
import { Scope } from '../../../../src/vector/scope.js';
import { SharedMemory } from '../../../../src/vector/shared-memory.js';
import { BatchBuilder, keyOf, type TestColumn, type TestValue } from './batch-builder.js';

export interface TestTable {
  readonly columns: readonly { readonly name: string; readonly type: SqlType; readonly nullable?: boolean }[];
  /** Per batch, per column. */
  readonly batches: readonly (readonly Omit<TestColumn, 'type'>[])[];
}

export const shared: SharedMemory = SharedMemory.create(512 * 2 ** 20, { checked: true });
export const kernels: Kernels = loadKernels(shared.memory);

/** Collects a file in memory. */
export class MemorySink {
  readonly parts: Uint8Array[] = [];

  async write(bytes: Uint8Array): Promise<void> {
    this.parts.push(bytes.slice());
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.parts);
  }
}

/** Writes the table; checks that all memory came back. */
export async function writeTable(
  table: TestTable,
  options: ParquetWriterOptions = {},
): Promise<{ bytes: Uint8Array; written: WrittenParquetFile }> {
  const before = shared.allocatedChunks;
  const sink = new MemorySink();
  const columns = table.columns.map((column) => ({ ...column, nullable: column.nullable ?? true }));
  const writer = new ParquetFileWriter({ shared, kernels, owner: shared.createOwner(), sink, columns, options });
  const scope = new Scope(shared, shared.createOwner());
  const builder = new BatchBuilder(shared, scope);
  try {
    for (const batch of table.batches) {
      const isFull = writer.append(builder.batch(batch.map((part, i) => ({ ...part, type: columns[i]!.type }))));
      scope.reset();
      if (isFull) await writer.flushRowGroup();
    }
    const written = await writer.close();
    return { bytes: sink.bytes(), written };
  } finally {
    writer.dispose();
    scope.free();
    assert.equal(shared.allocatedChunks, before, 'the writer leaked chunks');
  }
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-parquet-writer-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let fileCount = 0;

/** The path of a new file with these bytes, deleted at exit. */
export function saveFile(bytes: Uint8Array): string {
  const path = join(folder, `${fileCount++}.parquet`);
  writeFileSync(path, bytes);
  return path;
}

const connection = await (await DuckDBInstance.create()).connect();

/** Rows of DuckDB's answer; `$file` in the query stands for the quoted path. */
export async function queryDuckDb(bytes: Uint8Array, query: string): Promise<unknown[][]> {
  const path = saveFile(bytes);
  const reader = await connection.runAndReadAll(query.replaceAll('$file', `'${path}'`));
  return reader.getRows();
}

/** What DuckDB reads, as texts that are comparable with `expectedRows`. */
export async function readWithDuckDb(bytes: Uint8Array): Promise<string[][]> {
  const rows = await queryDuckDb(bytes, 'select * from read_parquet($file)');
  return rows.map((row) => row.map(keyOfDuckDbValue));
}

export function expectedRows(table: TestTable): string[][] {
  return table.batches.flatMap((batch) =>
    batch[0]!.values.map((_, row) =>
      batch.map((column, i) => keyOfTestValue(table.columns[i]!.type, column.values[row]!)),
    ),
  );
}

function keyOfTestValue(type: SqlType, value: TestValue): string {
  if (type.kind === 'real' && typeof value === 'number') return keyOf(Math.fround(value));
  if (type.kind === 'uuid' && value !== null) return Buffer.from(value as Uint8Array).toString('hex');
  return keyOf(value);
}

function keyOfDuckDbValue(value: unknown): string {
  if (value instanceof DuckDBDateValue) return String(value.days);
  if (value instanceof DuckDBTimeValue || value instanceof DuckDBTimestampValue) return String(value.micros);
  if (value instanceof DuckDBTimestampTZValue) return String(value.micros);
  if (value instanceof DuckDBDecimalValue) return String(value.value);
  if (value instanceof DuckDBBlobValue) return keyOf(value.bytes);
  if (value instanceof DuckDBUUIDValue) return value.toString().replaceAll('-', '');
  return keyOf(value);
}
