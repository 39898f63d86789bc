import type { GenerateSeriesNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';

/** Batches a morsel. */
const MORSEL_BATCHES = 64;

export function countSeriesRows(node: GenerateSeriesNode): bigint {
  const { start, stop, step } = node;
  if (step > 0n ? start > stop : start < stop) return 0n;
  return (stop - start) / step + 1n;
}

export function countSeriesMorsels(node: GenerateSeriesNode): number {
  const rowsPerMorsel = BigInt(BATCH_ROWS * MORSEL_BATCHES);
  return Number((countSeriesRows(node) + rowsPerMorsel - 1n) / rowsPerMorsel);
}

/** generate_series: makes its numbers in morsels, so that all lanes can take part. */
export class GenerateSeriesSource implements Source {
  private readonly context: LaneContext;
  private readonly node: GenerateSeriesNode;
  private readonly next: Operator;
  private readonly vector: Vector;
  private readonly data: number;
  private readonly rowCount: bigint;
  private readonly counters: OperatorCounters;
  private nextRow = 0n;
  private morselEnd = 0n;

  constructor(context: LaneContext, node: GenerateSeriesNode, next: Operator) {
    this.context = context;
    this.node = node;
    this.next = next;
    this.vector = new Vector(physicalTypeOf(node.columns[0]!.type));
    this.data = context.scope.allocate(BATCH_ROWS * 8);
    this.rowCount = countSeriesRows(node);
    this.counters = createCounters(context, node.id);
  }

  restart(): void {
    this.nextRow = 0n;
    this.morselEnd = 0n;
  }

  step(): boolean {
    if (this.nextRow >= this.morselEnd) {
      const rowsPerMorsel = BigInt(BATCH_ROWS * MORSEL_BATCHES);
      this.nextRow = BigInt(this.context.block.takeMorsel(this.context.pipeline)) * rowsPerMorsel;
      if (this.nextRow >= this.rowCount) return false;
      const end = this.nextRow + rowsPerMorsel;
      this.morselEnd = end < this.rowCount ? end : this.rowCount;
    }
    const left = this.morselEnd - this.nextRow;
    const count = left < BigInt(BATCH_ROWS) ? Number(left) : BATCH_ROWS;
    const first = this.node.start + this.nextRow * this.node.step;
    if (this.vector.physical === 'i32') {
      this.context.kernels.fillSeries32(Number(first), Number(this.node.step), count, this.data);
    } else {
      this.context.kernels.fillSeries64(first, this.node.step, count, this.data);
    }
    this.vector.setFlat(this.data, 0);
    this.nextRow += BigInt(count);
    this.counters.addBatch(count);
    this.next.push({ rowCount: count, columns: [this.vector] });
    return true;
  }
}
