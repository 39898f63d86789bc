import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Millrace } from '../../../src/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Arrow's vectors and rows as plain values. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? Number(part) : part)));
}

test('arrays, rows and maps arrive as lists, structs and maps', async (context) => {
  const database = await Millrace.open({ lake: temporaryFolder(context), memoryLimit: '256MB', threads: 1 });
  try {
    const table = await database.query(`
      select array[x, null, x * 2] as a, array[['a' || x], ['c', 'a longer text'], null] as texts,
        case when x > 1 then row(x, 'v' || x, array[x > 1, null]) end as r,
        map(array['k', 'b' || x], array[x::bigint, null]) as m, array[]::integer[] as empty,
        array[date '2024-01-01'] as days, array[row(x, array[x])] as deep, array[x + 0.5::float8] as doubles
      from generate_series(1, 2) as t (x)`);
    assert.deepEqual(
      table.toArray().map((row) => plain(row)),
      [
        {
          a: [1, null, 2],
          texts: [['a1'], ['c', 'a longer text'], null],
          r: null,
          m: { k: 1, b1: null },
          empty: [],
          days: [Date.UTC(2024, 0, 1)],
          deep: [{ f1: 1, f2: [1] }],
          doubles: [1.5],
        },
        {
          a: [2, null, 4],
          texts: [['a2'], ['c', 'a longer text'], null],
          r: { f1: 2, f2: 'v2', f3: [true, null] },
          m: { k: 2, b2: null },
          empty: [],
          days: [Date.UTC(2024, 0, 1)],
          deep: [{ f1: 2, f2: [2] }],
          doubles: [2.5],
        },
      ],
    );
    const words = await database.query(
      "select array[-1.5::numeric(9,2), 3.25] as n, array[interval '1 month 2 days 3 seconds'] as i",
    );
    const row = words.get(0)!.toJSON();
    const numbers = [...(row.n as Iterable<Uint32Array>)].map((value) => [...value].map((word) => word | 0));
    assert.deepEqual(numbers, [
      [-150, -1, -1, -1],
      [325, 0, 0, 0],
    ]);
    assert.deepEqual(
      [...(row.i as Iterable<Int32Array>)].map((value) => [...value]),
      [[1, 2, -1294967296, 0]],
    );
  } finally {
    await database.close();
  }
});
