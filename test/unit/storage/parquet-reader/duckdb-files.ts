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

  /** Of the first rows, the number of values that are not NULL, and a sum that depends on every value and its row. */
  async digest(path: string, column: string, rowCount: number): Promise<[count: number, digest: bigint]> {
    const connection = await this.connect();
    const worth = `case when typeof(v) = 'VARCHAR' then strlen(v::varchar) * 256 + ascii(v::varchar)
      when typeof(v) like 'TIMESTAMP%' then epoch_us(try_cast(v::varchar as timestamp))
      when typeof(v) = 'DATE' then date_diff('day', date '1970-01-01', try_cast(v::varchar as date))
      else floor(try_cast(v::varchar as double))::hugeint end`;
    const reader = await connection.runAndReadAll(
      `select count(v)::integer, sum((r % 1000) * (${worth})::hugeint)
       from (select "${column}" as v, row_number() over () - 1 as r from (from read_parquet('${path}') limit ${rowCount}))`,
    );
    return reader.getRows()[0] as [number, bigint];
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
