import type { StreamedRecursionNode } from '../../planner/physical/physical-plan.js';
import type { Batch } from '../../vector/vector.js';
import { ColumnAppender } from '../columns/column-appender.js';
import type { ColumnLayout } from '../columns/column-layout.js';
import { ColumnReader } from '../columns/column-reader.js';
import { KeptColumns, moveStrings } from '../columns/kept-columns.js';
import type { OperatorCounters } from '../query-block.js';
import { mustSpill } from '../spill/memory-pressure.js';
import { PartitionSpill } from '../spill/partition-spill.js';
import type { SpillReader } from '../spill/spill-reader.js';
import { createCounters, type LaneContext, type Operator } from './operator.js';
import { sharedLayoutOf } from './shared-rows.js';

/** The rows that one round makes and the next one reads. When memory is short, they wait on disk. */
interface Round {
  readonly rows: KeptColumns;
  spill: PartitionSpill | undefined;
}

/**
 * The working tables of a recursion: what is pushed is kept for the next round, while the rows of the present one are
 * read. Two tables take turns.
 */
export class RecursionRounds implements Operator {
  private readonly context: LaneContext;
  private readonly layout: ColumnLayout;
  private readonly appender: ColumnAppender;
  private readonly columns: ColumnReader;
  private readonly counters: OperatorCounters;
  private present: Round;
  private next: Round;
  private reader: SpillReader | undefined;
  /** What is being read. */
  private block = 0;
  /** The next one in memory. */
  private nextBlock = 0;

  constructor(context: LaneContext, node: StreamedRecursionNode) {
    const { shared, kernels, scope, owner } = context;
    this.context = context;
    this.layout = sharedLayoutOf(node);
    this.appender = new ColumnAppender(shared, kernels, scope, this.layout);
    this.columns = new ColumnReader(shared, this.layout, [...this.layout.columns.keys()]);
    this.counters = createCounters(context, node.id);
    const create = (): Round => ({ rows: KeptColumns.create(shared, owner, scope, this.layout), spill: undefined });
    this.present = create();
    this.next = create();
  }

  push(batch: Batch): void {
    const { shared, kernels, spill, scope } = this.context;
    const { rows } = this.next;
    this.appender.append(rows, batch);
    if (!mustSpill(shared, rows.byteLength)) return;
    this.next.spill ??= PartitionSpill.create(shared, scope, 1);
    this.counters.add('spilledBytes', rows.spill(kernels, spill, this.next.spill));
  }

  finish(): void {}

  /** Ends the present round: what has been pushed is now to be read. Answers whether that is anything. */
  turn(): boolean {
    const { present } = this;
    this.counters.raise('memoryBytes', present.rows.byteLength + this.next.rows.byteLength);
    present.rows.clear();
    present.spill = undefined;
    this.present = this.next;
    this.next = present;
    const { rows, spill } = this.present;
    const { kernels, owner } = this.context;
    this.reader = spill?.open(kernels, owner, 0);
    this.block = 0;
    this.nextBlock = rows.firstBlockOf(0);
    return this.reader !== undefined || this.nextBlock !== 0;
  }

  /** The next rows of the present round; undefined at its end. */
  read(): Batch | undefined {
    if (this.block === 0) {
      this.block = this.readFrame() || this.nextInMemory();
      if (this.block === 0) return undefined;
      this.columns.open(this.block);
    }
    const batch = this.columns.next();
    if (this.columns.isAtEnd) this.block = 0;
    return batch;
  }

  private readFrame(): number {
    const { shared, kernels } = this.context;
    const block = this.reader?.next() ?? 0;
    if (block !== 0) {
      moveStrings(shared, kernels, this.layout, block, block);
      return block;
    }
    this.reader?.close();
    this.reader = undefined;
    return 0;
  }

  private nextInMemory(): number {
    const block = this.nextBlock;
    if (block !== 0) this.nextBlock = this.context.shared.u32[block / 4]!;
    return block;
  }
}
