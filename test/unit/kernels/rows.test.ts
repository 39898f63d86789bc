import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BLOCK_HEADER_BYTES } from '../../../src/exec/rows/row-layout.js';
import {
  columnValues,
  hashKeyReference,
  heapBytes,
  keyOfFloat,
  keyOfInterval,
  selectValid,
} from '../../../src/kernels/reference/rows.js';
import { CHUNK_BYTES } from '../../../src/vector/shared-memory.js';
import { BATCH_ROWS } from '../../../src/vector/vector.js';
import { KernelMemory } from './kernel-memory.js';
import { keysOf } from './key-arbitraries.js';
import { keyText, RowBlocks } from './row-blocks.js';
import { byteStrings, f64s } from './value-arbitraries.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

function check<Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>, numRuns = 100): void {
  fc.assert(
    property.afterEach(() => scope.reset()),
    { numRuns },
  );
}

/** Rows of a column: flat, of a dictionary or all the same, with or without NULLs. */
function columns<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<{
  readonly values: readonly Value[];
  readonly encoding: string;
  readonly codes: readonly number[];
  readonly validity: readonly number[] | undefined;
}> {
  return fc
    .record({
      pool: fc.array(value, { minLength: 1, maxLength: 40 }),
      encoding: fc.constantFrom('flat', 'dictionary', 'constant'),
      picks: fc.array(fc.tuple(fc.nat(), fc.nat(1)), { minLength: 1, maxLength: 40 }),
      hasNulls: fc.boolean(),
    })
    .map(({ pool, encoding, picks, hasNulls }) => {
      const rows = encoding === 'flat' ? picks.slice(0, pool.length) : picks;
      const codes = rows.map(([pick], row) =>
        encoding === 'flat' ? row : encoding === 'constant' ? 0 : pick % pool.length,
      );
      return { values: pool, encoding, codes, validity: hasNulls ? rows.map(([, valid]) => valid) : undefined };
    });
}

/** The arguments `codes`, `step` and `validity` of kernels that read columns. */
function sourceOf(column: { encoding: string; codes: readonly number[]; validity: readonly number[] | undefined }) {
  return {
    codes: column.encoding === 'dictionary' ? memory.u32(column.codes) : 0,
    step: column.encoding === 'flat' ? 1 : 0,
    validity: column.validity === undefined ? 0 : memory.bytes(column.validity),
  };
}

const packs = { 1: kernels.pack1, 4: kernels.pack4, 8: kernels.pack8, 16: kernels.pack16 };
const unpacks = { 1: kernels.unpack1, 4: kernels.unpack4, 8: kernels.unpack8, 16: kernels.unpack16 };

for (const width of [1, 4, 8, 16] as const) {
  test(`columns of ${width} bytes go into rows and out of them`, () => {
    check(
      fc.property(columns(fc.uint8Array({ minLength: width, maxLength: width })), fc.nat(3), (column, gap) => {
        const { codes, step, validity } = sourceOf(column);
        const count = column.codes.length;
        const data = memory.bytes(Buffer.concat(column.values));
        const expected = columnValues(column.values, column.codes, column.validity).map((value) => {
          return Buffer.from(value ?? new Uint8Array(width)).toString('hex');
        });
        const stride = width + gap * 8;
        const rows = memory.output(count * stride);
        const read = (pointer: number, distance: number): string[] =>
          expected.map((_, row) => Buffer.from(memory.readBytes(pointer + row * distance, width)).toString('hex'));
        packs[width](data, codes, step, validity, 0, rows, stride, count);
        assert.deepEqual(read(rows, stride), expected);
        // The same by row addresses, in reverse, at an offset.
        const addresses = Array.from({ length: count }, (_, row) => rows + (count - 1 - row) * stride - 4);
        packs[width](data, codes, step, validity, memory.u32(addresses), 4, 0, count);
        assert.deepEqual(read(rows, stride), [...expected].reverse());
        const target = memory.output(count * width);
        unpacks[width](memory.u32(addresses), 4, count, target);
        assert.deepEqual(read(target, width), expected);
      }),
    );
  });
}

test('validity bytes that lie side by side are marked, and looked at together', () => {
  const arbitrary = fc.record({
    columnCount: fc.integer({ min: 1, max: 21 }),
    rowCount: fc.integer({ min: 1, max: 20 }),
    nulls: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 2 }),
  });
  check(
    fc.property(arbitrary, ({ columnCount, rowCount, nulls }) => {
      const stride = 40;
      const rows = memory.output(rowCount * stride);
      shared.u8.fill(0xee, rows, rows + rowCount * stride);
      const addresses = memory.u32(Array.from({ length: rowCount }, (_, row) => rows + row * stride));
      kernels.packAllValid(addresses, 3, columnCount, rowCount);
      const expected = [0xee, 0xee, 0xee, ...Array(columnCount).fill(1), ...Array(stride - 3 - columnCount).fill(0xee)];
      for (let row = 0; row < rowCount; row++)
        assert.deepEqual([...memory.readBytes(rows + row * stride, stride)], expected);
      for (const [row, column] of nulls) {
        shared.u8[rows + (row % rowCount) * stride + 3 + (column % columnCount)] = 0;
      }
      assert.equal(kernels.hasNulls(addresses, 3, columnCount, rowCount), nulls.length > 0 ? 1 : 0);
    }),
  );
});

