import type { Kernels } from '../../kernels/kernels.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import { RowCursor } from '../rows/row-collection.js';
import { BLOCK_HEADER_BYTES } from '../rows/row-layout.js';
import type { SpillReader } from '../spill/spill-reader.js';
import type { JoinRows } from './join-rows.js';

/** Blocks of a slice in memory: some tens of thousands of rows. */
const SLICE_BLOCKS = 8;

/** Some rows of a partition: blocks that lie in memory, or all that a lane has on disk. */
export interface RowSlice {
  readonly rows: JoinRows;
  readonly partition: number;
  /** 0 for what is on disk. */
  readonly firstBlock: number;
  readonly blockCount: number;
  /** Rows of the partition that come before, in slices that are listed before. */
  readonly firstRow: number;
}

/** All rows of a partition, each in one slice: in the same order, whichever thread asks. */
export function listSlices(shared: SharedMemory, sides: readonly JoinRows[], partition: number): RowSlice[] {
  const slices: RowSlice[] = [];
  let firstRow = 0;
  for (const rows of sides) {
    let slice: RowSlice | undefined;
    for (const block of rows.collection.blocksOf(partition)) {
      const blockCount: number = slice === undefined ? 1 : slice.blockCount + 1;
      slice = { rows, partition, firstRow, firstBlock: block, ...slice, blockCount };
      if (blockCount === SLICE_BLOCKS) {
        slices.push(slice);
        slice = undefined;
      }
      firstRow += shared.u32[block / 4 + 1]!;
    }
    if (slice !== undefined) slices.push(slice);
    const spilled = rows.spill.rowCountOf(partition);
    if (spilled > 0) slices.push({ rows, partition, firstBlock: 0, blockCount: 0, firstRow });
    firstRow += spilled;
  }
  return slices;
}

/** Walks the rows of a slice. */
export class SliceRows {
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly stride: number;
  private readonly cursor: RowCursor | undefined;
  private readonly reader: SpillReader | undefined;
  private block = 0;
  private row = 0;

  /** Buffers belong to `owner`; `close` frees them. */
  constructor(shared: SharedMemory, kernels: Kernels, owner: number, slice: RowSlice) {
    const { rows, partition, firstBlock, blockCount } = slice;
    this.shared = shared;
    this.kernels = kernels;
    this.stride = rows.collection.layout.stride;
    if (firstBlock === 0) this.reader = rows.spill.open(kernels, owner, partition);
    else this.cursor = new RowCursor(shared, this.stride, firstBlock, blockCount);
  }

  /** Writes the addresses of the next rows to `pointers`, at most `BATCH_ROWS`; 0 at the end. They last one call. */
  next(pointers: number): number {
    if (this.cursor !== undefined) return this.cursor.next(this.kernels, pointers);
    if (this.block === 0) {
      this.block = this.reader!.next();
      this.row = 0;
    }
    if (this.block === 0) return 0;
    const count = this.kernels.listRows(this.block, BLOCK_HEADER_BYTES, this.stride, this.row, BATCH_ROWS, pointers);
    this.row += count;
    if (this.row >= this.shared.u32[this.block / 4 + 1]!) this.block = 0;
    return count;
  }

  close(): void {
    this.reader?.close();
  }
}
