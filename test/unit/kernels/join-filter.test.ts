import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JoinFilterReference, widenBounds } from '../../../src/kernels/reference/join-filter.js';
import { hashKeyReference } from '../../../src/kernels/reference/rows.js';
import { KernelMemory } from './kernel-memory.js';
import { RowBlocks } from './row-blocks.js';

const memory = new KernelMemory();
const { kernels, scope } = memory;

const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const keys = fc.oneof(fc.bigInt({ min: -20n, max: 20n }), i64);
const wordBits = fc.constantFrom(5, 6, 12);
const masks = fc.constantFrom(0, 0x8000_0001, 0xffff_fffe);

function rowsOf(values: readonly bigint[]): { readonly blocks: RowBlocks; readonly pointer: number } {
  const blocks = new RowBlocks(memory, 1, 0, 0, 32);
  const hashes = values.map((value) => hashKeyReference([value], []));
  const { pointer } = blocks.append(
    values.map((value) => ({ words: [value], strings: [] })),
    hashes,
  );
  return { blocks, pointer };
}

const selectRows = (pointer: number, count: number): number[] => memory.readU32(pointer, count);

test('a join filter passes the rows that its twin passes, all matches among them', () => {
  fc.assert(
    fc
      .property(
        fc.array(keys, { maxLength: 60 }),
        fc.array(fc.tuple(keys, fc.boolean()), { maxLength: 60 }),
        wordBits,
        masks,
        fc.boolean(),
        (build, probe, bits, deferred, selects) => {
          const shift = 32 - bits;
          const words = scope.allocateCleared(8 * 2 ** bits);
          const { blocks, pointer } = rowsOf(build);
          kernels.addToJoinFilter(words, shift, pointer, build.length);
          const twin = new JoinFilterReference(shift);
          for (const value of build) twin.add(hashKeyReference([value], []));

          const hashes = probe.map(([value]) => hashKeyReference([value], []));
          const selected = probe.map((_, row) => row).filter((row) => !selects || row % 3 !== 1);
          const expected = selected.filter((row) => twin.passes(hashes[row]!, deferred));
          const target = memory.output(probe.length * 4 + 4);
          const selection = selects ? memory.u32(selected) : 0;
          const count = kernels.selectByJoinFilter(
            words,
            shift,
            memory.u32(hashes),
            selection,
            selected.length,
            deferred,
            target,
          );
          assert.deepEqual(selectRows(target, count), expected);
          const matches = probe.flatMap(([value], row) => (build.includes(value) ? [row] : []));
          assert.ok(matches.every((row) => !selected.includes(row) || expected.includes(row)));

          const values = memory.i64(probe.map(([value]) => value));
          const validity = memory.bytes(probe.map(([, valid]) => (valid ? 1 : 0)));
          const valid = kernels.selectIntegersByJoinFilter(
            words,
            shift,
            values,
            8,
            validity,
            probe.length,
            deferred,
            target,
          );
          const expectedValid = probe.flatMap(([, isValid], row) =>
            isValid && twin.passes(hashes[row]!, deferred) ? [row] : [],
          );
          assert.deepEqual(selectRows(target, valid), expectedValid);
          blocks.free();
        },
      )
      .afterEach(() => scope.reset()),
    { numRuns: 200 },
  );
});

test('integers of four bytes are hashed as the keys of rows are', () => {
  fc.assert(
    fc
      .property(fc.array(fc.integer(), { maxLength: 40 }), wordBits, (values, bits) => {
        const shift = 32 - bits;
        const words = scope.allocateCleared(8 * 2 ** bits);
        const padded = values.map((value) => BigInt.asUintN(32, BigInt(value)));
        const { blocks, pointer } = rowsOf(padded.filter((_, row) => row % 2 === 0));
        kernels.addToJoinFilter(words, shift, pointer, Math.ceil(values.length / 2));
        const twin = new JoinFilterReference(shift);
        for (const [row, value] of padded.entries()) if (row % 2 === 0) twin.add(hashKeyReference([value], []));
        const target = memory.output(values.length * 4 + 4);
        const integers = memory.u32(values.map((value) => value >>> 0));
        const count = kernels.selectIntegersByJoinFilter(words, shift, integers, 4, 0, values.length, 0, target);
        const expected = padded.flatMap((value, row) => (twin.passes(hashKeyReference([value], []), 0) ? [row] : []));
        assert.deepEqual(selectRows(target, count), expected);
        blocks.free();
      })
      .afterEach(() => scope.reset()),
  );
});

test('bounds of keys are widened', () => {
  fc.assert(
    fc
      .property(fc.array(i64, { maxLength: 40 }), fc.tuple(i64, i64), fc.constantFrom(4, 8), (values, known, width) => {
        const stored = width === 8 ? values : values.map((value) => BigInt.asIntN(32, value));
        const { blocks, pointer } = rowsOf(stored);
        const bounds = memory.i64(known);
        kernels.boundRowKeys(pointer, blocks.keyOffset, width, values.length, bounds);
        assert.deepEqual(memory.readI64(bounds, 2), widenBounds(stored, ...known));
        blocks.free();
      })
      .afterEach(() => scope.reset()),
  );
});

test('codes whose entry is flagged', () => {
  const rows = fc.array(fc.tuple(fc.nat(9), fc.boolean()), { maxLength: 50 });
  fc.assert(
    fc
      .property(fc.uniqueArray(fc.nat(9)), rows, fc.boolean(), (entries, codes, hasNulls) => {
        const flags = memory.output(10 + 64);
        kernels.flagRows(memory.u32(entries), entries.length, 10, flags);
        const isFlagged = Array.from({ length: 10 }, (_, entry) => (entries.includes(entry) ? 1 : 0));
        assert.deepEqual([...memory.readBytes(flags, 10)], isFlagged);
        const target = memory.output(codes.length * 4 + 4);
        const validity = hasNulls ? memory.bytes(codes.map(([, valid]) => (valid ? 1 : 0))) : 0;
        const pointer = memory.u32(codes.map(([code]) => code));
        const count = kernels.selectFlaggedCodes(pointer, validity, flags, codes.length, target);
        const expected = codes.flatMap(([code, valid], row) =>
          entries.includes(code) && (valid || !hasNulls) ? [row] : [],
        );
        assert.deepEqual(selectRows(target, count), expected);
      })
      .afterEach(() => scope.reset()),
  );
});
