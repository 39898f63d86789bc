import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOIN_OWNER } from '../../../src/exec/operators/join-layout.js';
import { JoinOffers, type OfferedTable, type SliceQueue } from '../../../src/exec/operators/join-offers.js';
import type { JoinRows } from '../../../src/exec/operators/join-rows.js';
import { SliceRows } from '../../../src/exec/operators/partition-rows.js';
import { QueryBlock, type QueryShape } from '../../../src/exec/query-block.js';
import { PARTITION_COUNT, RowAppender, RowCollection } from '../../../src/exec/rows/row-collection.js';
import { createRowLayout } from '../../../src/exec/rows/row-layout.js';
import { RowUnpacker } from '../../../src/exec/rows/row-unpacker.js';
import { PartitionSpill } from '../../../src/exec/spill/partition-spill.js';
import { BATCH_ROWS } from '../../../src/vector/vector.js';
import { createMemoryFixture, flatVector, type MemoryFixture, readValue } from './memory-fixture.js';

const NODE = { id: 0 };
const PARTITION = 7;
const LAYOUT = createRowLayout({ keys: [], nullableKeys: false, payload: ['i32'] });

/** Rows from `first` on, all in one partition. */
function createRows(fixture: MemoryFixture, first: number, rowCount: number): JoinRows {
  const { shared, kernels, scope, owner } = fixture;
  const collection = RowCollection.create(shared, owner, scope, LAYOUT, PARTITION_COUNT);
  const appender = new RowAppender(shared, kernels, scope);
  const hashes = scope.allocate(BATCH_ROWS * 4);
  shared.u32.fill(PARTITION << 27, hashes / 4, hashes / 4 + BATCH_ROWS);
  for (let done = 0; done < rowCount; done += BATCH_ROWS) {
    const values = Array.from({ length: Math.min(BATCH_ROWS, rowCount - done) }, (_, row) => first + done + row);
    appender.append(collection, { keys: 0, hashes }, [flatVector(fixture, 'i32', values)], values.length);
  }
  return { collection, spill: PartitionSpill.create(shared, scope, PARTITION_COUNT) };
}

function createLanes(fixture: MemoryFixture, laneCount: number): JoinOffers[] {
  const { shared, scope, owner } = fixture;
  const shape: QueryShape = { pipelineCount: 1, nodeCount: 1, laneCount };
  const block = new QueryBlock(shared, scope.allocateCleared(QueryBlock.byteLengthOf(shape)), shape);
  block.setWord(NODE.id, JOIN_OWNER, owner);
  return Array.from({ length: laneCount }, (_, lane) => new JoinOffers({ shared, scope, block, lane }, NODE, LAYOUT));
}

function createTable(probe: readonly JoinRows[]): OfferedTable {
  return { partition: PARTITION, level: 2, heads: 4096, shift: 27, marks: 0, isLastPart: true, probe };
}

/** The values of the rows of a slice, which begin where its rows do if the first values count rows. */
function readNext(
  fixture: MemoryFixture,
  slices: SliceQueue,
): { readonly firstRow: number; readonly values: number[] } | undefined {
  const slice = slices.next();
  if (slice === undefined) return undefined;
  const { shared, kernels, scope, owner } = fixture;
  const pointers = scope.allocate(BATCH_ROWS * 4);
  const unpacker = new RowUnpacker(kernels, scope, LAYOUT.payload);
  const rows = new SliceRows(shared, kernels, owner, slice);
  const values: number[] = [];
  for (let count = rows.next(pointers); count > 0; count = rows.next(pointers)) {
    const [vector] = unpacker.unpack(pointers, count);
    for (let row = 0; row < count; row++) values.push(readValue(shared, vector!, row) as number);
  }
  rows.close();
  return { firstRow: slice.firstRow, values };
}

test('lanes take slices of an offered partition in turns, each row once', () => {
  const fixture = createMemoryFixture();
  const [owner, helper] = createLanes(fixture, 2);
  owner!.enter();
  assert.equal(helper!.findHelp(), undefined, 'nothing is offered yet');
  assert.ok(helper!.othersAreBusy);
  const table = createTable([createRows(fixture, 0, 70_000), createRows(fixture, 70_000, 100_001)]);
  const own = owner!.open(table);
  const help = helper!.findHelp()!;
  const { partition, level, heads, shift, marks, isLastPart } = help.table;
  assert.deepEqual(
    { ...table, probe: undefined },
    { partition, level, heads, shift, marks, isLastPart, probe: undefined },
  );
  const seen: number[] = [];
  const shares = [0, 0];
  const queues = [own, help.slices];
  for (let turn = 0; ; turn++) {
    const read = readNext(fixture, queues[turn % 2]!);
    if (read === undefined) break;
    assert.equal(read.firstRow, read.values[0], 'slices know how many rows come before them');
    seen.push(...read.values);
    shares[turn % 2]! += read.values.length;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 170_001 }, (_, row) => row),
  );
  assert.ok(Math.min(...shares) > 50_000, `both have a fair share: ${shares}`);
  assert.equal(own.next(), undefined);
  assert.ok(!owner!.isDeserted, 'the helper may still be at its last rows');
  help.leave();
  assert.ok(owner!.isDeserted);
});

test('an offer ends with its slices, or when it is closed', () => {
  const fixture = createMemoryFixture();
  const [owner, helper] = createLanes(fixture, 3);
  owner!.enter();
  const slices = owner!.open(createTable([createRows(fixture, 0, 10)]));
  assert.equal(slices.next()?.blockCount, 1);
  assert.equal(helper!.findHelp(), undefined, 'no slice is left');
  owner!.close();
  owner!.open(createTable([createRows(fixture, 0, 10)]));
  assert.notEqual(helper!.findHelp(), undefined, 'the next partition is another offer');
  owner!.close();
  assert.equal(helper!.findHelp(), undefined, 'closed');
  assert.ok(!owner!.isDeserted, 'who had come has not left');
  owner!.leave();
  assert.ok(!helper!.othersAreBusy);
});

test('whoever waits is woken by news, and does not wait for old ones', async () => {
  const fixture = createMemoryFixture();
  const [owner, helper] = createLanes(fixture, 2);
  owner!.enter();
  const seen = helper!.news;
  const woken = helper!.waitForNews(seen);
  owner!.leave();
  await woken;
  assert.notEqual(helper!.news, seen);
  await helper!.waitForNews(seen);
});
