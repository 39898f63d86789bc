import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBytes, compareDoubles, compareIntervals } from '../../../src/kernels/reference/compare.js';
import { KernelMemory } from './kernel-memory.js';
import { byteStrings, f64s, fromInterval, i64s, i128s, intervals } from './value-arbitraries.js';

const memory = new KernelMemory();
const { generated, scope, shared } = memory;

function check<Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>): void {
  fc.assert(
    property.afterEach(() => scope.reset()),
    { numRuns: 400 },
  );
}

test('texts by their bytes', () => {
  check(
    fc.property(byteStrings, byteStrings, fc.nat(45), (left, other, cut) => {
      for (const right of [other, left.slice(0, cut), Uint8Array.from([...left, ...other])]) {
        const [a, b] = [memory.text(left), memory.text(right)];
        const expected = compareBytes(left, right);
        assert.equal(generated.textCompare(a, b), expected);
        assert.equal(generated.textCompare(b, a), 0 - expected);
      }
      assert.equal(generated.textCompare(memory.text(left), memory.text(left)), 0);
    }),
  );
});

test('texts of equal length and beginning', () => {
  check(
    fc.property(byteStrings, fc.nat(), (left, place) => {
      const changed = left.slice();
      if (left.length > 8) changed[8 + (place % (left.length - 8))]! ^= 1;
      const [a, b] = [memory.text(left), memory.text(changed)];
      assert.equal(generated.textRestEquals(a, b), left.length > 8 ? 0 : 1);
      assert.equal(generated.textRestEquals(a, memory.text(left)), 1);
      assert.equal(generated.textRestEquals(a, a), 1);
    }),
  );
});

test('intervals by their length', () => {
  const day = 86_400_000_000n;
  check(
    fc.property(intervals, intervals, fc.integer({ min: -3, max: 3 }), (left, right, moved) => {
      const order = generated.intervalCompare(fromInterval(left), fromInterval(right));
      assert.equal(order, compareIntervals(left, right));
      // As long, but written otherwise.
      const same = { ...left, days: (left.days + moved) | 0, microseconds: left.microseconds - BigInt(moved) * day };
      if (same.days === left.days + moved && BigInt.asIntN(64, same.microseconds) === same.microseconds) {
        assert.equal(generated.intervalCompare(fromInterval(left), fromInterval(same)), 0);
      }
    }),
  );
});

test('uuids by their bytes', () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  const read = (uuid: Uint8Array): bigint => memory.readI128(memory.bytes(uuid));
  check(
    fc.property(bytes, bytes, fc.nat(15), (left, other, place) => {
      const near = left.slice();
      near[place]! ^= 0x80;
      for (const right of [left, near, other]) {
        assert.equal(generated.uuidCompare(read(left), read(right)), compareBytes(left, right));
      }
    }),
  );
});

test('values in sorted lists', () => {
  check(
    fc.property(fc.array(i64s, { maxLength: 20 }), i64s, (list, other) => {
      const sorted = memory.i64([...list].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
      for (const value of [other, ...list]) {
        assert.equal(generated.listContains64(value, sorted, list.length), list.includes(value) ? 1 : 0);
      }
    }),
  );
  check(
    fc.property(fc.array(f64s, { maxLength: 20 }), f64s, (list, other) => {
      const pointer = scope.allocate(list.length * 8);
      shared.f64.set([...list].sort(compareDoubles), pointer / 8);
      for (const value of [other, ...list, 0, -0]) {
        const expected = list.some((one) => compareDoubles(one, value) === 0);
        assert.equal(generated.listContainsDouble(value, pointer, list.length), expected ? 1 : 0);
      }
    }),
  );
  check(
    fc.property(fc.array(byteStrings, { maxLength: 20 }), byteStrings, (list, other) => {
      const views = memory.strings([...list].sort(compareBytes));
      for (const value of [other, ...list]) {
        const expected = list.some((one) => compareBytes(one, value) === 0);
        assert.equal(generated.listContainsText(memory.text(value), views, list.length), expected ? 1 : 0);
      }
    }),
  );
  check(
    fc.property(fc.array(i128s, { maxLength: 20 }), i128s, (list, other) => {
      const pointer = memory.i64(list.flatMap((value) => [BigInt.asIntN(64, value), value >> 64n]));
      for (const value of [other, ...list]) {
        assert.equal(generated.listContains128(value, pointer, list.length), list.includes(value) ? 1 : 0);
      }
    }),
  );
});
