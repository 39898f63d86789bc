import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HYBRID_STATE_BYTES } from '../../../src/kernels/hybrid-kernels.js';
import { decodeHybrid, expandBits } from '../../../src/kernels/reference/hybrid.js';
import { encodeHybrid } from '../../../src/kernels/reference/parquet-encode.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope } = memory;
const RUNS = { numRuns: 100 };

function hybridState(bytes: Uint8Array, bitWidth: number): number {
  const pointer = memory.bytes(bytes);
  return memory.u32([pointer, pointer + bytes.length, bitWidth, 0, 0, 0, 0, 0].slice(0, HYBRID_STATE_BYTES / 4));
}

const hybridValues = fc.integer({ min: 1, max: 32 }).chain((bitWidth) =>
  fc.record({
    bitWidth: fc.constant(bitWidth),
    runs: fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 2 ** bitWidth - 1 }),
        fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 })),
      ),
      { minLength: 1, maxLength: 60 },
    ),
    steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 130 }), fc.boolean()), { minLength: 1, maxLength: 5 }),
  }),
);

test('runs and bit-packed groups decode as in the twin, from any value to any value', () => {
  fc.assert(
    fc.property(hybridValues, ({ bitWidth, runs, steps }) => {
      const values = runs.flatMap(([value, count]) => Array<number>(count).fill(value));
      const bytes = encodeHybrid(values, bitWidth);
      const expected = decodeHybrid(bytes, bitWidth, values.length)!;
      assert.deepEqual(expected, values);
      const state = hybridState(bytes, bitWidth);
      const target = memory.output(130 * 4);
      for (let at = 0, step = 0; at < values.length; step++) {
        const [length, skips] = steps[step % steps.length]!;
        const count = Math.min(length, values.length - at);
        if (skips) {
          assert.equal(kernels.hybridSkip(state, count), 0);
        } else {
          const maximum = Math.max(...expected.slice(at, at + count));
          assert.equal(kernels.hybridDecode(state, count, maximum + 1, target), 0);
          assert.deepEqual(memory.readU32(target, count), expected.slice(at, at + count));
        }
        at += count;
      }
      scope.reset();
    }),
    RUNS,
  );
});

test('selected values decode as in the twin, from any value to any value', () => {
  fc.assert(
    fc.property(hybridValues, fc.func(fc.nat(3)), fc.nat(50), ({ bitWidth, runs, steps }, copiesOf, base) => {
      const values = runs.flatMap(([value, count]) => Array<number>(count).fill(value));
      const state = hybridState(encodeHybrid(values, bitWidth), bitWidth);
      for (let at = 0, step = 0; at < values.length; step++) {
        const [length] = steps[step % steps.length]!;
        const part = values.slice(at, at + length);
        const chosen = part.flatMap((_, index) => Array<number>(copiesOf(at, index)).fill(index));
        const selection = memory.u32(chosen.map((index) => index + base));
        const target = memory.output(chosen.length * 4 + 64);
        const expected = chosen.map((index) => part[index]!);
        const limit = Math.max(0, ...expected) + 1;
        const status = kernels.hybridDecodeSelected(state, part.length, limit, selection, chosen.length, base, target);
        assert.equal(status, 0);
        assert.deepEqual(memory.readU32(target, chosen.length), expected);
        assert.ok(memory.readBytes(target + chosen.length * 4, 64).every((byte) => byte === 0xaa));
        at += part.length;
      }
      scope.reset();
    }),
    RUNS,
  );
});

test('of selected values, only they are held to the limit', () => {
  const bytes = encodeHybrid(
    Array.from({ length: 100 }, (_, index) => index),
    7,
  );
  const target = memory.output(64);
  const selection = memory.u32([3, 40]);
  const decode = (limit: number, stream = bytes): number =>
    kernels.hybridDecodeSelected(hybridState(stream, 7), 100, limit, selection, 2, 0, target);
  assert.equal(decode(41), 0);
  assert.equal(decode(40), -2);
  assert.equal(decode(0, bytes.subarray(0, 50)), -1);
  scope.reset();
});

/** Streams as writers make them, cut and damaged ones, and any bytes. */
const streams = fc.oneof(
  fc.record({ bitWidth: fc.integer({ min: 0, max: 32 }), bytes: fc.uint8Array({ maxLength: 60 }) }),
  fc.record({ bitWidth: fc.integer({ min: 0, max: 3 }), bytes: fc.uint8Array({ max: 9, maxLength: 60 }) }),
  fc
    .record({ shape: hybridValues, cut: fc.nat(20), place: fc.nat(), bits: fc.nat(255) })
    .map(({ shape: { bitWidth, runs }, cut, place, bits }) => {
      const values = runs.flatMap(([value, count]) => Array<number>(count).fill(value));
      const whole = encodeHybrid(values, bitWidth);
      const bytes = whole.slice(0, Math.max(0, whole.length - cut));
      if (bytes.length > 0) bytes[place % bytes.length]! ^= bits;
      return { bitWidth, bytes };
    }),
);

