import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeHybrid } from '../../../src/kernels/reference/hybrid.js';
import * as reference from '../../../src/kernels/reference/parquet-encode.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const bits = fc.array(fc.nat(1), { maxLength: 600 });
/** Runs of equal values, so that both kinds of runs occur. */
const runs = (max: number): fc.Arbitrary<number[]> =>
  fc
    .array(fc.tuple(fc.nat(max), fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 }))), { maxLength: 60 })
    .map((pairs) => pairs.flatMap(([value, length]) => new Array<number>(length).fill(value)));
const strings = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 100 });

function check<Args extends unknown[]>(property: fc.IProperty<Args>): void {
  fc.assert(property, { numRuns: 60 });
  scope.reset();
}

test('encodeHybrid32 writes what its twin writes, nothing beyond, and what can be decoded', () => {
  check(
    fc.property(
      fc.integer({ min: 1, max: 32 }).chain((bitWidth) => fc.tuple(fc.constant(bitWidth), runs(2 ** bitWidth - 1))),
      ([bitWidth, values]) => {
        const source = memory.u32([...values, ...new Array<number>(8).fill(0xffffffff)]);
        const capacity = (values.length * bitWidth) / 8 + values.length / 8 + 64;
        const target = memory.output(capacity);
        const length = kernels.encodeHybrid32(source, values.length, bitWidth, target);
        const encoded = memory.readBytes(target, length);
        assert.ok(length <= capacity);
        assert.deepEqual(encoded, reference.encodeHybrid(values, bitWidth));
        assert.deepEqual(decodeHybrid(encoded, bitWidth, values.length), values);
        assert.deepEqual(memory.readU32(source + values.length * 4, 8), new Array(8).fill(0xffffffff));
      },
    ),
  );
});

test('encodeHybrid32 splits literals that are too many for one header', () => {
  const values = Array.from({ length: 8 * 9000 + 3 }, (_, index) => index % 7);
  const target = memory.output(values.length);
  const length = kernels.encodeHybrid32(memory.u32(values), values.length, 3, target);
  assert.deepEqual(memory.readBytes(target, length), reference.encodeHybrid(values, 3));
  scope.reset();
});

test('encodeHybridBits and packBooleans', () => {
  check(
    fc.property(fc.oneof(bits, runs(1)), (values) => {
      const source = memory.bytes(values);
      const target = memory.output(values.length + 64);
      const length = kernels.encodeHybridBits(source, values.length, target);
      assert.deepEqual(memory.readBytes(target, length), reference.encodeHybrid(values, 1));
      const packed = kernels.packBooleans(source, values.length, target);
      assert.deepEqual([...memory.readBytes(target, packed)], reference.packBits(values, 1));
    }),
  );
});

test('levels of nested columns: encodeHybridBytes, countBytes and nextRowEntry', () => {
  const cases = fc
    .integer({ min: 1, max: 8 })
    .chain((bitWidth) => fc.tuple(fc.constant(bitWidth), runs(2 ** bitWidth - 1)));
  check(
    fc.property(cases, fc.nat(), ([bitWidth, values], from) => {
      const source = memory.bytes(values);
      const capacity = (values.length * bitWidth) / 8 + values.length / 8 + 64;
      const target = memory.output(capacity);
      const length = kernels.encodeHybridBytes(source, values.length, bitWidth, target);
      assert.ok(length <= capacity);
      assert.deepEqual(memory.readBytes(target, length), reference.encodeHybrid(values, bitWidth));
      const wanted = values[0] ?? 1;
      assert.equal(
        kernels.countBytes(source, values.length, wanted),
        values.filter((value) => value === wanted).length,
      );
      const start = from % (values.length + 1);
      const found = values.indexOf(0, start);
      assert.equal(kernels.nextRowEntry(source, start, values.length), found < 0 ? values.length : found);
    }),
  );
  const many = Array.from({ length: 8 * 9000 + 3 }, (_, index) => index % 7);
  const target = memory.output(many.length);
  const length = kernels.encodeHybridBytes(memory.bytes(many), many.length, 3, target);
  assert.deepEqual(memory.readBytes(target, length), reference.encodeHybrid(many, 3));
  scope.reset();
});

