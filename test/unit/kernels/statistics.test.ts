import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  countCodes,
  countFrequent,
  priorityOf,
  REGISTER_COUNT,
  registersOf,
  textSlot,
  wordOfFloat,
  wordOfInteger,
  wordOfText,
} from '../../../src/kernels/reference/statistics.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

function check<Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>, numRuns = 100): void {
  fc.assert(
    property.afterEach(() => scope.reset()),
    { numRuns },
  );
}

const hash = fc.oneof(fc.nat(0xffff_ffff), fc.nat(20), fc.constantFrom(0, 0xffff_ffff, 0x8000_0000, 0x0020_0000));
const rows = fc.array(
  fc.record({ hash, isNull: fc.boolean(), weight: fc.oneof(fc.constantFrom(0, 1), fc.nat(1000)) }),
  { maxLength: 200 },
);

const cleared = (byteLength: number): number => scope.allocateCleared(byteLength);

test('registers hold the highest rank of the hashes that are not NULL and occur', () => {
  check(
    fc.property(rows, fc.boolean(), fc.boolean(), (list, hasNulls, hasWeights) => {
      const registers = cleared(REGISTER_COUNT);
      const nulls = kernels.addToRegisters(
        memory.u32(list.map((row) => row.hash)),
        hasNulls ? memory.bytes(list.map((row) => (row.isNull ? 0 : 1))) : 0,
        hasWeights ? memory.u32(list.map((row) => row.weight)) : 0,
        list.length,
        registers,
      );
      const present = list.filter((row) => !(hasNulls && row.isNull));
      assert.equal(nulls, list.length - present.length);
      const counted = present.filter((row) => !hasWeights || row.weight > 0).map((row) => row.hash);
      assert.deepEqual([...memory.readBytes(registers, REGISTER_COUNT)], registersOf(counted));
    }),
  );
});

test('merged registers are those of all hashes', () => {
  check(
    fc.property(fc.array(hash), fc.array(hash), (left, right) => {
      const [target, source] = [left, right].map((hashes) => {
        const registers = cleared(REGISTER_COUNT);
        kernels.addToRegisters(memory.u32(hashes), 0, 0, hashes.length, registers);
        return registers;
      }) as [number, number];
      kernels.mergeRegisters(target, source, REGISTER_COUNT);
      assert.deepEqual([...memory.readBytes(target, REGISTER_COUNT)], registersOf([...left, ...right]));
    }),
  );
});

test('counters of frequent values', () => {
  const few = fc.array(fc.record({ hash: fc.oneof(fc.nat(12), hash), isNull: fc.boolean(), weight: fc.nat(5) }), {
    maxLength: 300,
  });
  check(
    fc.property(
      few,
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 7 }),
      (list, hasNulls, hasWeights, limit) => {
        const mask = 15;
        const table = cleared(16 + (mask + 1) * 8);
        const scratch = memory.output((mask + 1) * 8);
        const hashes = memory.u32(list.map((row) => row.hash));
        const validity = hasNulls ? memory.bytes(list.map((row) => (row.isNull ? 0 : 1))) : 0;
        const weights = hasWeights ? memory.u32(list.map((row) => row.weight)) : 0;
        for (let from = 0; ; ) {
          from = kernels.addFrequent(table, mask, limit, hashes, validity, weights, from, list.length);
          if (from === list.length) break;
          kernels.shrinkFrequent(table, mask, scratch);
        }
        const counted = list
          .filter((row) => !(hasNulls && row.isNull))
          .map((row) => ({ hash: row.hash, weight: hasWeights ? row.weight : 1 }));
        const expected = countFrequent(counted, limit);
        const [used, taken] = memory.readU32(table, 2);
        const slots = memory.readU32(table + 16, (mask + 1) * 2);
        const found = new Map<number, number>();
        for (let slot = 0; slot <= mask; slot++) {
          if (slots[slot * 2 + 1] !== 0) found.set(slots[slot * 2]!, slots[slot * 2 + 1]!);
        }
        assert.equal(used, expected.counts.size);
        assert.equal(taken, expected.taken);
        assert.deepEqual(new Map([...found].sort()), new Map([...expected.counts].sort()));
        // What Misra and Gries promise.
        for (const value of new Set(counted.map((row) => row.hash))) {
          const truth = counted.reduce((sum, row) => sum + (row.hash === value ? row.weight : 0), 0);
          const count = found.get(value) ?? 0;
          assert.ok(count <= truth && truth <= count + taken!);
        }
      },
    ),
    200,
  );
});

