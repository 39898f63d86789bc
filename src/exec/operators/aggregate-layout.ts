import type { HashAggregateNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { createRowLayout, type RowLayout } from '../rows/row-layout.js';

/*
 * What a lane leaves for the merge, at the pointer it publishes; u32 fields:
 *   0 partition table of its groups   4 groups in memory   8 1 when a group may occur twice (its table was flushed)
 *  12 table of its PartitionSpill, or 0 when everything is in memory
 * For an aggregate without keys the pointer is the one state itself.
 */
export const AGGREGATE_TABLE = 0;
export const AGGREGATE_GROUPS = 1;
export const AGGREGATE_FLUSHED = 2;
export const AGGREGATE_SPILL = 3;
export const AGGREGATE_SINK_BYTES = 16;

/** Word of the node in the query block: chunks that lanes hold for merging. */
export const AGGREGATE_MERGE_CHUNKS = 0;

export function createAggregateLayout(node: HashAggregateNode, stateBytes: number): RowLayout {
  return createRowLayout({
    keys: node.groupKeys.map((key) => physicalTypeOf(key.type)),
    nullableKeys: true,
    payload: [],
    stateBytes,
  });
}
