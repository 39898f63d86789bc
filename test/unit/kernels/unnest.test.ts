import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readValue } from '../../../src/exec/expression/value-codec.js';
import { elementsOfColumns, unnestedElements } from '../../../src/kernels/reference/unnest.js';
import { decodeNested, encodeNested, type NestedValue } from '../../../src/types/nested-codec.js';
import { arrayOf, byteWidthOf, isNestedType, physicalTypeOf, type SqlType } from '../../../src/types/sql-type.js';
import { KernelMemory } from './kernel-memory.js';
import { nullableOf, partTypes } from './nested-arbitraries.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

type Column = readonly (readonly NestedValue[] | null)[];

/** Views and validity of a column of arrays. */
function write(column: Column, element: SqlType): { data: number; validity: number } {
  const values = column.map((value) => (value === null ? new Uint8Array() : encodeNested(value, arrayOf(element))));
  return { data: memory.strings(values), validity: memory.bytes(column.map((value) => (value === null ? 0 : 1))) };
}

const columnsOf = (element: SqlType): fc.Arbitrary<Column> =>
  fc.array(nullableOf(arrayOf(element)) as fc.Arbitrary<readonly NestedValue[] | null>, { minLength: 6, maxLength: 6 });

test('rows of arrays come side by side, in batches of any size', () => {
  const given = partTypes.chain((element) =>
    fc.tuple(
      fc.constant(element),
      columnsOf(element),
      columnsOf(element),
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
    ),
  );
  fc.assert(
    fc
      .property(given, ([element, first, second, outer, capacity]) => {
        const columns = [first, second].map((column) => ({ column, ...write(column, element) }));
        const rowCount = first.length;
        const lengths = scope.allocateCleared(rowCount * 4);
        for (const { data, validity } of columns) {
          kernels.growToArrayLengths(data, 0, 1, validity, 1, rowCount, lengths);
        }
        const state = scope.allocateCleared(8);
        const [rows, elements] = [memory.output(capacity * 4), memory.output(capacity * 4)];
        const width = byteWidthOf(physicalTypeOf(element));
        const target = memory.output(capacity * width);
        const validity = memory.output(capacity);
        const [numbers, numbersValidity] = [memory.output(capacity * 8), memory.output(capacity)];
        let expected = unnestedElements([first, second], rowCount, outer);
        while (memory.readU32(state, 1)[0]! < rowCount) {
          const count = kernels.nextElements(lengths, rowCount, outer ? 1 : 0, capacity, state, rows, elements);
          const batch = expected.slice(0, count);
          expected = expected.slice(count);
          assert.deepEqual(
            memory.readU32(rows, count),
            batch.map(({ row }) => row),
          );
          kernels.elementNumbers(elements, count, numbers, numbersValidity);
          assert.deepEqual(
            memory.readI64(numbers, count),
            batch.map((item) => BigInt((item.element ?? -1) + 1)),
          );
          assert.deepEqual(
            [...memory.readBytes(numbersValidity, count)],
            batch.map((item) => (item.element === undefined ? 0 : 1)),
          );
          for (const { column, ...source } of columns) {
            kernels.takeElements(source.data, 0, 1, source.validity, 1, rows, elements, count, width, target, validity);
            batch.forEach((item, i) => {
              const value = item.element === undefined ? null : (column[item.row]?.[item.element] ?? null);
              const isValid = shared.u8[validity + i] === 1;
              let actual: NestedValue = isValid ? readValue(shared, target + i * width, element) : null;
              if (isValid && isNestedType(element)) actual = decodeNested(actual as Uint8Array, element);
              assert.deepEqual(actual, value);
            });
          }
        }
        assert.deepEqual(expected, []);
      })
      .afterEach(() => scope.reset()),
    { numRuns: 300 },
  );
});

test('columns are taken as arrays that are not made', () => {
  const rowCount = 5;
  const values = fc.array(fc.option(fc.bigInt({ min: 0n, max: 255n })), { minLength: rowCount, maxLength: rowCount });
  const codes = fc.array(fc.nat(rowCount - 1), { minLength: rowCount, maxLength: rowCount });
  const column = fc.record({ values, codes: fc.option(codes), constant: fc.boolean() });
  const chosen = fc.array(fc.record({ row: fc.nat(rowCount - 1), element: fc.option(fc.nat(4), { nil: undefined }) }), {
    maxLength: 20,
  });
  fc.assert(
    fc
      .property(fc.array(column, { minLength: 1, maxLength: 4 }), chosen, fc.constantFrom(1, 4, 8, 16), (...given) => {
        const [columns, chosen, width] = given;
        const words = columns.flatMap(({ values, codes, constant }) => {
          const data = scope.allocateCleared(rowCount * width);
          for (const [row, value] of values.entries()) shared.u8[data + row * width] = Number(value ?? 7n);
          const validity = memory.bytes(values.map((value) => (value === null ? 0 : 1)));
          if (constant) return [data, 0, 0, validity, 0];
          // Entries of a dictionary are there; rows may be NULL.
          return [data, codes ? memory.u32(codes) : 0, 1, codes ? 0 : validity, 1];
        });
        const expected = columns.map(({ values, codes, constant }) =>
          values.map((value, row) => {
            if (constant) return values[0]!;
            return codes ? (values[codes[row]!] ?? 7n) : value;
          }),
        );
        const { length } = chosen;
        const [target, validity] = [memory.output(length * width), memory.output(length)];
        const rows = memory.u32(chosen.map(({ row }) => row));
        const elements = memory.u32(chosen.map(({ element }) => element ?? 0xffff_ffff));
        kernels.takeFromColumns(memory.u32(words), columns.length, rows, elements, length, width, target, validity);
        for (const [i, value] of elementsOfColumns(expected, chosen).entries()) {
          assert.equal(shared.u8[validity + i], value === null ? 0 : 1);
          const slot = Uint8Array.from({ length: width }, (_, at) => (at === 0 ? Number(value ?? 0n) : 0));
          assert.deepEqual(memory.readBytes(target + i * width, width), slot);
        }
      })
      .afterEach(() => scope.reset()),
    { numRuns: 300 },
  );
});