test('the value of a rank', () => {
  check(
    fc.property(fc.array(hash, { minLength: 1, maxLength: 100 }), fc.nat(), (values, seed) => {
      const rank = seed % values.length;
      const sorted = [...values].sort((left, right) => left - right);
      assert.equal(kernels.valueOfRank(memory.u32(values), values.length, rank) >>> 0, sorted[rank]);
    }),
    300,
  );
});

test('codes are counted', () => {
  const coded = fc.array(fc.record({ code: fc.nat(9), isNull: fc.boolean() }), { maxLength: 100 });
  check(
    fc.property(coded, fc.boolean(), (list, hasNulls) => {
      const codes = list.map((row) => row.code);
      const validity = hasNulls ? list.map((row) => (row.isNull ? 0 : 1)) : undefined;
      const counts = cleared(40);
      const nulls = kernels.countCodes(memory.u32(codes), validity ? memory.bytes(validity) : 0, list.length, counts);
      assert.deepEqual({ counts: memory.readU32(counts, 10), nulls }, countCodes(codes, validity, 10));
    }),
  );
});

test('rows are picked by priority, up to a limit', () => {
  const seed = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const threshold = fc.oneof(fc.nat(2 ** 31), fc.constant(2 ** 31));
  check(
    fc.property(seed, fc.nat(2 ** 30), threshold, fc.nat(50), fc.nat(200), fc.nat(60), (...drawn) => {
      const [key, firstRow, below, from, count, limit] = drawn;
      const picks = memory.output(limit * 4);
      const priorities = memory.output(limit * 4);
      const picked = kernels.pickSampleRows(key, BigInt(firstRow), below, from, count, limit, picks, priorities);
      const expected = Array.from({ length: count }, (_, row) => row)
        .filter((row) => row >= from && priorityOf(key, BigInt(firstRow + row)) < below)
        .slice(0, limit);
      assert.deepEqual(memory.readU32(picks, picked), expected);
      assert.deepEqual(
        memory.readU32(priorities, picked),
        expected.map((row) => priorityOf(key, BigInt(firstRow + row))),
      );
      const kept = memory.output(picked * 4 + 4);
      const middle = below >>> 1;
      const selected = kernels.selectSampleRows(priorities, middle, picked, kept);
      const all = memory.readU32(priorities, picked);
      assert.deepEqual(
        memory.readU32(kept, selected),
        [...all.keys()].filter((at) => all[at]! < middle),
      );
    }),
  );
});

test('values of sampled rows, in every encoding', () => {
  const widths = fc.constantFrom(1, 4, 8, 16, 64);
  check(
    fc.property(widths, fc.nat(20), fc.array(fc.nat(19)), fc.constantFrom('flat', 'codes', 'constant'), (...drawn) => {
      const [width, seed, picks, encoding] = drawn;
      const data = Uint8Array.from({ length: 20 * width }, (_, at) => (at * 7 + seed) & 0xff);
      const list = [...picks].sort((left, right) => left - right);
      const codes = Array.from({ length: 20 }, (_, row) => (row * 3 + seed) % 20);
      const target = memory.output(list.length * width);
      const codesAt = encoding === 'codes' ? memory.u32(codes) : 0;
      const step = encoding === 'constant' ? 0 : 1;
      kernels.takeSampleValues(memory.bytes(data), width, codesAt, step, memory.u32(list), list.length, target);
      const indexOf = (row: number): number => (encoding === 'codes' ? codes[row]! : row * step);
      const expected = list.flatMap((row) => [...data.subarray(indexOf(row) * width, (indexOf(row) + 1) * width)]);
      assert.deepEqual([...memory.readBytes(target, list.length * width)], expected);
    }),
  );
});

