import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { execute } from '../../slt/run-slt.js';
import { openSharedEngine } from '../../support/shared-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// EXPLAIN ANALYZE of what writes: its report has times and folders in it, which no text test can expect.

interface Lake {
  readonly root: string;
  /** The first column of the rows, a row a line. */
  run(sql: string): Promise<string>;
}

async function openLake(context: TestContext): Promise<Lake> {
  const root = temporaryFolder(context);
  const engine = await openSharedEngine(context, root, 2);
  const session = engine.openSession({ mayWriteFiles: true });
  return {
    root,
    run: async (sql) => (await execute(session, sql)).map(([value]) => String(value)).join('\n'),
  };
}

const sinkOf = (rows: number): RegExp =>
  new RegExp(`^Parquet Sink .*\\(actual rows=${rows} time=.* ms.*\\)[^]*\\nExecution Time: `);

test('EXPLAIN ANALYZE writes, and counts', async (context) => {
  const { run } = await openLake(context);
  const sum = "select count(*) || ' ' || sum(a) from t";
  assert.match(
    await run('explain analyze create table t as select i as a from generate_series(1, 1000) as g(i)'),
    sinkOf(1000),
  );
  assert.equal(await run(sum), '1000 500500');
  assert.match(await run('explain analyze insert into t select a from t where a <= 10'), sinkOf(10));
  assert.equal(await run(sum), '1010 500555');
  assert.match(await run('explain analyze delete from t where a <= 10'), sinkOf(990));
  assert.equal(await run(sum), '990 500500'.replace('500500', String(500500 - 55)));
  assert.match(await run('explain analyze update t set a = 0 where a > 20'), sinkOf(990));
  assert.equal(await run(sum), '990 155');
  assert.match(await run('explain (analyze, format json) insert into t values (5)'), /"Node Type": "Parquet Sink"/);
  assert.equal(await run(sum), '991 160');
  const merge =
    'merge into t using (values (5), (6)) as v(b) on t.a = v.b when matched then delete when not matched then insert values (v.b)';
  await run(`explain analyze ${merge}`);
  assert.equal(await run(sum), '991 161');
});

test('what several queries do is done, too, and its rows are explained', async (context) => {
  const { run } = await openLake(context);
  await run('create table t as select 1 as a');
  assert.match(
    await run('explain analyze insert into t values (2) returning a'),
    /^Parquet Sink|^Result|^Kept|^Project/,
  );
  assert.equal(await run('select sum(a) from t'), '3');
  const none = await run('explain analyze delete from t where a > 5');
  assert.match(none, /Parquet Scan on public\.t/);
  assert.equal(await run('select sum(a) from t'), '3');
  await run('create table n (id integer generated always as identity, a integer)');
  await run('explain analyze insert into n (a) select 7');
  assert.equal(await run("select id || ' ' || a from n"), '1 7');
});

test('a transaction block takes it back; a failure leaves nothing', async (context) => {
  const { root, run } = await openLake(context);
  await run('create table t (a integer not null)');
  await run('begin');
  assert.match(await run('explain analyze insert into t values (1)'), sinkOf(1));
  assert.equal(await run('select count(*) from t'), '1');
  await run('rollback');
  assert.equal(await run('select count(*) from t'), '0');
  await assert.rejects(run('explain analyze insert into t select nullif(i, 5) from generate_series(1, 9) as g(i)'), {
    code: '23502',
    message: 'null value in column "a" of relation "t" violates not-null constraint',
  });
  assert.equal(await run('select count(*) from t'), '0');
  assert.deepEqual(
    readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet')),
    [],
  );
  await run('begin read only');
  await assert.rejects(run('explain analyze insert into t values (1)'), { code: '25006' });
  await run('rollback');
  assert.match(await run('explain insert into t values (1)'), /^Values/);
});

test('EXPLAIN ANALYZE of COPY writes Parquet', async (context) => {
  const { root, run } = await openLake(context);
  assert.match(
    await run(
      `explain analyze copy (select i as a, i % 2 as b from generate_series(1, 10) as g(i)) to '${root}/out' (format parquet, partition_by (b))`,
    ),
    sinkOf(10),
  );
  assert.equal(await run(`select count(*) || ' ' || sum(a) from '${root}/out/**/*.parquet'`), '10 55');
  await assert.rejects(run(`explain analyze copy (select 1 as a) to '${root}/out.csv' (format csv)`), {
    code: '0A000',
  });
  await assert.rejects(run(`select * from '${root}/out.csv'`), { code: '58P01' });
});