test('floats as keys', () => {
  check(
    fc.property(columns(f64s), columns(f64s.map(Math.fround)), (wide, narrow) => {
      const target = memory.output(40 * 8);
      const data = scope.allocate(40 * 8);
      const run = (column: typeof wide, pack: typeof kernels.pack8, view: Float32Array | Float64Array): void => {
        const width = view.BYTES_PER_ELEMENT;
        view.set(column.values, data / width);
        const { codes, step, validity } = sourceOf(column);
        pack(data, codes, step, validity, 0, target, width, column.codes.length);
        const expected = columnValues(column.values, column.codes, column.validity);
        for (const [row, value] of expected.entries()) {
          assert.ok(Object.is(view[target / width + row], value === undefined ? 0 : keyOfFloat(value)));
        }
      };
      run(wide, kernels.packKeyF64, shared.f64);
      run(narrow, kernels.packKeyF32, shared.f32);
    }),
  );
  // Every NaN has the same bytes.
  const nans = memory.i64([0x7ff8000000000001n, -1n, 0x7ff0000000000001n]);
  const target = memory.output(24);
  kernels.packKeyF64(nans, 0, 1, 0, 0, target, 8, 3);
  assert.equal(new Set(memory.readI64(target, 3)).size, 1);
  const singles = memory.u32([0x7fc00001, 0xffffffff, 0x7f800001]);
  kernels.packKeyF32(singles, 0, 1, 0, 0, target, 4, 3);
  assert.equal(new Set(memory.readU32(target, 3)).size, 1);
  scope.reset();
});

test('intervals as keys are the same when they last equally long', () => {
  const parts = fc.oneof(fc.integer({ min: -70, max: 70 }), fc.integer({ min: -(10 ** 8), max: 10 ** 8 }));
  const micros = fc.oneof(
    fc.bigInt({ min: -3n, max: 3n }).map((days) => days * 86_400_000_000n),
    fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
  );
  check(
    fc.property(columns(fc.tuple(parts, parts, micros)), (column) => {
      const { codes, step, validity } = sourceOf(column);
      const data = memory.i64(
        column.values.flatMap(([months, days, microseconds]) => [
          BigInt.asIntN(64, (BigInt(days) << 32n) | BigInt.asUintN(32, BigInt(months))),
          microseconds,
        ]),
      );
      const target = memory.output(column.codes.length * 16);
      kernels.packKeyInterval(data, codes, step, validity, 0, target, 16, column.codes.length);
      for (const [row, value] of columnValues(column.values, column.codes, column.validity).entries()) {
        const expected = value === undefined ? [0, 0, 0n] : keyOfInterval(...value);
        const at = target + row * 16;
        assert.deepEqual([shared.i32[at / 4], shared.i32[at / 4 + 1], shared.i64[at / 8 + 1]], expected);
      }
    }),
  );
});

test('string columns go into rows and out of them, and are measured', () => {
  check(
    fc.property(columns(fc.oneof(byteStrings, fc.uint8Array({ minLength: 7, maxLength: 9 }))), (column) => {
      const { codes, step, validity } = sourceOf(column);
      const count = column.codes.length;
      const data = memory.strings(column.values);
      const strings = columnValues(column.values, column.codes, column.validity);
      const sizes = memory.u32(strings.map((_, row) => row));
      const needed = strings.map((string) => heapBytes([string]));
      const sum = kernels.addStringSizes(data, codes, step, validity, sizes, count);
      assert.equal(sum, heapBytes(strings));
      assert.deepEqual(
        memory.readU32(sizes, count),
        needed.map((byteLength, row) => byteLength + row),
      );
      // Rows at the start of a block, their strings behind them.
      const block = shared.allocateChunks(1, shared.createOwner());
      const rows = strings.map((_, row) => block + 24 + row * 16 - 8);
      const heaps = needed.map((_, row) => needed.slice(0, row).reduce((heap, size) => heap + size, block + 1024));
      const heapPointer = memory.u32(heaps);
      kernels.packStrings(data, codes, step, validity, memory.u32(rows), 8, heapPointer, count);
      assert.deepEqual(
        memory.readU32(heapPointer, count),
        heaps.map((start, row) => start + needed[row]!),
      );
      const target = memory.output(count * 16);
      kernels.unpackStrings(memory.u32(rows), 8, count, target);
      for (const [row, string] of strings.entries()) {
        assert.deepEqual(memory.readText(memory.readI128(target + row * 16)), string ?? new Uint8Array(0));
      }
      shared.freeChunks(block, 1);
    }),
  );
});

