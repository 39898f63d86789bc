import type { WindowNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import type { Batch } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { KeyPacker } from '../rows/key-packer.js';
import { PARTITION_COUNT, RowAppender, RowCollection } from '../rows/row-collection.js';
import { createRowLayout } from '../rows/row-layout.js';
import { mustSpill } from '../spill/memory-pressure.js';
import { PartitionSpill } from '../spill/partition-spill.js';
import { createCounters, type LaneContext, type ResumableOperator, type Sink } from './operator.js';
import { createSortLayout } from './sort-layout.js';
import { SortSink } from './sort-sink.js';
import { sortOfWindow, WINDOW_ROWS, WINDOW_SINK_BYTES, WINDOW_SPILL } from './window-layout.js';

/** Without partition keys rows are sorted as they come; with them, when all rows of a radix partition are there. */
export function createWindowSink(context: LaneContext, node: WindowNode): Sink {
  return node.partitionKeys.length === 0 ? new SortSink(context, sortOfWindow(node)) : new WindowSink(context, node);
}

/** Collects rows in radix partitions of the hash of their partition keys; when memory is short, half of them go to disk. */
class WindowSink implements Sink, ResumableOperator {
  private readonly context: LaneContext;
  private readonly keys: readonly number[];
  private readonly packer: KeyPacker;
  private readonly appender: RowAppender;
  private readonly rows: RowCollection;
  private readonly spill: PartitionSpill;
  private readonly counters: OperatorCounters;
  private work: Generator<void, void, void> | undefined;

  constructor(context: LaneContext, node: WindowNode) {
    const { shared, kernels, scope, owner, block, lane } = context;
    this.context = context;
    this.keys = node.partitionKeys.map((key) => (key as { readonly column: number }).column);
    const keyTypes = node.partitionKeys.map(({ type }) => physicalTypeOf(type));
    // The keys are among the columns: this layout only says how they are packed to be hashed.
    const keyLayout = createRowLayout({ keys: keyTypes, nullableKeys: true, payload: [] });
    this.packer = new KeyPacker(shared, kernels, scope, keyLayout);
    this.appender = new RowAppender(shared, kernels, scope);
    const { rows } = createSortLayout(sortOfWindow(node));
    this.rows = RowCollection.create(shared, owner, scope, rows, PARTITION_COUNT);
    this.spill = PartitionSpill.create(shared, scope, PARTITION_COUNT);
    this.counters = createCounters(context, node.id);
    const published = scope.allocate(WINDOW_SINK_BYTES);
    shared.u32[published / 4 + WINDOW_ROWS] = this.rows.table;
    shared.u32[published / 4 + WINDOW_SPILL] = this.spill.table;
    block.setSink(node.id, lane, published);
  }

  push(batch: Batch): void {
    this.packer.pack(
      this.keys.map((key) => batch.columns[key]!),
      batch.rowCount,
    );
    this.appender.append(this.rows, this.packer, batch.columns, batch.rowCount);
    if (mustSpill(this.context.shared, this.rows.byteLength)) this.work = this.spillHalf();
  }

  get hasMore(): boolean {
    return this.work !== undefined;
  }

  resume(): void {
    if (this.work?.next().done) this.work = undefined;
  }

  finish(): void {}

  finishStep(): boolean {
    if (this.hasMore) {
      this.resume();
      return true;
    }
    this.counters.add('memoryBytes', this.rows.byteLength);
    return false;
  }

  /** The last partitions first, as all lanes do: so few partitions as possible have to be read from disk again. */
  private *spillHalf(): Generator<void, void, void> {
    const target = this.rows.byteLength / 2;
    for (let partition = PARTITION_COUNT - 1; partition >= 0 && this.rows.byteLength > target; partition--) {
      if (this.rows.rowCountOf(partition) === 0) continue;
      this.counters.add('spilledBytes', this.spill.write(this.context.spill, this.rows, partition));
      yield;
    }
  }
}
