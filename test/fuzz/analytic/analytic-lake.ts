import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Answer } from '../../oracle/support/answer.js';
import { type AnalyticTable, rowCountOf } from './analytic-tables.js';

/** Runs a statement in Millrace, in the schema of the tables. */
type RunMillrace = (sql: string) => Promise<Answer>;

const list = (table: AnalyticTable, item: (column: AnalyticTable['columns'][number]) => string): string =>
  table.columns.map(item).join(', ');

/** DuckDB's query of a table's rows, or of every n-th stretch of them. */
export function rowsQuery(table: AnalyticTable, part = 0, parts = 1): string {
  const whole = table.ranges.map(([from, to]) => `select i from range(${from}, ${to}) as r(i)`).join(' union all ');
  const last = table.ranges.at(-1)?.[1] ?? 0;
  const length = Math.max(1, Math.ceil(last / parts));
  const stretch = parts === 1 ? '' : ` where i // ${length} = ${part}`;
  const rows = whole === '' ? 'select 0 as i where false' : whole;
  return `select ${list(table, ({ sql, name }) => `${sql} as ${name}`)} from (${rows})${stretch} order by i`;
}

export function createStatement(table: AnalyticTable): string {
  const { partition } = table.layout;
  const partitioned = partition === undefined ? '' : ` partitioned by (${partition})`;
  return `create table ${table.name} (${list(table, ({ name, declaration }) => `${name} ${declaration}`)})${partitioned}`;
}

/** Writes a table's files into its folder of the lake, and gives DuckDB a view of them. */
export async function writeAnalyticTable(
  table: AnalyticTable,
  folder: string,
  scratch: string,
  duckdb: DuckDBConnection,
  millrace: RunMillrace,
): Promise<void> {
  const { layout, name } = table;
  const { writer, files, partition } = layout;
  await millrace(createStatement(table));
  const partitioned = partition === undefined ? '' : `, partition_by (${partition})`;
  await mkdir(folder, { recursive: true });
  await mkdir(scratch, { recursive: true });
  for (let part = 0; part < files; part++) {
    const rows = rowsQuery(table, part, files);
    if (writer === 'millrace') {
      const source = join(scratch, `${part}.parquet`);
      await duckdb.run(`copy (${rows}) to '${source}' (format parquet)`);
      await millrace(`insert into ${name} select * from read_parquet('${source}')`);
      continue;
    }
    const target = partition === undefined ? join(folder, `part-${part}.parquet`) : folder;
    const options = [
      `row_group_size ${layout.rowsPerGroup}`,
      `compression ${layout.compression}`,
      `parquet_version ${layout.version}`,
      ...(layout.dictionaries ? [] : ['dictionary_size_limit 1']),
      ...(partition === undefined ? [] : [`filename_pattern 'part-${part}-{i}'`, 'overwrite_or_ignore true']),
    ].join(', ');
    await duckdb.run(`copy (${rows}) to '${target}' (format parquet, ${options}${partitioned})`);
  }
  await rm(scratch, { recursive: true, force: true });
  await createView(table, folder, duckdb);
}

async function createView(table: AnalyticTable, folder: string, duckdb: DuckDBConnection): Promise<void> {
  const { name, layout } = table;
  const columns = list(table, (column) => column.name);
  if (rowCountOf(table) === 0) {
    await duckdb.run(`create view ${name} as select ${columns} from (${rowsQuery(table)})`);
    return;
  }
  const pattern = layout.partition === undefined ? '*.parquet' : `${layout.partition}=*/*.parquet`;
  const type = table.columns.find((column) => column.name === layout.partition)?.declaration;
  const hive =
    layout.partition === undefined ? '' : `, hive_partitioning = true, hive_types = {'${layout.partition}': ${type!}}`;
  await duckdb.run(`create view ${name} as select ${columns} from read_parquet('${join(folder, pattern)}'${hive})`);
}
