import type { LimitNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { BatchCompactor } from './batch-compactor.js';
import { createCounters, type LaneContext, type Operator } from './operator.js';

/** Word of the node: rows that have arrived, over all lanes. */
const ARRIVED = 0;
/** Past this many arrived rows the count stands still, so that it cannot wrap. */
const MAX_COUNTED = 0x7000_0000;

/** Lets rows `offset` to `offset + limit` through, counted over all lanes in the order of arrival. */
export class LimitOperator implements Operator {
  private readonly next: Operator;
  private readonly context: LaneContext;
  private readonly node: LimitNode;
  private readonly compactor: BatchCompactor;
  private readonly selection: number;
  private readonly counters: OperatorCounters;
  /** Rows that have to arrive until no more are wanted. */
  private readonly end: number;

  constructor(context: LaneContext, node: LimitNode, next: Operator) {
    this.context = context;
    this.node = node;
    this.next = next;
    this.end = node.limit === undefined ? Number.POSITIVE_INFINITY : node.offset + node.limit;
    const physicals = node.columns.map((column) => physicalTypeOf(column.type));
    this.compactor = new BatchCompactor(context.kernels, context.scope, physicals);
    this.selection = context.scope.allocate(BATCH_ROWS * 4);
    this.counters = createCounters(context, node.id);
  }

  push(batch: Batch): void {
    const { block, pipeline, shared } = this.context;
    const { offset } = this.node;
    const { end } = this;
    const start = this.countArrivals(batch.rowCount);
    if (start + batch.rowCount >= end) block.stop(pipeline);
    const from = Math.max(0, offset - start);
    const to = Math.min(batch.rowCount, end - start);
    if (to <= from) return;
    this.counters.addBatch(to - from);
    if (from === 0 && to === batch.rowCount) {
      this.next.push(batch);
      return;
    }
    if (from === 0) {
      this.next.push({ rowCount: to, columns: batch.columns });
      return;
    }
    for (let row = from; row < to; row++) shared.u32[this.selection / 4 + row - from] = row;
    this.next.push(this.compactor.compact(batch.columns, this.selection, to - from));
  }

  /** Nothing that arrives is let through any more, whatever lane it is of. */
  get isReached(): boolean {
    return this.context.block.getWord(this.node.id, ARRIVED) >= this.end;
  }

  private countArrivals(rowCount: number): number {
    const { block } = this.context;
    const arrived = block.getWord(this.node.id, ARRIVED);
    if (arrived > MAX_COUNTED) return arrived;
    return block.addWord(this.node.id, ARRIVED, rowCount);
  }

  finish(): void {
    this.next.finish();
  }
}
