import type { HashAggregateNode } from '../../planner/physical/physical-plan.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { QueryBlock } from '../query-block.js';
import { PARTITION_COUNT, RowCollection } from '../rows/row-collection.js';
import type { RowLayout } from '../rows/row-layout.js';
import { PartitionSpill } from '../spill/partition-spill.js';
import { AGGREGATE_FLUSHED, AGGREGATE_GROUPS, AGGREGATE_SPILL, AGGREGATE_TABLE } from './aggregate-layout.js';

/** What lanes have left for the merge. */
export interface LaneGroups {
  readonly collections: readonly RowCollection[];
  readonly spills: readonly PartitionSpill[];
  /** Whether every group has one row. */
  readonly isDistinct: boolean;
}

/** Rows of some partitions, in memory and on disk, in which all rows of their groups are. */
export interface GroupPartition extends LaneGroups {
  /** Partitions of the collections and spills: from, to, exclusive. */
  readonly from: number;
  readonly to: number;
  /** Bits of the hash in which all rows agree, or would if there is one partition only. */
  readonly hashBits: number;
}

export function countGroups(shared: SharedMemory, block: QueryBlock, node: number): number {
  let groups = 0;
  for (let lane = 0; lane < block.shape.laneCount; lane++) {
    const published = block.getSink(node, lane) / 4;
    if (published === 0) continue;
    if (shared.u32[published + AGGREGATE_SPILL] !== 0) return Number.POSITIVE_INFINITY;
    groups += shared.u32[published + AGGREGATE_GROUPS]!;
  }
  return groups;
}

export function attachLaneGroups(
  shared: SharedMemory,
  block: QueryBlock,
  { id, isPartitionWise = false }: HashAggregateNode,
  owner: number,
  layout: RowLayout,
): LaneGroups {
  const collections: RowCollection[] = [];
  const spills: PartitionSpill[] = [];
  let isDistinct = true;
  for (let lane = 0; lane < block.shape.laneCount; lane++) {
    const published = block.getSink(id, lane) / 4;
    if (published === 0) continue;
    const table = shared.u32[published + AGGREGATE_TABLE]!;
    const rows = RowCollection.attach(shared, owner, layout, table, PARTITION_COUNT);
    if (rows.rowCount > 0) collections.push(rows);
    const spillTable = shared.u32[published + AGGREGATE_SPILL]!;
    if (spillTable !== 0) spills.push(PartitionSpill.attach(shared, spillTable));
    if (shared.u32[published + AGGREGATE_FLUSHED] !== 0) isDistinct = false;
  }
  const areApart = isPartitionWise || collections.length <= 1;
  return { collections, spills, isDistinct: isDistinct && spills.length === 0 && areApart };
}

function sumOver({ from, to }: GroupPartition, count: (partition: number) => number): number {
  let sum = 0;
  for (let partition = from; partition < to; partition++) sum += count(partition);
  return sum;
}

export function countRows(part: GroupPartition): number {
  const sources = [...part.collections, ...part.spills];
  return sumOver(part, (partition) => sources.reduce((sum, source) => sum + source.rowCountOf(partition), 0));
}

/** Bytes of the blocks that are on disk. */
export function countSpilledBytes(part: GroupPartition): number {
  return sumOver(part, (partition) => part.spills.reduce((sum, spill) => sum + spill.byteLengthOf(partition), 0));
}
