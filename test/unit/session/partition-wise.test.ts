import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Millrace } from '../../../src/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// `apart` has a partition for each of 16 days and NULL; `whole` the same rows in none.

/** Answers queries, a text a row. */
async function openTables(context: TestContext): Promise<(sql: string) => Promise<string[]>> {
  const database = await Millrace.open({ lake: temporaryFolder(context), threads: 2 });
  context.after(() => database.close());
  await database.run(`
    create table apart (k bigint, v integer, day date) partitioned by (day);
    insert into apart select i % 1000, i % 7, case when i % 17 < 16 then date '2026-01-01' + i % 17 end
    from generate_series(1, 30000) as g(i);
    create table whole as select * from apart;
    create table few (k integer, day date) partitioned by (day);
    insert into few select i, date '2026-01-01' + i % 7 from generate_series(1, 700) as g(i);
    create table lopsided (k bigint, day date) partitioned by (day);
    insert into lopsided select i * 7919 % 100003, date '2026-01-01' + case when i % 2 = 0 then 0 else i % 16 end
    from generate_series(1, 30000) as g(i)`);
  return async (sql) =>
    (await database.query(sql)).toArray().map((row) =>
      Object.values(row as Record<string, unknown>)
        .map(String)
        .join(),
    );
}

const isPartitionWise = (plan: readonly string[]): boolean =>
  plan.some((line) => line.includes('Partition by Partition: nothing to merge'));

test('groups by the columns that tables are partitioned by are made partition by partition, and are the same', async (context) => {
  const linesOf = await openTables(context);
  for (const query of [
    'select day, count(*), sum(v) from apart group by day',
    'select day, k, count(*), min(v), count(distinct v) filter (where v > 2) from apart group by 1, 2',
    'select k, day, max(v) from apart where v <> 3 and k % 2 = 0 group by 1, 2',
    'select d, x, sum(v) from (select day as d, k + v as x, v from apart where v > 1) as q group by d, x',
    "select day, sum(k) from apart where day > date '2026-01-01' group by day having count(v) > 5",
    'select distinct day, v from apart',
  ]) {
    assert.ok(isPartitionWise(await linesOf(`explain ${query}`)), query);
    const expected = await linesOf(query.replace('apart', 'whole'));
    assert.ok(expected.length > 10);
    assert.deepEqual((await linesOf(query)).sort(), expected.sort(), query);
  }
});

test('what groups have no partition of their own, and where lanes would wait, is merged', async (context) => {
  const linesOf = await openTables(context);
  for (const query of [
    'select k, count(*) from apart group by k',
    "select date_trunc('week', day) as week, count(*) from apart group by 1",
    'select day, count(*) from whole group by day',
    'select day, count(*) from few group by day',
    'select day, k, count(*) from lopsided group by day, k',
    "select day, count(*) from apart where day < date '2026-01-05' group by day",
  ]) {
    assert.ok(!isPartitionWise(await linesOf(`explain ${query}`)), query);
  }
});
