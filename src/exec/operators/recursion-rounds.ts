import type { StreamedRecursionNode } from '../../planner/physical/physical-plan.js';
import type { Batch, Vector } from '../../vector/vector.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { KeyPacker } from '../rows/key-packer.js';
import { RowAppender, RowCollection, RowCursor } from '../rows/row-collection.js';
import type { RowLayout } from '../rows/row-layout.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { mustSpill } from '../spill/memory-pressure.js';
import { PartitionSpill } from '../spill/partition-spill.js';
import type { SpillReader } from '../spill/spill-reader.js';
import { createCounters, type LaneContext, type Operator } from './operator.js';
import { sharedLayoutOf } from './shared-rows.js';

/** The rows that one round makes and the next one reads. When memory is short, they wait on disk. */
interface Round {
  readonly rows: RowCollection;
  spill: PartitionSpill | undefined;
}

/**
 * The working tables of a recursion: what is pushed is kept for the next round, while the rows of the present one are
 * read. Two collections take turns.
 */
export class RecursionRounds implements Operator {
  private readonly context: LaneContext;
  private readonly layout: RowLayout;
  private readonly packer: KeyPacker;
  private readonly appender: RowAppender;
  private readonly unpacker: RowUnpacker;
  private readonly counters: OperatorCounters;
  private readonly pointers: number;
  private present: Round;
  private next: Round;
  private cursor: RowCursor | undefined;
  private reader: SpillReader | undefined;
  private readBlock: RowCursor | undefined;

  constructor(context: LaneContext, node: StreamedRecursionNode) {
    const { shared, kernels, scope, owner } = context;
    this.context = context;
    this.layout = sharedLayoutOf(node);
    this.packer = new KeyPacker(shared, kernels, scope, this.layout);
    this.appender = new RowAppender(shared, kernels, scope);
    this.unpacker = new RowUnpacker(kernels, scope, this.layout.payload);
    this.counters = createCounters(context, node.id);
    this.pointers = scope.allocate(BATCH_ROWS * 4);
    const create = (): Round => ({
      rows: RowCollection.create(shared, owner, scope, this.layout, 1),
      spill: undefined,
    });
    this.present = create();
    this.next = create();
  }

  push(batch: Batch): void {
    const { shared, spill, scope } = this.context;
    const { rows } = this.next;
    this.appender.append(rows, this.packer, batch.columns, batch.rowCount);
    if (!mustSpill(shared, rows.byteLength)) return;
    this.next.spill ??= PartitionSpill.create(shared, scope, 1);
    this.counters.add('spilledBytes', this.next.spill.write(spill, rows, 0));
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
    this.cursor = rows.rowCount > 0 ? rows.openPartition(0) : undefined;
    return this.reader !== undefined || this.cursor !== undefined;
  }

  /** The next rows of the present round; undefined at its end. */
  read(): Batch | undefined {
    const count = this.listRows();
    return count === 0
      ? undefined
      : { rowCount: count, columns: this.unpacker.unpack(this.pointers, count) as Vector[] };
  }

  private listRows(): number {
    const { shared, kernels } = this.context;
    while (this.reader !== undefined) {
      const count = this.readBlock?.next(kernels, this.pointers) ?? 0;
      if (count > 0) return count;
      const block = this.reader.next();
      if (block !== 0) {
        this.readBlock = new RowCursor(shared, this.layout.stride, block);
        continue;
      }
      this.reader.close();
      this.reader = undefined;
      this.readBlock = undefined;
    }
    return this.cursor?.next(kernels, this.pointers) ?? 0;
  }
}
