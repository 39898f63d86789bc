import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBytes, compareDoubles, compareIntervals } from '../../../src/kernels/reference/compare.js';
import type { ReferenceInterval } from '../../../src/kernels/reference/format.js';
import { type SortKey, sortRows } from '../../../src/kernels/reference/sort.js';
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

/** In the order of the kinds of assembly/sort.ts. */
const KINDS: readonly Kind<unknown>[] = [
  kind(fc.nat(1), natural, (at, value) => view.setUint8(at, value)),
  kind(i32s, natural, (at, value) => view.setInt32(at, value, true)),
  kind(i64s, natural, (at, value) => view.setBigInt64(at, value, true)),
  kind(f64s.map(Math.fround), compareDoubles, (at, value) => view.setFloat32(at, value, true)),
  kind(f64s, compareDoubles, (at, value) => view.setFloat64(at, value, true)),
  kind(i128s, natural, (at, value) => write128(at, value)),
  kind(byteStrings, compareBytes, (at, value) => {
    const base = at - (at % CHUNK_BYTES);
    shared.u32.set([value.length, value.length > 8 ? heap - base : 0, 0, 0], at / 4);
    shared.u8.set(value.subarray(0, 8), at + 8);
    if (value.length <= 8) return;
    shared.u8.set(value, heap);
    heap += value.length;
  }),
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
  const scratch = memory.output(Math.max(1, count) * 16);
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

test('sorted rows are merged, the left ones first among equals', () => {
  fc.assert(
    fc.property(shapes, fc.nat(100), (shape, cut) => {
      const addresses = writeRows(block, shape);
      const descriptor = writeDescriptor(shape.keys);
      const [left, right] = [addresses.slice(0, cut), addresses.slice(cut)];
      const target = memory.output(addresses.length * 16);
      kernels.mergeEntries(
        descriptor,
        sorted(descriptor, left),
        left.length,
        sorted(descriptor, right),
        right.length,
        target,
      );
      const expected = sortRows(shape.keys, shape.rows).map((row) => addresses[row]);
      assert.deepEqual(rowsOf(target, addresses.length), expected);
      scope.reset();
    }),
    { numRuns: 200 },
  );
});
