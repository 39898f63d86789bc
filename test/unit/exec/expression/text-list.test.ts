import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { AggregateProgram } from '../../../../src/exec/expression/aggregate-program.js';
import { ExpressionContext } from '../../../../src/exec/expression/expression-context.js';
import { readValue } from '../../../../src/exec/expression/value-codec.js';
import { resolveAggregateFunction } from '../../../../src/functions/registry.js';
import { loadKernels } from '../../../../src/kernels/kernels.js';
import { joinItems, type ListOrder } from '../../../../src/kernels/reference/text-list.js';
import type { AggregateCall, ConstantValue, Expression } from '../../../../src/planner/expression.js';
import { BIGINT, DOUBLE, type SqlType, TEXT } from '../../../../src/types/sql-type.js';
import { Scope } from '../../../../src/vector/scope.js';
import { SharedMemory } from '../../../../src/vector/shared-memory.js';
import { buildVector } from '../../../support/batch-builder.js';

const shared = SharedMemory.create(256 * 2 ** 20, { checked: true });
const kernels = loadKernels(shared.memory);
after(() => assert.equal(shared.allocatedChunks, 0));

const column = (type: SqlType, index: number): Expression => ({ kind: 'column', type, column: index });
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

type Row = readonly [value: string | null, separator: string | null, key: bigint | number | null];

/** Rows are spread over two programs, whose states are merged. */
function aggregate(rows: readonly Row[], keyType: SqlType, order: ListOrder | undefined): ConstantValue {
  const scope = new Scope(shared, shared.createOwner());
  try {
    const { overload, returns } = resolveAggregateFunction('string_agg', [TEXT, TEXT]);
    const types = [TEXT, TEXT, keyType];
    const args = types.slice(0, order?.by === 'key' ? 3 : 2).map(column);
    const call: AggregateCall = { overload, type: returns, args, order };
    const half = Math.ceil(rows.length / 2);
    const [first, second] = [rows.slice(0, half), rows.slice(half)].map((part) => {
      const program = new AggregateProgram(new ExpressionContext({ shared, kernels, scope }), [call]);
      const state = scope.allocateCleared(program.stateBytes);
      const columns = types.map((type, index) =>
        buildVector(
          shared,
          scope,
          type,
          part.map((row) => row[index]!),
        ),
      );
      program.updateSingle({ rowCount: part.length, columns }, state);
      return { program, state };
    });
    const list = scope.allocate(8);
    shared.u32.set([first!.state, second!.state], list / 4);
    first!.program.combine(list, list + 4, 1);
    const [result] = first!.program.finalize(list, 1);
    // Again: finalizing leaves the state as it is.
    first!.program.finalize(list, 1);
    const isNull = result!.validity !== 0 && shared.u8[result!.validity] === 0;
    return isNull ? null : readValue(shared, result!.data, TEXT);
  } finally {
    scope.free();
  }
}

function check(rows: readonly Row[], keyType: SqlType, order: ListOrder | undefined): void {
  const items = rows
    .filter(([value]) => value !== null)
    .map(([value, separator, key]) => ({
      value: bytesOf(value!),
      separator: bytesOf(separator ?? ''),
      // NaN is above all others.
      key: typeof key === 'number' && Number.isNaN(key) ? Number.POSITIVE_INFINITY : key,
    }));
  const expected = items.length === 0 ? null : new TextDecoder().decode(joinItems(items, order));
  assert.equal(aggregate(rows, keyType, order), expected);
}

const texts = fc.option(fc.string({ unit: 'grapheme', maxLength: 12 }), { freq: 5 });
const separators = fc.option(fc.constantFrom(',', '', ', ', ' — '), { freq: 5 });
const orders = fc.option(
  fc.record<ListOrder>({
    by: fc.constantFrom('value', 'key'),
    descending: fc.boolean(),
    nullsFirst: fc.boolean(),
  }),
  { nil: undefined },
);

test('string_agg joins what its twin joins, in every order', () => {
  const bigints = fc.option(fc.oneof(fc.bigInt(-3n, 3n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)), { freq: 5 });
  const doubles = fc.option(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 1, -1, -1.5)), { freq: 5 });
  for (const [type, keys] of [
    [BIGINT, bigints],
    [DOUBLE, doubles],
  ] as const) {
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, separators, keys), { maxLength: 40 }), orders, (rows, order) => {
        check(rows as Row[], type, order);
      }),
      { numRuns: 60 },
    );
  }
});

test('string_agg of more than the first blocks of its heaps hold', () => {
  const rows = Array.from({ length: 4000 }, (_, row): Row => [`value ${(row * 7919) % 4000}`, '; ', BigInt(-row)]);
  check(rows, BIGINT, { by: 'key', descending: false, nullsFirst: false });
  check(rows, BIGINT, { by: 'value', descending: true, nullsFirst: false });
});

test('NaN is ordered above infinity', () => {
  const rows: Row[] = [
    ['nan', '', Number.NaN],
    ['infinity', '', Number.POSITIVE_INFINITY],
    ['minus infinity', '', Number.NEGATIVE_INFINITY],
  ];
  assert.equal(
    aggregate(rows, DOUBLE, { by: 'key', descending: false, nullsFirst: false }),
    'minus infinityinfinitynan',
  );
});
