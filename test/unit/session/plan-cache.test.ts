import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Engine } from '../../../src/session/engine.js';
import type { EngineSession } from '../../../src/session/engine-session.js';
import { execute } from '../../slt/run-slt.js';
import { openSharedEngine } from '../../support/shared-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

type Rows = (string | null)[][];

interface Setting {
  readonly engine: Engine;
  readonly session: EngineSession;
  readonly run: (sql: string) => Promise<Rows>;
  /** Runs it twice: its plan is kept with those of queries that come again. */
  readonly runOften: (sql: string) => Promise<Rows>;
  /** Runs it once more: what it gives, and whether it needed no planning. */
  readonly again: (sql: string) => Promise<{ readonly rows: Rows; readonly isHit: boolean }>;
}

async function open(context: TestContext): Promise<Setting> {
  const engine = await openSharedEngine(context, temporaryFolder(context), 1);
  const session = engine.openSession();
  const run = (sql: string): Promise<Rows> => execute(session, sql);
  return {
    engine,
    session,
    run,
    async runOften(sql) {
      await run(sql);
      return await run(sql);
    },
    async again(sql) {
      const before = engine.plans.hits;
      const rows = await run(sql);
      return { rows, isHit: engine.plans.hits > before };
    },
  };
}

test('a query that comes again is run by the plan that it had', async (context) => {
  const { engine, run, again } = await open(context);
  await run('create table t as select g as a from generate_series(1, 10) g');
  const sql = 'select sum(a), count(*) from t where a > 3';
  assert.deepEqual(await again(sql), { rows: [['49', '7']], isHit: false });
  assert.deepEqual(await again(sql), { rows: [['49', '7']], isHit: true });
  assert.deepEqual(await again(sql), { rows: [['49', '7']], isHit: true });
  const [left, right] = [engine.openSession(), engine.openSession()];
  assert.deepEqual(await Promise.all([execute(left, sql), execute(right, sql)]), [[['49', '7']], [['49', '7']]]);
  assert.equal(engine.plans.hits, 4);
  assert.equal((await again(`${sql} and a > 4`)).isHit, false);
  await run('set millrace.plan_cache = off');
  assert.deepEqual(await again(sql), { rows: [['49', '7']], isHit: false });
});

test('queries that come once push out each other, not those that come again', async (context) => {
  const { run, again } = await open(context);
  await run('create table t as select g as a from generate_series(1, 10) g');
  const often = 'select max(a) from t';
  await run(often);
  assert.equal((await again(often)).isHit, true);
  const once = Array.from({ length: 65 }, (_, i) => `select count(*) from t where a > ${i}`);
  for (const sql of once) assert.equal((await again(sql)).isHit, false);
  assert.equal((await again(once[0]!)).isHit, false, 'pushed out');
  assert.equal((await again(once[0]!)).isHit, true, 'it has come before, and is kept with those');
  assert.equal((await again(once[64]!)).isHit, true);
  assert.equal((await again(often)).isHit, true);
});

test('a query of many files is kept when it comes again', async (context) => {
  const { run, again } = await open(context);
  await run('create table t (a integer, d integer) partitioned by (d)');
  await run('insert into t select g, g from generate_series(1, 201) g');
  const isHit = async (sql: string): Promise<boolean> => (await again(sql)).isHit;
  const [all, fewer] = ['select sum(a + d) from t', 'select sum(a + d) from t where d > 1'];
  assert.deepEqual([await isHit(all), await isHit(all), await isHit(all)], [false, false, true]);
  assert.deepEqual([await isHit(fewer), await isHit(fewer)], [false, true]);
});

test('whether a kept plan holds is asked once of each table, however often it is in the query', async (context) => {
  const { engine, run, runOften, again } = await open(context);
  await run('create table t (a integer, d integer) partitioned by (d)');
  await run('insert into t values (1, 1), (2, 2)');
  const sql = `select x.a, y.a, (select max(a) from t where d > 0) from t x join t y on x.a = y.a where x.d = 1`;
  assert.deepEqual(await runOften(sql), [['1', '1', '2']]);
  const original = engine.lake.snapshot;
  let snapshots = 0;
  engine.lake.snapshot = function (...args) {
    snapshots++;
    return original.apply(this, args);
  };
  context.after(() => {
    engine.lake.snapshot = original;
  });
  assert.deepEqual(await again(sql), { rows: [['1', '1', '2']], isHit: true });
  assert.equal(snapshots, 1);
});

