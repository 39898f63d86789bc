import type { ColumnLayout } from '../columns/column-layout.js';
import { ColumnReader } from '../columns/column-reader.js';
import { moveStrings } from '../columns/kept-columns.js';
import type { OperatorCounters } from '../query-block.js';
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
  private readonly layout: ColumnLayout;
  private readonly columns: ColumnReader;
  private readonly counters: OperatorCounters;
  private readonly passOn: ((block: number) => void) | undefined;
  private readonly unread: boolean;
  private reader: SpillReader | undefined;
  private block = 0;
  /** A block that has been handed on, while somebody may still look at its last rows. */
  private done = 0;

  constructor(
    context: LaneContext,
    { id, rows, outputs }: RowsReader,
    next: Operator,
    { takeMorsel = () => context.block.takeMorsel(context.pipeline), passOn, unread = false }: ReadingOptions = {},
  ) {
    this.context = context;
    this.next = next;
    this.rows = rows;
    this.takeMorsel = takeMorsel;
    this.passOn = passOn;
    this.unread = unread;
    this.layout = sharedLayoutOf(rows);
    this.columns = new ColumnReader(context.shared, this.layout, outputs);
    this.counters = createCounters(context, id);
  }

  restart(): void {
    this.morsels = undefined;
    this.reader = undefined;
    this.block = 0;
    this.done = 0;
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
    if (this.unread && this.passesOn) {
      this.done = this.block;
      this.block = 0;
      return true;
    }
    const batch = this.columns.next();
    this.counters.addBatch(batch.rowCount);
    this.next.push(batch);
    if (this.columns.isAtEnd) {
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
    for (;;) {
      this.block = this.reader?.next() ?? 0;
      if (this.block !== 0) {
        moveStrings(shared, kernels, this.layout, this.block, this.block);
        this.columns.open(this.block);
        return true;
      }
      this.reader?.close();
      this.reader = undefined;
      const morsel = morsels[this.takeMorsel()];
      if (morsel === undefined) return false;
      if (morsel.kind === 'block') {
        this.block = morsel.block;
        this.columns.open(this.block);
        return true;
      }
      this.reader = morsel.spill.open(kernels, owner, 0);
    }
  }
}
