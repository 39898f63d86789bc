import type { ExpandNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { type Batch, Vector } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { ZEROS } from '../rows/vector-source.js';
import { createCounters, type LaneContext, type Operator, type ResumableOperator } from './operator.js';

/** Hands on each batch once for each grouping set. Nothing is copied: a key that the set lacks is a constant NULL. */
export class ExpandOperator implements ResumableOperator {
  private readonly next: Operator;
  private readonly node: ExpandNode;
  private readonly memberships: readonly ReadonlySet<number>[];
  /** The constant NULL of each output column that is a key. */
  private readonly nulls: readonly Vector[];
  private readonly setVector: Vector = new Vector('i32');
  /** The numbers of the sets, i32 each. */
  private readonly numbers: number;
  private readonly counters: OperatorCounters;
  private batch: Batch | undefined;
  private set = 0;

  constructor(context: LaneContext, node: ExpandNode, next: Operator) {
    const { shared, scope } = context;
    this.next = next;
    this.node = node;
    this.memberships = node.sets.map((set) => new Set(set));
    this.nulls = node.columns.map((column) => new Vector(physicalTypeOf(column.type)));
    for (const vector of this.nulls) vector.setConstant(ZEROS, ZEROS);
    this.numbers = scope.allocate(node.sets.length * 4);
    node.sets.forEach((_, set) => {
      shared.i32[this.numbers / 4 + set] = set;
    });
    this.counters = createCounters(context, node.id);
  }

  get hasMore(): boolean {
    return this.batch !== undefined;
  }

  push(batch: Batch): void {
    if (this.memberships.length === 0) return;
    this.batch = batch;
    this.set = 0;
    this.resume();
  }

  resume(): void {
    const { rowCount, columns } = this.batch!;
    const set = this.set++;
    const membership = this.memberships[set]!;
    if (this.set === this.memberships.length) this.batch = undefined;
    this.setVector.setConstant(this.numbers + set * 4, 0);
    const expanded = this.node.outputs.map((output, i) => {
      if (output.kind === 'set') return this.setVector;
      return output.kind === 'input' || membership.has(output.key) ? columns[output.ordinal]! : this.nulls[i]!;
    });
    this.counters.addBatch(rowCount);
    this.next.push({ rowCount, columns: expanded });
  }

  finish(): void {
    this.next.finish();
  }

  restart(): void {}
}
