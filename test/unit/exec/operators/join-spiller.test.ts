import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOIN_DEFERRED } from '../../../../src/exec/operators/join-layout.js';
import { JoinSpiller } from '../../../../src/exec/operators/join-spiller.js';
import { QueryBlock, type QueryShape } from '../../../../src/exec/query-block.js';
import { PARTITION_COUNT, RowCollection } from '../../../../src/exec/rows/row-collection.js';
import { createRowLayout } from '../../../../src/exec/rows/row-layout.js';
import { PartitionSpill } from '../../../../src/exec/spill/partition-spill.js';
import { openSpillDirectory, SpillContext } from '../../../../src/exec/spill/spill-context.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';
import { createMemoryFixture } from '../memory-fixture.js';

const MIB = 2 ** 20;
const JOIN = { id: 0 };
const LANES = 2;
/** Of the partitions, of each of which there is a block, these are deferred. */
const DEFERRED = 0x0000ffff;

/** How many partitions a lane keeps in memory, of `memory` bytes of which `heldBytes` belong to others. */
function partitionsLeft(directory: string, memory: number, heldBytes: number): { near: number; deferred: number } {
  const { shared, kernels, scope, owner } = createMemoryFixture(memory);
  const shape: QueryShape = { pipelineCount: 1, nodeCount: 1, laneCount: LANES };
  const block = new QueryBlock(shared, scope.allocateCleared(QueryBlock.byteLengthOf(shape)), shape);
  block.setBits(JOIN.id, JOIN_DEFERRED, DEFERRED);
  const layout = createRowLayout({ keys: [], nullableKeys: false, payload: ['i64'] });
  const collection = RowCollection.create(shared, owner, scope, layout, PARTITION_COUNT);
  const rows = { collection, spill: PartitionSpill.create(shared, scope, PARTITION_COUNT) };
  for (let partition = 0; partition < PARTITION_COUNT; partition++) {
    collection.addBlock(partition << 27, 0);
    // One row, which the block says it has.
    shared.u32[collection.lastBlockOf(partition) / 4 + 1] = 1;
    shared.u32[collection.table / 4 + partition * 4 + 1] = 1;
  }
  const spill = new SpillContext(shared, kernels, scope, openSpillDirectory(shared, { directory, limit: undefined }));
  const spiller = new JoinSpiller({ shared, block, lane: 0, spill }, JOIN, rows);
  shared.allocateChunks(heldBytes / 65_536, owner);
  spiller.makeRoom();
  assert.equal(spiller.hasMore, false);
  spill.close();
  const left = Array.from({ length: PARTITION_COUNT }, (_, partition) => collection.rowCountOf(partition));
  const count = (isDeferred: boolean): number =>
    left.filter((rowCount, partition) => rowCount > 0 && (((DEFERRED >>> partition) & 1) === 1) === isDeferred).length;
  return { near: count(false), deferred: count(true) };
}

test('when all rows are there, deferred ones go where lanes would lack room to load them', (context) => {
  const directory = temporaryFolder(context);
  assert.deepEqual(partitionsLeft(directory, 40 * MIB, 8 * MIB), { near: 16, deferred: 16 }, 'there is room');
  assert.deepEqual(partitionsLeft(directory, 40 * MIB, 34 * MIB), { near: 16, deferred: 0 }, 'there is none');
});

test('no more rows go than there is room needed', (context) => {
  const directory = temporaryFolder(context);
  const { deferred } = partitionsLeft(directory, 40 * MIB, 27.75 * MIB);
  assert.ok(deferred > 0 && deferred < 16, `${deferred} are left`);
});
