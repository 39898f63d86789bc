import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execute } from '../slt/run-slt.js';
import { assertNothingLeft, fingerprint, openSpillEngine } from './spill-engine.js';

const MIB = 2 ** 20;

const TABLES = [
  'create table days (k int, x int, day date) partitioned by (day)',
  "insert into days select g % 49999, g, date '2026-01-01' + g % 12 from generate_series(1, 600000) as t(g)",
  'create table weeks (k int, x int, week int) partitioned by (week)',
  'insert into weeks select g % 500, g, case when g % 4 > 0 then 0 else g % 40 end from generate_series(1, 20000) as t(g)',
];

const QUERY = 'select day, k, sum(x) as s, count(*) as n from days where k > 10 group by day, k';

test('lanes read whole partitions where groups lie in one each, in memory and with groups on disk', async (context) => {
  const large = await openSpillEngine(context, { memoryLimit: 1000 * MIB });
  const small = await openSpillEngine(context, { memoryLimit: 40 * MIB });
  const explained = async (sql: string): Promise<string> => {
    const session = large.openSession();
    try {
      return (await execute(session, `explain ${sql}`)).join('\n');
    } finally {
      await session.close();
    }
  };
  for (const engine of [large, small]) {
    const session = engine.openSession();
    for (const sql of TABLES) await execute(session, sql);
    await session.close();
  }
  assert.match(await explained(QUERY), /Partition by Partition: nothing to merge/);
  // Three quarters of the rows are in one partition; and here no key is one of the table's.
  for (const sql of [
    'select week, k, count(*) from weeks group by week, k',
    'select k, count(*) from days group by k',
  ]) {
    assert.doesNotMatch(await explained(sql), /Partition by Partition/);
  }
  const apart = await fingerprint(large, QUERY);
  const computed = QUERY.replace('from days', 'from (select day + x % 1 as day, k, x from days) as d');
  assert.doesNotMatch(await explained(computed), /Partition by Partition/);
  const merged = await fingerprint(large, computed);
  assert.deepEqual({ ...apart, spilledBytes: 0 }, { ...merged, spilledBytes: 0 });
  const fromDisk = await fingerprint(small, QUERY);
  assert.ok(fromDisk.spilledBytes > 0, 'it spills');
  assert.deepEqual({ ...fromDisk, spilledBytes: 0 }, { ...merged, spilledBytes: 0 });
  for (const engine of [large, small]) assertNothingLeft(engine);
});