test('kept plans see what was written since, here and elsewhere', async (context) => {
  const { engine, run, runOften, again } = await open(context);
  await run('create table t (a integer, d integer) partitioned by (d)');
  await run('insert into t values (1, 1), (2, 2)');
  const all = 'select sum(a) from t';
  const first = 'select sum(x.a), count(*) from t as x join t as y using (d) where d = 1';
  assert.deepEqual(await runOften(all), [['3']]);
  assert.deepEqual(await runOften(first), [['1', '1']]);
  await run('insert into t values (4, 2)');
  assert.deepEqual(await again(all), { rows: [['7']], isHit: false });
  assert.deepEqual(await again(first), { rows: [['1', '1']], isHit: true });
  const other = await Engine.open({ lake: engine.lake.root, threads: 1, memoryLimit: 2 ** 26 });
  await execute(other.openSession(), 'insert overwrite t partition (d = 1) select 10');
  await other.close();
  assert.deepEqual(await again(first), { rows: [['10', '1']], isHit: false });
  assert.deepEqual(await run('delete from t'), []);
  assert.deepEqual(await again(all), { rows: [[null]], isHit: false });
});

test('kept plans go with what their names stand for', async (context) => {
  const { run, runOften, again } = await open(context);
  await run('create table t as select 1 as a');
  await run('create view v as select a from t');
  await run('create function f(x integer) returns integer return x + 1');
  const [table, view, call] = ['select a from t', 'select a from v', 'select f(a) from t'] as const;
  assert.deepEqual(await runOften(table), [['1']]);
  assert.deepEqual(await runOften(view), [['1']]);
  assert.deepEqual(await runOften(call), [['2']]);
  await run("create or replace view v as select 'one' as a from t");
  await run('create or replace function f(x integer) returns integer return x + 10');
  assert.deepEqual(await again(view), { rows: [['one']], isHit: false });
  assert.deepEqual(await again(call), { rows: [['11']], isHit: false });
  assert.equal((await again(table)).isHit, true);
  await run("create temporary table t as select 'of the session' as a");
  assert.deepEqual(await again(table), { rows: [['of the session']], isHit: false });
  await run('drop table pg_temp.t');
  await run('create schema other');
  await run('create table other.t as select 2.5 as a');
  assert.deepEqual(await runOften(table), [['1']]);
  await run('set search_path = other, public');
  assert.deepEqual(await again(table), { rows: [['2.5']], isHit: false });
  await run('drop table other.t');
  assert.deepEqual(await again(table), { rows: [['1']], isHit: false });
  await run('drop view v');
  await run('drop table public.t');
  await assert.rejects(run(table), { code: '42P01' });
});

test('settings and parameters are part of what a plan is kept for', async (context) => {
  const { session, run, runOften, again } = await open(context);
  await run("create table t as select timestamptz '2024-01-01 23:30:00+00' as at");
  const sql = 'select at::date::text, extract(hour from at) from t';
  assert.deepEqual(await runOften(sql), [['2024-01-01', '23']]);
  await run("set timezone = 'Europe/Berlin'");
  assert.deepEqual(await again(sql), { rows: [['2024-01-02', '0']], isHit: false });
  await run('reset timezone');
  assert.deepEqual(await again(sql), { rows: [['2024-01-01', '23']], isHit: true });
  await run('prepare p (text) as select $1, count(*) from t where at < $1::timestamptz');
  assert.deepEqual(await runOften("execute p ('2024-01-02')"), [['2024-01-02', '1']]);
  assert.deepEqual(await again("execute p ('2024-01-01')"), { rows: [['2024-01-01', '0']], isHit: false });
  assert.deepEqual(await again("execute p ('2024-01-02')"), { rows: [['2024-01-02', '1']], isHit: true });
  await session.close();
});

