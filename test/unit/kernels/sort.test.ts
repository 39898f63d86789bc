import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BLOCK_HEADER_BYTES } from '../../../src/exec/rows/row-layout.js';
import { compareBytes, compareDoubles, compareIntervals } from '../../../src/kernels/reference/compare.js';
import type { ReferenceInterval } from '../../../src/kernels/reference/format.js';
import { compareRows, mergeRows, type SortKey, sortRows } from '../../../src/kernels/reference/sort.js';
import { CHUNK_BYTES } from '../../../src/vector/shared-memory.js';
import { KernelMemory } from './kernel-memory.js';
import { byteStrings, f64s, fromInterval, i32s, i64s, i128s, intervals } from './value-arbitraries.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const { view } = shared;

/** A row: header, then 16 bytes a key, then a validity byte a key. */
const KEY_COUNT = 3;
const HEADER_BYTES = 8;
const VALIDITY = HEADER_BYTES + KEY_COUNT * 16;
const STRIDE = VALIDITY + 8;

/** What a kind of key has for values, how they compare, and how they are written into a row. */
interface Kind<Value> {
  readonly values: fc.Arbitrary<Value>;
  readonly compare: (left: Value, right: Value) => number;
  readonly write: (at: number, value: Value) => void;
}

function kind<Value>(values: Kind<Value>['values'], compare: Kind<Value>['compare'], write: Kind<Value>['write']) {
  return { values, compare, write } as unknown as Kind<unknown>;
}

const natural = <Value>(left: Value, right: Value): number => (left < right ? -1 : left > right ? 1 : 0);

function write128(at: number, value: bigint): void {
  view.setBigUint64(at, BigInt.asUintN(64, value), true);
  view.setBigInt64(at + 8, BigInt.asIntN(64, value >> 64n), true);
}

/** Where the next long string goes. */
let heap = 0;

const TEXT = kind(byteStrings, compareBytes, (at, value) => {
  const base = at - (at % CHUNK_BYTES);
  shared.u32.set([value.length, value.length > 8 ? heap - base : 0, 0, 0], at / 4);
  shared.u8.set(value.subarray(0, 8), at + 8);
  if (value.length <= 8) return;
  shared.u8.set(value, heap);
  heap += value.length;
});

/** In the order of the kinds of assembly/sort.ts. */
const KINDS: readonly Kind<unknown>[] = [
  kind(fc.nat(1), natural, (at, value) => view.setUint8(at, value)),
  kind(i32s, natural, (at, value) => view.setInt32(at, value, true)),
  kind(i64s, natural, (at, value) => view.setBigInt64(at, value, true)),
  kind(f64s.map(Math.fround), compareDoubles, (at, value) => view.setFloat32(at, value, true)),
  kind(f64s, compareDoubles, (at, value) => view.setFloat64(at, value, true)),
  kind(i128s, natural, (at, value) => write128(at, value)),
  TEXT,
  kind(fc.uint8Array({ minLength: 16, maxLength: 16 }), compareBytes, (at, value) => shared.u8.set(value, at)),
  kind<ReferenceInterval>(intervals, compareIntervals, (at, value) => write128(at, fromInterval(value))),
];

