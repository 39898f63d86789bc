import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../src/session/engine.js';
import { assertNothingLeft, begin, fingerprint, openSpillEngine } from './spill-engine.js';

const MIB = 2 ** 20;

/** Steps that wait for all rows of a round, over rows with an id, a number, a text and a round. */
const STEPS = [
  `select id, n + r, t, k + 1 from (select id, n, t, k, rank() over (partition by n % 7 order by id) as r from w) as q`,
  `select id, n, x, k + 1 from (select id, n, k, max(t) over (order by id rows 9 preceding) as x from w) as q`,
  `select distinct id / 2 * 2, n % 100, t, k + 1 from w`,
  `select max(id), n % 3000, max(t), k + 1 from (select * from w) as q group by n % 3000, k`,
  `(select id, n + 1, t, k + 1 from w order by t desc, id limit 9000)`,
  `(with v as (select * from w) select a.id, b.n, b.t, a.k + 1 from v as a left join v as b on a.id = b.id + 1)`,
];

const recursion = (step: string, union: string, rows = 12_000): string =>
  `with recursive w (id, n, t, k) as (
     select g, g::bigint * 7919 % 1009, 'a text of some length ' || g * 13 % 5000, 0::bigint from generate_series(1, ${rows}) as s (g)
     ${union} select * from (${step}) as step (id, n, t, k) where k < 5
   ) select id, n, t, k from w`;

test('where memory is scarce rounds give the same answers, from disk', async (context) => {
  const plain = await openSpillEngine(context, { memoryLimit: 512 * MIB });
  const forced = await Promise.all(
    [1, 2].map((threads) => openSpillEngine(context, { memoryLimit: 256 * MIB, checked: true, scarce: true, threads })),
  );
  for (const [i, step] of STEPS.entries()) {
    const sql = recursion(step, i % 2 === 0 ? 'union all' : 'union');
    const { spilledBytes: _, ...expected } = await fingerprint(plain, sql);
    const engine = forced[i % forced.length]!;
    const { spilledBytes, ...actual } = await fingerprint(engine, sql);
    assert.deepEqual(actual, expected, step);
    assert.ok(spilledBytes > 0, `nothing was spilled: ${step}`);
    assertNothingLeft(engine);
  }
});

/**
 * The least chunks that are allocated in the last ten of so many rounds: what a round holds meanwhile depends on how far
 * lanes are ahead of the reader, what it leaves adds up.
 */
async function leastChunks(engine: Engine, step: string, rounds: number): Promise<number> {
  const { shared } = engine.executor;
  let least = Number.POSITIVE_INFINITY;
  const sql = `with recursive w (n, k) as (select g::bigint, 0 from generate_series(1, 5000) as s (g) union all ${step})
     select n, k from w where n % 5 = 0`;
  await follow(engine, sql, (rows) => {
    if (rows > (rounds - 10) * 1000) least = Math.min(least, shared.allocatedChunks);
    return rows >= rounds * 1000;
  });
  return least;
}

/** Takes rows until `isEnough` of how many there have been; returns that. */
async function follow(engine: Engine, sql: string, isEnough: (rows: number) => boolean): Promise<number> {
  const session = engine.openSession();
  const execution = await begin(session, sql);
  let rows = 0;
  for await (const { rowCount } of execution.chunks()) {
    rows += rowCount;
    if (isEnough(rows)) break;
  }
  await session.close();
  return rows;
}

