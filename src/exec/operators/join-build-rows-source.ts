import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { PARTITION_COUNT, type RowCollection } from '../rows/row-collection.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { ZEROS } from '../rows/vector-source.js';
import { JOIN_DEFERRED, type JoinLayout, joinLayoutOf } from './join-layout.js';
import { listJoinRows } from './join-rows.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';

/** After the probe of a join that hands on build rows: see `handsOnBuildRows`. Deferred partitions see to their own. */
export class JoinBuildRowsSource implements Source {
  private readonly work: Generator<undefined, void, void>;

  constructor(context: LaneContext, node: HashJoinNode, next: Operator) {
    this.work = emitAll(context, node, new MarkedBuildRows(context, node, next));
  }

  step(): boolean {
    return !this.work.next().done;
  }
}

function* emitAll(context: LaneContext, node: HashJoinNode, rows: MarkedBuildRows): Generator<undefined, void, void> {
  const { block, pipeline } = context;
  const build = listJoinRows(context, node, 'build', joinLayoutOf(node).rows);
  const deferred = block.getWord(node.id, JOIN_DEFERRED);
  for (;;) {
    const partition = block.takeMorsel(pipeline);
    if (partition >= PARTITION_COUNT) return;
    if ((deferred >>> partition) & 1) continue;
    yield* rows.emit(
      build.map(({ collection }) => collection),
      partition,
    );
  }
}

/** Hands on build rows without a match, or with one for `rightSemi`; with NULLs for probe columns. */
export class MarkedBuildRows {
  private readonly context: LaneContext;
  private readonly next: Operator;
  private readonly layout: JoinLayout;
  private readonly unpackers: (RowUnpacker | undefined)[];
  private readonly columns: Vector[];
  private readonly counters: OperatorCounters;
  private readonly pointers: number;
  private readonly marks: number;
  private readonly selection: number;
  private readonly chosen: number;
  private readonly wantedMark: number;

  constructor(context: LaneContext, node: HashJoinNode, next: Operator) {
    const { kernels, scope } = context;
    this.context = context;
    this.next = next;
    this.layout = joinLayoutOf(node);
    this.counters = createCounters(context, node.id);
    const probeWidth = node.probe.columns.length;
    this.unpackers = node.outputs.map((ordinal) =>
      ordinal < probeWidth
        ? undefined
        : new RowUnpacker(kernels, scope, [this.layout.slots.get(ordinal - probeWidth)!]),
    );
    this.columns = node.columns.map((column) => new Vector(physicalTypeOf(column.type)));
    for (const column of this.columns) column.setConstant(ZEROS, ZEROS);
    this.pointers = scope.allocate(BATCH_ROWS * 4);
    this.selection = scope.allocate(BATCH_ROWS * 4);
    this.wantedMark = node.joinKind === 'rightSemi' ? 1 : 0;
    this.chosen = scope.allocate(BATCH_ROWS * 4);
    this.marks = scope.allocate(BATCH_ROWS);
  }

  /** Yields after each batch, and wherever it has looked at many rows. */
  *emit(collections: readonly RowCollection[], partition: number): Generator<undefined, void, void> {
    const { kernels } = this.context;
    for (const collection of collections) {
      const cursor = collection.openPartition(partition);
      for (let rowCount = cursor.next(kernels, this.pointers); rowCount > 0; ) {
        this.emitBatch(rowCount);
        yield;
        rowCount = cursor.next(kernels, this.pointers);
      }
    }
  }

  private emitBatch(rowCount: number): void {
    const { kernels } = this.context;
    kernels.unpack1(this.pointers, this.layout.matchedOffset, rowCount, this.marks);
    const count = kernels.selectMarked(this.marks, this.wantedMark, rowCount, this.selection);
    if (count === 0) return;
    kernels.gather4(this.pointers, this.selection, count, this.chosen);
    for (const [index, unpacker] of this.unpackers.entries()) {
      if (unpacker !== undefined) this.columns[index] = unpacker.unpack(this.chosen, count)[0]!;
    }
    this.counters.addBatch(count);
    this.next.push({ rowCount: count, columns: this.columns });
  }
}
