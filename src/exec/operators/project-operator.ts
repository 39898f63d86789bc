import type { ProjectNode } from '../../planner/physical/physical-plan.js';
import type { Batch } from '../../vector/vector.js';
import { Projector } from '../expression/projector.js';
import type { OperatorCounters } from '../query-block.js';
import { createCounters, type LaneContext, type Operator } from './operator.js';

/** Computes expressions; columns that are only passed through are not copied. */
export class ProjectOperator implements Operator {
  private readonly next: Operator;
  private readonly projector: Projector;
  private readonly counters: OperatorCounters;

  constructor(context: LaneContext, node: ProjectNode, next: Operator) {
    this.next = next;
    this.projector = new Projector(context.expressions, node.expressions);
    this.counters = createCounters(context, node.id);
  }

  push(batch: Batch): void {
    this.counters.addBatch(batch.rowCount);
    this.next.push({ rowCount: batch.rowCount, columns: this.projector.evaluate(batch) });
  }

  finish(): void {
    this.next.finish();
  }

  restart(): void {}
}
