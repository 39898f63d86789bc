import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assembleIntervals } from '../../../src/kernels/reference/assemble.js';
import { type IntervalParts, shredParts } from '../../../src/kernels/reference/shred.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

const intervals = fc
  .tuple(fc.integer(), fc.integer(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
  .map(([months, days, microseconds]): IntervalParts => ({ months, days, microseconds }));

/** Intervals in memory, one after the other. */
function write(values: readonly (IntervalParts | undefined)[]): number {
  const data = memory.output(values.length * 16 + 16);
  values.forEach((value, i) => {
    if (value === undefined) return;
    shared.i32.set([value.months, value.days], data / 4 + i * 4);
    shared.i64[data / 8 + i * 2 + 1] = value.microseconds;
  });
  return data;
}

const readInterval = (at: number): IntervalParts => ({
  months: shared.i32[at / 4]!,
  days: shared.i32[at / 4 + 1]!,
  microseconds: shared.i64[at / 8 + 1]!,
});

test('intervals are taken apart and put together, whatever their parts', () => {
  fc.assert(
    fc
      .property(fc.array(fc.option(intervals, { nil: undefined }), { minLength: 1, maxLength: 40 }), (values) => {
        const count = values.length;
        const validity = memory.bytes(values.map((value) => (value === undefined ? 0 : 1)));
        const [pointers, lengths] = [memory.output(count * 4), memory.output(count * 4)];
        const [repetitions, definitions] = [memory.output(count), memory.output(count)];
        const nulls = kernels.shredIntervalRows(
          ...([write(values), 0, -1, validity, 0, 0, count, 1] as const),
          ...([pointers, lengths, repetitions, definitions] as const),
        );
        assert.equal(nulls, values.filter((value) => value === undefined).length);
        assert.deepEqual(
          [...memory.readBytes(definitions, count)],
          values.map((value) => (value === undefined ? 0 : 1)),
        );
        const parts = ([0, 4, 8] as const).map((offset) => {
          const [partPointers, partLengths] = [memory.output(count * 4), memory.output(count * 4)];
          kernels.shredParts(pointers, count, offset, offset === 8 ? 8 : 4, partPointers, partLengths);
          return partPointers;
        });
        const [months, days, microseconds] = parts.map((part) => memory.readU32(part, count)) as [
          number[],
          number[],
          number[],
        ];
        const read = <Value>(at: readonly number[], value: (pointer: number) => Value): (Value | undefined)[] =>
          at.map((pointer) => (pointer === 0 ? undefined : value(pointer)));
        assert.deepEqual(
          read(months, (at) => shared.i32[at / 4]!),
          shredParts(values, 'months'),
        );
        assert.deepEqual(
          read(days, (at) => shared.i32[at / 4]!),
          shredParts(values, 'days'),
        );
        assert.deepEqual(
          read(microseconds, (at) => shared.i64[at / 8]!),
          shredParts(values, 'microseconds'),
        );
        const [slots, slotLengths] = [memory.output(count * 4), memory.output(count * 4)];
        const heap = memory.output(count * 16);
        const [first, second, third] = parts as [number, number, number];
        assert.equal(kernels.assembleIntervals(first, second, third, count, heap, slots, slotLengths), 0);
        const [target, valid] = [memory.output(count * 16), memory.output(count)];
        assert.equal(kernels.intervalsOfSlots(slots, count, target, valid), nulls);
        const found = values.map((_, i) => (shared.u8[valid + i] === 0 ? undefined : readInterval(target + i * 16)));
        assert.deepEqual(found, values);
        assert.deepEqual(
          assembleIntervals(
            shredParts(values, 'months'),
            shredParts(values, 'days'),
            shredParts(values, 'microseconds'),
          ),
          values,
        );
      })
      .afterEach(() => scope.reset()),
    { numRuns: 200 },
  );
});

test('a part that is missing is told', () => {
  const value = memory.bytes(new Uint8Array(16));
  const [there, gone] = [memory.u32([value, value]), memory.u32([value, 0])];
  const out = memory.output(64);
  const [slots, lengths] = [memory.output(8), memory.output(8)];
  assert.equal(kernels.assembleIntervals(there, there, gone, 2, out, slots, lengths), -1);
  assert.equal(kernels.assembleIntervals(gone, there, there, 2, out, slots, lengths), -1);
  assert.equal(assembleIntervals([1, 1], [1, 1], [1n, undefined]), undefined);
  assert.equal(kernels.assembleIntervals(gone, gone, gone, 2, out, slots, lengths), 0);
  scope.reset();
});
