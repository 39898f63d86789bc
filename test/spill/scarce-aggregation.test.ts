import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertNothingLeft, fingerprint, openSpillEngine } from './spill-engine.js';

const MIB = 2 ** 20;

const keys = [
  'g % 10',
  'g % 3000',
  'g',
  'nullif(g % 5, 2)',
  "'key ' || (g % 700)::text || ' of some length'",
  '(g % 100)::double precision',
  '(g % 90)::numeric(20, 2)',
  "repeat('x', g % 30)",
  "date '2026-01-01' + g % 40",
];
const aggregates = [
  'count(*)',
  'count(nullif(g % 4, 1))',
  'sum(g)',
  'sum(9000000000000000000::numeric * g)',
  'avg(g)',
  'sum(g::double precision)',
  'min(g)',
  'max(g::numeric(10, 3))',
  "min('text ' || g::text)",
  "max(g::text || ' is a text of some length') filter (where g % 3 = 1)",
  "string_agg(g::text || ', and so on', '; ' order by g desc)",
  "string_agg(nullif(g % 9, 3)::text, '' order by nullif(g % 9, 3)::text)",
  "string_agg(repeat('long', 200), g::text order by g) filter (where g % 100 = 1)",
  'bool_and(g % 10 < 8)',
  'bool_or(g = 77)',
  'stddev(g % 13)',
  'var_pop((g * 7919) % 1009 * 0.01)',
  'round(variance((g % 13)::double precision)::numeric, 8)',
  'round(regr_slope(g % 11, g % 13)::numeric, 8)',
  'bit_xor(g)',
  'bit_and(g % 32)',
  'count_if(g % 3 = 0)',
  "sum(g * interval '1 second')",
  'arg_min(g, (g * 7919) % 100003)',
  "max_by('value ' || g || ' of some length', 'key ' || (g * 7919) % 100003)",
  "first(nullif(g % 4, 1)::text || ' and more than eight' order by g % 7 desc, g)",
  'percentile_cont(0.3) within group (order by (g * 7919) % 10007)',
  "percentile_disc(0.9) within group (order by g::text || ' text' desc)",
  'percentile_disc(0.5) within group (order by g::numeric(30, 5)) filter (where g % 3 > 0)',
  'mode() within group (order by g % 10)',
  "string_agg(g::text, ',' order by g % 5 desc, g::text)",
  "array_agg('text ' || g order by g % 5 desc, g)",
  'array_agg(nullif(g % 7, 2) order by g)',
  'approx_count_distinct(g % 999)',
  "approx_count_distinct('text ' || g) filter (where g % 2 = 0)",
  'count(distinct g % 17)',
];

const cases = fc.record({
  rows: fc.constantFrom(0, 1, 100, 5000, 15_000),
  keys: fc.uniqueArray(fc.constantFrom(...keys), { minLength: 1, maxLength: 3 }),
  aggregates: fc.uniqueArray(fc.constantFrom(...aggregates), { maxLength: 5 }),
  engine: fc.nat(),
});

test('where memory is scarce aggregation gives the same answers, from disk', async (context) => {
  const plain = await openSpillEngine(context, { memoryLimit: 256 * MIB });
  const forced = await Promise.all(
    [1, 2].map((threads) => openSpillEngine(context, { memoryLimit: 256 * MIB, checked: true, scarce: true, threads })),
  );
  let spills = 0;
  await fc.assert(
    fc.asyncProperty(cases, async ({ rows, keys, aggregates, engine }) => {
      const columns = [...keys, ...aggregates].map((expression, index) => `${expression} as c${index}`);
      const groups = keys.map((_, index) => index + 1);
      const sql = `select ${columns} from generate_series(1, ${rows}) as t(g) group by ${groups}`;
      const { spilledBytes: _, ...expected } = await fingerprint(plain, sql);
      const { spilledBytes, ...actual } = await fingerprint(forced[engine % forced.length]!, sql);
      assert.deepEqual(actual, expected);
      if (spilledBytes > 0) spills++;
    }),
    { numRuns: 25 },
  );
  assert.ok(spills > 0);
  for (const engine of forced) assertNothingLeft(engine);
});

test('what is counted beside sketches that grow when they are merged is counted once', async (context) => {
  const counted = 'count(*) as n, count_if(g % 3 = 0) as thirds, sum(g) as total';
  const sql = `select g % 90 as k, ${counted}, approx_count_distinct('text ' || g) as about from generate_series(1, 15000) as t(g) group by 1`;
  const plain = await openSpillEngine(context, { memoryLimit: 256 * MIB });
  const scarce = await openSpillEngine(context, { memoryLimit: 256 * MIB, checked: true, scarce: true });
  const { spilledBytes: _, ...expected } = await fingerprint(plain, sql);
  const { spilledBytes, ...actual } = await fingerprint(scarce, sql);
  assert.deepEqual(actual, expected);
  assert.ok(spilledBytes > 0);
});
