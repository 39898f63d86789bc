import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { writePlainStrings } from '../../../src/kernels/reference/parquet-encode.js';
import { boundsOf } from '../../../src/kernels/reference/value-bounds.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const { view } = shared;
const natural = <Value>(left: Value, right: Value): number => (left < right ? -1 : left > right ? 1 : 0);
const some = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> =>
  fc.array(arbitrary, { minLength: 1, maxLength: 80 });

function check<Args extends unknown[]>(property: fc.IProperty<Args>): void {
  fc.assert(property, { numRuns: 60 });
  scope.reset();
}

test('bounds of integers and bytes', () => {
  const target = shared.allocateChunks(1, 999);
  check(
    fc.property(some(fc.integer()), (values) => {
      kernels.boundsOfI32(memory.u32(values), values.length, target);
      const { min, max } = boundsOf(values, natural);
      assert.deepEqual([view.getInt32(target, true), view.getInt32(target + 4, true)], [min, max]);
    }),
  );
  check(
    fc.property(some(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), (values) => {
      kernels.boundsOfI64(memory.i64(values), values.length, target);
      const { min, max } = boundsOf(values, natural);
      assert.deepEqual([view.getBigInt64(target, true), view.getBigInt64(target + 8, true)], [min, max]);
    }),
  );
  const wide = fc.oneof(
    fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }),
    fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }),
  );
  check(
    fc.property(some(wide), (values) => {
      const source = memory.i64(values.flatMap((value) => [BigInt.asIntN(64, value), value >> 64n]));
      kernels.boundsOfI128(source, values.length, target);
      const read = (at: number): bigint => (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);
      const { min, max } = boundsOf(values, natural);
      assert.deepEqual([read(target), read(target + 16)], [min, max]);
    }),
  );
  check(
    fc.property(some(fc.nat(1)), (values) => {
      kernels.boundsOfBytes(memory.bytes(values), values.length, target);
      const { min, max } = boundsOf(values, natural);
      assert.deepEqual([...memory.readBytes(target, 2)], [min, max]);
    }),
  );
});

test('bounds of floats, unless there is a NaN', () => {
  const target = memory.output(16);
  fc.assert(
    fc.property(some(fc.double()), some(fc.float()), (doubles, floats) => {
      const source = scope.allocate(doubles.length * 8);
      shared.f64.set(doubles, source / 8);
      const hasNaN = kernels.boundsOfF64(source, doubles.length, target) !== 0;
      assert.equal(hasNaN, doubles.some(Number.isNaN));
      if (!hasNaN) {
        const { min, max } = boundsOf(doubles, natural);
        assert.ok(view.getFloat64(target, true) === min && view.getFloat64(target + 8, true) === max);
      }
      const single = scope.allocate(floats.length * 4);
      shared.f32.set(floats, single / 4);
      const singleHasNaN = kernels.boundsOfF32(single, floats.length, target) !== 0;
      assert.equal(singleHasNaN, floats.some(Number.isNaN));
      if (!singleHasNaN) {
        const { min, max } = boundsOf(floats, natural);
        assert.ok(view.getFloat32(target, true) === min && view.getFloat32(target + 4, true) === max);
      }
    }),
    { numRuns: 60 },
  );
  scope.reset();
});

test('bounds of strings and UUIDs by their bytes, unsigned', () => {
  const target = shared.allocateChunks(1, 999);
  const strings = fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.uint8Array({ maxLength: 12, min: 127, max: 129 }));
  check(
    fc.property(some(strings), (values) => {
      const source = memory.bytes(writePlainStrings(values));
      kernels.boundsOfPlainStrings(source, values.length, target);
      const [low, high] = memory.readU32(target, 2).map((offset) => {
        const pointer = source + offset;
        return memory.readBytes(pointer + 4, view.getUint32(pointer, true));
      });
      const { min, max } = boundsOf(values, Buffer.compare);
      assert.deepEqual([low, high], [min, max]);
    }),
  );
  check(
    fc.property(some(fc.uint8Array({ minLength: 16, maxLength: 16 })), (values) => {
      kernels.boundsOfBytes16(memory.bytes(Buffer.concat(values)), values.length, target);
      const { min, max } = boundsOf(values, Buffer.compare);
      assert.deepEqual([memory.readBytes(target, 16), memory.readBytes(target + 16, 16)], [min, max]);
    }),
  );
});
