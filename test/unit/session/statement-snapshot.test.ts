import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Engine } from '../../../src/session/engine.js';
import { execute } from '../../slt/run-slt.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('all scans of a table in one statement see the same commit, whatever partitions they want', async (context) => {
  const engine = await Engine.open({
    lake: temporaryFolder(context),
    threads: 1,
    memoryLimit: 128 * 2 ** 20,
    checked: true,
  });
  context.after(() => engine.close());
  const session = engine.openSession();
  const run = (sql: string): Promise<(string | null)[][]> => execute(session, sql);
  await run('create table t (a integer, d integer) partitioned by (d)');
  await run('insert into t values (1, 1), (2, 2), (3, 3)');
  const { lake } = engine;
  const original = lake.snapshot.bind(lake);
  let snapshots = 0;
  // Another process commits whenever a listing has been made: whoever listed again would see its row.
  lake.snapshot = async (...args) => {
    const snapshot = await original(...args);
    snapshots++;
    const writer = await Engine.open({ lake: lake.root, threads: 1, memoryLimit: 64 * 2 ** 20 });
    const other = writer.openSession();
    await execute(other, `insert overwrite t partition (d = 2) select ${100 + snapshots}`);
    await other.close();
    await writer.close();
    return snapshot;
  };
  const sums = await run(`
    select (select sum(a) from t where d = 2), (select sum(a) from t where d >= 2), (select sum(a) from t),
      (select count(*) from t x join t y using (a))`);
  assert.deepEqual(sums, [['2', '5', '6', '3']]);
  assert.equal(snapshots, 1);
  assert.deepEqual(await run('select a from t where d = 2'), [['101']]);
  await session.close();
});
