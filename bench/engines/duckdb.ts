import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBDecimalValue,
  DuckDBInstance,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Engine, EngineResult } from './engine.js';

/** Dates, times, intervals and the like are compared by their text. */
function toCanonicalValue(value: DuckDBValue): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBBlobValue) return value.bytes;
  return String(value);
}

const quoteLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

async function createViews(connection: DuckDBConnection, lakePath: string): Promise<void> {
  for (const entry of await readdir(lakePath, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('_')) continue;
    const files = quoteLiteral(join(lakePath, entry.name, '**', '*.parquet'));
    await connection.run(`CREATE VIEW "${entry.name}" AS SELECT * FROM read_parquet(${files})`);
  }
}

class DuckDBEngine implements Engine {
  readonly name = 'duckdb';
  private instance: DuckDBInstance | undefined;
  private connection: DuckDBConnection | undefined;

  async open(lakePath: string, threads: number, memoryLimit: string): Promise<void> {
    this.instance = await DuckDBInstance.create(':memory:', {
      threads: String(threads),
      memory_limit: memoryLimit,
      temp_directory: join(tmpdir(), `duckdb-${process.pid}`),
    });
    this.connection = await this.instance.connect();
    // Footers are cached on our side too.
    await this.connection.run('SET parquet_metadata_cache = true');
    await createViews(this.connection, lakePath);
  }

  async run(sql: string): Promise<EngineResult> {
    const started = performance.now();
    const reader = await this.connection!.runAndReadAll(sql);
    const elapsedMs = performance.now() - started;
    return {
      columns: reader.columnNames(),
      rows: reader.getRows().map((row) => row.map(toCanonicalValue)),
      elapsedMs,
    };
  }

  async close(): Promise<void> {
    this.connection?.closeSync();
    this.instance?.closeSync();
  }
}

export const createDuckDBEngine = (): Engine => new DuckDBEngine();
