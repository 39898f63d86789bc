import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNothingLeft, begin, fingerprint, openSpillEngine } from './spill-engine.js';

const MIB = 2 ** 20;

const INTEGERS =
  'select g % 600000 as k, count(*) as n, sum(g) as s from generate_series(1, 1200000) as t(g) group by 1';

/** Each has more groups, or longer ones, than fit the small memory. */
const queries: Readonly<Record<string, string>> = {
  integers: INTEGERS,
  distinct: 'select distinct g / 2 as k from generate_series(1, 1600000) as t(g)',
  texts: `select 'a key of some length ' || (g % 250000)::text as k, count(*) as n
    from generate_series(1, 600000) as t(g) group by 1`,
  'several keys with NULLs': `select nullif(g % 7, 3) as a, nullif(g % 100000, 77)::text as b, g % 2 = 0 as c, count(*) as n
    from generate_series(1, 500000) as t(g) group by 1, 2, 3`,
  numbers: `select g % 100000 as k, count(nullif(g % 3, 0)) as counted,
      sum(case when g % 100000 < 1000 then 9000000000000000000::numeric * g else g end) as wide,
      sum(g::double precision) as floats, avg(g) as mean, min(g) as least, max(g::numeric(20, 3)) as most,
      bool_and(g % 100000 < 7 or g > 500) as every_one, bool_or(g = 4711) as any_one,
      sum(g) filter (where g % 5 = 1) as filtered,
      round(stddev(g % 11)::numeric, 9) as deviation, round(var_pop(g % 5)::numeric, 9) as variance
    from generate_series(1, 300000) as t(g) group by 1`,
  'least, greatest and any text': `select g % 100000 as k, min((g::bigint * 7919 % 1000003)::text || ' is a text that does not fit a view') as least,
      max((g::bigint * 7919 % 1000003)::text) as most, any_value('the key ' || (g % 100000)::text) as any_one, count(*) as n
    from generate_series(1, 400000) as t(g) group by 1`,
  'joined texts': `select g % 60000 as k, string_agg(g::text, ', ' order by g) as by_number,
      string_agg((g * 31 % 1009)::text || ' is long enough', '-' order by (g * 31 % 1009)::text || ' is long enough' desc) as by_text,
      max(g::text || ' is a text') as most, sum(g) as s
    from generate_series(1, 300000) as t(g) group by 1`,
  'joined texts of few groups': `select g % 5 as k, string_agg(g::text, ',' order by g) as list, min('least of all: ' || g::text) as least,
      count(*) as n from generate_series(1, 700000) as t(g) group by 1`,
  'distinct aggregates': `select g % 1000 as k, count(distinct g % 500001) as n, sum(distinct g % 50021) as s
    from generate_series(1, 600000) as t(g) group by 1`,
};

/** The lists of a partition must fit, and so must those that another lane sorts at the same time: one lane is enough here. */
const THREADS: Readonly<Record<string, number>> = { 'joined texts of few groups': 1 };

test('groups beyond the memory', async (context) => {
  const large = await openSpillEngine(context, { memoryLimit: 1500 * MIB });
  const ofLanes = [1, 2].map((threads) => openSpillEngine(context, { memoryLimit: 40 * MIB, threads }));
  const small = await Promise.all(ofLanes);
  for (const [name, sql] of Object.entries(queries)) {
    await context.test(name, async () => {
      const engine = small[(THREADS[name] ?? 2) - 1]!;
      const { spilledBytes, ...expected } = await fingerprint(large, sql);
      assert.equal(spilledBytes, 0);
      const actual = await fingerprint(engine, sql);
      assert.ok(actual.spilledBytes > 0, 'it spills');
      assert.deepEqual({ rowCount: actual.rowCount, sum: actual.sum }, expected);
      assertNothingLeft(engine);
    });
  }
});

/** The planner must not know that each row is a group. */
const MANY_GROUPS = 'select g % 20000000 as k, count(*) as n from generate_series(1, 20000000) as t(g) group by 1';

test('a cancelled query leaves nothing, whether it was writing or reading', async (context) => {
  const engine = await openSpillEngine(context, { memoryLimit: 40 * MIB });
  const { shared } = engine.executor;
  const session = engine.openSession();
  for (const moment of ['writing', 'reading'] as const) {
    const groups = moment === 'writing' ? MANY_GROUPS : MANY_GROUPS.replaceAll('20000000', '2000000');
    const execution = await begin(session, groups);
    const chunks = execution.chunks();
    const first = chunks.next();
    first.catch(() => undefined);
    if (moment === 'reading') assert.equal((await first).done, false);
    else while (shared.spilledBytes === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const start = performance.now();
    session.cancel();
    if (moment === 'writing') await assert.rejects(first, { code: '57014' });
    await assert.rejects(async () => {
      for await (const _chunk of chunks);
      if (moment === 'writing') throw Object.assign(new Error('it has ended'), { code: '57014' });
    });
    assert.ok(performance.now() - start < 2000, 'soon');
    assertNothingLeft(engine);
  }
  await session.close();
});

test('a query that needs more disk than it may have fails, and leaves nothing', async (context) => {
  const engine = await openSpillEngine(context, { memoryLimit: 40 * MIB, spillLimit: 4 * MIB });
  await assert.rejects(fingerprint(engine, MANY_GROUPS), { code: '53400', hint: /--spill-limit/ });
  assertNothingLeft(engine);
  assert.equal(
    (await fingerprint(engine, 'select g, count(*) from generate_series(1, 1000) as t(g) group by g')).rowCount,
    1000,
  );
});

test('EXPLAIN ANALYZE tells what was spilled, and how much memory was used', async (context) => {
  const engine = await openSpillEngine(context, { memoryLimit: 40 * MIB });
  const session = engine.openSession();
  const execution = await begin(session, `explain analyze ${INTEGERS}`);
  let text = '';
  for await (const { bytes } of execution.chunks()) text += Buffer.from(bytes).toString();
  assert.match(text, /Hash Aggregate.*actual rows=600000 .*memory=\d+ MB spilled=\d+ MB/);
  await session.close();
});
