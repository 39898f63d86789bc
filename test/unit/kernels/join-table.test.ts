import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinKeys, otherRows, rotateHash, splitDeferred } from '../../../src/kernels/reference/join-table.js';
import { KernelMemory } from './kernel-memory.js';
import { keysOf } from './key-arbitraries.js';
import { keyText, RowBlocks } from './row-blocks.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

function check<Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>, numRuns = 200): void {
  fc.assert(
    property.afterEach(() => scope.reset()),
    { numRuns },
  );
}

const shapes = fc.record({
  shape: keysOf(80),
  // Of 0 bits: one head, as for joins without keys.
  bits: fc.constantFrom(0, 5, 9),
  mask: fc.constantFrom(0, 0xf800_0003, 0xffff_ffff),
  cut: fc.nat(80),
});

test('probe rows find the build rows of the twin', () => {
  check(
    fc.property(shapes, fc.boolean(), ({ shape: { keys, wordCount, stringCount }, bits, mask, cut }, selects) => {
      const [buildKeys, probeKeys] = [keys.slice(0, cut), keys.slice(cut)];
      const blocks = new RowBlocks(memory, wordCount, stringCount, 0, 32);
      const build = blocks.append(buildKeys, blocks.crowdedHashes(buildKeys, mask));
      const shift = 32 - bits;
      const heads = scope.allocateCleared(8 * 2 ** bits);
      const half = buildKeys.length >> 1;
      kernels.insertJoinRows(heads, shift, build.pointer, half);
      kernels.insertJoinRows(heads, shift, build.pointer + half * 4, buildKeys.length - half);

      const selected = probeKeys.map((_, row) => row).filter((row) => !selects || row % 3 !== 1);
      const count = selected.length;
      const packed = blocks.pack(probeKeys);
      const hashes = memory.u32(blocks.crowdedHashes(probeKeys, mask));
      // One more than rows: kernels write before they know whether a row stays.
      const [probeRows, chains, matchedProbe, matchedRows] = [0, 1, 2, 3].map(() => memory.output(count * 4 + 4)) as [
        number,
        number,
        number,
        number,
      ];
      const remaining = memory.output(4);
      const selection = selects ? memory.u32(selected) : 0;
      let candidates = kernels.findCandidates(heads, shift, hashes, selection, count, probeRows, chains);
      const found: [number, number][] = [];
      while (candidates > 0) {
        const matches = kernels.matchCandidates(
          hashes,
          packed,
          blocks.keyBytes,
          blocks.keyOffset,
          blocks.fixedBytes,
          stringCount,
          probeRows,
          chains,
          candidates,
          matchedProbe,
          matchedRows,
          remaining,
        );
        const rows = memory.readU32(matchedRows, matches);
        const pairs = memory.readU32(matchedProbe, matches).map((row, index): [number, number] => [row, rows[index]!]);
        found.push(...pairs);
        candidates = shared.u32[remaining / 4]!;
      }
      const expected = joinKeys(probeKeys.map(keyText), buildKeys.map(keyText))
        .filter(([row]) => selected.includes(row))
        .map(([row, match]): [number, number] => [row, build.rows[match]!]);
      assert.deepEqual(found.map(String).sort(), expected.map(String).sort());
      blocks.free();
    }),
  );
});

const wholeNumbers = fc.record({
  // Around the least number that has a sign bit of 4 bytes, and around 0.
  least: fc.constantFrom(-5n, 2n ** 31n - 8n, -(2n ** 31n), 2n ** 40n),
  // NULL is a key that no row of the probe side has.
  build: fc.array(fc.option(fc.nat(11), { freq: 6 }), { maxLength: 40 }),
  probe: fc.array(fc.integer({ min: -3, max: 15 }), { maxLength: 40 }),
  width: fc.constantFrom(4, 8),
  form: fc.constantFrom('flat', 'dictionary', 'constant'),
  selects: fc.boolean(),
});

