import type { WindowNode } from '../../planner/physical/physical-plan.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import { BATCH_ROWS, type Batch, type Vector } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { KeyPacker } from '../rows/key-packer.js';
import { PARTITION_COUNT, RowAppender, RowCollection } from '../rows/row-collection.js';
import { createRowLayout, type RowLayout } from '../rows/row-layout.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { mustSpill } from '../spill/memory-pressure.js';
import { PartitionSpill } from '../spill/partition-spill.js';
import { PartitionBest } from '../window/partition-best.js';
import { BatchCompactor } from './batch-compactor.js';
import { createCounters, type LaneContext, type ResumableOperator, type Sink } from './operator.js';
import { sortLayoutOf } from './sort-layout.js';
import { SortSink } from './sort-sink.js';
import { sortOfWindow, WINDOW_ROWS, WINDOW_SINK_BYTES, WINDOW_SPILL } from './window-layout.js';

/** Without partition keys rows are sorted as they come; with them, when all rows of a radix partition are there. */
export function createWindowSink(context: LaneContext, node: WindowNode): Sink {
  return node.partitionKeys.length === 0 ? new SortSink(context, sortOfWindow(node)) : new WindowSink(context, node);
}

/** Of fewer rows than this, leaving some out costs more than sorting all: where no more are expected, it begins late. */
const FEW_ROWS = 65_536;

/** Rows that were outdone are looked for when there are so many. */
const MIN_SHED_ROWS = 131_072;

/**
 * Collects rows in radix partitions of the hash of their partition keys; when memory is short, half of them go to disk.
 * Where only the first of each partition are wanted, others are left out, or shed when they have been outdone.
 */
class WindowSink implements Sink, ResumableOperator {
  private readonly context: LaneContext;
  private readonly node: WindowNode;
  private readonly keys: readonly number[];
  private readonly packer: KeyPacker;
  private readonly appender: RowAppender;
  private readonly compactor: BatchCompactor;
  private readonly published: number;
  private readonly rowLayout: RowLayout;
  private rows: RowCollection;
  private spare: RowCollection | undefined;
  private best: PartitionBest | undefined;
  /** Rows after which it is made. */
  private createBestAt = 0;
  private unpacker: RowUnpacker | undefined;
  private pointers = 0;
  private shedAt = MIN_SHED_ROWS;
  private spill: PartitionSpill;
  private readonly counters: OperatorCounters;
  private work: Generator<void, void, void> | undefined;

  constructor(context: LaneContext, node: WindowNode) {
    const { shared, kernels, scope } = context;
    this.context = context;
    this.node = node;
    this.keys = node.partitionKeys.map((key) => (key as { readonly column: number }).column);
    const keyTypes = node.partitionKeys.map(({ type }) => physicalTypeOf(type));
    // The keys are among the columns: this layout only says how they are packed to be hashed.
    const keyLayout = createRowLayout({ keys: keyTypes, nullableKeys: true, payload: [] });
    this.packer = new KeyPacker(shared, kernels, scope, keyLayout);
    this.appender = new RowAppender(shared, kernels, scope);
    const types = node.input.columns.map(({ type }) => physicalTypeOf(type));
    this.compactor = new BatchCompactor(kernels, scope, types);
    this.rowLayout = sortLayoutOf(sortOfWindow(node)).rows;
    this.counters = createCounters(context, node.id);
    this.published = scope.allocate(WINDOW_SINK_BYTES);
    [this.rows, this.spill] = this.start();
  }

  restart(): void {
    [this.rows, this.spill] = this.start();
  }

  /** Where rows will lie. */
  private start(): [RowCollection, PartitionSpill] {
    const { context, node, rowLayout } = this;
    const { shared, scope, owner, block, lane } = context;
    this.spare = undefined;
    this.shedAt = MIN_SHED_ROWS;
    const areMany = node.input.estimatedRows >= FEW_ROWS;
    this.best = areMany ? PartitionBest.create(context, node, 0) : undefined;
    this.createBestAt = areMany ? Number.POSITIVE_INFINITY : FEW_ROWS;
    block.setSink(node.id, lane, this.published);
    const rows = RowCollection.create(shared, owner, scope, rowLayout, PARTITION_COUNT);
    return [rows, PartitionSpill.create(shared, scope, PARTITION_COUNT)];
  }

  push(batch: Batch): void {
    const { best } = this;
    const kept = best ? best.keep(batch.columns, batch.rowCount) : batch.rowCount;
    this.append(this.rows, batch, kept);
    const { rows } = this;
    if (rows.rowCount >= this.createBestAt) {
      this.best = PartitionBest.create(this.context, this.node, rows.rowCount);
      this.createBestAt = Number.POSITIVE_INFINITY;
    }
    const held = rows.byteLength + (best?.byteLength ?? 0);
    if (best?.review() === false) this.forgetBest();
    else if (best && rows.rowCount > Math.max(this.shedAt, best.mostRows * 2)) this.work = this.shed(best);
    else if (mustSpill(this.context.shared, held)) this.work = this.spillHalf();
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
    this.counters.raise('memoryBytes', this.rows.byteLength);
    this.forgetBest();
    const { u32 } = this.context.shared;
    u32[this.published / 4 + WINDOW_ROWS] = this.rows.table;
    u32[this.published / 4 + WINDOW_SPILL] = this.spill.table;
    return false;
  }

  private pack(columns: readonly Vector[], rowCount: number): void {
    this.packer.pack(
      this.keys.map((key) => columns[key]!),
      rowCount,
    );
  }

  /** Appends the rows of a batch, or those of them that are selected. */
  private append(rows: RowCollection, batch: Batch, kept: number): void {
    if (kept === 0) return;
    const isAll = kept === batch.rowCount;
    const { columns } = isAll ? batch : this.compactor.compact(batch.columns, this.best!.selection, kept);
    this.pack(columns, kept);
    this.appender.append(rows, this.packer, columns, kept);
  }

  private forgetBest(): void {
    if (this.best === undefined) return;
    this.counters.raise('memoryBytes', this.rows.byteLength + this.best.byteLength);
    this.best.free();
    this.best = undefined;
  }

  /** Copies the rows that have not been outdone, radix partition by radix partition. */
  private *shed(best: PartitionBest): Generator<void, void, void> {
    const { shared, kernels, scope, owner } = this.context;
    const layout = this.rowLayout;
    this.pointers ||= scope.allocate(BATCH_ROWS * 4);
    this.unpacker ??= new RowUnpacker(kernels, scope, layout.payload);
    const kept = this.spare ?? RowCollection.create(shared, owner, scope, layout, PARTITION_COUNT);
    for (let partition = 0; partition < PARTITION_COUNT; partition++) {
      const cursor = this.rows.openPartition(partition);
      for (;;) {
        const rowCount = cursor.next(kernels, this.pointers);
        if (rowCount === 0) break;
        const columns = [...this.unpacker.unpack(this.pointers, rowCount)];
        this.append(kept, { columns, rowCount }, best.select(columns, rowCount));
        yield;
      }
      this.rows.clearPartition(partition);
    }
    this.spare = this.rows;
    this.rows = kept;
    this.shedAt = Math.max(MIN_SHED_ROWS, kept.rowCount * 2);
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
