import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  combineCodes,
  groupsOf,
  mergeGroups,
  numberDistinct,
  selectUnseen,
} from '../../../src/kernels/reference/group-table.js';
import { KernelMemory } from './kernel-memory.js';
import { keysOf } from './key-arbitraries.js';
import { type Key, keyText, RowBlocks } from './row-blocks.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;
const STATE_BYTES = 16;
const USED = 1;
const LIMIT = 3;

function check<Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>, numRuns = 150): void {
  fc.assert(
    property.afterEach(() => scope.reset()),
    { numRuns },
  );
}

/** A table as it is drawn in assembly/group-table.ts. */
class Table {
  readonly pointer: number = scope.allocateCleared(64);
  private readonly blocks: RowBlocks;

  constructor(blocks: RowBlocks, slotCount: number) {
    this.blocks = blocks;
    const { table, partitionMask, fixedBytes, stringCount, stride, keyOffset, stateOffset } = blocks;
    const layout = [table, partitionMask, fixedBytes, stringCount, stride, keyOffset, stateOffset];
    shared.u32.set(layout, this.pointer / 4 + 4);
    this.setSlots(slotCount);
  }

  get used(): number {
    return shared.u32[this.pointer / 4 + USED]!;
  }

  get slotCount(): number {
    return shared.u32[this.pointer / 4 + 2]! + 1;
  }

  setSlots(count: number): void {
    const slots = memory.output(count * 8);
    kernels.clearBytes(slots, count * 8);
    shared.u32.set([slots, this.used, count - 1, Math.floor(count * 0.6)], this.pointer / 4);
  }

  /** The states of the groups of all keys. */
  findOrInsert(keys: readonly Key[], hashes: readonly number[]): number[] {
    const packed = this.blocks.pack(keys);
    const hashPointer = memory.u32(hashes);
    const groups = memory.output(keys.length * 4);
    for (let done = 0; ; ) {
      const { keyBytes } = this.blocks;
      done = kernels.findOrInsertGroups(this.pointer, packed, keyBytes, hashPointer, done, keys.length, groups);
      if (done >= keys.length) return memory.readU32(groups, keys.length);
      if (this.used >= shared.u32[this.pointer / 4 + LIMIT]!) this.grow();
      else this.blocks.addBlock(hashes[done]!, 1000);
    }
  }

  /** The states of the groups of those keys that have one, else 0. */
  find(keys: readonly Key[], hashes: readonly number[]): { readonly count: number; readonly groups: number[] } {
    const groups = memory.output(keys.length * 4);
    const packed = this.blocks.pack(keys);
    const { keyBytes } = this.blocks;
    const count = kernels.findGroups(this.pointer, packed, keyBytes, memory.u32(hashes), keys.length, groups);
    return { count, groups: memory.readU32(groups, keys.length) };
  }

  private grow(): void {
    const { slotCount } = this;
    const old = shared.u32[this.pointer / 4]!;
    this.setSlots(slotCount * 2);
    kernels.rehashGroups(old, slotCount, shared.u32[this.pointer / 4]!, slotCount * 2 - 1);
  }
}

const shapes = fc.record({
  shape: keysOf(80),
  mask: fc.constantFrom(0, 3, 0xf000_0003, 0xffff_ffff),
  slotCount: fc.constantFrom(4, 16, 32_768),
  partitionCount: fc.constantFrom(1, 32),
});

test('keys get the groups of the twin, whatever their hashes, while the table grows', () => {
  check(
    fc.property(
      shapes,
      fc.nat(80),
      ({ shape: { keys, wordCount, stringCount }, mask, slotCount, partitionCount }, cut) => {
        const blocks = new RowBlocks(memory, wordCount, stringCount, STATE_BYTES, partitionCount);
        const table = new Table(blocks, slotCount);
        const hashes = blocks.crowdedHashes(keys, mask);
        const states = [
          ...table.findOrInsert(keys.slice(0, cut), hashes.slice(0, cut)),
          ...table.findOrInsert(keys.slice(cut), hashes.slice(cut)),
        ];
        const expected = groupsOf(keys.map(keyText));
        assert.deepEqual(groupsOf(states.map(String)), expected);
        assert.equal(table.used, new Set(expected).size);
        const rows = memory.u32(states.map((state) => state - blocks.stateOffset));
        assert.deepEqual(blocks.read(rows, keys.length).map(keyText), keys.map(keyText));
        assert.ok(states.every((state) => memory.readI64(state, 2).every((word) => word === 0n)));
        blocks.free();
      },
    ),
  );
});

