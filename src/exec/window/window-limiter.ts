import type { WindowNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch } from '../../vector/vector.js';
import { BatchCompactor } from '../operators/batch-compactor.js';
import type { LaneContext } from '../operators/operator.js';

/** Leaves out rows whose number or rank is greater than is wanted. */
export class WindowLimiter {
  private readonly lane: LaneContext;
  private readonly column: number;
  private readonly most: bigint;
  private readonly compactor: BatchCompactor;
  private readonly selection: number;

  constructor(lane: LaneContext, node: WindowNode) {
    this.lane = lane;
    this.column = node.outputs.length + node.limit!.function;
    this.most = BigInt(node.limit!.count);
    const types = node.columns.map((column) => physicalTypeOf(column.type));
    this.compactor = new BatchCompactor(lane.kernels, lane.scope, types);
    this.selection = lane.scope.allocate(BATCH_ROWS * 4);
  }

  apply(batch: Batch): Batch {
    const { data } = batch.columns[this.column]!;
    const count = this.lane.kernels.selectAtMost(data, batch.rowCount, this.most, this.selection);
    if (count === batch.rowCount) return batch;
    if (count === 0) return { rowCount: 0, columns: [] };
    return this.compactor.compact(batch.columns, this.selection, count);
  }
}
