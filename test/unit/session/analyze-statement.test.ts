import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Engine } from '../../../src/session/engine.js';
import type { EngineSession } from '../../../src/session/engine-session.js';
import type { Execution } from '../../../src/session/session.js';
import { decodeDataRows } from '../../support/decode-data-rows.js';
import { openSharedEngine } from '../../support/shared-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

interface TestLake {
  readonly engine: Engine;
  readonly folder: string;
  readonly session: EngineSession;
  run(sql: string): Promise<void>;
  begin(sql: string): Promise<Execution>;
  /** The lines of EXPLAIN that speak of statistics, and the estimate of the plan. */
  explain(sql: string): Promise<{ rows: number; lines: string[] }>;
}

async function openLake(context: TestContext, open = openSharedEngine): Promise<TestLake> {
  const folder = temporaryFolder(context);
  const engine = await open(context, folder, 2);
  const session = engine.openSession();
  const begin = async (sql: string): Promise<Execution> => {
    const [statement] = session.parse(sql);
    const prepared = await session.prepare(statement!, []);
    const formatCodes = (prepared.columns ?? []).map(() => 0 as const);
    return await session.execute(prepared, [], { kind: 'postgres', formatCodes });
  };
  const linesOf = async (sql: string): Promise<string[]> => {
    const lines: string[] = [];
    for await (const { bytes } of (await begin(sql)).chunks()) {
      lines.push(...decodeDataRows(bytes).map(([line]) => line!.trim()));
    }
    assert.equal(engine.executor.shared.allocatedChunks, 0, 'no block leaks');
    return lines;
  };
  return {
    engine,
    folder,
    begin,
    session,
    run: async (sql) => {
      for (const { text } of session.parse(sql)) await linesOf(text);
    },
    explain: async (sql) => {
      const lines = await linesOf(`explain ${sql}`);
      return {
        rows: Number(/\(rows=(\d+)\)/.exec(lines[0]!)![1]),
        lines: lines.filter((line) => line.startsWith('Statistics')),
      };
    },
  };
}

const statisticsOf = (lake: TestLake, table = 'public.t'): string => join(lake.folder, '_millrace/statistics', table);

/** Names of the statistics of a table, and when each was written. */
function written(lake: TestLake, table?: string): Map<string, bigint> {
  const folder = statisticsOf(lake, table);
  return new Map(readdirSync(folder).map((name) => [name, statSync(join(folder, name), { bigint: true }).mtimeNs]));
}

const PARTITIONS = `
create table t (a integer, b text, part integer) partitioned by (part);
insert into t select x, 'b' || x % 7, x % 5 from generate_series(1, 5000) g(x);
analyze t;
`;

test('analysing again reads the files that have no statistics yet, and no other', async (context) => {
  const lake = await openLake(context);
  await lake.run(PARTITIONS);
  const before = written(lake);
  assert.equal(before.size, 5);
  await lake.run('analyze t');
  assert.deepEqual(written(lake), before);
  await lake.run("insert overwrite t partition (part = 9) select x, 'new' from generate_series(1, 10) g(x)");
  await lake.run('analyze t');
  const after = written(lake);
  assert.equal(after.size, 6);
  for (const [name, time] of before) assert.equal(after.get(name), time);
});

test('a file that is overwritten has no statistics any more; ANALYZE deletes the old ones', async (context) => {
  const lake = await openLake(context);
  await lake.run(PARTITIONS);
  const before = written(lake);
  await lake.run("insert overwrite t partition (part = 3) select x, 'new' from generate_series(1, 10) g(x)");
  assert.deepEqual((await lake.explain("select a from t where b = 'new'")).lines, [
    'Statistics: 4 of 5 files analyzed',
  ]);
  await lake.run('analyze t (b)');
  const after = written(lake);
  assert.equal(after.size, 5);
  assert.equal([...before.keys()].filter((name) => after.has(name)).length, 4);
  assert.deepEqual(await lake.explain("select b from t where b = 'new'"), {
    rows: 10,
    lines: ['Statistics: 5 of 5 files analyzed'],
  });
});

test('torn statistics are ignored, with the reason; ANALYZE writes them again', async (context) => {
  const lake = await openLake(context);
  await lake.run(PARTITIONS);
  const [name] = written(lake).keys();
  const path = join(statisticsOf(lake), name!);
  truncateSync(path, 100);
  lake.engine.statistics.forget();
  const { lines } = await lake.explain("select a from t where b = 'b1'");
  assert.deepEqual(lines, [
    'Statistics: 4 of 5 files analyzed',
    `Statistics ignored: "${path}" is damaged: it is not JSON`,
  ]);
  await lake.run('analyze t');
  assert.deepEqual((await lake.explain("select a from t where b = 'b1'")).lines, ['Statistics: 5 of 5 files analyzed']);
});

