import { type DuckDBConnection, DuckDBInstance, DuckDBTypeId, type DuckDBValue } from '@duckdb/node-api';
import type { Answer } from './answer.js';

/** DuckDB over Parquet files, with one view a table. */
export class DuckDBOracle {
  private readonly instance: DuckDBInstance;
  private readonly connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.instance = instance;
    this.connection = connection;
  }

  static async open(): Promise<DuckDBOracle> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    return new DuckDBOracle(instance, await instance.connect());
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  async ask(sql: string): Promise<Answer> {
    const reader = await this.connection.runAndReadAll(sql);
    const isFloat = reader
      .columnTypes()
      .map(({ typeId }) => typeId === DuckDBTypeId.DOUBLE || typeId === DuckDBTypeId.FLOAT);
    return { columnNames: reader.columnNames(), rows: reader.getRows().map((row) => row.map(toText)), isFloat };
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

function toText(value: DuckDBValue): string | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return String(value);
}