test('collectPositions', () => {
  check(
    fc.property(bits, fc.boolean(), fc.boolean(), fc.array(fc.nat()), (validity, hasCodes, hasNulls, picks) => {
      const codes = validity.map((_, row) => row * 3 + 1);
      const selection = validity.length === 0 ? [] : picks.map((pick) => pick % validity.length);
      const from = Math.min(3, validity.length);
      const rows = validity.map((_, row) => row).slice(from);
      const codesPointer = hasCodes ? memory.u32(codes) : 0;
      const validityPointer = hasNulls ? memory.bytes(validity) : 0;
      const target = memory.output(4 * (validity.length + selection.length + 1));
      const twin = (wanted: number[]): number[] =>
        reference.collectPositions(hasCodes ? codes : undefined, hasNulls ? validity : undefined, wanted);
      const ranged = kernels.collectPositions(codesPointer, validityPointer, 0, from, rows.length, target);
      assert.deepEqual(memory.readU32(target, ranged), twin(rows));
      const selected = memory.u32(selection);
      const found = kernels.collectPositions(codesPointer, validityPointer, selected, 0, selection.length, target);
      assert.deepEqual(memory.readU32(target, found), twin(selection));
    }),
  );
});

test('strings become PLAIN, and pages are cut between them', () => {
  check(
    fc.property(strings, bits, fc.nat(200), (values, moreLevels, limit) => {
      const views = memory.strings(values);
      const plain = reference.writePlainStrings(values);
      assert.equal(kernels.plainStringBytes(views, 0, values.length), plain.length);
      const target = memory.output(plain.length);
      kernels.writePlainStrings(views, 0, values.length, target);
      assert.deepEqual(memory.readBytes(target, plain.length), plain);

      const backwards = values.map((_, index) => values.length - 1 - index);
      const positions = memory.u32(backwards);
      const reversed = memory.output(plain.length);
      kernels.writePlainStrings(views, positions, values.length, reversed);
      assert.deepEqual(memory.readBytes(reversed, plain.length), reference.writePlainStrings([...values].reverse()));

      const offsets = memory.u32(values.map((_, index) => reference.writePlainStrings(values.slice(0, index)).length));
      const entries = memory.output(plain.length);
      assert.equal(kernels.plainEntryBytes(target, offsets, positions, values.length), plain.length);
      kernels.writePlainEntries(target, offsets, positions, values.length, entries);
      assert.deepEqual(memory.readBytes(entries, plain.length), memory.readBytes(reversed, plain.length));

      // As many ones as there are strings.
      const levels = [...values.flatMap((_, index) => (moreLevels[index] === 0 ? [0, 1] : [1])), 0];
      const cut = memory.output(12);
      const repetitions = levels.map((_, entry) => (moreLevels[entry * 2] === 0 && entry > 0 ? 1 : 0));
      for (const [definition, within] of [
        [1, levels.map(() => 0)],
        [4, repetitions],
      ] as const) {
        const raised = levels.map((level) => (level === 1 ? definition : 0));
        const [source, begins] = [memory.bytes(raised), definition === 1 ? 0 : memory.bytes(within)];
        kernels.cutPlainStrings(target, source, definition, begins, levels.length, limit, cut);
        const {
          entries: count,
          values: found,
          bytes,
        } = reference.cutPlainStrings(values, raised, definition, within, limit);
        assert.deepEqual(memory.readU32(cut, 3), [count, found, bytes]);
      }
      scope.reset();
    }),
  );
});

test('values change into what Parquet stores', () => {
  const wide = fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n });
  check(
    fc.property(fc.array(wide, { maxLength: 50 }), fc.array(fc.integer(), { maxLength: 50 }), (decimals, integers) => {
      const source = memory.i64(decimals.flatMap((value) => [BigInt.asIntN(64, value), value >> 64n]));
      const target = memory.output(decimals.length * 16);
      kernels.reverseBytes16(source, decimals.length, target);
      for (const [index, value] of decimals.entries()) {
        const hex = Buffer.from(memory.readBytes(target + index * 16, 16)).toString('hex');
        assert.equal(BigInt.asIntN(128, BigInt(`0x${hex}`)), value);
      }
      const narrow = memory.output(integers.length * 4);
      kernels.narrowI64(memory.i64(integers.map(BigInt)), integers.length, narrow);
      assert.deepEqual([...shared.i32.subarray(narrow / 4, narrow / 4 + integers.length)], integers);
      scope.reset();
    }),
  );
});
