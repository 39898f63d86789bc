import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Engine, type EngineOptions } from '../../src/session/engine.js';
import type { EngineSession } from '../../src/session/engine-session.js';
import type { Execution } from '../../src/session/session.js';
import { decodeDataRows } from '../support/decode-data-rows.js';
import { mountSmallDisk } from '../support/small-disk.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MEBIBYTE = 2 ** 20;

async function openEngine(context: TestContext, options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await Engine.open({
    lake: temporaryFolder(context),
    threads: 2,
    memoryLimit: 48 * MEBIBYTE,
    spillDirectory: temporaryFolder(context),
    ...options,
  });
  context.after(async () => {
    assertNothingLeft(engine);
    await engine.close();
  });
  return engine;
}

function assertNothingLeft({ executor }: Engine): void {
  assert.equal(executor.shared.allocatedChunks, 0, 'no block leaks');
  assert.equal(executor.shared.spilledBytes, 0, 'no spilled byte is left');
}

async function begin(session: EngineSession, sql: string): Promise<Execution> {
  const [statement] = session.parse(sql);
  const prepared = await session.prepare(statement!, []);
  const formatCodes = (prepared.columns ?? []).map(() => 0 as const);
  return await session.execute(prepared, [], { kind: 'postgres', formatCodes });
}

async function readChunks(engine: Engine, sql: string, visit: (bytes: Uint8Array) => void): Promise<void> {
  const session = engine.openSession();
  try {
    const execution = await begin(session, sql);
    for await (const chunk of execution.chunks()) visit(chunk.bytes);
  } finally {
    await session.close();
  }
}

async function run(engine: Engine, sql: string, visit: (rows: (string | null)[][]) => void): Promise<void> {
  await readChunks(engine, sql, (bytes) => visit(decodeDataRows(bytes)));
}

/** The same for the same rows in the same order, wherever chunks are cut: what they consist of is one message a row. */
async function digestOf(engine: Engine, sql: string): Promise<string> {
  const digest = createHash('sha1');
  await readChunks(engine, sql, (bytes) => digest.update(bytes));
  return digest.digest('hex');
}

/** The rows in their order, as text. */
async function ask(engine: Engine, sql: string): Promise<string[]> {
  const lines: string[] = [];
  await run(engine, sql, (rows) => lines.push(...rows.map((row) => row.join('|'))));
  return lines;
}

/** Rows are decoded only where they differ, to be shown. */
async function expectSame(actual: Engine, expected: Engine, sql: string): Promise<void> {
  if ((await digestOf(actual, sql)) === (await digestOf(expected, sql))) return;
  assert.deepEqual(await ask(actual, sql), await ask(expected, sql), sql);
  assert.fail(`now and then ${sql}`);
}

/** What a plan with counters says of its sort. */
async function sortLine(engine: Engine, sql: string): Promise<string> {
  return (await ask(engine, `explain analyze ${sql}`)).find((line) => /(Sort|Top-N) {2}\(/.test(line))!;
}

/** `h` is i, shuffled; the others have NULLs, and few or many values. */
const tableOf = (rowCount: number): string => `
  (select i, h, case when h % 11 <> 0 then (h % 1000)::integer end as int, h % 3 = 0 as bool,
    case when h % 7 <> 0 then 'some text, and after it ' || h % 50000 end as text,
    case when h % 5 <> 0 then (h - 2000000000)::numeric(30, 6) * 1000000007 end as wide, h::numeric(12, 2) / 8 as narrow,
    case when h % 13 = 0 then 'NaN'::double precision when h % 12 <> 0 then (h - 2000000000)::double precision / 7 end as double,
    case when h % 13 = 0 then 'NaN'::real else (h % 40000)::real / 3 end as float,
    date '2000-01-01' + (h % 9000)::integer as date,
    case when h % 6 <> 0 then interval '1 hour' * (h % 5000)::integer - interval '1 month' * (h % 7)::integer end as span,
    case when h % 9 <> 0 then ('0000' || lpad((h % 10000)::text, 4, '0') || '-0000-0000-0000-' || lpad(h::text, 12, '0'))::uuid end as id
  from (select i, i::bigint * 2654435761 % 4294967291 as h from generate_series(1, ${rowCount}) as s(i)) as numbers) as t`;

const orders: readonly string[] = [
  'h',
  'h desc',
  'int nulls first, i',
  'int desc nulls last, i desc',
  'bool, text, i',
  'text desc, i',
  'text nulls first, int, i',
  'wide, i',
  'wide desc nulls last, i',
  'narrow desc',
  'double, i',
  'double desc nulls last, i',
  'float desc, int desc, i',
  'date, text, h desc',
  'span nulls first, i',
  'span desc, i',
  'id, i',
  'id desc nulls last, text, i',
  'lower(text) || int, -h',
];

test('rows of every type sort on disk as in memory', async (context) => {
  const roomy = await openEngine(context, { memoryLimit: 1024 * MEBIBYTE });
  const scarce = await openEngine(context, { memoryLimit: 256 * MEBIBYTE, scarce: true, checked: true });
  for (const order of orders) {
    await context.test(order, async () => {
      const sql = `select * from ${tableOf(12_000)} order by ${order}`;
      await expectSame(scarce, roomy, sql);
    });
  }
  const sql = `select * from ${tableOf(30_000)} order by h`;
  assert.match(await sortLine(scarce, sql), / memory=[\d.]+ [kM]B spilled=/);
  assert.match(await sortLine(roomy, sql), / memory=\d+(\.\d)? MB\)$/);
});

