import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Millrace } from '../../../src/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Answers queries over tables with their plans. */
async function openTables(context: TestContext, script: string): Promise<(query: string) => Promise<string[]>> {
  const database = await Millrace.open({ lake: temporaryFolder(context), threads: 2 });
  context.after(() => database.close());
  await database.run(script);
  return async (query) => {
    const plan = await database.query(query);
    return plan.toArray().map((row) => String(row['QUERY PLAN']));
  };
}

/** Rows that left the scans of an analysed plan. */
function scannedRows(lines: readonly string[]): number[] {
  return lines.flatMap((line) => {
    const found = /Parquet Scan .*actual rows=(\d+)/.exec(line);
    return found ? [Number(found[1])] : [];
  });
}

test('EXPLAIN (TRACE, ANALYZE) shows what rules changed, then what was run', async (context) => {
  const explained = await openTables(context, 'create table t (a integer); insert into t values (1), (2), (null)');
  const lines = await explained('explain (trace, analyze) select count(*) from t where a = 1 or a = 2');
  const rules = lines.filter((line) => /^[a-z-]+$/.test(line));
  assert.deepEqual(rules.slice(0, 2), ['or-to-in-list', 'predicate-pushdown']);
  assert.ok(lines.includes('  + filter a#1 IN (1, 2)'));
  assert.ok(lines.some((line) => /^Aggregate .*actual rows=1 /.test(line)));
  assert.ok(lines.at(-1)!.startsWith('Execution Time: '));
});

test('a limit stops scans early: alone, in a union, and of an outer join’s left side', async (context) => {
  const explained = await openTables(
    context,
    `create table t (a integer);
     insert into t select x from generate_series(1, 600000) as g(x);
     create table u (k integer, c integer);
     insert into u values (1, 2)`,
  );
  for (const query of [
    'select a from t limit 3',
    'select a from t where a % 2 = 0 limit 3',
    'select * from (select a from t union all select -a from t) as q limit 3',
    'select a, c from t left join u on a = k limit 3 offset 2',
    'select a, (select max(c) from u where k = a) from t limit 3',
  ]) {
    const lines = await explained(`explain analyze ${query}`);
    const rows = scannedRows(lines);
    assert.ok(rows.length > 0, query);
    assert.ok(Math.max(...rows) < 100_000, `${query}\n${lines.join('\n')}`);
  }
});