test('statistics of a newer version are ignored, with the reason', async (context) => {
  const lake = await openLake(context);
  await lake.run('create table t as select x as a from generate_series(1, 10) g(x); analyze t');
  const [name] = written(lake).keys();
  const path = join(statisticsOf(lake), name!);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"version": 1', '"version": 2'));
  lake.engine.statistics.forget();
  assert.deepEqual((await lake.explain('select a from t where a = 1')).lines, [
    'Statistics: 0 of 1 files analyzed',
    `Statistics ignored: "${path}" was written by a newer version of Millrace`,
  ]);
});

test('statistics go when their table goes', async (context) => {
  const lake = await openLake(context);
  await lake.run(`${PARTITIONS} create table u as select 1 as a; analyze u; drop table t`);
  assert.deepEqual(readdirSync(join(lake.folder, '_millrace/statistics')).sort(), ['public.t', 'public.u']);
  await lake.engine.lake.clean();
  assert.deepEqual(readdirSync(join(lake.folder, '_millrace/statistics')), ['public.u']);
  assert.equal(written(lake, 'public.u').size, 1);
});

test('files of many row groups are gathered by all lanes, more rows than a sample holds', async (context) => {
  const lake = await openLake(context);
  await lake.run(`
    create table t as
    select x as a, x % 1000 as b, case when x % 4 = 0 then 'common' else 'text ' || x end as c,
      case when x % 10 = 0 then null else x / 100.0 end as d
    from generate_series(1, 400000) g(x);
    analyze t`);
  const near = async (sql: string, truth: number, tolerance: number): Promise<void> => {
    const { rows } = await lake.explain(sql);
    assert.ok(Math.abs(rows - truth) <= tolerance * truth, `${sql}: ${rows} for ${truth}`);
  };
  await near('select 1 from t where a < 100000', 100_000, 0.1);
  await near('select 1 from t where a between 200000 and 300000', 100_000, 0.15);
  await near('select 1 from t where b = 7', 400, 0.1);
  await near("select 1 from t where c = 'common'", 100_000, 0.1);
  await near("select 1 from t where c like 'text%'", 300_000, 0.1);
  await near('select 1 from t where d is null', 40_000, 0.01);
  await near('select 1 from t where d > 3000', 90_000, 0.15);
  await near('select distinct a from t', 400_000, 0.08);
  await near('select distinct b from t', 1_000, 0.05);
  await near('select distinct c from t', 300_001, 0.08);
});

test('many columns of text fit a small memory: they are sampled less', async (context) => {
  const lake = await openLake(context, async (_, folder, threads) => {
    const engine = await Engine.open({ lake: folder, threads, memoryLimit: 128 * 2 ** 20, checked: true });
    context.after(() => engine.close());
    return engine;
  });
  const columns = Array.from({ length: 60 }, (_, i) => `'column ${i} of row ' || x as c${i}`);
  await lake.run(`create table t as select ${columns.join(', ')} from generate_series(1, 20000) g(x)`);
  await lake.run('analyze t');
  const { rows } = await lake.explain('select distinct c57 from t');
  assert.ok(rows > 18_000 && rows <= 20_000, String(rows));
});

test('ANALYZE is cancelled, and all memory comes back; what was written stays', async (context) => {
  const lake = await openLake(context);
  await lake.run("create table t as select x as a, 'text ' || x as b from generate_series(1, 1000000) g(x)");
  const execution = await lake.begin('analyze');
  const drained = assert.rejects(
    (async () => {
      for await (const _chunk of execution.chunks());
    })(),
    { code: '57014' },
  );
  while (execution.rowsProcessed! < 50_000) await new Promise((resolve) => setTimeout(resolve, 2));
  lake.session.cancel();
  await drained;
  assert.equal(lake.engine.executor.shared.allocatedChunks, 0);
  await lake.run('analyze');
  assert.equal(written(lake).size, readdirSync(join(lake.folder, 't')).length);
});

test('where statistics cannot be written, the error says so', async (context) => {
  const lake = await openLake(context);
  await lake.run('create table t as select x as a from generate_series(1, 10) g(x)');
  writeFileSync(join(lake.folder, '_millrace/statistics'), 'a file where a folder should be');
  await assert.rejects(lake.run('analyze t'), (error: { code: string }) => /^(58|XX|42|53)/.test(error.code));
  assert.equal(lake.engine.executor.shared.allocatedChunks, 0);
  await lake.run('select * from t');
});