test('what a round has taken is freed before the next', async (context) => {
  const engine = await openSpillEngine(context, { memoryLimit: 256 * MIB, threads: 2 });
  for (const step of [
    'select n, k + 1 from (select n, k, row_number() over (order by n) as r from w) as q where r > 0',
    'select distinct n, k + 1 from w',
    '(select n, k + 1 from w order by n limit 5000)',
    'select n, k + 1 from (with v as (select * from w) select a.n, b.k from v as a join v as b on a.n = b.n) as q',
    'select n, k + 1 from w where not exists (select from generate_series(1, 3) as s (g) where g > w.n + 4)',
    '(with v as (select * from w) select v.n, k + 1 from v right join generate_series(1, 5000) as s (n) on s.n = v.n)',
  ]) {
    const few = await leastChunks(engine, step, 10);
    const many = await leastChunks(engine, step, 160);
    // The partitions of a join or a group-by take a chunk each, on either lane.
    assert.ok(many <= few + 100, `${many} chunks in 160 rounds, ${few} in 10: ${step}`);
    assertNothingLeft(engine);
  }
});

/** The most chunks that are allocated while rounds of one row follow each other. */
async function mostChunks(engine: Engine, step: string, rounds: number): Promise<number> {
  const { shared } = engine.executor;
  const sql = `with recursive w (n, k) as (
       select 1::bigint, 0 union all select * from (${step}) as s (n, k) where k <= ${rounds}
     ) select n, k from w`;
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, shared.allocatedChunks);
  }, 1);
  assert.equal(await follow(engine, sql, () => false), rounds + 1);
  clearInterval(timer);
  return most;
}

test('small rounds, whose lanes are kept, do not pile up what they take', async (context) => {
  const engine = await openSpillEngine(context, { memoryLimit: 256 * MIB, threads: 2 });
  for (const step of [
    'select row_number() over (order by n), k + 1 from w',
    'select row_number() over (partition by n order by k), k + 1 from w',
    'select max(n), k + 1 from (select * from w) as q group by k',
    'select n, k + 1 from (select n, k from w order by n) as q',
  ]) {
    const few = await mostChunks(engine, step, 100);
    const many = await mostChunks(engine, step, 3000);
    assert.ok(many <= few + 100, `${many} chunks in 3,000 rounds, ${few} in 100: ${step}`);
    assertNothingLeft(engine);
  }
});

/** A recursion that joins a large table in each of its rounds. */
const joining = (table: string, distinct: string): string =>
  `with recursive w (n, t, k) as (select 1, '', 1 union all (select ${distinct} b.n + 1, b.t, k + 1 from w
     join (${table}) as b on b.n = w.n and b.t <> w.t where k < 5)) select n from w`;

test('a table that does not fit the memory is joined from disk in each round', async (context) => {
  const engine = await openSpillEngine(context, { memoryLimit: 32 * MIB, threads: 2 });
  const table = `select g as n, repeat('x', 90 + g % 3) || g as t from generate_series(1, 600000) as s (g)`;
  const { rowCount, spilledBytes } = await fingerprint(engine, joining(table, ''));
  assert.equal(rowCount, 5);
  assert.ok(spilledBytes > 0);
});

test('a table that was expected to fit must', async (context) => {
  const engine = await openSpillEngine(context, { memoryLimit: 256 * MIB, threads: 2, scarce: true });
  const table = `select g as n, repeat('x', 90 + g % 3) || g as t from generate_series(1, 20000) as s (g)`;
  for (const distinct of ['', 'distinct']) {
    const expected = { code: '53200', hint: /millrace\.memory_limit/ };
    await assert.rejects(fingerprint(engine, joining(table, distinct)), expected);
    assertNothingLeft(engine);
  }
});

test('a recursion without an end is cancelled between and within its rounds', async (context) => {
  const engine = await openSpillEngine(context, { memoryLimit: 256 * MIB, threads: 2 });
  for (const rows of [1, 100_000]) {
    const session = engine.openSession();
    const execution = await begin(
      session,
      `with recursive w (n) as (select g::bigint from generate_series(1, ${rows}) as s (g) union all
         (select n from w order by n limit 100000)) select sum(n) from w`,
    );
    const chunks = execution.chunks();
    setTimeout(() => session.cancel(), 200);
    await assert.rejects(
      async () => {
        for await (const _chunk of chunks);
      },
      { code: '57014' },
    );
    await session.close();
    assertNothingLeft(engine);
  }
});