test('an index by key finds the build rows of the twin, for keys outside of its range as well', () => {
  check(
    fc.property(wholeNumbers, ({ least, build, probe, width, form, selects }) => {
      const wrap = (number: number): bigint => {
        const value = least + BigInt(number);
        return width === 4 ? BigInt.asIntN(32, value) : value;
      };
      const first = wrap(0);
      // A range of 4 bytes that would wrap around is none.
      if (wrap(15) < first || wrap(-3) > first) return;
      const write = (values: readonly bigint[]): number => {
        const at = memory.output(values.length * 8 + 8);
        for (const [i, value] of values.entries()) {
          if (width === 4) shared.i32[at / 4 + i] = Number(value);
          else shared.i64[at / 8 + i] = value;
        }
        return at;
      };
      // Rows of 24 bytes: hash, next, key, validity.
      const rows = memory.output(build.length * 24 + 8);
      const pointers = memory.u32(build.map((_, row) => rows + row * 24));
      for (const [row, key] of build.entries()) {
        if (width === 4) shared.i32[(rows + row * 24 + 8) / 4] = Number(wrap(key ?? 0));
        else shared.i64[(rows + row * 24 + 8) / 8] = wrap(key ?? 0);
        shared.u8[rows + row * 24 + 16] = key === null ? 0 : 1;
      }
      const size = 12;
      const heads = scope.allocateCleared(size * 4);
      const half = build.length >> 1;
      const validity = build.includes(null) ? 16 : 0;
      const repeats =
        kernels.insertIndexedRows(heads, first, 8, width, validity, pointers, half) +
        kernels.insertIndexedRows(heads, first, 8, width, validity, pointers + half * 4, build.length - half);
      const present = build.filter((key) => key !== null);
      assert.equal(repeats, present.length - new Set(present).size);

      const numbers = form === 'constant' ? probe.map(() => probe[0]!) : probe;
      const entries = [...new Set(numbers)];
      const values = write((form === 'dictionary' ? entries : numbers).map(wrap));
      const codes = form === 'dictionary' ? memory.u32(numbers.map((number) => entries.indexOf(number))) : 0;
      const selected = probe.map((_, row) => row).filter((row) => !selects || row % 3 !== 1);
      const selection = selects ? memory.u32(selected) : 0;
      const [probeRows, chains, matchedProbe, matchedRows] = [0, 1, 2, 3].map(() =>
        memory.output(selected.length * 4 + 4),
      ) as [number, number, number, number];
      const remaining = memory.output(4);
      const step = form === 'constant' ? 0 : 1;
      let candidates = kernels.findPlaces(
        heads,
        first,
        size,
        values,
        codes,
        step,
        width,
        selection,
        selected.length,
        probeRows,
        chains,
      );
      kernels.gather4(heads, chains, candidates, chains);
      const found: [number, number][] = [];
      while (candidates > 0) {
        kernels.stepIndexed(probeRows, chains, candidates, matchedProbe, matchedRows, remaining);
        const matches = memory.readU32(matchedRows, candidates);
        found.push(
          ...memory
            .readU32(matchedProbe, candidates)
            .map((row, i): [number, number] => [row, (matches[i]! - rows) / 24]),
        );
        candidates = shared.u32[remaining / 4]!;
      }
      const expected = joinKeys(numbers.map(String), build.map(String)).filter(([row]) => selected.includes(row));
      assert.deepEqual(found.map(String).sort(), expected.map(String).sort());
    }),
  );
});

