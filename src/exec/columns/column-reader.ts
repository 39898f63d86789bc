import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, type Batch, Vector } from '../../vector/vector.js';
import {
  BLOCK_ROWS,
  CAPACITY,
  type ColumnLayout,
  type KeptColumn,
  validityOffset,
  valuesOffset,
} from './column-layout.js';

/** Hands out the rows of blocks as batches: vectors of what lies there, so that nothing is copied. */
export class ColumnReader {
  private readonly shared: SharedMemory;
  private readonly layout: ColumnLayout;
  private readonly columns: readonly KeptColumn[];
  private readonly vectors: Vector[];
  private block = 0;
  private row = 0;

  /** `outputs` are the columns to read, in their order. */
  constructor(shared: SharedMemory, layout: ColumnLayout, outputs: readonly number[]) {
    this.shared = shared;
    this.layout = layout;
    this.columns = outputs.map((ordinal) => layout.columns[ordinal]!);
    this.vectors = this.columns.map(({ physical }) => new Vector(physical));
  }

  /** Begins with the first row of a block. */
  open(block: number): void {
    this.block = block;
    this.row = 0;
  }

  /** The next rows of the block, of which there must be some; valid until the next call, and as long as the block is. */
  next(): Batch {
    const { block, columns, layout, row, shared, vectors } = this;
    const { u32 } = shared;
    const capacity = u32[block / 4 + CAPACITY]!;
    const rowCount = Math.min(u32[block / 4 + BLOCK_ROWS]! - row, BATCH_ROWS);
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index]!;
      const hasNulls = u32[(block + column.nullsOffset) / 4] !== 0;
      const validity = hasNulls ? block + validityOffset(layout, column, capacity) + row : 0;
      vectors[index]!.setFlat(block + valuesOffset(layout, column, capacity) + row * column.width, validity);
    }
    this.row += rowCount;
    return { rowCount, columns: [...vectors] };
  }

  get isAtEnd(): boolean {
    return this.row >= this.shared.u32[this.block / 4 + BLOCK_ROWS]!;
  }
}
