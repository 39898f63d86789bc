import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { EngineSession } from '../../src/session/engine-session.js';
import type { Execution } from '../../src/session/session.js';
import { contentOf, filesOf, TestLake } from './test-lake.js';

async function begin(session: EngineSession, sql: string): Promise<Execution> {
  const [statement] = session.parse(sql);
  return await session.execute(await session.prepare(statement!, []), [], { kind: 'arrow' });
}

async function drain(execution: Execution): Promise<void> {
  for await (const _chunk of execution.chunks());
}

for (const [what, change, code, message] of [
  ['deleted', (path: string) => rmSync(path), '58P01', /3\.parquet" does not exist any more$/],
  [
    'replaced',
    (path: string) => {
      writeFileSync(`${path}.new`, readFileSync(path));
      renameSync(`${path}.new`, path);
    },
    '40001',
    /3\.parquet" changed while being read$/,
  ],
  ['cut short', (path: string) => truncateSync(path, 1000), '40001', /3\.parquet" changed while being read$/],
] as const) {
  test(`a file that is ${what} between planning and reading`, async (context) => {
    const lake = await TestLake.open(context);
    for (const sql of [
      'select max(upper(label)) from copied',
      "insert overwrite days partition (d = '2026-01-02') select i from copied where label <> ''",
    ]) {
      mkdirSync(lake.path('copied'));
      for (const [index, file] of filesOf(lake, 'numbers').entries()) {
        copyFileSync(file, lake.path('copied', `${index}.parquet`));
      }
      const days = contentOf(lake.path('days'));
      const session = lake.engine.openSession();
      const execution = await begin(session, sql);
      change(lake.path('copied', '3.parquet'));
      const before = lake.observe();
      await assert.rejects(drain(execution), (error: { code: string; message: string; hint: string }) => {
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.match(error.hint, /Run the query again/);
        return true;
      });
      await lake.assertUnchanged(before);
      assert.deepEqual(contentOf(lake.path('days')), days);
      await session.close();
      rmSync(lake.path('copied'), { recursive: true });
    }
  });
}

test('a file that is rewritten while it is read', async (context) => {
  const lake = await TestLake.open(context);
  mkdirSync(lake.path('copied'));
  await lake.run(
    `copy (select i, i::bigint * 2654435761 % 4294967291 as h from generate_series(1, 400000) as g(i)) to '${lake.path('copied', '0.parquet')}' (format parquet)`,
  );
  const session = lake.engine.openSession();
  const execution = await begin(session, 'select h from copied');
  const chunks = execution.chunks();
  await chunks.next();
  truncateSync(lake.path('copied', '0.parquet'), 1_000_000);
  const before = lake.observe();
  await assert.rejects(
    async () => {
      for await (const _chunk of chunks);
    },
    { code: '40001', hint: 'Another program writes to this file in place. Run the query again when it is done.' },
  );
  await session.close();
  rmSync(lake.path('copied'), { recursive: true });
  await lake.assertUnchanged({ ...lake.observe(), openFiles: before.openFiles - 1 });
});

test('an error in one lane only, while the other still works', async (context) => {
  const lake = await TestLake.open(context);
  // Four files, two lanes: one row of one of them fails.
  for (const sql of [
    'select 10 / (i - 59999) from numbers',
    'select sum(10 / (i - 59999)) from numbers',
    'select g, max(10 / (i - 59999)) from numbers group by g order by g',
    'select label from numbers order by 10 / (i - 59999)',
    'select a.label from numbers a join numbers b on a.i = b.i where 10 / (b.i - 59999) > 100',
    'select count(*) from numbers a, numbers b where a.g = b.g and b.i < 100 and 10 / (a.i - 59999 + b.i - b.i) > 100',
  ]) {
    await lake.fails(sql, { code: '22012', message: /^division by zero$/, hint: /NULLIF/ });
  }
});

test('division by zero after many rows of a write', async (context) => {
  const lake = await TestLake.open(context);
  const rows = 'select 10 / (i - 299999) as n';
  const series = 'from generate_series(1, 300000) as g(i)';
  const expected = { code: '22012', message: /^division by zero$/, hint: /NULLIF/ };
  for (const sql of [
    `insert overwrite days partition (d = '2026-01-02') ${rows} ${series}`,
    `insert overwrite days partition (d) ${rows}, date '2026-01-01' + i % 50 ${series}`,
    `insert into numbers (i) ${rows} ${series}`,
    `create table fresh as ${rows} ${series}`,
    `create or replace table days as ${rows} ${series}`,
    `insert overwrite days all partitions ${rows}, date '2026-01-01' ${series}`,
  ]) {
    await lake.fails(sql, expected);
  }
  await lake.commandLineFails(`insert overwrite days partition (d = '2026-01-02') ${rows} ${series}`, expected);
  const target = lake.path('target.parquet');
  await lake.run(`copy (select 1 as a) to '${target}' (format parquet)`);
  await lake.commandLineFails(`copy (${rows} ${series}) to '${target}' (format parquet)`, expected);
});

test('the memory limit', async (context) => {
  const lake = await TestLake.open(context, { memoryLimit: 32 * 2 ** 20, checked: false });
  const expected = { code: '53200', message: /^out of memory: \d+ MiB more are needed$/, hint: /Raise --memory-limit/ };
  const big = "(select i, i::text || repeat('x', 100) as h from generate_series(1, 250000) as g(i))";
  for (const sql of [
    `select length(string_agg(h, ',')) from ${big} b`,
    `insert overwrite days partition (d = '2026-01-02') select length(string_agg(h, ',')) from ${big} b`,
  ]) {
    await lake.fails(sql, expected);
  }
});
