import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { gather, scatter, series } from '../../../src/kernels/reference/vector.js';
import { BATCH_ROWS } from '../../../src/vector/vector.js';
import { KernelMemory } from './kernel-memory.js';
import { i32s, i64s } from './value-arbitraries.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const GUARD = 64;

/** A count of rows: none, few, all of a batch. */
const counts = fc.oneof(fc.nat(40), fc.constantFrom(0, 1, BATCH_ROWS - 1, BATCH_ROWS));
const kernelOf = { 1: kernels.gather1, 4: kernels.gather4, 8: kernels.gather8, 16: kernels.gather16 };

for (const width of [1, 4, 8, 16] as const) {
  test(`selected values of ${width} bytes`, () => {
    fc.assert(
      fc.property(counts, fc.nat(), fc.integer({ min: 1, max: 7 }), (count, seed, step) => {
        const bytes = Uint8Array.from({ length: BATCH_ROWS * width }, (_, at) => (at * 31 + (at >> 8) + seed) % 256);
        const selection = Array.from({ length: count }, (_, index) => (index * step + (seed % 7)) % BATCH_ROWS);
        const target = memory.output(count * width + GUARD);
        kernelOf[width](memory.bytes(bytes), memory.u32(selection), count, target);
        const values = Array.from({ length: BATCH_ROWS }, (_, row) => bytes.subarray(row * width, (row + 1) * width));
        const expected = Buffer.concat(gather(values, selection));
        assert.ok(expected.equals(memory.readBytes(target, count * width)));
        assert.ok(memory.readBytes(target + count * width, GUARD).every((byte) => byte === 0xaa));
        scope.reset();
      }),
      { numRuns: 20 },
    );
  });
}

for (const width of [1, 4, 8, 16] as const) {
  test(`values of ${width} bytes to where they are selected to`, () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(30), fc.uint8Array({ minLength: width, maxLength: width }))), (pairs) => {
        const [places, values] = [pairs.map(([place]) => place), pairs.map(([, value]) => value)];
        const target = memory.output(31 * width + GUARD);
        const before = Array.from({ length: 31 }, () => new Uint8Array(width).fill(0xaa));
        kernels.scatter(memory.bytes(Buffer.concat(values)), width, memory.u32(places), pairs.length, target);
        const expected = Buffer.concat(scatter(values, places, before));
        assert.ok(expected.equals(memory.readBytes(target, 31 * width)));
        assert.ok(memory.readBytes(target + 31 * width, GUARD).every((byte) => byte === 0xaa));
        scope.reset();
      }),
      { numRuns: 40 },
    );
  });
}

test('series', () => {
  fc.assert(
    fc.property(i32s, i32s, i64s, i64s, counts, (first, step, wideFirst, wideStep, count) => {
      const target = memory.output(count * 8 + GUARD);
      kernels.fillSeries32(first, step, count, target);
      const narrow = [...shared.i32.subarray(target / 4, target / 4 + count)].map(BigInt);
      assert.deepEqual(narrow, series(BigInt(first), BigInt(step), count, 32));
      kernels.fillSeries64(wideFirst, wideStep, count, target);
      assert.deepEqual(memory.readI64(target, count), series(wideFirst, wideStep, count, 64));
      assert.ok(memory.readBytes(target + count * 8, GUARD).every((byte) => byte === 0xaa));
      scope.reset();
    }),
    { numRuns: 40 },
  );
});
