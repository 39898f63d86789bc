import type { Batch } from '../../vector/vector.js';
import { ColumnAppender } from '../columns/column-appender.js';
import { KeptColumns } from '../columns/kept-columns.js';
import type { OperatorCounters } from '../query-block.js';
import { mustSpill } from '../spill/memory-pressure.js';
import { PartitionSpill } from '../spill/partition-spill.js';
import { createCounters, type LaneContext, type Sink } from './operator.js';
import { type CollectedRows, SHARED_ROWS, SHARED_SINK_BYTES, SHARED_SPILL, sharedLayoutOf } from './shared-rows.js';

/** Collects the rows of a plan that is read several times. When memory is short, they wait on disk. */
export class SharedRowsSink implements Sink {
  private readonly context: LaneContext;
  private readonly collected: CollectedRows;
  private readonly published: number;
  private rows!: KeptColumns;
  private spill!: PartitionSpill;
  private readonly appender: ColumnAppender;
  private readonly counters: OperatorCounters;

  constructor(context: LaneContext, collected: CollectedRows) {
    const { shared, kernels, scope } = context;
    this.context = context;
    this.collected = collected;
    this.appender = new ColumnAppender(shared, kernels, scope, sharedLayoutOf(collected));
    this.counters = createCounters(context, collected.id);
    this.published = scope.allocateCleared(SHARED_SINK_BYTES);
    this.restart();
  }

  restart(): void {
    const { shared, scope, owner, block, lane } = this.context;
    const { collected, published } = this;
    this.rows = KeptColumns.create(shared, owner, scope, sharedLayoutOf(collected));
    this.spill = PartitionSpill.create(shared, scope, 1);
    shared.u32[published / 4 + SHARED_ROWS] = this.rows.table;
    shared.u32[published / 4 + SHARED_SPILL] = this.spill.table;
    block.setSink(collected.id, lane, published);
  }

  push(batch: Batch): void {
    this.appender.append(this.rows, batch);
    this.spillIfNeeded();
  }

  /** Makes a block of rows of the same columns, which another sink has collected, one of these. */
  takeOver(block: number): void {
    this.rows.takeOver(0, block);
    this.spillIfNeeded();
  }

  private spillIfNeeded(): void {
    const { shared, kernels, spill } = this.context;
    if (mustSpill(shared, this.rows.byteLength)) {
      this.counters.add('spilledBytes', this.rows.spill(kernels, spill, this.spill));
    }
  }

  finish(): void {
    this.counters.raise('memoryBytes', this.rows.byteLength);
  }

  get isEmpty(): boolean {
    return this.rows.rowCountOf(0) + this.spill.rowCountOf(0) === 0;
  }

  /** Frees all rows, so that others can be collected. */
  clear(): void {
    this.rows.clear();
    this.spill.clear(0);
  }
}
