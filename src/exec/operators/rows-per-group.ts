import type { Kernels } from '../../kernels/kernels.js';
import { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import type { RowCollection } from '../rows/row-collection.js';
import { MergeTable } from './merge-table.js';

/** How many rows a group has in the mean, by those of one radix partition, which stay as they are. */
export function measureRowsPerGroup(
  shared: SharedMemory,
  kernels: Kernels,
  owner: number,
  collection: RowCollection,
): number {
  const rowCount = collection.rowCountOf(0);
  if (rowCount === 0) return 1;
  const scope = new Scope(shared, owner);
  const table = new MergeTable(shared, kernels, scope, collection.layout, rowCount);
  kernels.clearBytes(table.slots, table.slotBytes);
  const buffers = Array.from({ length: 4 }, () => scope.allocate(BATCH_ROWS * 4)) as [number, number, number, number];
  const [pointers, survivors, targets, sources] = buffers;
  const pairCount = scope.allocate(4);
  let groups = 0;
  collection.forEachBatch(0, kernels, pointers, (count) => {
    groups += kernels.mergeGroups(table.descriptor, pointers, count, survivors, targets, sources, pairCount);
  });
  scope.free();
  return rowCount / groups;
}