test('any bytes decode as in the twin, or are refused where it refuses them', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(streams, steps, fc.nat(40), ({ bitWidth, bytes }, steps, limit) => {
      const states = Array.from({ length: 3 }, () => hybridState(bytes, bitWidth));
      let done = 0;
      for (const count of steps) {
        const target = memory.output(count * 4 + 64);
        const expected = decodeHybrid(bytes, bitWidth, done + count)?.slice(done);
        const exceeds = limit > 0 && expected?.some((value) => value >= limit);
        const status = kernels.hybridDecode(states[0]!, count, limit, target);
        assert.equal(status, expected === undefined ? -1 : exceeds ? -2 : 0);
        if (expected !== undefined) assert.deepEqual(memory.readU32(target, count), expected);
        assert.ok(memory.readBytes(target + count * 4, 64).every((byte) => byte === 0xaa));
        assert.equal(kernels.hybridSkip(states[1]!, count), expected === undefined ? -1 : 0);
        if (bitWidth === 1) {
          const ones = expected?.filter((value) => value === 1).length ?? -1;
          assert.equal(kernels.hybridDecodeBits(states[2]!, count, target), ones);
          if (expected !== undefined) assert.deepEqual([...memory.readBytes(target, count)], expected);
        }
        if (expected === undefined) break;
        done += count;
      }
      scope.reset();
    }),
    { numRuns: 600 },
  );
});

test('bits become bytes from any bit on', () => {
  const sizes = fc.oneof(fc.nat(70), fc.constantFrom(0, 4095, 4096));
  fc.assert(
    fc.property(fc.nat(40), sizes, fc.nat(250), (first, count, seed) => {
      const bytes = Uint8Array.from(
        { length: Math.ceil((first + count) / 8) },
        (_, at) => (at * 37 + seed) ^ (at >> 3),
      );
      const expected = expandBits(bytes, first, count);
      const target = memory.output(count + 64);
      const ones = kernels.expandBits(memory.bytesAtEnd(bytes), first, count, target);
      assert.equal(ones, expected.filter((bit) => bit === 1).length);
      assert.deepEqual([...memory.readBytes(target, count)], expected);
      assert.ok(memory.readBytes(target + count, 64).every((byte) => byte === 0xaa));
      scope.reset();
    }),
    RUNS,
  );
});

test('codes beyond the limit and streams that end early are refused', () => {
  const bytes = encodeHybrid(
    Array.from({ length: 100 }, (_, index) => index),
    7,
  );
  const target = memory.output(4096);
  assert.equal(kernels.hybridDecode(hybridState(bytes, 7), 100, 100, target), 0);
  assert.equal(kernels.hybridDecode(hybridState(bytes, 7), 100, 99, target), -2);
  assert.equal(kernels.hybridDecode(hybridState(bytes.subarray(0, 50), 7), 100, 0, target), -1);
  assert.equal(kernels.hybridSkip(hybridState(bytes.subarray(0, 50), 7), 100), -1);
  assert.equal(kernels.hybridDecode(hybridState(new Uint8Array(0), 7), 1, 0, target), -1);
  assert.equal(kernels.hybridDecode(hybridState(Uint8Array.from([2, 255]), 7), 1, 0, target), -1, 'a value too wide');
  scope.reset();
});

test('levels expand to bytes and are counted', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 1, max: 90 })), {
        minLength: 1,
        maxLength: 50,
      }),
      fc.integer({ min: 1, max: 200 }),
      (runs, step) => {
        const values = runs.flatMap(([value, count]) => Array<number>(count).fill(value));
        const bytes = encodeHybrid(values, 1);
        const state = hybridState(bytes, 1);
        const counting = hybridState(bytes, 1);
        const target = memory.output(step);
        for (let at = 0; at < values.length; at += step) {
          const expected = values.slice(at, at + step);
          const ones = expected.filter((value) => value === 1).length;
          assert.equal(kernels.hybridDecodeBits(state, expected.length, target), ones);
          assert.equal(kernels.hybridDecodeBits(counting, expected.length, 0), ones);
          assert.deepEqual([...memory.readBytes(target, expected.length)], expected);
        }
        scope.reset();
      },
    ),
    RUNS,
  );
});
