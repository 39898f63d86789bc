import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import { PARTITION_COUNT, RowCollection } from '../rows/row-collection.js';
import type { RowLayout } from '../rows/row-layout.js';
import { PartitionSpill } from '../spill/partition-spill.js';
import { JOIN_OWNER } from './join-layout.js';
import type { LaneContext } from './operator.js';

/*
 * What a lane keeps of a join, at the pointer it publishes; u32 fields:
 *   0 partition table of its build rows     4 table of those that were spilled
 *   8 partition table of its probe rows    12 table of those that were spilled
 */
const LANE_BYTES = 16;

export type JoinSide = 'build' | 'probe';

/** Rows of one side of a join, by partition, in memory and on disk. */
export interface JoinRows {
  readonly collection: RowCollection;
  readonly spill: PartitionSpill;
}

export function joinOwner(context: LaneContext, node: HashJoinNode): number {
  return context.block.getWord(node.id, JOIN_OWNER);
}

/** This lane's rows of a side, made by whoever comes first: a build sink, or the probe in one of several pipelines. */
export function openJoinRows(context: LaneContext, node: HashJoinNode, side: JoinSide, layout: RowLayout): JoinRows {
  const { shared, scope, block, lane } = context;
  let published = block.getSink(node.id, lane);
  if (published === 0) {
    published = scope.allocateCleared(LANE_BYTES);
    block.setSink(node.id, lane, published);
  }
  const known = readRows(context, node, side, layout, published);
  if (known !== undefined) return known;
  const rows = createJoinRows(context, joinOwner(context, node), layout);
  const field = fieldOf(published, side);
  shared.u32[field] = rows.collection.table;
  shared.u32[field + 1] = rows.spill.table;
  return rows;
}

export function createJoinRows({ shared, scope }: LaneContext, owner: number, layout: RowLayout): JoinRows {
  return {
    collection: RowCollection.create(shared, owner, scope, layout, PARTITION_COUNT),
    spill: PartitionSpill.create(shared, scope, PARTITION_COUNT),
  };
}

/** The rows of a side in all lanes that have any. */
export function listJoinRows(context: LaneContext, node: HashJoinNode, side: JoinSide, layout: RowLayout): JoinRows[] {
  const { block } = context;
  const lanes = Array.from({ length: block.shape.laneCount }, (_, lane) => block.getSink(node.id, lane));
  return lanes.flatMap((published) =>
    published === 0 ? [] : (readRows(context, node, side, layout, published) ?? []),
  );
}

const fieldOf = (published: number, side: JoinSide): number => published / 4 + (side === 'build' ? 0 : 2);

function readRows(
  context: LaneContext,
  node: HashJoinNode,
  side: JoinSide,
  layout: RowLayout,
  published: number,
): JoinRows | undefined {
  const { shared } = context;
  const field = fieldOf(published, side);
  const table = shared.u32[field]!;
  if (table === 0) return undefined;
  return {
    collection: RowCollection.attach(shared, joinOwner(context, node), layout, table, PARTITION_COUNT),
    spill: PartitionSpill.attach(shared, shared.u32[field + 1]!),
  };
}

/** Rows of a partition, in memory and on disk. */
export function countRows(sides: readonly JoinRows[], partition: number): number {
  return sides.reduce(
    (sum, { collection, spill }) => sum + collection.rowCountOf(partition) + spill.rowCountOf(partition),
    0,
  );
}
