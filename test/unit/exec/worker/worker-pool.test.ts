import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { LaneTask } from '../../../../src/exec/pipeline/lane-task.js';
import type { WorkerPool } from '../../../../src/exec/worker/worker-pool.js';
import { Engine } from '../../../../src/session/engine.js';
import { execute } from '../../../slt/run-slt.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

test('workers are told with a later task of queries that have ended', async (context) => {
  const engine = await Engine.open({ lake: temporaryFolder(context), threads: 2, memoryLimit: 2 ** 28, checked: true });
  context.after(() => engine.close());
  const session = engine.openSession();
  await execute(session, 'create table t as select 1 as a');
  // By lane, the tasks as they are posted.
  const pool = (engine.executor as unknown as { readonly pool: WorkerPool }).pool;
  const { workers } = pool as unknown as { readonly workers: { run(task: LaneTask): Promise<unknown> }[] };
  const posted: LaneTask[][] = workers.map(() => []);
  for (const [lane, worker] of workers.entries()) {
    const original = worker.run.bind(worker);
    worker.run = (task) => {
      posted[lane]!.push(task);
      return original(task);
    };
  }
  // Whoever has to tell of the last statement has done so then.
  await delay(100);
  for (const tasks of posted) tasks.length = 0;
  for (let query = 0; query < 50; query++) assert.deepEqual(await execute(session, 'select a from t'), [['1']]);
  const [first, second] = posted as [LaneTask[], LaneTask[]];
  const runs = first.filter(({ kind }) => kind === 'run');
  const ids = new Set(runs.map((task) => (task.kind === 'run' ? task.query.id : 0)));
  assert.equal(ids.size, 50);
  assert.deepEqual(second, [], 'a worker that had no part in a query is not told of its end');
  const releases = first.filter(({ kind }) => kind === 'release');
  assert.ok(releases.length < 25, `${releases.length} of 50 ends were told by tasks of their own`);
  for (let attempt = 0; attempt < 100 && first.at(-1)?.kind !== 'release'; attempt++) await delay(20);
  assert.equal(first.at(-1)?.kind, 'release', 'after a while it is told, though nothing else is asked of it');
  const ended = first.flatMap((task) => task.ended ?? []);
  assert.deepEqual(
    ended.filter((id) => ids.has(id)),
    [...ids],
    'each once, in their order',
  );
});
