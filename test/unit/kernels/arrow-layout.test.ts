import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { convertIntervalTimes, widenDecimals } from '../../../src/kernels/reference/arrow-layout.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const readI64 = (pointer: number, count: number): bigint[] => [...shared.i64.slice(pointer / 8, pointer / 8 + count)];
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

test('decimals are widened with their sign', () => {
  fc.assert(
    fc.property(fc.array(int64, { maxLength: 50 }), (values) => {
      const target = memory.output(values.length * 16);
      kernels.widenDecimals(memory.i64(values), values.length, target);
      assert.deepEqual(readI64(target, values.length * 2), widenDecimals(values));
      scope.reset();
    }),
    { numRuns: 50 },
  );
});

test('intervals become nanoseconds; the first valid row that does not fit is found', () => {
  const time = fc.oneof(int64, fc.constantFrom(9223372036854775n, 9223372036854776n, -9223372036854775n, 0n));
  const row = fc.record({ date: int64, time, valid: fc.nat(1) });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 50 }), (rows) => {
      const pointer = memory.i64(rows.flatMap(({ date, time }) => [date, time]));
      const validity = memory.bytes(rows.map(({ valid }) => valid));
      const failed = kernels.convertIntervals(pointer, validity, rows.length, pointer);
      const expected = convertIntervalTimes(
        rows.map(({ time }) => time),
        rows.map(({ valid }) => valid),
      );
      assert.equal(failed, expected.failed);
      const words = readI64(pointer, rows.length * 2);
      assert.deepEqual(
        words,
        rows.flatMap(({ date }, index) => [date, expected.nanoseconds[index]!]),
      );
      scope.reset();
    }),
    { numRuns: 50 },
  );
});