interface Shape {
  readonly keys: readonly (SortKey<unknown> & { readonly kind: number })[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Up to three keys of any kind and direction; rows with few different values, some of them NULL. */
const shapes: fc.Arbitrary<Shape> = fc
  .array(fc.record({ kind: fc.nat(KINDS.length - 1), descending: fc.boolean(), nullsFirst: fc.boolean() }), {
    minLength: 1,
    maxLength: KEY_COUNT,
  })
  .chain((drawn) => {
    // Few values in all keys but the last, so that rows are equal in some and not in all.
    const pools = drawn.map(({ kind }, key) => {
      return fc.array(KINDS[kind]!.values, { minLength: 1, maxLength: key === drawn.length - 1 ? 40 : 3 });
    });
    const picks = fc.array(fc.nat(), { minLength: drawn.length, maxLength: drawn.length });
    return fc.tuple(fc.tuple(...pools), fc.array(picks, { maxLength: 100 })).map(([values, rows]) => ({
      keys: drawn.map((key) => ({ ...key, compare: KINDS[key.kind]!.compare })),
      rows: rows.map((cells) =>
        cells.map((pick, key) => (pick % 7 === 0 ? undefined : values[key]![pick % values[key]!.length])),
      ),
    }));
  });

function writeDescriptor(keys: Shape['keys']): number {
  const fields = keys.flatMap(({ kind, descending, nullsFirst }, key) => {
    return [HEADER_BYTES + key * 16, VALIDITY + key, kind, (descending ? 1 : 0) | (nullsFirst ? 2 : 0)];
  });
  return memory.u32([keys.length, ...fields]);
}

/** The addresses of rows, in one block; NULLs have any bytes. */
function writeRows(block: number, { keys, rows }: Shape): number[] {
  shared.u8.fill(0x5a, block, block + CHUNK_BYTES);
  heap = block + rows.length * STRIDE;
  return rows.map((cells, row) => {
    const address = block + row * STRIDE;
    for (const [key, cell] of cells.entries()) {
      shared.u8[address + VALIDITY + key] = cell === undefined ? 0 : 1;
      if (cell !== undefined) KINDS[keys[key]!.kind]!.write(address + HEADER_BYTES + key * 16, cell);
    }
    return address;
  });
}

const owner = shared.createOwner();
const block = shared.allocateChunks(1, owner);

function sorted(descriptor: number, addresses: readonly number[]): number {
  const count = addresses.length;
  const entries = memory.output(count * 16);
  const scratch = memory.output(count * 16 + 1024);
  kernels.makeSortEntries(descriptor, memory.u32(addresses), count, entries);
  const result = kernels.sortEntries(descriptor, entries, scratch, count) >>> 0;
  assert.ok(result === entries || result === scratch);
  return result;
}

function rowsOf(entries: number, count: number): number[] {
  const rows = memory.output(count * 4);
  kernels.entryRows(entries, count, rows);
  return memory.readU32(rows, count);
}

test('rows are sorted as in the twin, equal ones in their order', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const addresses = writeRows(block, shape);
      const result = sorted(writeDescriptor(shape.keys), addresses);
      const expected = sortRows(shape.keys, shape.rows).map((row) => addresses[row]);
      assert.deepEqual(rowsOf(result, addresses.length), expected);
      scope.reset();
    }),
    { numRuns: 500 },
  );
});

test('many rows are sorted as few are', () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1024, max: 3000 }), fc.integer(), (shape, count, seed) => {
      fc.pre(shape.rows.length > 1);
      const addresses = writeRows(block, shape);
      // Rows come up again and again, in no order.
      const picked = Array.from({ length: count }, (_, i) => Math.imul(i + 1, seed | 1) >>> 5).map(
        (number) => number % addresses.length,
      );
      const result = sorted(
        writeDescriptor(shape.keys),
        picked.map((row) => addresses[row]!),
      );
      const rows = picked.map((row) => shape.rows[row]!);
      const expected = sortRows(shape.keys, rows).map((place) => addresses[picked[place]!]);
      assert.deepEqual(rowsOf(result, count), expected);
      scope.reset();
    }),
    { numRuns: 200 },
  );
});

test('texts that begin with each other are sorted as in the twin, however long', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(Array.from({ length: 110 }, (_, i) => 5 + i * 7)),
      fc.boolean(),
      (lengths, descending) => {
        const keys = [{ kind: 6, descending, nullsFirst: false, compare: KINDS[6]!.compare }];
        const rows = lengths.map((length) => [new Uint8Array(length).fill(97)]);
        const addresses = writeRows(block, { keys, rows });
        const expected = sortRows(keys, rows).map((row) => addresses[row]);
        assert.deepEqual(rowsOf(sorted(writeDescriptor(keys), addresses), addresses.length), expected);
        scope.reset();
      },
    ),
    { numRuns: 50 },
  );
});