test('rows that all lanes sort in ranges have the order that merging gives them', async (context) => {
  const roomy = await openEngine(context, { memoryLimit: 1024 * MEBIBYTE });
  const scarce = await openEngine(context, { memoryLimit: 256 * MEBIBYTE, scarce: true });
  // Two ranges of each order, and three where rows are cut off.
  const [smaller, table] = [tableOf(100_000), tableOf(150_000)];
  for (const order of orders) {
    await context.test(
      order,
      async () => await expectSame(roomy, scarce, `select i from ${smaller} order by ${order}`),
    );
  }
  for (const key of ['bool', 'int % 3', "left(text, 21) || 'and nothing else'", 'null::text']) {
    await context.test(
      `few values: ${key}`,
      async () => await expectSame(roomy, scarce, `select ${key} from ${table} order by ${key}`),
    );
  }
  for (const offset of [1, 65_536, 149_999, 200_000]) {
    await context.test(`offset ${offset}`, async () => {
      await expectSame(roomy, scarce, `select i, text from ${table} order by text, i offset ${offset}`);
    });
  }
  await context.test('ranks without partitions', async () => {
    await expectSame(
      roomy,
      scarce,
      `select h, rank() over (order by int, text) from ${table} order by h offset 149900`,
    );
  });
});

test('offsets and limits, small and large', async (context) => {
  const roomy = await openEngine(context, { memoryLimit: 1024 * MEBIBYTE });
  const scarce = await openEngine(context, { memoryLimit: 256 * MEBIBYTE, scarce: true, checked: true });
  for (const cut of [
    'limit 10',
    'limit 1 offset 29999',
    'limit 4096 offset 4096',
    'limit 5000 offset 1',
    'limit 15000',
    'limit 29000 offset 900',
    'offset 29990',
    'offset 40000',
    'limit 0',
  ]) {
    const sql = `select text, wide, i from ${tableOf(30_000)} order by text, i ${cut}`;
    await expectSame(scarce, roomy, sql);
  }
  const large = `select text, i from ${tableOf(30_000)} order by text, i limit 20000`;
  assert.match(await sortLine(scarce, large), /Top-N .* spilled=/);
  const small = `select text, i from ${tableOf(30_000)} order by text, i limit 10`;
  assert.doesNotMatch(await sortLine(scarce, small), /spilled=/);
});

test('more rows than the memory has room for', async (context) => {
  const engine = await openEngine(context);
  const rowCount = 600_000;
  let previous = -1;
  let [seen, spilledBytes] = [0, 0];
  await run(engine, `select h, text from ${tableOf(rowCount)} order by h`, (rows) => {
    spilledBytes = Math.max(spilledBytes, engine.executor.shared.spilledBytes);
    for (const [h] of rows) {
      assert.ok(Number(h) > previous);
      previous = Number(h);
      seen++;
    }
  });
  assert.equal(seen, rowCount);
  assert.ok(spilledBytes > 0, 'it spills');
  assertNothingLeft(engine);
  const roomy = await openEngine(context, { memoryLimit: 1024 * MEBIBYTE });
  await expectSame(engine, roomy, `select text, double, i from ${tableOf(rowCount)} order by text desc, double, i`);
  assert.ok(engine.executor.shared.highWaterBytes <= 48 * MEBIBYTE);
  assert.ok(roomy.executor.shared.highWaterBytes <= 1024 * MEBIBYTE);
});

