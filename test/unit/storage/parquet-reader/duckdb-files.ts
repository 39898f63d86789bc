import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBIntervalValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBUUIDValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { TestValue } from './read-parquet.js';

/** A folder that is removed, and a DuckDB that writes Parquet files into it and reads them back. */
export class DuckDBFiles {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'millrace-parquet-'));
  private connection: DuckDBConnection | undefined;
  private count = 0;

  async run(sql: string): Promise<void> {
    await (await this.connect()).run(sql);
  }

  /** Writes the query's result; `options` are those of COPY. Returns the path. */
  async write(query: string, options = ''): Promise<string> {
    const path = join(this.folder, `${this.count++}.parquet`);
    await this.run(`copy (${query}) to '${path}' (format parquet${options === '' ? '' : `, ${options}`})`);
    return path;
  }

  /** The columns of a file as DuckDB reads them, in the values of `readParquet`. */
  async read(path: string): Promise<Map<string, TestValue[]>> {
    const connection = await this.connect();
    const reader = await connection.runAndReadAll(`select * from read_parquet('${path}')`);
    const columns = reader.getColumns();
    return new Map(reader.columnNames().map((name, index) => [name, (columns[index] ?? []).map(testValueOf)]));
  }

  close(): void {
    this.connection?.closeSync();
    rmSync(this.folder, { recursive: true });
  }

  private async connect(): Promise<DuckDBConnection> {
    if (this.connection === undefined) {
      const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
      this.connection = await instance.connect();
      await this.connection.run("set timezone = 'UTC'");
    }
    return this.connection;
  }
}

function testValueOf(value: DuckDBValue): TestValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint')
    return value;
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('latin1');
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return value.micros;
  if (value instanceof DuckDBTimestampMillisecondsValue) return value.millis * 1000n;
  if (value instanceof DuckDBTimestampSecondsValue) return value.seconds * 1_000_000n;
  if (value instanceof DuckDBTimestampNanosecondsValue) {
    return (value.nanos - (((value.nanos % 1000n) + 1000n) % 1000n)) / 1000n;
  }
  if (value instanceof DuckDBTimeValue) return value.micros;
  if (value instanceof DuckDBIntervalValue) return `${value.months} ${value.days} ${value.micros}`;
  if (value instanceof DuckDBUUIDValue) return value.toString().replaceAll('-', '');
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('latin1');
  throw new Error(`unexpected value of DuckDB: ${value}`);
}