test('the entries of a list that come before another are counted', () => {
  const chunks = shared.allocateChunks(1, owner);
  fc.assert(
    fc.property(shapes, fc.nat(), fc.boolean(), (shape, pick, withEqual) => {
      fc.pre(shape.rows.length > 0);
      const addresses = writeRows(block, shape);
      const descriptor = writeDescriptor(shape.keys);
      const row = shape.rows[pick % shape.rows.length]!;
      const entry = sorted(descriptor, [addresses[pick % shape.rows.length]!]);
      const list = memory.u32([addresses.length, chunks]);
      const entries = sorted(descriptor, addresses);
      shared.u8.copyWithin(chunks, entries, entries + addresses.length * 16);
      const expected = shape.rows.filter((other) => {
        const order = compareRows(shape.keys, other, row);
        return order < 0 || (order === 0 && withEqual);
      });
      assert.equal(kernels.countBefore(descriptor, list, entry, withEqual ? 1 : 0), expected.length);
      scope.reset();
    }),
    { numRuns: 500 },
  );
});

/** Where an input has what it is given piece by piece. */
interface Input {
  /** Rows in order: their addresses. */
  readonly rows: readonly number[];
  /** Given as rows that lie side by side, in a block of their own, instead of as entries. */
  readonly isBlock: boolean;
}

const MERGE_HEADER_BYTES = 16;
const NONE = 0xffff_ffff;

/** Merges by the kernels; pieces of inputs and of the output have few rows. Returns the rows that came out. */
function merged(descriptor: number, inputs: readonly Input[], piece: number, limit: number): number[] {
  const state = memory.scope.allocateCleared(MERGE_HEADER_BYTES + 48 * Math.max(1, inputs.length));
  const entries = inputs.map(({ rows }) => (rows.length === 0 ? 0 : sorted(descriptor, rows)));
  const given = inputs.map(() => 0);
  const give = (input: number): void => {
    const { rows, isBlock } = inputs[input]!;
    const from = given[input]!;
    const count = Math.min(piece, rows.length - from);
    given[input]! += count;
    const [start, size] = isBlock ? [rows[from] ?? 0, STRIDE] : [entries[input]! + from * 16, 16];
    const at = state + MERGE_HEADER_BYTES + input * 16;
    shared.u32.set(count === 0 ? [0, 0, 0] : [start, start + count * size, isBlock ? STRIDE : 0], at / 4);
  };
  shared.u32.set([inputs.length, NONE], state / 4);
  for (const index of inputs.keys()) give(index);
  kernels.startMerge(descriptor, state);
  const target = memory.output(limit * 16);
  const out: number[] = [];
  for (;;) {
    const count = kernels.mergeRows(descriptor, state, target, limit);
    assert.ok(count <= limit);
    out.push(...rowsOf(target, count));
    const waiting = shared.u32[state / 4 + 1]!;
    if (waiting !== NONE) give(waiting);
    else if (count < limit) return out;
  }
}

