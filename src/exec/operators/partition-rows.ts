import type { Kernels } from '../../kernels/kernels.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import type { RowCursor } from '../rows/row-collection.js';
import { BLOCK_HEADER_BYTES } from '../rows/row-layout.js';
import type { SpillReader } from '../spill/spill-reader.js';
import type { JoinRows } from './join-rows.js';

/** Walks all rows of a partition, those in memory first, then those on disk, block by block. */
export class PartitionRows {
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly cursors: RowCursor[];
  private readonly readers: { readonly reader: SpillReader; readonly stride: number }[];
  private block = 0;
  private row = 0;

  /** Buffers belong to `owner`; `close` frees them. */
  constructor(shared: SharedMemory, kernels: Kernels, owner: number, sides: readonly JoinRows[], partition: number) {
    this.shared = shared;
    this.kernels = kernels;
    this.cursors = sides.map(({ collection }) => collection.openPartition(partition));
    this.readers = sides.map(({ collection, spill }) => ({
      reader: spill.open(kernels, owner, partition),
      stride: collection.layout.stride,
    }));
  }

  /** Writes the addresses of the next rows to `pointers`, at most `BATCH_ROWS`; 0 at the end. They last one call. */
  next(pointers: number): number {
    for (let cursor = this.cursors.at(-1); cursor !== undefined; cursor = this.cursors.at(-1)) {
      const count = cursor.next(this.kernels, pointers);
      if (count > 0) return count;
      this.cursors.pop();
    }
    for (let current = this.readers.at(-1); current !== undefined; current = this.readers.at(-1)) {
      const { reader, stride } = current;
      if (this.block === 0) {
        this.block = reader.next();
        this.row = 0;
      }
      if (this.block === 0) {
        reader.close();
        this.readers.pop();
        continue;
      }
      const count = this.kernels.listRows(this.block, BLOCK_HEADER_BYTES, stride, this.row, BATCH_ROWS, pointers);
      this.row += count;
      if (this.row >= this.shared.u32[this.block / 4 + 1]!) this.block = 0;
      return count;
    }
    return 0;
  }

  close(): void {
    for (const { reader } of this.readers) reader.close();
  }
}