test('what is computed anew by each execution is planned anew', async (context) => {
  const { engine, run, again } = await open(context);
  await run('create table t as select g as a from generate_series(1, 1000) g');
  for (const sql of [
    'select clock_timestamp() from t limit 1',
    "select 'now'::timestamptz from t limit 1",
    "select ('n' || 'ow')::timestamp from t limit 1",
    'select count(*) from (select a from t limit (random() * 1000)::int) s',
    "select set_config('application_name', 'x' || current_setting('application_name'), false) from t limit 1",
  ]) {
    const values = new Set<string | null>();
    for (let i = 0; i < 5; i++) {
      const { rows, isHit } = await again(sql);
      assert.equal(isHit, false, sql);
      values.add(rows[0]![0]!);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    assert.ok(values.size > 1, sql);
  }
  const sampled = 'select count(*) from t tablesample bernoulli (50) where random() < 0.5';
  const counts = new Set<string | null>();
  for (let i = 0; i < 6; i++) counts.add((await run(sampled))[0]![0]!);
  assert.ok(counts.size > 1 && engine.plans.hits > 0, 'volatile functions of rows may be in a kept plan');
});

test('functions of the program that are registered anew are called', async (context) => {
  const { engine, run, runOften, again } = await open(context);
  await run('create table t as select 1 as a');
  const declaration = { name: 'mine', args: ['int'], returns: 'int' };
  await engine.functions.registerScalar({ ...declaration, implementation: (a) => Number(a) + 1 });
  assert.deepEqual(await runOften('select mine(a) from t'), [['2']]);
  await engine.functions.registerScalar({ ...declaration, implementation: (a) => Number(a) + 2 });
  assert.deepEqual(await again('select mine(a) from t'), { rows: [['3']], isHit: false });
});

test('a transaction block keeps to what it has written', async (context) => {
  const { run, runOften, again } = await open(context);
  await run('create table t as select 1 as a');
  const sql = 'select count(*) from t';
  assert.deepEqual(await runOften(sql), [['1']]);
  await run('begin');
  assert.deepEqual(await again(sql), { rows: [['1']], isHit: true });
  await run('insert into t values (2)');
  assert.deepEqual(await again(sql), { rows: [['2']], isHit: false });
  await run('rollback');
  assert.deepEqual((await again(sql)).rows, [['1']]);
});

test('ANALYZE makes plans anew, and errors keep their place', async (context) => {
  const { run, runOften, again } = await open(context);
  await run('create table t as select g as a from generate_series(1, 100) g');
  const sql = 'select count(*) from t where a = 3';
  assert.deepEqual(await runOften(sql), [['1']]);
  await run('analyze t');
  assert.deepEqual(await again(sql), { rows: [['1']], isHit: false });
  const failing = 'select 1 / (a - 5) from t';
  for (let i = 0; i < 4; i++) await assert.rejects(run(failing), { code: '22012', position: undefined });
});

test('plans that run again give the same rows, however many there are', async (context) => {
  const engine = await openSharedEngine(context, temporaryFolder(context), 2);
  const session = engine.openSession();
  await execute(session, "create table t as select g as a, 'name ' || g % 7 as b from generate_series(1, 1000) g");
  await execute(session, 'create table s as select g as a, g * 2 as c from generate_series(1, 1000, 3) g');
  // More than the threads keep.
  const queries = Array.from({ length: 80 }, (_, i) => {
    const tests = `t.a % ${i + 2} = 0 and upper(b) <> 'NAME ${i % 7}'`;
    return `select b, sum(c + ${i}), count(*) filter (where c > ${i}) from t join s using (a) where ${tests} group by b order by b`;
  });
  const rounds: Rows[][] = [];
  for (let round = 0; round < 4; round++) {
    const rows: Rows[] = [];
    for (const sql of queries) rows.push(await execute(session, sql));
    rounds.push(rows);
  }
  assert.ok(engine.plans.hits >= 160);
  for (const round of rounds) assert.deepEqual(round, rounds[0]);
});