test('texts longer than a block', async (context) => {
  const sql = `select i, length(x), x from (select i, repeat(chr(97 + i * 7 % 26),
      case when i % 100 = 0 then 60000 + i else i % 300 end) || i as x
    from generate_series(1, 20000) as s(i)) as t order by x, i`;
  const roomy = await openEngine(context, { memoryLimit: 1024 * MEBIBYTE });
  const expected = await ask(roomy, sql);
  assert.equal(expected.length, 20_000);
  const tight = await openEngine(context, { memoryLimit: 32 * MEBIBYTE });
  await expectSame(tight, roomy, sql);
  assert.match(await sortLine(tight, sql), /spilled=/);
  const best = await ask(tight, `${sql} limit 20`);
  assert.ok(best.every((line, index) => line === expected[index]) && best.length === 20);
  const scarce = await openEngine(context, { memoryLimit: 256 * MEBIBYTE, scarce: true, checked: true });
  await expectSame(scarce, roomy, sql);
});

test('sorts within a query, and of a union', async (context) => {
  const roomy = await openEngine(context, { memoryLimit: 1024 * MEBIBYTE });
  const scarce = await openEngine(context, { memoryLimit: 256 * MEBIBYTE, scarce: true, checked: true });
  for (const sql of [
    `select a.text, a.i from (select * from ${tableOf(20_000)} order by text, i limit 9000) as a
       join (select * from ${tableOf(20_000)} order by h desc limit 15000) as b on a.i = b.i order by a.text, a.i`,
    `select text, i from ${tableOf(9_000)} union all select text, -i from ${tableOf(20_000)} order by text, i`,
    `select i, text from ((select i, text from ${tableOf(20_000)} limit 12000) union all
       (select 0, 'text' from generate_series(1, 20000))) as u order by i, text`,
    `select int, count(*), sum(h) from (select * from ${tableOf(20_000)} order by h offset 100) as s group by int order by int`,
  ]) {
    const [actual, expected] = [await ask(scarce, sql), await ask(roomy, sql)];
    if (!sql.includes('limit 12000')) assert.deepEqual(actual, expected, sql);
    assert.equal(actual.length, expected.length);
  }
});

const SLOW = `select max(text) from (select text from ${tableOf(5_000_000)} order by text, h offset 10) as s`;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a sort that is cancelled while it spills leaves nothing', async (context) => {
  const engine = await openEngine(context);
  const session = engine.openSession();
  const drained = assert.rejects(
    (async () => {
      for await (const _chunk of (await begin(session, SLOW)).chunks());
    })(),
    { code: '57014' },
  );
  await until(() => engine.executor.shared.spilledBytes > 4 * MEBIBYTE);
  session.cancel();
  await drained;
  assertNothingLeft(engine);
  await session.close();
  assert.deepEqual(await ask(engine, 'select 1'), ['1']);
});

test('more than the spill limit is an error that frees everything', async (context) => {
  const engine = await openEngine(context, { spillLimit: 6 * MEBIBYTE });
  await assert.rejects(ask(engine, SLOW), { code: '53400', hint: /--spill-limit/ });
  assertNothingLeft(engine);
  assert.deepEqual(await ask(engine, 'select 1'), ['1']);
});

test('the disk of the spill directory is full', async (context) => {
  const disk = mountSmallDisk(context, '6m');
  if (disk === undefined) return context.skip('needs to mount a tmpfs');
  const engine = await openEngine(context, { spillDirectory: disk, spillLimit: 1024 * MEBIBYTE });
  await assert.rejects(ask(engine, SLOW), { code: '53100', hint: /Free some disk space/ });
  assertNothingLeft(engine);
  assert.deepEqual(readdirSync(disk), []);
});
