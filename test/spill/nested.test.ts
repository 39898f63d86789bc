import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNothingLeft, fingerprint, openSpillEngine } from './spill-engine.js';

const MIB = 2 ** 20;

const ROWS = 'from generate_series(1, 250000) as t (g)';
const JOINED_ROWS = ROWS.replace('250000', '400000');

/** Arrays and rows as keys and beside them, more than fit the small memory. */
const queries: Readonly<Record<string, string>> = {
  'groups by arrays': `select array[g % 100000, null, g % 7] as k, count(*) as n, min(array['v' || g]) as least ${ROWS} group by 1`,
  'groups by rows': `select row('key ' || g % 100000, array[g % 3]) as k, count(*) as n, max(row(g, 'a')) as most ${ROWS} group by 1`,
  'arrays of groups': `select g % 40000 as k, array_agg('text ' || g order by g) as texts ${ROWS} group by 1`,
  'a sort by arrays': `select array[g % 1000, -g] as k, 'payload of row ' || g as p ${ROWS} order by k desc, p`,
  'a join by arrays': `select a.g, b.p from (select g, array[g % 200000, 1] as k ${JOINED_ROWS}) as a
    join (select array[g, 1] as k, array['p' || g, 'and some more bytes'] as p ${JOINED_ROWS}) as b on a.k = b.k`,
};

test('nested values beyond the memory', async (context) => {
  const small = await openSpillEngine(context, { memoryLimit: 40 * MIB });
  const large = await openSpillEngine(context, { memoryLimit: 1500 * MIB });
  for (const [name, sql] of Object.entries(queries)) {
    await context.test(name, async () => {
      const { spilledBytes, ...expected } = await fingerprint(large, sql);
      assert.equal(spilledBytes, 0);
      const actual = await fingerprint(small, sql);
      assert.ok(actual.spilledBytes > 0, 'it spills');
      assert.deepEqual({ rowCount: actual.rowCount, sum: actual.sum }, expected);
      assertNothingLeft(small);
    });
  }
});

// Lanes that wait for the results to be taken do not join in the order that they do otherwise: it takes several runs.
for (const memoryMib of [32, 40]) {
  test(`a join by arrays whose parts are loaded while little of ${memoryMib} MiB is left`, async (context) => {
    const engine = await openSpillEngine(context, { memoryLimit: memoryMib * MIB });
    for (let run = 0; run < 4; run++) {
      const session = engine.openSession();
      const [statement] = session.parse(queries['a join by arrays']!);
      const execution = await session.execute(await session.prepare(statement!, []), [], { kind: 'arrow' });
      let rowCount = 0;
      for await (const chunk of execution.chunks()) rowCount += chunk.rowCount;
      assert.equal(rowCount, 399_998);
      await session.close();
    }
  });
}