test('validity', () => {
  const flags = fc.array(fc.nat(1), { minLength: 1, maxLength: 60 });
  check(
    fc.property(flags, fc.array(fc.option(flags, { nil: undefined }), { maxLength: 4 }), (validity, others) => {
      const count = validity.length;
      const rows = memory.output(count * 3);
      const addresses = memory.u32(validity.map((_, row) => rows + row * 3));
      const target = memory.output(count);
      const expectRows = (expected: readonly number[]): void => {
        const hasNulls = kernels.unpackValidity(addresses, 1, count, target);
        assert.deepEqual([...memory.readBytes(target, count)], expected);
        assert.equal(hasNulls, expected.includes(0) ? 1 : 0);
      };
      kernels.packValidity(memory.bytes(validity), 1, 0, rows + 1, 3, count);
      expectRows(validity);
      kernels.packValidity(memory.bytes([0]), 0, addresses, 1, 0, count);
      expectRows(validity.map(() => 0));
      kernels.packValidity(0, 0, addresses, 1, 0, count);
      expectRows(validity.map(() => 1));

      const rowCount = Math.min(count, ...others.map((other) => other?.length ?? count));
      const pointers = memory.u32(others.map((other) => (other === undefined ? 0 : memory.bytes(other))));
      const selection = memory.output(rowCount * 4);
      const selected = kernels.selectValid(pointers, others.length, rowCount, selection);
      assert.deepEqual(memory.readU32(selection, selected), selectValid(others, rowCount));
    }),
  );
});

test('keys are hashed as in the twin', () => {
  check(
    fc.property(keysOf(), ({ keys, wordCount, stringCount }) => {
      const blocks = new RowBlocks(memory, wordCount, stringCount, 0, 1);
      const hashes = memory.output(keys.length * 4);
      kernels.hashKeys(blocks.pack(keys), blocks.keyBytes, blocks.fixedBytes, stringCount, hashes, keys.length);
      assert.deepEqual(
        memory.readU32(hashes, keys.length),
        keys.map(({ words, strings }) => hashKeyReference(words, strings)),
      );
    }),
    200,
  );
});

test('rows are allocated by partition, hold their keys, and are listed in order', () => {
  check(
    fc.property(
      keysOf(),
      fc.constantFrom(1, 4, 32),
      fc.constantFrom(0, 16, 9000),
      (shape, partitionCount, stateBytes) => {
        const { keys, wordCount, stringCount } = shape;
        const blocks = new RowBlocks(memory, wordCount, stringCount, stateBytes, partitionCount);
        const hashes = keys.map(({ words, strings }) => hashKeyReference(words, strings));
        const { rows, pointer } = blocks.append(keys, hashes);
        assert.deepEqual(blocks.read(pointer, keys.length).map(keyText), keys.map(keyText));
        for (const [index, row] of rows.entries()) {
          assert.deepEqual(memory.readU32(row, 2), [hashes[index], 0]);
        }
        const listed: number[] = [];
        for (const block of blocks.blocks) {
          const target = memory.output(keys.length * 4);
          const half = kernels.listRows(block, BLOCK_HEADER_BYTES, blocks.stride, 0, 3, target);
          const rest = kernels.listRows(block, BLOCK_HEADER_BYTES, blocks.stride, half, BATCH_ROWS, target + half * 4);
          const ofBlock = memory.readU32(target, half + rest);
          const partitions = ofBlock.map((row) => (shared.u32[row / 4]! >>> 27) & (partitionCount - 1));
          assert.ok(new Set(partitions).size <= 1);
          assert.ok(ofBlock.every((row, index) => row === block + BLOCK_HEADER_BYTES + index * blocks.stride));
          const [end, heap] = memory.readU32(block + 8, 2) as [number, number];
          assert.ok(
            end === BLOCK_HEADER_BYTES + ofBlock.length * blocks.stride && end <= heap && heap <= 2 * CHUNK_BYTES,
          );
          listed.push(...ofBlock);
        }
        assert.deepEqual([...listed].sort(), [...rows].sort());
        const inPartition = Array.from({ length: partitionCount }, (_, partition) => {
          return hashes.filter((hash) => ((hash >>> 27) & (partitionCount - 1)) === partition).length;
        });
        assert.deepEqual(
          inPartition,
          inPartition.map((_, partition) => shared.u32[blocks.table / 4 + partition * 4 + 1]),
        );
        const moved = memory.output(rows.length * 4);
        kernels.offsetPointers(pointer, 40, rows.length, moved);
        assert.deepEqual(
          memory.readU32(moved, rows.length),
          rows.map((row) => row + 40),
        );
        blocks.free();
      },
    ),
  );
});
