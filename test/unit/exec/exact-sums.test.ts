import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { execute } from '../../slt/run-slt.js';
import { PROPERTY_ROUNDS } from '../../support/property-rounds.js';
import { openSharedEngine } from '../../support/shared-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;

/** Values whose sums pass 0, 64 bits and their halves, in either direction. */
const value = fc.oneof(
  fc.constantFrom(0n, 1n, -1n, LEAST, LEAST + 1n, GREATEST, GREATEST - 1n, 2n ** 62n, -(2n ** 62n)),
  fc.bigInt({ min: LEAST, max: GREATEST }),
  fc.bigInt({ min: -3n, max: 3n }),
);

test('sums of any 64 bits are exact: of groups, of all rows, running and of several lanes', async (context) => {
  const engine = await openSharedEngine(context, temporaryFolder(context), 2);
  const session = engine.openSession();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(2), value), { minLength: 1, maxLength: 40 }), async (rows) => {
      const list = rows.map(([group, number], place) => `(${place}, ${group}, '${number}'::bigint)`).join(', ');
      const from = `from (values ${list}) as t (place, g, v)`;
      const sumOf = (part: typeof rows): bigint => part.reduce((sum, [, number]) => sum + number, 0n);
      const groups = [0, 1, 2].map((group) => rows.filter(([of]) => of === group)).filter((part) => part.length > 0);
      assert.deepEqual(
        await execute(session, `select sum(v) ${from} group by g order by g`),
        groups.map((part) => [String(sumOf(part))]),
      );
      assert.deepEqual(await execute(session, `select sum(v), sum(-v::numeric(19, 0)) ${from}`), [
        [String(sumOf(rows)), String(-sumOf(rows))],
      ]);
      assert.deepEqual(
        await execute(session, `select sum(v) over (order by place) ${from} order by place`),
        rows.map((_, place) => [String(sumOf(rows.slice(0, place + 1)))]),
      );
    }),
    { numRuns: 20 * PROPERTY_ROUNDS },
  );
  await execute(
    session,
    `create table wide as select case i % 3 when 0 then ${GREATEST} when 1 then ${LEAST} + 5 else i end as v, i % 1000 as g
      from generate_series(1, 300000) as s (i)`,
  );
  const [row] = await execute(
    session,
    'select sum(v), (select sum(s) from (select sum(v) as s from wide group by g) as x) from wide',
  );
  let expected = 0n;
  for (let i = 1n; i <= 300_000n; i++) expected += i % 3n === 0n ? GREATEST : i % 3n === 1n ? LEAST + 5n : i;
  assert.deepEqual(row, [String(expected), String(expected)]);
});
