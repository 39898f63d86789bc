import { CHUNK_BYTES } from '../../vector/shared-memory.js';
import type { LaneContext } from '../operators/operator.js';
import { RowBlockWriter } from '../rows/row-block-writer.js';
import type { RowLayout } from '../rows/row-layout.js';

/** Copies of rows that were read from disk, in their order, until they are dropped. */
export class KeptRows {
  private readonly context: LaneContext;
  private readonly writer: RowBlockWriter;
  private blocks: { readonly block: number; readonly chunks: number; readonly end: number }[] = [];
  /** Rows in full blocks, over all, and rows that were dropped. */
  private written = 0;
  private dropped = 0;
  private heldChunks = 0;

  constructor(context: LaneContext, layout: RowLayout) {
    const { shared, kernels, owner } = context;
    this.context = context;
    this.writer = new RowBlockWriter(shared, kernels, owner, layout, (block) => {
      const [rows, , , chunks] = shared.u32.subarray(block / 4 + 1, block / 4 + 5) as unknown as [
        number,
        number,
        number,
        number,
      ];
      this.written += rows;
      this.heldChunks += chunks;
      this.blocks.push({ block, chunks, end: this.written });
      return true;
    });
  }

  get byteLength(): number {
    return this.heldChunks * CHUNK_BYTES;
  }

  /** Copies the rows of entries, which then are those of the copies. */
  keep(entries: number, count: number): void {
    this.writer.write(entries, count);
  }

  /** Frees the blocks of the first rows that were not dropped yet, as far as they have no others. */
  drop(count: number): void {
    this.dropped += count;
    const isDone = ({ end }: { readonly end: number }): boolean => end <= this.dropped;
    for (const done of this.blocks.filter(isDone)) this.free(done);
    this.blocks = this.blocks.filter((block) => !isDone(block));
  }

  close(): void {
    this.writer.close();
    for (const block of this.blocks) this.free(block);
    this.blocks = [];
  }

  private free({ block, chunks }: { readonly block: number; readonly chunks: number }): void {
    this.context.shared.freeChunks(block, chunks);
    this.heldChunks -= chunks;
  }
}
