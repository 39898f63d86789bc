import type { SortNode } from '../../planner/physical/physical-plan.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import type { RowLayout } from '../rows/row-layout.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { ENTRY_BYTES } from '../sort/entry-list.js';
import { LaneMerge, type MergedRows } from '../sort/lane-merge.js';
import type { RowMerger } from '../sort/row-merger.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';
import { sortLayoutOf, writeSortDescriptor } from './sort-layout.js';

/** Merges what all lanes have sorted, in memory and on disk, and hands on the rows, in order, from one lane. */
export class SortSource implements Source {
  private readonly context: LaneContext;
  private readonly next: Operator;
  private readonly layout: RowLayout;
  private readonly unpacker: RowUnpacker;
  private readonly counters: OperatorCounters;
  private readonly descriptor: number;
  private readonly entries: number;
  private readonly pointers: number;
  private readonly offset: number;
  /** Rows up to the last that is wanted. */
  private readonly end: number;
  private readonly node: SortNode;
  private merge!: LaneMerge;
  private merger: RowMerger | undefined;
  private preparation: Generator<void, MergedRows, void> | undefined;
  /** Rows that came out of the merge, or were skipped. */
  private merged = 0;

  constructor(context: LaneContext, node: SortNode, next: Operator) {
    const { shared, kernels, scope } = context;
    const layout = sortLayoutOf(node);
    this.context = context;
    this.node = node;
    this.next = next;
    this.layout = layout.rows;
    this.unpacker = new RowUnpacker(kernels, scope, this.layout.payload.slice(0, node.columns.length));
    this.counters = createCounters(context, node.id);
    this.descriptor = writeSortDescriptor(shared, scope, node, layout);
    this.entries = scope.allocate(BATCH_ROWS * ENTRY_BYTES);
    this.pointers = scope.allocate(BATCH_ROWS * 4);
    this.offset = node.offset ?? 0;
    this.end = node.limit === undefined ? Number.POSITIVE_INFINITY : this.offset + node.limit;
    this.restart();
  }

  restart(): void {
    const { context, layout, descriptor, counters, node, end, offset } = this;
    this.merge = new LaneMerge(context, layout, descriptor, counters);
    const isMine = context.block.takeMorsel(context.pipeline) === 0;
    this.preparation = isMine ? this.merge.openLanes(node.id, end, offset) : undefined;
    this.merger = undefined;
    this.merged = 0;
  }

  step(): boolean {
    if (this.merger !== undefined) return this.emit(this.merger);
    const step = this.preparation?.next();
    if (step?.done) {
      this.merger = step.value.merger;
      this.merged = step.value.skipped;
    }
    return step !== undefined;
  }

  async close(): Promise<void> {
    this.merger?.close();
    this.merge.close();
  }

  private emit(merger: RowMerger): boolean {
    const count = merger.next(this.entries, Math.min(BATCH_ROWS, this.end - this.merged));
    if (count === 0) return false;
    const skipped = Math.min(count, Math.max(0, this.offset - this.merged));
    this.merged += count;
    const rowCount = count - skipped;
    if (rowCount === 0) return true;
    this.context.kernels.entryRows(this.entries + skipped * ENTRY_BYTES, rowCount, this.pointers);
    this.counters.addBatch(rowCount);
    this.next.push({ rowCount, columns: [...this.unpacker.unpack(this.pointers, rowCount)] });
    return true;
  }
}
