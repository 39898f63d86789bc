import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SeenNumbers } from '../../../../src/exec/operators/seen-numbers.js';
import { unseenRows } from '../../../../src/kernels/reference/seen-numbers.js';
import type { PhysicalType } from '../../../../src/types/sql-type.js';
import { Vector } from '../../../../src/vector/vector.js';
import { createMemoryFixture, dictionaryVector, flatVector, readValue } from '../memory-fixture.js';

const MIB = 2 ** 20;

/** Values of a type near each other, those at its ends among them, or far apart. */
const valuesOf: Readonly<Record<string, fc.Arbitrary<number | bigint | boolean>>> = {
  bool: fc.boolean(),
  i32: fc.oneof(fc.integer({ min: -50, max: 500 }), fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 70_000, 9_000_000)),
  i64: fc.oneof(
    fc.bigInt({ min: -50n, max: 500n }),
    fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 2n ** 40n, 3_000_000n, -3_000_000n),
  ),
};

const cases = fc.constantFrom<PhysicalType>('bool', 'i32', 'i64').chain((physical) =>
  fc.record({
    physical: fc.constant(physical),
    batches: fc.array(
      fc.record({
        values: fc.array(fc.option(valuesOf[physical]!, { freq: 10 }), { minLength: 1, maxLength: 20 }),
        form: fc.constantFrom('flat', 'dictionary', 'constant'),
      }),
      { maxLength: 8 },
    ),
  }),
);

test('a value is new once, until the range is too large; then all that were seen are listed', () => {
  fc.assert(
    fc.property(cases, ({ physical, batches }) => {
      const fixture = createMemoryFixture(64 * MIB);
      const { shared, scope } = fixture;
      const numbers = SeenNumbers.create(fixture, physical)!;
      const selection = scope.allocate(100 * 4);
      const seen = new Set<number | bigint | boolean | null>();
      for (const { values, form } of batches) {
        const rows = form === 'constant' ? values.map(() => values[0]!) : values;
        const column = form === 'dictionary' ? dictionaryVector(fixture, physical, rows, 7) : new Vector(physical);
        const flat = flatVector(fixture, physical, rows);
        if (form === 'constant') column.setConstant(flat.data, flat.validity);
        if (form === 'flat') column.setFlat(flat.data, flat.validity);
        const before = new Set(seen);
        const expected = unseenRows(rows, seen);
        const count = numbers.select(column, rows.length, selection);
        if (count === undefined) {
          const listed: unknown[] = [];
          for (const { column: found, rowCount } of numbers.list(physical)) {
            for (let row = 0; row < rowCount; row++) listed.push(readValue(shared, found, row));
          }
          assert.deepEqual(new Set(listed.map(String)), new Set([...before].map(String)));
          assert.equal(listed.length, before.size);
          numbers.free();
          return;
        }
        assert.deepEqual([...shared.u32.subarray(selection / 4, selection / 4 + count)], expected);
      }
      numbers.free();
    }),
    { numRuns: 150 },
  );
});

test('texts and floating point have no bits; neither have numbers that lie too far apart, or too many for the memory', () => {
  const fixture = createMemoryFixture(64 * MIB);
  assert.equal(SeenNumbers.create(fixture, 'string'), undefined);
  assert.equal(SeenNumbers.create(fixture, 'f64'), undefined);
  const selection = fixture.scope.allocate(16);
  const select = (values: readonly number[]): number | undefined =>
    SeenNumbers.create(fixture, 'i32')!.select(flatVector(fixture, 'i32', values), values.length, selection);
  assert.equal(select([0, 2 ** 23 - 1]), 2);
  assert.equal(select([0, 2 ** 23]), undefined);
  fixture.shared.allocateChunks((50 * MIB) / 65_536, fixture.owner);
  assert.equal(select([0, 2 ** 23 - 1]), undefined);
  assert.equal(select([0, 2 ** 20]), 2);
});
