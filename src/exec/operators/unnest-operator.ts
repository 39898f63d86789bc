import type { UnnestNode } from '../../planner/physical/physical-plan.js';
import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch, Vector } from '../../vector/vector.js';
import { Projector } from '../expression/projector.js';
import type { OperatorCounters } from '../query-block.js';
import { VectorSource } from '../rows/vector-source.js';
import { ColumnCompactor } from './batch-compactor.js';
import { createCounters, type LaneContext, type Operator, type ResumableOperator } from './operator.js';

/**
 * Each row once for each element of its arrays, which come side by side: a shorter array is filled up with NULLs. Text
 * and nested elements are views into the arrays.
 */
export class UnnestOperator implements ResumableOperator {
  private readonly context: LaneContext;
  private readonly node: UnnestNode;
  private readonly next: Operator;
  private readonly arrays: Projector;
  private readonly kept: readonly ColumnCompactor[];
  private readonly elements: readonly (Vector | undefined)[];
  private readonly ordinality: Vector | undefined;
  private readonly counters: OperatorCounters;
  private readonly source = new VectorSource();
  /** u32 a row of the input: how often it comes. */
  private readonly lengths: number;
  /** u32 row, u32 element: what comes next. */
  private readonly state: number;
  private readonly rows: number;
  private readonly places: number;
  private batch: Batch | undefined;
  private vectors: readonly Vector[] = [];

  constructor(context: LaneContext, node: UnnestNode, next: Operator) {
    const { scope, kernels } = context;
    this.context = context;
    this.node = node;
    this.next = next;
    const types = node.input.columns.map((column) => column.type);
    this.arrays = new Projector(context.expressions, node.arrays, types);
    this.kept = node.kept.map((ordinal) => new ColumnCompactor(kernels, scope, physicalTypeOf(types[ordinal]!)));
    this.elements = node.elements.map((type) => {
      if (type === undefined) return undefined;
      const physical = physicalTypeOf(type);
      const vector = new Vector(physical);
      vector.setFlat(scope.allocate(BATCH_ROWS * byteWidthOf(physical)), scope.allocate(BATCH_ROWS));
      return vector;
    });
    if (node.ordinality) {
      this.ordinality = new Vector('i64');
      this.ordinality.setFlat(scope.allocate(BATCH_ROWS * 8), scope.allocate(BATCH_ROWS));
    }
    this.lengths = scope.allocate(BATCH_ROWS * 4);
    this.rows = scope.allocate(BATCH_ROWS * 4);
    this.places = scope.allocate(BATCH_ROWS * 4);
    this.state = scope.allocate(8);
    this.counters = createCounters(context, node.id);
  }

  get hasMore(): boolean {
    return this.batch !== undefined;
  }

  push(batch: Batch): void {
    const { shared, kernels } = this.context;
    this.batch = batch;
    this.vectors = this.arrays.evaluate(batch);
    shared.u32.fill(0, this.lengths / 4, this.lengths / 4 + batch.rowCount);
    for (const vector of this.vectors) {
      const { data, codes, step, validity, validityStep } = this.source.set(vector, shared);
      kernels.growToArrayLengths(data, codes, step, validity, validityStep, batch.rowCount, this.lengths);
    }
    shared.u32[this.state / 4] = 0;
    shared.u32[this.state / 4 + 1] = 0;
    this.resume();
  }

  resume(): void {
    const { shared, kernels } = this.context;
    const { rowCount, columns } = this.batch!;
    const { lengths, state, rows, places } = this;
    const outer = this.node.outer ? 1 : 0;
    const count = kernels.nextElements(lengths, rowCount, outer, BATCH_ROWS, state, rows, places);
    if (shared.u32[state / 4]! >= rowCount) this.batch = undefined;
    if (count === 0) return;
    const output = this.kept.map((column, i) => column.compact(columns[this.node.kept[i]!]!, rows, count));
    this.elements.forEach((element, i) => {
      if (element === undefined) return;
      const { data, codes, step, validity, validityStep } = this.source.set(this.vectors[i]!, shared);
      kernels.takeElements(
        data,
        codes,
        step,
        validity,
        validityStep,
        rows,
        places,
        count,
        byteWidthOf(element.physical),
        element.data,
        element.validity,
      );
      output.push(element);
    });
    if (this.ordinality) {
      kernels.elementNumbers(places, count, this.ordinality.data, this.ordinality.validity);
      output.push(this.ordinality);
    }
    this.counters.addBatch(count);
    this.next.push({ rowCount: count, columns: output });
  }

  finish(): void {
    this.next.finish();
  }
}
