import { BATCH_ROWS } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { BLOCK_HEADER_BYTES } from '../rows/row-layout.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import type { SpillReader } from '../spill/spill-reader.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';
import {
  type CollectedRows,
  createSharedLayout,
  listSharedMorsels,
  type RowsReader,
  type SharedMorsel,
} from './shared-rows.js';

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
  private reader: SpillReader | undefined;
  private block = 0;
  private row = 0;

  /** `takeMorsel` counts what has been taken, of a pipeline that reads them in several lanes by default. */
  constructor(
    context: LaneContext,
    { id, rows, outputs }: RowsReader,
    next: Operator,
    takeMorsel: () => number = () => context.block.takeMorsel(context.pipeline),
  ) {
    const { kernels, scope } = context;
    const layout = createSharedLayout(rows);
    this.context = context;
    this.next = next;
    this.rows = rows;
    this.takeMorsel = takeMorsel;
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

  step(): boolean {
    if (this.block === 0 && !this.openBlock()) return false;
    const { shared, kernels } = this.context;
    const count = kernels.listRows(this.block, BLOCK_HEADER_BYTES, this.stride, this.row, BATCH_ROWS, this.pointers);
    this.row += count;
    const isDone = this.row >= shared.u32[this.block / 4 + 1]!;
    this.counters.addBatch(count);
    this.next.push({ rowCount: count, columns: [...this.unpacker.unpack(this.pointers, count)] });
    if (isDone) this.block = 0;
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
