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
 *  16 the partition that it offers to others: see `JoinOffers`
 *  20 1 when bounds of its build keys are kept     24 i64 the least     32 i64 the greatest
 */
const LANE_BYTES = 40;
const OFFER = 4;
const HAS_BOUNDS = 5;
const BOUNDS = 24;

/** What of a lane finds, and is found by, the other lanes of a join. */
export type JoinMember = Pick<LaneContext, 'shared' | 'scope' | 'block' | 'lane'>;

export type JoinId = Pick<HashJoinNode, 'id'>;

export type JoinSide = 'build' | 'probe';

/** Rows of one side of a join, by partition, in memory and on disk. */
export interface JoinRows {
  readonly collection: RowCollection;
  readonly spill: PartitionSpill;
}

export function joinOwner(context: Pick<LaneContext, 'block'>, node: JoinId): number {
  return context.block.getWord(node.id, JOIN_OWNER);
}

/** This lane's rows of a side, made by whoever comes first: a build sink, or the probe in one of several pipelines. */
export function openJoinRows(context: LaneContext, node: HashJoinNode, side: JoinSide, layout: RowLayout): JoinRows {
  const { shared } = context;
  const published = publish(context, node);
  const known = readRows(context, node, side, layout, published);
  if (known !== undefined) return known;
  const rows = createJoinRows(context, joinOwner(context, node), layout);
  const field = fieldOf(published, side);
  shared.u32[field] = rows.collection.table;
  shared.u32[field + 1] = rows.spill.table;
  return rows;
}

function publish({ scope, block, lane }: JoinMember, node: JoinId): number {
  let published = block.getSink(node.id, lane);
  if (published === 0) {
    published = scope.allocateCleared(LANE_BYTES);
    block.setSink(node.id, lane, published);
  }
  return published;
}

/** Lets others find this lane's offer. */
export function publishOffer(context: JoinMember, node: JoinId, offer: number): void {
  Atomics.store(context.shared.u32, publish(context, node) / 4 + OFFER, offer);
}

/** Where this lane keeps the bounds of its build keys, i64 each: none yet, the least above the greatest. */
export function publishKeyBounds(context: JoinMember, node: JoinId): number {
  const { u32, i64 } = context.shared;
  const published = publish(context, node);
  const bounds = published + BOUNDS;
  if (u32[published / 4 + HAS_BOUNDS] === 0) {
    i64[bounds / 8] = 2n ** 63n - 1n;
    i64[bounds / 8 + 1] = -(2n ** 63n);
    u32[published / 4 + HAS_BOUNDS] = 1;
  }
  return bounds;
}

/** The bounds of the build keys of all lanes that keep some. */
export function listKeyBounds({ shared, block }: JoinMember, node: JoinId): number[] {
  return Array.from({ length: block.shape.laneCount }, (_, lane) => block.getSink(node.id, lane))
    .filter((published) => published !== 0 && shared.u32[published / 4 + HAS_BOUNDS] === 1)
    .map((published) => published + BOUNDS);
}

/** Where the offers of other lanes lie. */
export function listOffers({ shared, block, lane }: JoinMember, node: JoinId): number[] {
  const lanes = Array.from({ length: block.shape.laneCount }, (_, index) => index);
  return lanes
    .filter((other) => other !== lane && block.getSink(node.id, other) !== 0)
    .map((other) => Atomics.load(shared.u32, block.getSink(node.id, other) / 4 + OFFER))
    .filter((offer) => offer !== 0);
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
  return attachJoinRows(context, node, layout, table, shared.u32[field + 1]!);
}

/** Rows that any lane has, by the tables of their partitions: in memory, and spilled. */
export function attachJoinRows(
  context: JoinMember,
  node: JoinId,
  layout: RowLayout,
  table: number,
  spilled: number,
): JoinRows {
  const { shared } = context;
  return {
    collection: RowCollection.attach(shared, joinOwner(context, node), layout, table, PARTITION_COUNT),
    spill: PartitionSpill.attach(shared, spilled),
  };
}

/** Rows of a partition, in memory and on disk. */
export function countRows(sides: readonly JoinRows[], partition: number): number {
  return sides.reduce(
    (sum, { collection, spill }) => sum + collection.rowCountOf(partition) + spill.rowCountOf(partition),
    0,
  );
}
