import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBOracle } from './duckdb-oracle.js';

/** What a table's file looks like: more than one row group, and of some tables more than one file. */
const ROW_GROUP_SIZE = 10_000;

/**
 * Runs a script of DuckDB that creates tables, writes each into a folder of the lake, and answers from there: both engines
 * read the same files.
 */
export async function writeDuckDBLake(lake: string, schema: URL): Promise<DuckDBOracle> {
  const duckdb = await DuckDBOracle.open();
  await duckdb.run("set default_null_order = 'nulls_last_on_asc_first_on_desc'");
  for (const statement of readFileSync(schema, 'utf8').split(/;\s*\n/)) {
    if (statement.replace(/^--.*$/gm, '').trim() !== '') await duckdb.run(statement);
  }
  const { rows } = await duckdb.ask("select table_name from information_schema.tables where table_type = 'BASE TABLE'");
  for (const [name] of rows) {
    const folder = join(lake, name!);
    await mkdir(folder, { recursive: true });
    const { rows: counted } = await duckdb.ask(`select count(*) from ${name}`);
    const half = Math.floor(Number(counted[0]![0]) / 2);
    const parts = half > ROW_GROUP_SIZE ? [`limit ${half}`, `offset ${half}`] : [''];
    for (const [index, part] of parts.entries()) {
      const target = `'${join(folder, `part-${index}.parquet`)}' (format parquet, row_group_size ${ROW_GROUP_SIZE})`;
      await duckdb.run(`copy (select * from ${name} ${part}) to ${target}`);
    }
    await duckdb.run(`drop table ${name}`);
    await duckdb.run(`create view ${name} as select * from read_parquet('${folder}/*.parquet')`);
  }
  return duckdb;
}
