import type { FuzzTable } from './fuzz-tables.js';
import type { Verdict } from './judge.js';
import { renderSql, type SqlNode, simplifications } from './sql-tree.js';

interface FailingCase {
  readonly tables: readonly unknown[];
  readonly node: SqlNode;
}

export interface FuzzCase extends FailingCase {
  readonly tables: readonly FuzzTable[];
}

/** Runs a case; whether it still goes wrong in the same way. */
export type StillFails<Case = FuzzCase> = (candidate: Case, tablesChanged: boolean) => Promise<boolean>;

interface Reduction<Case extends FailingCase> {
  readonly load: (tables: Case['tables']) => Promise<void>;
  readonly check: (sql: string, ordered: boolean) => Promise<Verdict>;
  readonly shrink: (start: Case, stillFails: StillFails<Case>, attempts: number) => Promise<Case>;
}

/** A smaller case that fails as the given one does; its tables are loaded. */
export async function reduce<Case extends FailingCase>(
  start: Case,
  found: { readonly verdict: Verdict; readonly ordered: boolean; readonly attempts: number },
  { load, check, shrink: shrinkCase }: Reduction<Case>,
): Promise<{ readonly tables: Case['tables']; readonly sql: string; readonly verdict: Verdict }> {
  const { verdict, ordered, attempts } = found;
  const whole = renderSql(start.node);
  const asBag = await check(whole, false);
  const small = await shrinkCase(
    start,
    async (candidate, tablesChanged) => {
      if (tablesChanged) await load(candidate.tables);
      const again = await check(renderSql(candidate.node), false);
      return again.kind === 'differ' && again.what === verdict.what;
    },
    // Where rows are right and only their order is wrong, the query stays as it is.
    asBag.kind === 'differ' ? attempts : 0,
  );
  await load(small.tables);
  const sql = renderSql(small.node);
  const now = await check(sql, ordered && sql === whole);
  return { tables: small.tables, sql, verdict: now.kind === 'differ' ? now : verdict };
}

/** The smallest case found by leaving out parts of the query and rows of the tables, in at most so many attempts. */
export async function shrink(start: FuzzCase, stillFails: StillFails, attempts: number): Promise<FuzzCase> {
  let left = attempts;
  const attempt = async (candidate: FuzzCase, tablesChanged: boolean): Promise<boolean> =>
    left-- > 0 && (await stillFails(candidate, tablesChanged));
  let current = { ...start, node: await shrinkQuery(start, attempt) };
  current = { ...current, tables: await shrinkTables(current, attempt) };
  return { ...current, node: await shrinkQuery(current, attempt) };
}

/** Leaves out parts of the query, and leaves the tables as they are. */
export async function shrinkQuery<Case extends { readonly node: SqlNode }>(
  start: Case,
  attempt: StillFails<Case>,
): Promise<SqlNode> {
  let { node } = start;
  const seen = new Set([renderSql(node)]);
  for (let found = true; found; ) {
    found = false;
    for (const simpler of simplifications(node)) {
      const sql = renderSql(simpler);
      if (seen.has(sql)) continue;
      seen.add(sql);
      if (!(await attempt({ ...start, node: simpler }, false))) continue;
      node = simpler;
      found = true;
      break;
    }
  }
  return node;
}

async function shrinkTables(start: FuzzCase, attempt: StillFails): Promise<readonly FuzzTable[]> {
  const sql = renderSql(start.node);
  let tables = start.tables.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(sql));
  const accept = async (index: number, changed: FuzzTable): Promise<boolean> => {
    const candidate = tables.map((table, at) => (at === index ? changed : table));
    if (!(await attempt({ ...start, tables: candidate }, true))) return false;
    tables = candidate;
    return true;
  };
  for (const index of tables.keys()) {
    await shrinkRows(
      () => tables[index]!,
      (changed) => accept(index, changed),
    );
    const table = tables[index]!;
    if (table.partitioned) await accept(index, { ...table, partitioned: false });
    if (table.rowsPerInsert < table.rows.length)
      await accept(index, { ...tables[index]!, rowsPerInsert: table.rows.length });
  }
  // Reduced to nothing else, the last attempt may not have been one that fails.
  await attempt({ ...start, tables }, true);
  return tables;
}

/** Halves, quarters … down to single rows. */
async function shrinkRows(table: () => FuzzTable, accept: (changed: FuzzTable) => Promise<boolean>): Promise<void> {
  for (let size = Math.ceil(table().rows.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < table().rows.length; ) {
      const { rows } = table();
      const kept = [...rows.slice(0, at), ...rows.slice(at + size)];
      if (!(await accept({ ...table(), rows: kept }))) at += size;
    }
  }
}
