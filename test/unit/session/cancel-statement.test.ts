import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Engine } from '../../../src/session/engine.js';
import type { EngineSession } from '../../../src/session/engine-session.js';
import type { Execution } from '../../../src/session/session.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Takes minutes. */
const SLOW =
  'select count(*) from generate_series(1, 400000) a(i), generate_series(1, 400000) b(j) where i % 7 = j % 7';

async function openEngine(context: TestContext): Promise<Engine> {
  const options = { lake: temporaryFolder(context), threads: 2, memoryLimit: 256 * 2 ** 20, checked: true };
  const engine = await Engine.open(options);
  context.after(() => engine.close());
  return engine;
}

async function begin(session: EngineSession, sql: string): Promise<Execution> {
  const [statement] = session.parse(sql);
  return await session.execute(await session.prepare(statement!, []), [], { kind: 'arrow' });
}

async function drain(execution: Execution): Promise<number> {
  let rowCount = 0;
  for await (const chunk of execution.chunks()) rowCount += chunk.rowCount;
  return rowCount;
}

async function untilItRuns(execution: Execution): Promise<void> {
  while (execution.rowsProcessed! < 400_000) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('EXPLAIN ANALYZE is canceled while its query runs, and all memory comes back', async (context) => {
  const engine = await openEngine(context);
  const session = engine.openSession();
  const slow = await begin(session, `explain analyze ${SLOW}`);
  const drained = assert.rejects(drain(slow), { code: '57014' });
  await untilItRuns(slow);
  session.cancel();
  await drained;
  assert.equal(engine.executor.shared.allocatedChunks, 0);
  const quick = await begin(session, 'explain analyze select * from generate_series(1, 10)');
  const lines = await drain(quick);
  assert.deepEqual(quick.completion(), { command: 'EXPLAIN', rowCount: lines });
  assert.equal(engine.executor.shared.allocatedChunks, 0);
});

test('EXPLAIN ANALYZE obeys statement_timeout', async (context) => {
  const engine = await openEngine(context);
  const session = engine.openSession();
  await drain(await begin(session, "set statement_timeout = '50ms'"));
  const message = 'canceling statement due to statement timeout';
  await assert.rejects(drain(await begin(session, `explain analyze ${SLOW}`)), { code: '57014', message });
  assert.equal(engine.executor.shared.allocatedChunks, 0);
});

test('EXPLAIN ANALYZE that is closed, before and while its query runs', async (context) => {
  const engine = await openEngine(context);
  const session = engine.openSession();
  await (await begin(session, `explain analyze ${SLOW}`)).close();
  assert.equal(engine.executor.shared.allocatedChunks, 0);
  const slow = await begin(session, `explain analyze ${SLOW}`);
  const drained = assert.rejects(drain(slow), { code: '57014' });
  await untilItRuns(slow);
  await slow.close();
  await drained;
  assert.equal(engine.executor.shared.allocatedChunks, 0);
});

test('a statement is canceled while it is planned', async (context) => {
  const engine = await openEngine(context);
  const session = engine.openSession();
  const [statement] = session.parse('select 1');
  const preparing = session.prepare(statement!, []);
  session.cancel();
  await assert.rejects(preparing, { code: '57014' });
  const prepared = await session.prepare(statement!, []);
  const executing = session.execute(prepared, [], { kind: 'arrow' });
  session.cancel();
  await assert.rejects(drain(await executing), { code: '57014' });
  assert.equal(engine.executor.shared.allocatedChunks, 0);
  assert.equal(await drain(await session.execute(prepared, [], { kind: 'arrow' })), 1);
});

test('a session that is closed waits for what it plans, and what it planned does not run', async (context) => {
  const engine = await openEngine(context);
  const session = engine.openSession();
  const [statement] = session.parse('select 1');
  const prepared = await session.prepare(statement!, []);
  const executing = session.execute(prepared, [], { kind: 'arrow' });
  await engine.close();
  await assert.rejects(drain(await executing), { code: '57P01' });
  await assert.rejects(session.prepare(statement!, []), { code: '57P01' });
  assert.equal(engine.executor.shared.allocatedChunks, 0);
});

/** One row of one array, over which a loop within a loop takes minutes. */
const LONG_ROW = `select reduce(a, 0::bigint, (s, x) -> s + reduce(a, 0::bigint, (t, y) -> (t * 31 + x # y) % 1000003))
  from (select array_agg(i) as a from generate_series(1, 200000) as g(i)) as q`;

test('a statement is canceled within a row that takes long', async (context) => {
  const engine = await openEngine(context);
  const session = engine.openSession();
  const slow = await begin(session, LONG_ROW);
  const drained = assert.rejects(drain(slow), { code: '57014' });
  while (slow.rowsProcessed! < 200_000) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 100));
  session.cancel();
  await drained;
  assert.equal(engine.executor.shared.allocatedChunks, 0);
});
