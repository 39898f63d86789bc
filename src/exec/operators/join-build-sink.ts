import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, type Batch, type Vector } from '../../vector/vector.js';
import { Projector } from '../expression/projector.js';
import { KeyPacker } from '../rows/key-packer.js';
import { PARTITION_COUNT, RowAppender, RowCollection } from '../rows/row-collection.js';
import { BatchCompactor } from './batch-compactor.js';
import {
  createJoinLayout,
  JOIN_BUILD_ROWS,
  JOIN_HAS_NULL_KEY,
  JOIN_HEADS,
  JOIN_NEXT_PARTITION,
  JOIN_SHIFT,
  type JoinLayout,
} from './join-layout.js';
import { NullKeySelector } from './null-key-selector.js';
import type { LaneContext, Sink } from './operator.js';

/** Builds with fewer rows are inserted by the lane that finishes last, without another round. */
const SMALL_BUILD_ROWS = 65_536;

/** Collects the build side of a hash join as rows; the last lane makes the table of heads. */
export class JoinBuildSink implements Sink {
  private readonly context: LaneContext;
  private readonly node: HashJoinNode;
  private readonly layout: JoinLayout;
  private readonly projector: Projector;
  private readonly nullKeys: NullKeySelector;
  private readonly compactor: BatchCompactor;
  private readonly packer: KeyPacker;
  private readonly appender: RowAppender;
  private readonly collection: RowCollection;
  private readonly columns: Vector[];
  private readonly payload: Vector[];

  constructor(context: LaneContext, node: HashJoinNode) {
    const { shared, kernels, scope, owner } = context;
    this.context = context;
    this.node = node;
    this.layout = createJoinLayout(node);
    const types = node.build.columns.map((column) => column.type);
    this.projector = new Projector(context.expressions, node.buildKeys, types);
    this.nullKeys = new NullKeySelector(context, scope, node.nullsEqual);
    const { payloadOrdinals, rows } = this.layout;
    const physicals = [
      ...rows.keys.map((slot) => slot.physical),
      ...payloadOrdinals.map((ordinal) => physicalTypeOf(types[ordinal]!)),
    ];
    this.compactor = new BatchCompactor(kernels, scope, physicals);
    this.packer = new KeyPacker(shared, kernels, scope, rows);
    this.appender = new RowAppender(shared, kernels, scope);
    this.collection = RowCollection.create(shared, owner, scope, rows, PARTITION_COUNT);
    this.columns = new Array<Vector>(physicals.length);
    this.payload = new Array<Vector>(payloadOrdinals.length);
    context.block.setSink(node.id, context.lane, this.collection.table);
  }

  push(batch: Batch): void {
    const keys = this.projector.evaluate(batch);
    const keyCount = keys.length;
    const { payloadOrdinals } = this.layout;
    for (let key = 0; key < keyCount; key++) this.columns[key] = keys[key]!;
    for (let index = 0; index < payloadOrdinals.length; index++) {
      this.columns[keyCount + index] = batch.columns[payloadOrdinals[index]!]!;
    }
    let rowCount = batch.rowCount;
    let columns = this.columns;
    const valid = this.nullKeys.select(keys, rowCount);
    if (valid < rowCount) {
      this.context.block.setWord(this.node.id, JOIN_HAS_NULL_KEY, 1);
      if (!this.layout.keepsUnmatchedBuild) {
        rowCount = valid;
        if (rowCount === 0) return;
        columns = this.compactor.compact(columns, this.nullKeys.selection, rowCount).columns;
      }
    }
    for (let index = 0; index < payloadOrdinals.length; index++) this.payload[index] = columns[keyCount + index]!;
    this.packer.pack(columns, rowCount);
    this.appender.append(this.collection, this.packer, this.payload, rowCount);
  }

  finish(): void {}
}

/** The rows of all lanes of a build. */
function collectionsOf(context: LaneContext, node: HashJoinNode, layout: JoinLayout): RowCollection[] {
  const collections: RowCollection[] = [];
  for (let lane = 0; lane < context.block.shape.laneCount; lane++) {
    const table = context.block.getSink(node.id, lane);
    if (table === 0) continue;
    collections.push(RowCollection.attach(context.shared, context.owner, layout.rows, table, PARTITION_COUNT));
  }
  return collections;
}

/**
 * Run by the last lane of a build: allocates the heads, and fills them when that is little work. Returns whether lanes
 * must still insert partitions with `insertJoinPartition`.
 */
export function prepareJoinTable(context: LaneContext, node: HashJoinNode): boolean {
  const { block, scope, kernels } = context;
  const layout = createJoinLayout(node);
  const collections = collectionsOf(context, node, layout);
  const rowCount = collections.reduce((sum, collection) => sum + collection.rowCount, 0);
  const bits = node.buildKeys.length === 0 ? 0 : Math.max(5, Math.ceil(Math.log2(Math.max(1, rowCount * 1.5))));
  const headBytes = 8 * 2 ** bits;
  const heads = scope.allocate(headBytes);
  kernels.clearBytes(heads, headBytes);
  block.setWord(node.id, JOIN_HEADS, heads);
  block.setWord(node.id, JOIN_SHIFT, 32 - bits);
  block.setWord(node.id, JOIN_BUILD_ROWS, rowCount);
  if (rowCount > SMALL_BUILD_ROWS) return true;
  while (insertJoinPartition(context, node));
  return false;
}

/** Inserts one partition into the heads; every lane may do this at once. Returns whether there may be more. */
export function insertJoinPartition(context: LaneContext, node: HashJoinNode): boolean {
  const { block, kernels } = context;
  const partition = block.addWord(node.id, JOIN_NEXT_PARTITION, 1);
  if (partition >= PARTITION_COUNT) return false;
  const heads = block.getWord(node.id, JOIN_HEADS);
  const shift = block.getWord(node.id, JOIN_SHIFT);
  const scope = new Scope(context.shared, context.owner);
  const pointers = scope.allocate(BATCH_ROWS * 4);
  for (const collection of collectionsOf(context, node, createJoinLayout(node))) {
    collection.forEachBatch(partition, kernels, pointers, (rowCount) => {
      kernels.insertJoinRows(heads, shift, pointers, rowCount);
    });
  }
  scope.free();
  return true;
}