test('groups are found without being made', () => {
  check(
    fc.property(shapes, fc.nat(80), ({ shape: { keys, wordCount, stringCount }, mask, partitionCount }, cut) => {
      const blocks = new RowBlocks(memory, wordCount, stringCount, STATE_BYTES, partitionCount);
      const table = new Table(blocks, 256);
      const hashes = blocks.crowdedHashes(keys, mask);
      const states = table.findOrInsert(keys.slice(0, cut), hashes.slice(0, cut));
      const texts = keys.map(keyText);
      const expected = texts.map((text) => states[texts.slice(0, cut).indexOf(text)] ?? 0);
      const { count, groups } = table.find(keys, hashes);
      assert.deepEqual(groups, expected);
      assert.equal(count, expected.filter((state) => state !== 0).length);
      assert.equal(table.used, new Set(states).size);
      blocks.free();
    }),
  );
});

test('rows that are named again in cleared slots are found', () => {
  check(
    fc.property(shapes, ({ shape: { keys, wordCount, stringCount }, mask, partitionCount }) => {
      const blocks = new RowBlocks(memory, wordCount, stringCount, STATE_BYTES, partitionCount);
      const table = new Table(blocks, 256);
      const hashes = blocks.crowdedHashes(keys, mask);
      const states = table.findOrInsert(keys, hashes);
      const { used } = table;
      shared.u32[table.pointer / 4 + USED] = 0;
      table.setSlots(256);
      const rows = [...new Set(states)].map((state) => state - blocks.stateOffset);
      kernels.insertGroups(table.pointer, memory.u32(rows), rows.length);
      assert.equal(table.used, used);
      assert.deepEqual(table.findOrInsert(keys, hashes), states);
      assert.equal(table.used, used);
      blocks.free();
    }),
  );
});

test('rows of several tables are merged', () => {
  check(
    fc.property(shapes, ({ shape: { keys, wordCount, stringCount }, mask, partitionCount }) => {
      const blocks = new RowBlocks(memory, wordCount, stringCount, STATE_BYTES, partitionCount);
      const { rows, pointer } = blocks.append(keys, blocks.crowdedHashes(keys, mask));
      const table = new Table(blocks, 256);
      const [survivors, targets, sources] = [0, 1, 2].map(() => memory.output(keys.length * 4)) as [
        number,
        number,
        number,
      ];
      const pairCount = memory.output(4);
      const surviving = kernels.mergeGroups(
        table.pointer,
        pointer,
        keys.length,
        survivors,
        targets,
        sources,
        pairCount,
      );
      const expected = mergeGroups(keys.map(keyText));
      const states = rows.map((row) => row + blocks.stateOffset);
      assert.deepEqual(
        memory.readU32(survivors, surviving),
        expected.survivors.map((row) => rows[row]),
      );
      const count = shared.u32[pairCount / 4]!;
      assert.deepEqual(
        memory.readU32(targets, count),
        expected.pairs.map(({ target }) => states[target]),
      );
      assert.deepEqual(
        memory.readU32(sources, count),
        expected.pairs.map(({ source }) => states[source]),
      );
      blocks.free();
    }),
  );
});

