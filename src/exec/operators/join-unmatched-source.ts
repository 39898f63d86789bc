import type { HashJoinNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { PARTITION_COUNT, RowCollection, type RowCursor } from '../rows/row-collection.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { ZEROS } from '../rows/vector-source.js';
import { createJoinLayout, type JoinLayout } from './join-layout.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';

/** After the probe of a right or full join: the build rows that found no match, with NULLs for probe columns. */
export class JoinUnmatchedSource implements Source {
  private readonly context: LaneContext;
  private readonly node: HashJoinNode;
  private readonly next: Operator;
  private readonly layout: JoinLayout;
  private readonly unpackers: (RowUnpacker | undefined)[];
  private readonly columns: Vector[];
  private readonly counters: OperatorCounters;
  private readonly pointers: number;
  private readonly marks: number;
  private readonly selection: number;
  private readonly unmatched: number;
  private cursors: RowCursor[] = [];

  constructor(context: LaneContext, node: HashJoinNode, next: Operator) {
    const { kernels, scope } = context;
    this.context = context;
    this.node = node;
    this.next = next;
    this.layout = createJoinLayout(node);
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
    this.unmatched = scope.allocate(BATCH_ROWS * 4);
    this.marks = scope.allocate(BATCH_ROWS);
  }

  step(): boolean {
    const { kernels, block } = this.context;
    const cursor = this.cursors.at(-1);
    if (cursor === undefined) {
      const partition = block.takeMorsel(this.context.pipeline);
      if (partition >= PARTITION_COUNT) return false;
      this.openPartition(partition);
      return true;
    }
    const rowCount = cursor.next(kernels, this.pointers);
    if (rowCount === 0) {
      this.cursors.pop();
      return true;
    }
    kernels.unpack1(this.pointers, this.layout.matchedOffset, rowCount, this.marks);
    const count = kernels.selectMarked(this.marks, 0, rowCount, this.selection);
    if (count === 0) return true;
    kernels.gather4(this.pointers, this.selection, count, this.unmatched);
    for (const [index, unpacker] of this.unpackers.entries()) {
      if (unpacker !== undefined) this.columns[index] = unpacker.unpack(this.unmatched, count)[0]!;
    }
    this.counters.addBatch(count);
    this.next.push({ rowCount: count, columns: this.columns });
    return true;
  }

  private openPartition(partition: number): void {
    const { block, shared, owner } = this.context;
    for (let lane = 0; lane < block.shape.laneCount; lane++) {
      const table = block.getSink(this.node.id, lane);
      if (table === 0) continue;
      const rows = RowCollection.attach(shared, owner, this.layout.rows, table, PARTITION_COUNT);
      this.cursors.push(rows.openPartition(partition));
    }
  }
}
