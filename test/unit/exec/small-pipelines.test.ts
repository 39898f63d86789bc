import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LaneTask } from '../../../src/exec/pipeline/lane-task.js';
import { WorkerPool } from '../../../src/exec/worker/worker-pool.js';
import { Engine } from '../../../src/session/engine.js';
import { execute } from '../../slt/run-slt.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const STAR = `
  select a.name, count(*), sum(f.n) from f
  join a on a.id = f.a join b on b.id = f.b join c on c.id = f.c join d on d.id = f.d
  where b.name <> 'b 1' and d.name in (select name from d where id > 0)
  group by a.name order by a.name limit 3`;

test('a lane that is alone goes on from pipeline to pipeline, within one task', async (context) => {
  const engine = await Engine.open({ lake: temporaryFolder(context), threads: 2, memoryLimit: 2 ** 28, checked: true });
  context.after(() => engine.close());
  const session = engine.openSession();
  for (const name of ['a', 'b', 'c', 'd']) {
    await execute(
      session,
      `create table ${name} as select g as id, '${name} ' || g as name from generate_series(0, 4) g`,
    );
  }
  await execute(
    session,
    'create table f as select g % 5 as a, g % 4 as b, g % 3 as c, g % 5 as d, g as n from generate_series(1, 120) g',
  );
  const tasks: LaneTask[] = [];
  const original = WorkerPool.prototype.run;
  WorkerPool.prototype.run = function (lane, task, quanta) {
    tasks.push(task);
    return original.call(this, lane, task, quanta);
  };
  context.after(() => {
    WorkerPool.prototype.run = original;
  });
  let fewest = Number.POSITIVE_INFINITY;
  // On a busy machine a quantum may be over before the first pipelines are.
  for (let attempt = 0; attempt < 20 && fewest > 3; attempt++) {
    tasks.length = 0;
    const rows = await execute(session, STAR);
    assert.deepEqual(rows, [
      ['a 1', '18', '1098'],
      ['a 2', '18', '1026'],
      ['a 3', '18', '1074'],
    ]);
    const runs = tasks.filter((task) => task.kind === 'run');
    assert.ok(runs.length > 0 && runs.every((task) => task.kind === 'run' && task.lane === 0));
    fewest = Math.min(fewest, runs.length);
  }
  // Five tables are built of, the groups are made, and sorted: seven pipelines at least.
  assert.ok(fewest <= 3, `${fewest} tasks`);
});

test('it stops where more lanes are needed, and goes on behind', async (context) => {
  const engine = await Engine.open({ lake: temporaryFolder(context), threads: 2, memoryLimit: 2 ** 28, checked: true });
  context.after(() => engine.close());
  const session = engine.openSession();
  await execute(session, "create table a as select g as id, 'a ' || g as name from generate_series(0, 4) g");
  for (let part = 0; part < 4; part++) {
    const rows = `select g % 5 as a, g as n from generate_series(${part * 50_000 + 1}, ${(part + 1) * 50_000}) g`;
    await execute(session, part === 0 ? `create table f as ${rows}` : `insert into f ${rows}`);
  }
  const sql = `
    with grouped as (select name, sum(n) as total, count(*) as n from f join a on a.id = f.a group by name)
    select name, total from grouped union all select 'all', sum(total) from grouped
    union all select x.name, x.total - y.total from grouped x join grouped y on x.n = y.n and x.name > y.name
    order by 1, 2`;
  const rows = await execute(session, sql);
  assert.equal(rows.length, 5 + 1 + 10);
  assert.deepEqual(rows[0], ['a 0', '4000100000']);
  assert.deepEqual(rows.at(-1), ['all', '20000100000']);
});