test('sorted inputs are merged as in the twin, those of earlier inputs first among equals', () => {
  const cuts = fc.array(fc.record({ length: fc.nat(30), isBlock: fc.boolean() }), { maxLength: 9 });
  fc.assert(
    fc.property(shapes, cuts, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 40 }), (...drawn) => {
      const [shape, lengths, piece, limit] = drawn;
      // Rows of each input lie in order, so that they can also be given as they are.
      const parts: { readonly rows: Shape['rows']; readonly isBlock: boolean }[] = [];
      let taken = 0;
      for (const { length, isBlock } of lengths) {
        const rows = shape.rows.slice(taken, taken + length);
        taken += rows.length;
        parts.push({ rows: sortRows(shape.keys, rows).map((row) => rows[row]!), isBlock });
      }
      const rows = parts.flatMap((part) => part.rows);
      const addresses = writeRows(block, { keys: shape.keys, rows });
      const numbers = rows.map((_, row) => row);
      let from = 0;
      const lists = parts.map((part) => {
        from += part.rows.length;
        return numbers.slice(from - part.rows.length, from);
      });
      const inputs = lists.map((list, index) => ({
        rows: list.map((row) => addresses[row]!),
        isBlock: parts[index]!.isBlock,
      }));
      const expected = mergeRows(lists, (left, right) => compareRows(shape.keys, rows[left]!, rows[right]!));
      const result = merged(writeDescriptor(shape.keys), inputs, piece, limit);
      assert.deepEqual(
        result,
        expected.map((row) => addresses[row]),
      );
      scope.reset();
    }),
    { numRuns: 500 },
  );
});

test('rows are copied until the block is full, strings and all, and their entries point to the copies', () => {
  const target = shared.allocateChunks(1, owner);
  fc.assert(
    fc.property(shapes, fc.nat(8000), (shape, room) => {
      const addresses = writeRows(block, shape);
      // NULLs among texts must be zero bytes, as in all rows of the engine.
      for (const [row, cells] of shape.rows.entries()) {
        for (const [key, cell] of cells.entries()) {
          const at = addresses[row]! + HEADER_BYTES + key * 16;
          if (cell === undefined) shared.u8.fill(0, at, at + 16);
        }
      }
      const texts = shape.keys.flatMap(({ kind }, key) => (KINDS[kind] === TEXT ? [HEADER_BYTES + key * 16] : []));
      const descriptor = writeDescriptor(shape.keys);
      const entries = sorted(descriptor, addresses);
      const before = rowsOf(entries, addresses.length);
      const end = BLOCK_HEADER_BYTES + room;
      shared.u32.set([0, 0, BLOCK_HEADER_BYTES, end, 1], target / 4);
      const strings = memory.u32([texts.length, ...texts]);
      const count = kernels.copySortedRows(entries, addresses.length, STRIDE, strings, target);
      const [, rowCount, top, bottom] = shared.u32.subarray(target / 4, target / 4 + 4);
      assert.equal(rowCount, count);
      assert.equal(top, BLOCK_HEADER_BYTES + count * STRIDE);
      assert.ok(top! <= bottom! && bottom! <= end);
      const after = rowsOf(entries, addresses.length);
      let free = end - BLOCK_HEADER_BYTES;
      for (const [index, row] of before.entries()) {
        const long = texts.map((offset) => bytesOfText(row + offset)).filter((bytes) => bytes.length > 8);
        free -= STRIDE + long.reduce((sum, bytes) => sum + bytes.length, 0);
        assert.equal(index < count, free >= 0, 'as many rows as have room');
        if (index >= count) {
          assert.equal(after[index], row);
          break;
        }
        assert.equal(after[index], target + BLOCK_HEADER_BYTES + index * STRIDE);
        assert.deepEqual(cellsOf(after[index]!, texts), cellsOf(row, texts));
      }
      scope.reset();
    }),
    { numRuns: 500 },
  );
});

/** The bytes of a text in a row. */
function bytesOfText(at: number): Buffer {
  const [byteLength, offset] = [shared.u32[at / 4]!, shared.u32[at / 4 + 1]!];
  const start = byteLength > 8 ? at - (at % CHUNK_BYTES) + offset : at + 8;
  return Buffer.from(shared.u8.slice(start, start + byteLength));
}

/** A row as bytes, the offsets of its texts replaced by their bytes. */
function cellsOf(row: number, texts: readonly number[]): string[] {
  const bytes = Buffer.from(shared.u8.slice(row, row + STRIDE));
  for (const offset of texts) bytes.writeUInt32LE(0, offset + 4);
  return [bytes.toString('hex'), ...texts.map((offset) => bytesOfText(row + offset).toString('hex'))];
}
