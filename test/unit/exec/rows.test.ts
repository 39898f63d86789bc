import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeyPacker } from '../../../src/exec/rows/key-packer.js';
import { PARTITION_COUNT, RowAppender, RowCollection } from '../../../src/exec/rows/row-collection.js';
import { createRowLayout } from '../../../src/exec/rows/row-layout.js';
import { RowUnpacker } from '../../../src/exec/rows/row-unpacker.js';
import { hashKeyReference } from '../../../src/kernels/reference/rows.js';
import type { ConstantValue } from '../../../src/planner/expression.js';
import { arbitraryColumn, arbitraryText, PHYSICALS } from './arbitrary-values.js';
import { createMemoryFixture, dictionaryVector, flatVector, readValue } from './memory-fixture.js';

test('rows give back the keys and payload that were put in, in any encoding', () => {
  const arbitrary = fc
    .record({
      keys: fc.array(fc.constantFrom(...PHYSICALS), { minLength: 1, maxLength: 4 }),
      payload: fc.array(fc.constantFrom(...PHYSICALS), { maxLength: 4 }),
      rowCount: fc.integer({ min: 1, max: 60 }),
      asDictionary: fc.boolean(),
    })
    .chain((shape) => {
      const columns = [...shape.keys, ...shape.payload].map((physical) =>
        fc.array(arbitraryColumn(physical), { minLength: shape.rowCount, maxLength: shape.rowCount }),
      );
      return fc.tuple(fc.constant(shape), fc.tuple(...columns));
    });
  fc.assert(
    fc.property(arbitrary, ([shape, columns]) => {
      const fixture = createMemoryFixture(32 * 2 ** 20);
      const { shared, kernels, scope, owner } = fixture;
      const layout = createRowLayout({ keys: shape.keys, nullableKeys: true, payload: shape.payload });
      const make = shape.asDictionary ? dictionaryVector : flatVector;
      const vectors = [...shape.keys, ...shape.payload].map((physical, index) =>
        make(fixture, physical, columns[index]!, index + 1),
      );
      const packer = new KeyPacker(shared, kernels, scope, layout);
      const appender = new RowAppender(shared, kernels, scope);
      const collection = RowCollection.create(shared, owner, scope, layout, PARTITION_COUNT);
      packer.pack(vectors, shape.rowCount);
      appender.append(collection, packer, vectors.slice(shape.keys.length), shape.rowCount);
      assert.equal(collection.rowCount, shape.rowCount);

      const unpacker = new RowUnpacker(kernels, scope, [...layout.keys, ...layout.payload]);
      const pointers = scope.allocate(2048 * 4);
      const seen: string[] = [];
      for (let partition = 0; partition < PARTITION_COUNT; partition++) {
        collection.forEachBatch(partition, kernels, pointers, (count) => {
          const result = unpacker.unpack(pointers, count);
          for (let row = 0; row < count; row++)
            seen.push(describe(result.map((vector) => readValue(shared, vector, row))));
        });
      }
      const expected = Array.from({ length: shape.rowCount }, (_, row) =>
        describe(columns.map((column) => column[row]!)),
      );
      assert.deepEqual(seen.sort(), expected.sort());
      shared.freeOwner(owner);
      assert.equal(shared.allocatedChunks, 0);
    }),
    { numRuns: 60 },
  );
});

const describe = (values: readonly ConstantValue[]): string =>
  JSON.stringify(values.map((value) => (typeof value === 'bigint' ? `${value}n` : value)));

test('strings longer than a block get a block of their own', () => {
  const fixture = createMemoryFixture();
  const { shared, kernels, scope, owner } = fixture;
  const layout = createRowLayout({ keys: ['string'], nullableKeys: true, payload: ['string'] });
  const long = ['x'.repeat(200_000), 'short', 'y'.repeat(70_000)];
  const vector = flatVector(fixture, 'string', long);
  const packer = new KeyPacker(shared, kernels, scope, layout);
  const collection = RowCollection.create(shared, owner, scope, layout, 1);
  packer.pack([vector], 3);
  new RowAppender(shared, kernels, scope).append(collection, packer, [vector], 3);
  const pointers = scope.allocate(2048 * 4);
  const unpacker = new RowUnpacker(kernels, scope, [...layout.keys, ...layout.payload]);
  const seen: ConstantValue[][] = [];
  collection.forEachBatch(0, kernels, pointers, (count) => {
    const columns = unpacker.unpack(pointers, count);
    for (let row = 0; row < count; row++) seen.push(columns.map((column) => readValue(shared, column, row)));
  });
  assert.deepEqual(
    seen,
    long.map((value) => [value, value]),
  );
  const before = shared.allocatedChunks;
  collection.clear();
  assert.ok(shared.allocatedChunks <= before - 5);
});

test('keys hash as the reference twin does', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), arbitraryText, (number, text) => {
      const fixture = createMemoryFixture(8 * 2 ** 20);
      const { shared, kernels, scope } = fixture;
      const layout = createRowLayout({ keys: ['i64', 'string'], nullableKeys: false, payload: [] });
      const packer = new KeyPacker(shared, kernels, scope, layout);
      packer.pack([flatVector(fixture, 'i64', [number]), flatVector(fixture, 'string', [text])], 1);
      const expected = hashKeyReference([BigInt.asUintN(64, number)], [new TextEncoder().encode(text)]);
      assert.equal(shared.u32[packer.hashes / 4], expected);
    }),
    { numRuns: 100 },
  );
});
