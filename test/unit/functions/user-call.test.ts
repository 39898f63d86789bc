import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RowList } from '../../../src/functions/user/row-list.js';
import { callAggregate, callTable } from '../../../src/functions/user/user-call.js';
import type { UserFunction } from '../../../src/functions/user/user-function.js';
import { decodeNested, encodeNested } from '../../../src/types/nested-codec.js';
import { arrayOf, type StructType } from '../../../src/types/sql-type.js';

const FUNCTION: UserFunction = {
  name: 'f',
  kind: 'aggregate',
  args: [{ kind: 'integer' }],
  returns: { kind: 'bigint' },
  strict: true,
  volatility: 'immutable',
  module: 'data:text/javascript,',
  export: 'f',
};

test('rows of a group are decoded one by one, as they are asked for', () => {
  const rows = encodeNested([1, 2, 3], arrayOf({ kind: 'integer' }));
  const last = new DataView(rows.buffer, rows.byteLength - 8);
  const sum = callAggregate(
    FUNCTION,
    {
      init: () => 0,
      step(state, value) {
        // What comes later is changed where it lies: a copy that was made before would not show it.
        if (value === 1) last.setInt32(0, 100, true);
        return Number(state) + Number(value);
      },
    },
    rows,
  );
  assert.equal(sum, 103n);
});

test('a list of rows is an array of them, of whatever size, in the memory it is given', () => {
  const element: StructType = {
    kind: 'struct',
    fields: [
      { name: 'i', type: { kind: 'integer' } },
      { name: 't', type: { kind: 'text' } },
    ],
  };
  for (const count of [0, 1, 7, 3000]) {
    const rows = Array.from({ length: count }, (_, i) => [i, i % 3 === 0 ? null : 'x'.repeat(i % 100)]);
    let allocated = 0;
    const list = new RowList('f', (byteLength) => {
      allocated += byteLength;
      return new Uint8Array(byteLength).fill(0xcb);
    });
    for (const row of rows) list.add(encodeNested(row, element));
    const array = list.finish(element);
    assert.deepEqual(array, encodeNested(rows, arrayOf(element)));
    assert.deepEqual(decodeNested(array, arrayOf(element)), rows);
    assert.ok(allocated >= array.byteLength);
  }
});

test('a value larger than a value may be is refused before it is made', () => {
  const list = new RowList('f', (byteLength) => new Uint8Array(byteLength));
  const row = new Uint8Array(2 ** 28);
  for (let i = 0; i < 3; i++) list.add(row);
  assert.throws(() => list.add(row), { code: '54000', message: /function f gave/ });
});

test('an error of memory goes through a table function as it is', () => {
  const full = new Error('full');
  const table: UserFunction = {
    ...FUNCTION,
    kind: 'table',
    args: [],
    returns: arrayOf({ kind: 'struct', fields: [{ name: 'a', type: { kind: 'integer' } }] }),
  };
  let given = 0;
  const rows = function* (): Generator<number[]> {
    for (;;) {
      given++;
      yield [given];
    }
  };
  const allocate = (): Uint8Array => {
    throw full;
  };
  assert.throws(() => callTable(table, rows, [], { allocate }), { message: /full/ });
  assert.equal(given, 1);
});
