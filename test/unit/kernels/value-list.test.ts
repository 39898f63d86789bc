import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS_HEAP, STATUS_KEEP } from '../../../src/exec/expression/argument-block.js';
import { discretePercentile, medianDistance, modeOf, percentile } from '../../../src/kernels/reference/value-list.js';
import { KernelMemory } from './kernel-memory.js';
import { i64s, i128s } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope, shared } = memory;

const fractions = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 0.9, 1), fc.double({ min: 0, max: 1, noNaN: true }));
/** Lists of some thousand values are searched by histograms; their values are made from a seed. */
const lists = fc.oneof(
  fc.array(i64s, { minLength: 1, maxLength: 60 }),
  fc
    .record({ seed: i64s, count: fc.integer({ min: 1025, max: 4000 }), bits: fc.integer({ min: 1, max: 64 }) })
    .map(({ seed, count, bits }) => {
      let state = BigInt.asUintN(64, seed);
      return Array.from({ length: count }, () => {
        state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
        return BigInt.asIntN(bits, state >> BigInt(64 - bits));
      });
    }),
);
const compare = (left: bigint, right: bigint): number => (left < right ? -1 : left > right ? 1 : 0);
const isSame = (left: bigint, right: bigint): boolean => left === right;

function imageOf(value: number): bigint {
  const bits = new BigInt64Array(new Float64Array([value + 0]).buffer)[0]!;
  return bits < 0n ? bits ^ (2n ** 63n - 1n) : bits;
}

function assertCloseTo(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * (1 + Math.abs(expected)), `${actual} ${expected}`);
}

function listOf(block: number, values: readonly bigint[], width: 8 | 16, cut: number): bigint {
  const part = (some: readonly bigint[]): bigint =>
    some.reduce((list, value) => {
      const chunk = generated.valueListRoom(block, list, width);
      assert.notEqual(chunk, 0);
      return width === 8
        ? generated.valueListAppend(list, chunk, value)
        : generated.valueListAppendWide(list, chunk, value);
    }, 0n);
  return generated.textListConcat(part(values.slice(0, cut)), part(values.slice(cut)));
}

test('the value of a rank and the mode, among few values and many', () => {
  fc.assert(
    fc.property(lists, fractions, fc.boolean(), fc.nat(4000), (values, fraction, descending, cut) => {
      const { pointer } = memory.block(120_000, 200_000);
      const list = listOf(pointer, values, 8, cut);
      const ordered = [...values].sort(compare);
      if (descending) ordered.reverse();
      const direction = descending ? 1 : 0;
      assert.equal(
        generated.valueListDiscrete(pointer, list, fraction, direction),
        discretePercentile(ordered, fraction),
      );
      assert.equal(generated.valueListMode(pointer, list, direction), modeOf(ordered, isSame));
      scope.reset();
    }),
    { numRuns: 200 },
  );
});

test('percentiles of doubles', () => {
  const doubles = fc.oneof(
    fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 50 }),
    fc.integer({ min: 1025, max: 3000 }).map((count) => Array.from({ length: count }, (_, i) => Math.sin(i) * 1000)),
  );
  fc.assert(
    fc.property(doubles, fractions, fc.boolean(), (values, fraction, descending) => {
      const { pointer } = memory.block(120_000, 200_000);
      const list = listOf(pointer, values.map(imageOf), 8, 7);
      const ordered = [...values].sort((left, right) => (descending ? right - left : left - right));
      const actual = generated.valueListPercentile(pointer, list, fraction, descending ? 1 : 0);
      const expected = percentile(ordered, fraction);
      assertCloseTo(actual, expected);
      assertCloseTo(
        generated.valueListMedianDistance(pointer, list),
        medianDistance([...values].sort((a, b) => a - b)),
      );
      scope.reset();
    }),
    { numRuns: 200 },
  );
});

test('values of 16 bytes', () => {
  const uuidOrder = (value: bigint): bigint => {
    const bytes = Buffer.alloc(16);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value >> 64n), 8);
    return BigInt(`0x${bytes.toString('hex')}`);
  };
  const wide = fc.array(i128s, { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(wide, fractions, fc.boolean(), fc.boolean(), (values, fraction, descending, asUuids) => {
      const { pointer } = memory.block(10_000, 20_000);
      const list = listOf(pointer, values, 16, 9);
      const ordered = [...values].sort((left, right) =>
        asUuids ? compare(uuidOrder(left), uuidOrder(right)) : compare(left, right),
      );
      if (descending) ordered.reverse();
      const [direction, order] = [descending ? 1 : 0, asUuids ? 2 : 0];
      const found = generated.valueListDiscreteWide(pointer, list, fraction, direction, order);
      assert.equal(found, discretePercentile(ordered, fraction));
      assert.equal(generated.valueListModeWide(pointer, list, direction, order), modeOf(ordered, isSame));
      scope.reset();
    }),
    { numRuns: 200 },
  );
});

test('percentiles of intervals', () => {
  const days = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(days, fc.boolean(), (days, descending) => {
      const { pointer } = memory.block(10_000, 20_000);
      const intervals = days.map((day) => BigInt.asUintN(32, BigInt(day)) << 32n);
      const list = listOf(pointer, intervals, 16, 3);
      const ordered = [...days].sort((left, right) => (descending ? right - left : left - right));
      const actual = generated.valueListPercentileOfIntervals(pointer, list, 0.5, descending ? 1 : 0);
      // Half days are hours.
      const half = percentile(ordered, 0.5);
      const total = Number(BigInt.asIntN(32, actual >> 32n)) + Number(actual >> 64n) / 86_400_000_000;
      assert.equal(total, half);
      scope.reset();
    }),
    { numRuns: 200 },
  );
});

test('heaps without room say what they need, and get it', () => {
  const values = Array.from({ length: 3000 }, (_, i) => BigInt(i % 7) * 2n ** 40n + BigInt(i));
  const small = memory.block(0, 60);
  assert.equal(generated.valueListRoom(small.pointer, 0n, 8), 0);
  assert.equal(small.takeStatus(), STATUS_KEEP);
  const list = listOf(memory.block(0, 200_000).pointer, values, 8, 1000);
  const ordered = [...values].sort(compare);
  let room = 100;
  for (let tries = 0; ; tries++) {
    const block = memory.block(room);
    const found = generated.valueListDiscrete(block.pointer, list, 0.5, 0);
    const status = block.takeStatus();
    if (status === 0) {
      assert.equal(found, discretePercentile(ordered, 0.5));
      // What was taken has been given back.
      assert.equal(shared.u32[block.pointer / 4 + 2]! - shared.u32[block.pointer / 4 + 1]!, room);
      break;
    }
    assert.equal(status, STATUS_HEAP);
    assert.ok(tries < 5);
    room = block.heapNeeded;
  }
  scope.reset();
});
