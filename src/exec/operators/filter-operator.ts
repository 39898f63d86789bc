import type { FilterNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch } from '../../vector/vector.js';
import { Filter } from '../expression/filter.js';
import type { OperatorCounters } from '../query-block.js';
import { BatchCompactor } from './batch-compactor.js';
import { createCounters, type LaneContext, type Operator } from './operator.js';

/** Hands on the rows for which the predicate is true, compacted. */
export class FilterOperator implements Operator {
  private readonly next: Operator;
  private readonly filter: Filter;
  private readonly compactor: BatchCompactor;
  private readonly selection: number;
  private readonly counters: OperatorCounters;

  constructor(context: LaneContext, node: FilterNode, next: Operator) {
    const physicals = node.input.columns.map(({ type }) => physicalTypeOf(type));
    this.next = next;
    this.filter = new Filter(context.expressions, node.predicate);
    this.compactor = new BatchCompactor(context.kernels, context.scope, physicals);
    this.selection = context.scope.allocate(BATCH_ROWS * 4);
    this.counters = createCounters(context, node.id);
  }

  push(batch: Batch): void {
    const count = this.filter.select(batch, this.selection);
    if (count === 0) return;
    this.counters.addBatch(count);
    this.next.push(count === batch.rowCount ? batch : this.compactor.compact(batch.columns, this.selection, count));
  }

  finish(): void {
    this.next.finish();
  }

  restart(): void {}
}