test('combinations of dictionary codes find their groups in a cache', () => {
  const row = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 4 })), { minLength: 3, maxLength: 3 });
  const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 });
  check(
    fc.property(fc.array(row, { minLength: 1, maxLength: 50 }), sizes, fc.boolean(), (rows, sizes, hasNulls) => {
      const columns = sizes.map((size, column) => ({
        size,
        codes: rows.map((cells) => {
          const [code, draw] = cells[column]!;
          return hasNulls && draw === 0 ? undefined : code % size;
        }),
      }));
      const indexes = memory.output(rows.length * 4);
      for (const [column, { codes, size }] of columns.entries()) {
        const validity = hasNulls ? memory.bytes(codes.map((code) => (code === undefined ? 0 : 1))) : 0;
        const plain = memory.u32(codes.map((code) => code ?? 0xffff));
        // The same codes as numbers of others, in every second column.
        const shifted =
          column % 2 === 0 ? 0 : memory.u32([...Array.from({ length: size }, (_, code) => (code + 1) % size)]);
        const before = memory.u32(codes.map((code) => (code === undefined ? 0xffff : (code + size - 1) % size)));
        kernels.combineCodes(shifted ? before : plain, validity, shifted, size, indexes, column === 0, rows.length);
      }
      const expected = rows.map((_, index) => combineCodes(columns, index));
      assert.deepEqual(memory.readU32(indexes, rows.length), expected);

      const combinations = sizes.reduce((product, size) => product * (size + 1), 1);
      const cache = scope.allocateCleared(combinations * 4);
      const groups = memory.output(rows.length * 4);
      const wanted = expected.map((index) => index + 1000);
      const missing = memory.output(rows.length * 4);
      const count = kernels.lookUpGroups(indexes, cache, groups, rows.length, missing);
      const firsts = expected.flatMap((index, row) => (expected.indexOf(index) === row ? [row] : []));
      assert.deepEqual(memory.readU32(missing, count), firsts);
      kernels.cacheGroups(indexes, missing, cache, memory.u32(firsts.map((row) => wanted[row]!)), count);
      assert.equal(kernels.lookUpGroups(indexes, cache, groups, rows.length, missing), 0);
      assert.deepEqual(memory.readU32(groups, rows.length), wanted);
    }),
  );
});

test('equal values of a dictionary get one number', () => {
  const value = fc.tuple(fc.bigInt({ min: -3n, max: 3n }), fc.bigInt({ min: -1n, max: 1n }));
  const values = fc.array(
    fc.oneof(
      value,
      fc.tuple(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        value.map(([, high]) => high),
      ),
    ),
    { maxLength: 60 },
  );
  check(
    fc.property(values, fc.constantFrom(4, 8, 16), (values, width) => {
      const bytes = new Uint8Array(values.length * width);
      const view = new DataView(bytes.buffer);
      for (const [i, [low, high]] of values.entries()) {
        if (width === 4) view.setInt32(i * 4, Number(BigInt.asIntN(32, low)), true);
        else view.setBigInt64(i * width, low, true);
        if (width === 16) view.setBigInt64(i * 16 + 8, high, true);
      }
      const texts = values.map((_, i) => bytes.slice(i * width, (i + 1) * width).join());
      const expected = numberDistinct(texts);
      const numbers = memory.output(Math.max(4, values.length * 4));
      const slots = scope.allocateCleared(64 * 4);
      const count = kernels.numberDistinct(memory.bytes([...bytes]), width, values.length, slots, 63, numbers);
      assert.equal(count, new Set(texts).size);
      assert.deepEqual(memory.readU32(numbers, values.length), expected);
    }),
  );
});

test('the rows that are the first of their group are selected, over several batches', () => {
  const groups = fc.array(fc.nat({ max: 20 }), { maxLength: 60 });
  check(
    fc.property(fc.array(groups, { maxLength: 4 }), (batches) => {
      const states = scope.allocateCleared(21 * 8);
      const seen = new Set<number>();
      for (const batch of batches) {
        const selection = memory.output(batch.length * 4);
        const count = kernels.selectUnseen(
          memory.u32(batch.map((group) => states + group * 8)),
          batch.length,
          selection,
        );
        assert.deepEqual(memory.readU32(selection, count), selectUnseen(batch, seen));
      }
    }),
  );
});