test('marks of probe rows and of build rows', () => {
  const candidates = fc.array(fc.tuple(fc.nat(19), fc.nat(1000)), { maxLength: 40 });
  check(
    fc.property(candidates, fc.uniqueArray(fc.nat(19)), fc.boolean(), (pairs, marked, selects) => {
      const rowCount = 20;
      const marks = scope.allocateCleared(rowCount);
      const isMarked = (row: number): boolean => shared.u8[marks + row] === 1;
      // With a selection: its entries are places in the list of rows.
      const places = marked.map((_, index) => index).reverse();
      const rows = memory.u32(marked);
      assert.equal(kernels.markRows(rows, selects ? memory.u32(places) : 0, marked.length, marks), 0);
      assert.equal(kernels.markRows(rows, 0, marked.length, marks), marked.length);
      assert.deepEqual(
        otherRows([], rowCount).filter(isMarked),
        [...marked].sort((a, b) => a - b),
      );
      const selection = memory.output(rowCount * 4 + 4);
      for (const wanted of [0, 1]) {
        const count = kernels.selectMarked(marks, wanted, rowCount, selection);
        const expected = otherRows([], rowCount).filter((row) => marked.includes(row) === (wanted === 1));
        assert.deepEqual(memory.readU32(selection, count), expected);
      }
      const probeRows = memory.u32(pairs.map(([row]) => row));
      const chains = memory.u32(pairs.map(([, chain]) => chain));
      const staying = kernels.dropMarked(probeRows, chains, pairs.length, marks);
      const expected = pairs.filter(([row]) => !marked.includes(row));
      const left = memory.readU32(chains, staying);
      assert.deepEqual(
        memory.readU32(probeRows, staying).map((row, index) => [row, left[index]]),
        expected,
      );

      const build = memory.output(rowCount * 8);
      const addresses = memory.u32(otherRows([], rowCount).map((row) => build + row * 8));
      shared.u8.fill(0, build, build + rowCount * 8);
      const some = memory.u32(marked.map((row) => build + row * 8));
      kernels.markBuildRows(some, marked.length, 3, 0, 0);
      const markedRows = (): number[] => otherRows([], rowCount).filter((row) => shared.u8[build + row * 8 + 3] === 1);
      const ascending = [...marked].sort((left, right) => left - right);
      assert.deepEqual(markedRows(), ascending);
      const again = memory.output(rowCount + 64);
      kernels.clearBytes(again, rowCount);
      kernels.markBuildRows(addresses, rowCount, 3, memory.u32(otherRows([], rowCount)), again);
      assert.deepEqual(markedRows(), otherRows([], rowCount));
      assert.deepEqual(
        otherRows([], rowCount).filter((row) => shared.u8[again + row] === 1),
        ascending,
        'probe rows that found a marked row are marked',
      );
      assert.ok(memory.readBytes(again + rowCount, 64).every((byte) => byte === 0xaa));
    }),
  );
});

test('rows that a selection leaves out are marked, or cleared', () => {
  check(
    fc.property(fc.uniqueArray(fc.nat(29)), fc.nat(30), (rows, count) => {
      const selected = rows.filter((row) => row < count).sort((a, b) => a - b);
      const selection = memory.u32(selected);
      const marks = memory.output(count + 64);
      kernels.clearBytes(marks, count);
      kernels.markInvalid(selection, selected.length, count, marks);
      const left = otherRows(selected, count);
      const flags = Array.from({ length: count }, (_, row) => (left.includes(row) ? 1 : 0));
      assert.deepEqual([...memory.readBytes(marks, count)], flags);
      shared.u8.fill(1, marks, marks + count);
      kernels.clearInvalid(selection, selected.length, count, marks);
      assert.deepEqual(
        [...memory.readBytes(marks, count)],
        flags.map((flag) => 1 - flag),
      );
      assert.ok(memory.readBytes(marks + count, 64).every((byte) => byte === 0xaa));
    }),
  );
});

test('rows of deferred partitions are told from the others, and hashes turned', () => {
  const hashes = fc.array(fc.nat(0xffff_ffff), { maxLength: 60 });
  check(
    fc.property(hashes, fc.nat(0xffff_ffff), fc.integer({ min: 0, max: 31 }), (values, mask, bits) => {
      const pointer = memory.u32(values);
      const [near, far] = [memory.output(values.length * 4 + 4), memory.output(values.length * 4 + 4)];
      const nearCount = kernels.splitDeferred(pointer, mask, values.length, near, far);
      const expected = splitDeferred(values, mask);
      assert.deepEqual(memory.readU32(near, nearCount), expected.near);
      assert.deepEqual(memory.readU32(far, values.length - nearCount), expected.far);
      kernels.rotateHashes(pointer, bits, values.length);
      assert.deepEqual(
        memory.readU32(pointer, values.length),
        values.map((value) => rotateHash(value, bits)),
      );
    }),
  );
});
