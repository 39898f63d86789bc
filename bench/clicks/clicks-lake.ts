import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ComparisonQuery } from '../sql/comparison-query.js';

const FOLDER = join('bench', 'clicks');
const ROW_GROUP_ROWS = 122_880;

/** Where a web log of so many rows is by default. */
export const clicksLakePath = (rowCount: number): string => resolve('bench', 'data', `clicks-${rowCount}`);

/** Writes the table `hits` of `table.sql` as one file, unless it is there. */
export async function writeClicksLake(lake: string, rowCount: number, force: boolean): Promise<void> {
  const file = join(lake, 'hits', 'hits.parquet');
  if (!force && existsSync(file)) {
    process.stderr.write(`${file} is there (--force writes it again)\n`);
    return;
  }
  await mkdir(join(lake, 'hits'), { recursive: true });
  const table = await readFile(join(FOLDER, 'table.sql'), 'utf8');
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '2GB', threads: '2' });
  const connection = await instance.connect();
  try {
    await connection.run(table.replaceAll('$rows', String(rowCount)));
    const unfinished = join(lake, `_hits-${process.pid}.parquet`);
    await connection.run(
      `COPY (SELECT * FROM hits_rows) TO '${unfinished.replaceAll("'", "''")}' ` +
        `(FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
    );
    await rename(unfinished, file);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  process.stderr.write(`wrote ${file}, ${rowCount} rows\n`);
}

/** Those of `queries.sql`: each stands below a comment with its name. */
export async function readClicksQueries(): Promise<ComparisonQuery[]> {
  const text = await readFile(join(FOLDER, 'queries.sql'), 'utf8');
  return [...text.matchAll(/^-- (.*)\n([^;]*);/gm)].map(([, name, sql]) => ({ name: name!, sql: sql! }));
}