test('values are moved together in place', () => {
  check(
    fc.property(fc.uniqueArray(fc.nat(19)), (picks) => {
      const list = picks.sort((left, right) => left - right);
      const data = Uint8Array.from({ length: 20 * 8 }, (_, at) => at);
      const pointer = memory.bytes(data);
      kernels.takeSampleValues(pointer, 8, 0, 1, memory.u32(list), list.length, pointer);
      const expected = list.flatMap((row) => [...data.subarray(row * 8, row * 8 + 8)]);
      assert.deepEqual([...memory.readBytes(pointer, list.length * 8)], expected);
    }),
  );
});

test('texts of sampled rows are cut', () => {
  const texts = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 20 });
  check(
    fc.property(texts, fc.array(fc.nat()), (values, picks) => {
      const list = picks.map((pick) => pick % values.length);
      const target = memory.output(list.length * 20);
      kernels.takeSampleTexts(memory.strings(values), 0, 1, memory.u32(list), list.length, 20, target);
      const expected = list.flatMap((row) => [...textSlot(values[row]!, 20)]);
      assert.deepEqual([...memory.readBytes(target, list.length * 20)], expected);
    }),
  );
});

test('bounds of words', () => {
  const target = (): number => {
    const bounds = scope.allocate(16);
    shared.i64[bounds / 8] = -1n;
    shared.i64[bounds / 8 + 1] = 0n;
    return bounds;
  };
  const boundsOf = (pointer: number): bigint[] => memory.readI64(pointer, 2).map((word) => BigInt.asUintN(64, word));
  const expect = (pointer: number, words: readonly bigint[]): void => {
    const sorted = [...words].sort((left, right) => (left < right ? -1 : 1));
    assert.deepEqual(boundsOf(pointer), [sorted[0] ?? 2n ** 64n - 1n, sorted.at(-1) ?? 0n]);
  };
  const wide = fc.oneof(
    fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  );
  check(
    fc.property(fc.array(wide), fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }), (values, valid) => {
      const present = values.slice(0, 200).filter((_, row) => valid[row]);
      const validity = memory.bytes(valid.map(Number));
      const count = Math.min(200, values.length);
      let bounds = target();
      const halves = values.flatMap((value) => [BigInt.asIntN(64, value), BigInt.asIntN(64, value >> 64n)]);
      kernels.widenBounds(5, memory.i64(halves), validity, count, bounds);
      expect(bounds, present.map(wordOfInteger));
      bounds = target();
      kernels.widenBounds(2, memory.i64(values.map((value) => BigInt.asIntN(64, value))), validity, count, bounds);
      expect(
        bounds,
        present.map((value) => wordOfInteger(BigInt.asIntN(64, value))),
      );
      bounds = target();
      const small = memory.u32(values.map((value) => Number(BigInt.asUintN(32, value))));
      kernels.widenBounds(1, small, validity, count, bounds);
      expect(
        bounds,
        present.map((value) => wordOfInteger(BigInt.asIntN(32, value))),
      );
    }),
  );
  check(
    fc.property(fc.array(fc.double(), { maxLength: 50 }), (values) => {
      const data = scope.allocate(values.length * 8);
      shared.f64.set(values, data / 8);
      const bounds = target();
      kernels.widenBounds(4, data, 0, values.length, bounds);
      expect(bounds, values.map(wordOfFloat));
      const single = scope.allocate(values.length * 4);
      shared.f32.set(values, single / 4);
      const singleBounds = target();
      kernels.widenBounds(3, single, 0, values.length, singleBounds);
      expect(
        singleBounds,
        values.map((value) => wordOfFloat(Math.fround(value))),
      );
    }),
  );
  check(
    fc.property(fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 50 }), fc.array(fc.nat(1)), (texts, flags) => {
      const bounds = target();
      kernels.widenBounds(6, memory.strings(texts), 0, texts.length, bounds);
      expect(bounds, texts.map(wordOfText));
      const booleans = target();
      kernels.widenBounds(0, memory.bytes(flags), 0, flags.length, booleans);
      expect(
        booleans,
        flags.map((flag) => wordOfInteger(BigInt(flag))),
      );
    }),
  );
});
