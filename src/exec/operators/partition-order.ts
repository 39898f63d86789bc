import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import { PARTITION_COUNT } from '../rows/row-collection.js';
import type { LaneContext } from './operator.js';

/** What there is to do for a partition. */
export interface PartitionLoad {
  readonly rowCount: number;
  /** Rows of it are on disk. */
  readonly isSpilled: boolean;
}

/**
 * In which order lanes take the partitions that a pipeline breaker has collected: the largest first, so that no lane
 * begins a large one when the others are about to end; and what is in memory before what is on disk, whose place it
 * takes. `word` of the node is for this order alone. The first lane that asks decides, before it changes any partition,
 * since rows are not there to be counted any more once they were taken.
 */
export function orderPartitions(
  { shared, scope, block }: LaneContext,
  node: PhysicalNode,
  word: number,
  loadOf: (partition: number) => PartitionLoad,
): number[] {
  let order = block.getWord(node.id, word) / 4;
  if (order === 0) {
    const loads = Array.from({ length: PARTITION_COUNT }, (_, partition) => ({ partition, ...loadOf(partition) }));
    loads.sort((a, b) => Number(a.isSpilled) - Number(b.isSpilled) || b.rowCount - a.rowCount);
    const own = scope.allocate(PARTITION_COUNT * 4);
    for (const [index, { partition }] of loads.entries()) shared.u32[own / 4 + index] = partition;
    order = block.initializeWord(node.id, word, own) / 4;
  }
  return [...shared.u32.subarray(order, order + PARTITION_COUNT)];
}
