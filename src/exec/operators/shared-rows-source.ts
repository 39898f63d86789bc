import { BATCH_ROWS } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { BLOCK_HEADER_BYTES } from '../rows/row-layout.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import type { SpillReader } from '../spill/spill-reader.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';
import {
  type CollectedRows,
  listSharedMorsels,
  type RowsReader,
  type SharedMorsel,
  sharedLayoutOf,
} from './shared-rows.js';

export interface ReadingOptions {
  /** Counts what has been taken; of a pipeline that reads in several lanes by default. */
  readonly takeMorsel?: (() => number) | undefined;
  /** Gets each block of memory when its rows have been handed on. Nobody else reads them. */
  readonly passOn?: ((block: number) => void) | undefined;
  /** Blocks are passed on as they are: their rows have been read already. */
  readonly unread?: boolean;
}

/** All morsels for one of the lanes, the first that asks. Others have had a part in what else feeds the same sink. */
export function takeAllMorsels({ block, pipeline }: LaneContext): () => number {
  let next: number | undefined;
  return () => {
    next ??= block.takeMorsel(pipeline) === 0 ? 0 : Number.POSITIVE_INFINITY;
    return next++;
  };
}

/** Hands on rows that an earlier pipeline has collected, block by block. */
export class SharedRowsSource implements Source {
  private readonly context: LaneContext;
  private readonly next: Operator;
  private readonly rows: CollectedRows;
  private readonly takeMorsel: () => number;
  /** Listed when the first is taken. */
  private morsels: readonly SharedMorsel[] | undefined;
  private readonly stride: number;
  private readonly unpacker: RowUnpacker;
  private readonly counters: OperatorCounters;
  private readonly pointers: number;
  private readonly passOn: ((block: number) => void) | undefined;
  private readonly unread: boolean;
  private reader: SpillReader | undefined;
  private block = 0;
  private row = 0;
  /** A block that has been handed on, while somebody may still look at its last rows. */
  private done = 0;

  constructor(
    context: LaneContext,
    { id, rows, outputs }: RowsReader,
    next: Operator,
    { takeMorsel = () => context.block.takeMorsel(context.pipeline), passOn, unread = false }: ReadingOptions = {},
  ) {
    const { kernels, scope } = context;
    const layout = sharedLayoutOf(rows);
    this.context = context;
    this.next = next;
    this.rows = rows;
    this.takeMorsel = takeMorsel;
    this.passOn = passOn;
    this.unread = unread;
    this.stride = layout.stride;
    this.unpacker = new RowUnpacker(
      kernels,
      scope,
      outputs.map((ordinal) => layout.payload[ordinal]!),
    );
    this.counters = createCounters(context, id);
    this.pointers = scope.allocate(BATCH_ROWS * 4);
  }

  /** Other rows have been collected since. */
  listAgain(): void {
    this.morsels = undefined;
  }

  /** Will the block of the rows that come now be passed on? Not where they are read from disk. */
  get passesOn(): boolean {
    return this.passOn !== undefined && this.reader === undefined;
  }

  step(): boolean {
    if (this.done !== 0) this.passOn?.(this.done);
    this.done = 0;
    if (this.block === 0 && !this.openBlock()) return false;
    const { shared, kernels } = this.context;
    if (this.unread && this.passesOn) {
      this.done = this.block;
      this.block = 0;
      return true;
    }
    const count = kernels.listRows(this.block, BLOCK_HEADER_BYTES, this.stride, this.row, BATCH_ROWS, this.pointers);
    this.row += count;
    const isDone = this.row >= shared.u32[this.block / 4 + 1]!;
    this.counters.addBatch(count);
    this.next.push({ rowCount: count, columns: [...this.unpacker.unpack(this.pointers, count)] });
    if (isDone) {
      if (this.passesOn) this.done = this.block;
      this.block = 0;
    }
    return true;
  }

  /** The next block of what is being read from disk, or of the next morsel. */
  private openBlock(): boolean {
    const { shared, kernels, owner, block } = this.context;
    this.morsels ??= listSharedMorsels(shared, block, this.rows);
    const { morsels } = this;
    this.row = 0;
    for (;;) {
      this.block = this.reader?.next() ?? 0;
      if (this.block !== 0) return true;
      this.reader?.close();
      this.reader = undefined;
      const morsel = morsels[this.takeMorsel()];
      if (morsel === undefined) return false;
      if (morsel.kind === 'block') {
        this.block = morsel.block;
        return true;
      }
      this.reader = morsel.spill.open(kernels, owner, 0);
    }
  }
}
