import { type StillFails, shrinkQuery } from '../shrink.js';
import { renderSql, type SqlNode } from '../sql-tree.js';
import { type AnalyticTable, rowCountOf, type TableLayout } from './analytic-tables.js';

export interface AnalyticCase {
  readonly tables: readonly AnalyticTable[];
  readonly node: SqlNode;
}

/** The plainest way to keep a table. */
const PLAIN: TableLayout = {
  writer: 'millrace',
  files: 1,
  rowsPerGroup: 122_880,
  compression: 'snappy',
  version: 'V1',
  dictionaries: true,
};

/** The smallest case found by leaving out parts of the query, rows and columns, in at most so many attempts. */
export async function shrinkAnalytic(
  start: AnalyticCase,
  stillFails: StillFails<AnalyticCase>,
  attempts: number,
): Promise<AnalyticCase> {
  let left = attempts;
  const attempt: StillFails<AnalyticCase> = async (candidate, tablesChanged) =>
    left-- > 0 && (await stillFails(candidate, tablesChanged));
  let current: AnalyticCase = { ...start, node: await shrinkQuery(start, attempt) };
  current = await shrinkTables(current, attempt);
  left = attempts / 3;
  current = { ...current, node: await shrinkQuery(current, attempt) };
  return { ...current, tables: onlyColumnsOf(current) };
}

async function shrinkTables(start: AnalyticCase, attempt: StillFails<AnalyticCase>): Promise<AnalyticCase> {
  const sql = renderSql(start.node);
  let current: AnalyticCase = {
    ...start,
    tables: start.tables.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(sql)),
  };
  const accept = async (changed: AnalyticTable): Promise<boolean> => {
    const tables = current.tables.map((table) => (table.name === changed.name ? changed : table));
    if (!(await attempt({ ...current, tables }, true))) return false;
    current = { ...current, tables };
    return true;
  };
  for (const { name } of current.tables) {
    const table = (): AnalyticTable => current.tables.find((candidate) => candidate.name === name)!;
    await accept({ ...table(), layout: PLAIN });
    await shrinkRows(table, accept);
  }
  // The last attempt may not have been one that fails.
  await attempt(current, true);
  return current;
}

/** Halves, quarters … down to single rows. */
async function shrinkRows(
  table: () => AnalyticTable,
  accept: (changed: AnalyticTable) => Promise<boolean>,
): Promise<void> {
  for (let size = Math.ceil(rowCountOf(table()) / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < rowCountOf(table()); ) {
      if (!(await accept({ ...table(), ranges: without(table().ranges, at, size) }))) at += size;
    }
  }
}

/** The ranges without so many rows, counted from the first. */
function without(ranges: AnalyticTable['ranges'], at: number, size: number): AnalyticTable['ranges'] {
  const kept: [number, number][] = [];
  let before = 0;
  for (const [from, to] of ranges) {
    const [start, end] = [Math.max(from, from + at - before), Math.min(to, from + at + size - before)];
    before += to - from;
    if (start >= end) {
      kept.push([from, to]);
      continue;
    }
    if (start > from) kept.push([from, start]);
    if (end < to) kept.push([end, to]);
  }
  return kept;
}

function onlyColumnsOf({ tables, node }: AnalyticCase): AnalyticTable[] {
  const sql = renderSql(node);
  if (/\*|using/.test(sql.replaceAll('count(*)', ''))) return [...tables];
  return tables.map((table) => ({
    ...table,
    columns: table.columns.filter(
      ({ name }, index) => index === 0 || name === table.layout.partition || new RegExp(`\\.${name}\\b`).test(sql),
    ),
  }));
}
