import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { floorDivide } from '../../../src/kernels/reference/dates.js';
import {
  halfToNumber,
  int96ToMicros,
  joinByteStreams,
  readBigEndian,
  readInterval,
} from '../../../src/kernels/reference/parquet-conversions.js';
import { KernelMemory } from './kernel-memory.js';
import { i32s, i64s, toInterval } from './value-arbitraries.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const RUNS = { numRuns: 100 };

test('big-endian decimals convert, or fail when they are too wide', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.func(fc.uint8Array({ minLength: 20, maxLength: 20 })),
      fc.integer({ min: 0, max: 20 }),
      (width, bytesOf, extension) => {
        const values = Array.from({ length: 9 }, (_, index) => {
          const bytes = bytesOf(index).slice(0, width);
          // Mostly values that fit: their first bytes only extend the sign.
          const sign = bytes[Math.min(extension, width - 1)]! >= 0x80 ? 0xff : 0;
          return bytes.fill(sign, 0, Math.min(extension, width - 1));
        });
        const source = memory.bytes(values.flatMap((value) => [...value]));
        const views = memory.strings(values);
        const target = memory.output(values.length * 16);
        for (const bits of [64, 128] as const) {
          const expected = values.map((value) => readBigEndian(value, bits));
          const statuses =
            bits === 64
              ? [
                  () => kernels.convertBigEndianToI64(source, width, values.length, target),
                  () => kernels.convertViewsToI64(views, values.length, target),
                ]
              : [
                  () => kernels.convertBigEndianToI128(source, width, values.length, target),
                  () => kernels.convertViewsToI128(views, values.length, target),
                ];
          for (const convert of statuses) {
            shared.u8.fill(0xaa, target, target + values.length * 16);
            assert.equal(convert(), expected.includes(undefined) ? -1 : 0);
            for (const [index, value] of expected.entries()) {
              if (value === undefined) continue;
              const at = target + (index * bits) / 8;
              const low = shared.view.getBigUint64(at, true);
              const actual =
                bits === 64 ? BigInt.asIntN(64, low) : (shared.view.getBigInt64(at + 8, true) << 64n) | low;
              assert.equal(actual, value);
            }
          }
        }
        scope.reset();
      },
    ),
    RUNS,
  );
});

test('times, small floats and byte streams convert as in the twin', () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1, maxLength: 20 }),
      (values) => {
        const source = memory.i64(values);
        const target = memory.output(values.length * 8);
        const read = () => values.map((_, index) => shared.view.getBigInt64(target + index * 8, true));
        kernels.convertNanosToMicros(source, values.length, target);
        assert.deepEqual(
          read(),
          values.map((value) => floorDivide(value, 1000n)),
        );
        const fits = values.every((value) => value * 1000n === BigInt.asIntN(64, value * 1000n));
        assert.equal(kernels.convertMillisToMicros(source, values.length, target), fits ? 0 : -1);
        if (fits)
          assert.deepEqual(
            read(),
            values.map((value) => value * 1000n),
          );
        scope.reset();
      },
    ),
    RUNS,
  );
  const halves = Array.from({ length: 65536 }, (_, half) => half);
  const source = memory.bytes(new Uint8Array(Uint16Array.from(halves).buffer));
  const target = memory.output(halves.length * 4);
  kernels.convertFloat16(source, halves.length, target);
  const wrong = halves.find((half) => !Object.is(shared.view.getFloat32(target + half * 4, true), halfToNumber(half)));
  assert.equal(wrong, undefined);
  scope.reset();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 0, max: 40 }), (width, count) => {
      const bytes = Uint8Array.from({ length: width * count }, (_, index) => index * 7);
      const joined = memory.output(bytes.length);
      kernels.joinByteStreams(memory.bytes(bytes), width, count, joined);
      assert.deepEqual(memory.readBytes(joined, bytes.length), joinByteStreams(bytes, width));
      scope.reset();
    }),
    RUNS,
  );
});

test('integers are widened, with their sign or without', () => {
  fc.assert(
    fc.property(fc.array(i32s, { maxLength: 40 }), fc.array(i64s, { maxLength: 40 }), (narrow, wide) => {
      const narrowSource = memory.u32(narrow.map((value) => value >>> 0));
      const wideSource = memory.i64(wide);
      const target = memory.output(40 * 16 + 64);
      const check = (width: 8 | 16, values: readonly bigint[]): void => {
        const read = values.map((_, index) => {
          return width === 8 ? shared.i64[target / 8 + index]! : memory.readI128(target + index * 16);
        });
        assert.deepEqual(read, values);
        assert.ok(memory.readBytes(target + values.length * width, 64).every((byte) => byte === 0xaa));
        shared.u8.fill(0xaa, target, target + values.length * width);
      };
      kernels.convertI32ToI64(narrowSource, narrow.length, target);
      check(8, narrow.map(BigInt));
      kernels.convertU32ToI64(narrowSource, narrow.length, target);
      check(
        8,
        narrow.map((value) => BigInt(value >>> 0)),
      );
      kernels.convertI32ToI128(narrowSource, narrow.length, target);
      check(16, narrow.map(BigInt));
      kernels.convertI64ToI128(wideSource, wide.length, target);
      check(16, wide);
      kernels.convertU64ToI128(wideSource, wide.length, target);
      check(
        16,
        wide.map((value) => BigInt.asUintN(64, value)),
      );
      kernels.convertI32MillisToMicros(narrowSource, narrow.length, target);
      check(
        8,
        narrow.map((value) => BigInt(value) * 1000n),
      );
      scope.reset();
    }),
    RUNS,
  );
});

test('timestamps in 96 bits, and those that do not fit 64', () => {
  const days = fc.oneof(
    i32s,
    fc.integer({ min: 2_300_000, max: 2_600_000 }),
    fc.integer({ min: 109_192_570, max: 109_192_590 }),
  );
  const nanoseconds = fc.oneof(i64s, fc.bigInt({ min: 0n, max: 86_399_999_999_999n }));
  fc.assert(
    fc.property(fc.array(fc.tuple(nanoseconds, days), { maxLength: 12 }), (values) => {
      const source = memory.output(values.length * 12);
      for (const [index, [nanos, day]] of values.entries()) {
        shared.view.setBigInt64(source + index * 12, nanos, true);
        shared.view.setInt32(source + index * 12 + 8, day, true);
      }
      const target = memory.output(values.length * 8);
      const expected = values.map(([nanos, day]) => int96ToMicros(nanos, day));
      const failed = expected.includes(undefined);
      assert.equal(kernels.convertInt96ToMicros(source, values.length, target), failed ? -1 : 0);
      for (const [index, value] of memory.readI64(target, values.length).entries()) {
        if (expected[index] !== undefined) assert.equal(value, expected[index]);
      }
      scope.reset();
    }),
    { numRuns: 300 },
  );
});

test('intervals', () => {
  const u32 = fc.oneof(fc.nat(2 ** 32 - 1), fc.nat(100), fc.constantFrom(2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1));
  fc.assert(
    fc.property(fc.array(fc.tuple(u32, u32, u32), { maxLength: 5 }), (values) => {
      const target = memory.output(values.length * 16);
      const expected = values.map(([months, days, milliseconds]) => readInterval(months, days, milliseconds));
      const failed = expected.includes(undefined);
      assert.equal(kernels.convertInterval(memory.u32(values.flat()), values.length, target), failed ? -1 : 0);
      for (const [index, value] of expected.entries()) {
        if (value !== undefined) assert.deepEqual(toInterval(memory.readI128(target + index * 16)), value);
      }
      scope.reset();
    }),
    { numRuns: 300 },
  );
});
