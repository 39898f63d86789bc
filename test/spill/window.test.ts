import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNothingLeft, fingerprint, openSpillEngine } from './spill-engine.js';

const MIB = 2 ** 20;

/** More rows than fit a small memory; texts make them wide. */
const rowsOf = (count: number): string =>
  `(select g as id, g::bigint * 7919 % 1009 as k, g % 37 as p, nullif(g * 31 % 1000, 5) as v,
    'a text of some length ' || g * 13 % 5000 as t from generate_series(1, ${count}) as s(g)) as rows`;

const WINDOWS = [
  'row_number() over (partition by p order by k, id)',
  'rank() over (partition by p order by k), sum(v) over (partition by p order by k)',
  'sum(v) over (partition by p), avg(v) over (partition by k order by id rows between 10 preceding and 3 following)',
  'lag(t, 2, t) over (partition by p order by id), lead(v) over (partition by p order by id)',
  'max(t) over (partition by p order by id rows between 90 preceding and 20 following exclude current row)',
  'first_value(t) over (partition by k order by id), ntile(5) over (partition by k order by id)',
  'row_number() over (order by k, id), lag(t) over (order by k, id)',
  'sum(v) over (order by k), dense_rank() over (order by k)',
  'count(*) over (order by id rows between 3 preceding and 2 following)',
  'min(t) over (order by id), count(v) over (order by id rows unbounded preceding)',
];

test('where memory is scarce windows give the same answers, from disk', async (context) => {
  const plain = await openSpillEngine(context, { memoryLimit: 512 * MIB });
  const forced = await Promise.all(
    [1, 2].map((threads) => openSpillEngine(context, { memoryLimit: 256 * MIB, checked: true, scarce: true, threads })),
  );
  for (const [i, windows] of WINDOWS.entries()) {
    const sql = `select id, ${windows} from ${rowsOf(18_000)}`;
    const { spilledBytes: _, ...expected } = await fingerprint(plain, sql);
    const engine = forced[i % forced.length]!;
    const { spilledBytes, ...actual } = await fingerprint(engine, sql);
    assert.deepEqual(actual, expected, windows);
    assert.ok(spilledBytes > 0, `nothing was spilled: ${windows}`);
    assertNothingLeft(engine);
  }
});

test('a partition larger than the memory is handed on as it comes', async (context) => {
  const engine = await openSpillEngine(context, { memoryLimit: 48 * MIB });
  const sql = `select id, row_number() over (partition by p / 100 order by k, id), rank() over (order by k),
    sum(v) over (partition by p / 100 order by k), lag(t) over (partition by p / 100 order by k, id)
    from ${rowsOf(600_000)}`;
  const { rowCount, spilledBytes } = await fingerprint(engine, sql);
  assert.equal(rowCount, 600_000);
  assert.ok(spilledBytes > 10 * MIB);
});

test('merges of many runs, one after the other, take the memory of one', async (context) => {
  const plain = await openSpillEngine(context, { memoryLimit: 512 * MIB });
  const scarce = await openSpillEngine(context, { memoryLimit: 48 * MIB, scarce: true, threads: 1 });
  for (const sql of [
    `select id, row_number() over (partition by p / 100 order by k, id) from ${rowsOf(60_000)}`,
    `select id, t from ${rowsOf(60_000)} order by k, id`,
  ]) {
    const { spilledBytes: _, ...expected } = await fingerprint(plain, sql);
    const { spilledBytes, ...actual } = await fingerprint(scarce, sql);
    assert.deepEqual(actual, expected, sql);
    // A block is a run where memory is scarce.
    assert.ok(spilledBytes > MIB, `spilled were ${spilledBytes} bytes`);
  }
});

test('what needs a partition that does not fit the memory says so', async (context) => {
  const engine = await openSpillEngine(context, { memoryLimit: 32 * MIB });
  const sql = `select id, t, percent_rank() over (partition by p / 100 order by k) from ${rowsOf(600_000)}`;
  await assert.rejects(fingerprint(engine, sql), { code: '53200' });
  const { rowCount } = await fingerprint(engine, 'select 1');
  assert.equal(rowCount, 1);
});
