import type { UnnestNode } from '../../planner/physical/physical-plan.js';
import { byteWidthOf, physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch, Vector } from '../../vector/vector.js';
import { Projector } from '../expression/projector.js';
import type { OperatorCounters } from '../query-block.js';
import { ColumnCompactor } from './batch-compactor.js';
import { createCounters, type LaneContext, type Operator, type ResumableOperator } from './operator.js';
import { createUnnestSource, type UnnestSource } from './unnest-sources.js';

/**
 * Each row once for each element of its arrays, which come side by side: a shorter array is filled up with NULLs. Text
 * and nested elements are views into the arrays.
 */
export class UnnestOperator implements ResumableOperator {
  private readonly context: LaneContext;
  private readonly node: UnnestNode;
  private readonly next: Operator;
  private readonly sources: readonly UnnestSource[];
  /** The expressions of all sources, one after the other. */
  private readonly projector: Projector;
  /** Where those of each source begin. */
  private readonly starts: readonly number[];
  private readonly leastLength: number;
  private readonly kept: readonly ColumnCompactor[];
  private readonly elements: readonly (Vector | undefined)[];
  private readonly ordinality: Vector | undefined;
  private readonly counters: OperatorCounters;
  /** u32 a row of the input: how often it comes. */
  private readonly lengths: number;
  /** u32 row, u32 element: what comes next. */
  private readonly state: number;
  private readonly rows: number;
  private readonly places: number;
  private batch: Batch | undefined;
  /** Of each source. */
  private vectors: readonly (readonly Vector[])[] = [];

  constructor(context: LaneContext, node: UnnestNode, next: Operator) {
    const { scope, kernels } = context;
    this.context = context;
    this.node = node;
    this.next = next;
    const types = node.input.columns.map((column) => column.type);
    this.sources = node.arrays.map((array, i) => createUnnestSource(context, array, node.elements[i]));
    const expressions = this.sources.flatMap((source) => source.expressions);
    const lengths = this.sources.map((source) => source.expressions.length);
    this.starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
    this.projector = new Projector(context.expressions, expressions);
    this.leastLength = Math.max(...this.sources.map((source) => source.leastLength));
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
    const { shared } = this.context;
    const { rowCount } = batch;
    this.batch = batch;
    const vectors = this.projector.evaluate(batch);
    this.vectors = this.sources.map(({ expressions }, i) => {
      const start = this.starts[i]!;
      return vectors.slice(start, start + expressions.length);
    });
    shared.u32.fill(this.leastLength, this.lengths / 4, this.lengths / 4 + rowCount);
    this.sources.forEach((source, i) => {
      source.growLengths(this.vectors[i]!, rowCount, this.lengths);
    });
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
      this.sources[i]!.take(this.vectors[i]!, { rows, places, count }, element);
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

  restart(): void {}
}
