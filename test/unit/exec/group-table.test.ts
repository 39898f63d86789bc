import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupTable, type TableGrowth } from '../../../src/exec/operators/group-table.js';
import { MergeTable } from '../../../src/exec/operators/merge-table.js';
import { measureRowsPerGroup } from '../../../src/exec/operators/rows-per-group.js';
import { KeyPacker } from '../../../src/exec/rows/key-packer.js';
import { createRowLayout } from '../../../src/exec/rows/row-layout.js';
import { BATCH_ROWS, Vector } from '../../../src/vector/vector.js';
import { createMemoryFixture } from './memory-fixture.js';

const STEP = 0x9e3779b97fn;

/** Groups rows whose keys are numbers that `keyOf` gives, and counts the rows of each key in the states of its groups. */
function group(growth: TableGrowth, rowCount: number, keyOf: (row: number) => number, areNew = false) {
  const { shared, kernels, scope, owner } = createMemoryFixture();
  const layout = createRowLayout({ keys: ['i64'], nullableKeys: true, payload: [], stateBytes: 8 });
  const table = new GroupTable(shared, kernels, scope, owner, layout, growth);
  const packer = new KeyPacker(shared, kernels, scope, layout);
  const data = scope.allocate(BATCH_ROWS * 8);
  const groups = scope.allocate(BATCH_ROWS * 4);
  const key = new Vector('i64');
  key.setFlat(data, 0);
  for (let from = 0; from < rowCount; from += BATCH_ROWS) {
    const count = Math.min(BATCH_ROWS, rowCount - from);
    for (let row = 0; row < count; row++) shared.i64[data / 8 + row] = BigInt(keyOf(from + row)) * STEP;
    packer.pack([key], count);
    table.findOrInsert(packer, count, groups, areNew);
    for (let row = 0; row < count; row++) shared.u32[shared.u32[groups / 4 + row]! / 4]!++;
  }
  const { collection } = table;
  const counts = new Map<number, number>();
  const pointers = scope.allocate(BATCH_ROWS * 4);
  for (let partition = 0; partition < collection.partitionCount; partition++) {
    collection.forEachBatch(partition, kernels, pointers, (count) => {
      for (const row of shared.u32.subarray(pointers / 4, pointers / 4 + count)) {
        const of = Number(shared.view.getBigInt64(row + layout.keys[0]!.offset, true) / STEP);
        counts.set(of, (counts.get(of) ?? 0) + shared.u32[(row + layout.stateOffset) / 4]!);
      }
    });
  }
  const rowsPerGroup = (): number => measureRowsPerGroup(shared, kernels, owner, collection);
  return { table, counts, rowsPerGroup, rows: collection.rowCount };
}

function countRows(rowCount: number, keyOf: (row: number) => number): Map<number, number> {
  const counts = new Map<number, number>();
  for (let row = 0; row < rowCount; row++) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return counts;
}

test('rows that hardly repeat are left to the merge', () => {
  const keyOf = (row: number): number => row >> 1;
  const { table, counts, rows, rowsPerGroup } = group('merge', 200_000, keyOf);
  assert.deepEqual(counts, countRows(200_000, keyOf));
  assert.ok(table.hasDuplicates);
  assert.ok(table.byteLength < rows * 32 + 4 * 2 ** 20, 'slots have stayed few');
  assert.ok(rowsPerGroup() < 1.01);
});

test('rows of groups that come again and again soon have a table of all groups', () => {
  const keyOf = (row: number): number => row % 50_000;
  const { counts, rows, rowsPerGroup } = group('merge', 600_000, keyOf);
  assert.deepEqual(counts, countRows(600_000, keyOf));
  assert.ok(rows < 50_000 * 5, `${rows} rows`);
  assert.ok(Math.abs(rowsPerGroup() - rows / 50_000) < 0.5);
});

test('no group has two rows where nobody merges them, or what is looked up is new', () => {
  for (const [growth, areNew] of [
    ['grow', false],
    ['reduce', false],
    ['merge', true],
  ] as const) {
    const { table, rows } = group(growth, 120_000, (row) => row % 100_000, areNew);
    assert.equal(rows, 100_000);
    assert.ok(!table.hasDuplicates);
  }
});

test('slots of a merge grow with the groups, and find those that were there', () => {
  const { shared, kernels, scope } = createMemoryFixture();
  const layout = createRowLayout({ keys: ['i64'], nullableKeys: false, payload: [], stateBytes: 8 });
  const table = new MergeTable(shared, kernels, scope, layout, 1);
  kernels.clearBytes(table.slots, table.slotBytes);
  const rows = scope.allocateCleared(1000 * layout.stride);
  const buffers = Array.from({ length: 4 }, () => scope.allocate(1000 * 4));
  const [pointers, survivors, targets, sources] = buffers as [number, number, number, number];
  const pairCount = scope.allocate(4);
  for (let row = 0; row < 1000; row++) {
    const at = rows + row * layout.stride;
    shared.u32[at / 4] = Math.imul(row % 700, 0x9e3779b1);
    shared.view.setBigInt64(at + layout.keyOffset, BigInt(row % 700), true);
    shared.u32[pointers / 4 + row] = at;
  }
  let groups = 0;
  let pairs = 0;
  for (let from = 0; from < 1000; from += 10) {
    table.reserve(groups + 10);
    const at = pointers + from * 4;
    groups += kernels.mergeGroups(table.descriptor, at, 10, survivors, targets, sources, pairCount);
    pairs += shared.u32[pairCount / 4]!;
  }
  assert.equal(groups, 700);
  assert.equal(pairs, 300);
  assert.ok(table.slotBytes >= 700 * 8 * 1.6 && table.slotBytes <= 2048 * 8);
});
