import type { Kernels } from '../../kernels/kernels.js';
import { Scope } from '../../vector/scope.js';
import { CHUNK_BYTES, type SharedMemory } from '../../vector/shared-memory.js';
import { BLOCK_HEADER_BYTES, type RowLayout } from './row-layout.js';

/** Strings up to this length live in their view alone. */
const INLINE_BYTES = 8;

/** Copies rows, in the order of sorted entries, into blocks, and hands on each block that is full. */
export class RowBlockWriter {
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly owner: number;
  private readonly layout: RowLayout;
  private readonly take: (block: number) => boolean;
  private readonly scope: Scope;
  private readonly stringOffsets: readonly number[];
  private readonly strings: number;
  private block = 0;
  private chunks = 0;

  /** `take` returns whether it keeps the block; otherwise its chunks are used again. */
  constructor(
    shared: SharedMemory,
    kernels: Kernels,
    owner: number,
    layout: RowLayout,
    take: (block: number) => boolean,
  ) {
    this.shared = shared;
    this.kernels = kernels;
    this.owner = owner;
    this.layout = layout;
    this.take = take;
    this.scope = new Scope(shared, owner);
    const slots = [...layout.keys, ...layout.payload];
    this.stringOffsets = slots.filter((slot) => slot.physical === 'string').map((slot) => slot.offset);
    this.strings = this.scope.allocate(4 + this.stringOffsets.length * 4);
    shared.u32.set([this.stringOffsets.length, ...this.stringOffsets], this.strings / 4);
  }

  /** Entries are those of the copies afterwards, which lie in blocks that may have been handed on. */
  write(entries: number, count: number): void {
    const { kernels, layout, strings } = this;
    for (let done = 0; ; ) {
      if (this.block !== 0) {
        done += kernels.copySortedRows(entries + done * 16, count - done, layout.stride, strings, this.block);
      }
      if (done >= count) return;
      this.flush();
      this.begin(this.shared.u32[(entries + done * 16 + 8) / 4]!);
    }
  }

  /** Hands on the last block. */
  finish(): void {
    this.flush();
    this.close();
  }

  /** Frees what is not handed on. */
  close(): void {
    this.dropBlock();
    this.scope.free();
  }

  private flush(): void {
    if (this.block === 0 || this.shared.u32[this.block / 4 + 1] === 0) return;
    if (this.take(this.block)) this.block = 0;
  }

  /** Makes an empty block in which at least `row` has room. */
  private begin(row: number): void {
    const { u32 } = this.shared;
    let heapBytes = 0;
    for (const offset of this.stringOffsets) {
      const byteLength = u32[(row + offset) / 4]!;
      if (byteLength > INLINE_BYTES) heapBytes += byteLength;
    }
    const needed = BLOCK_HEADER_BYTES + this.layout.stride + heapBytes;
    const chunks = Math.ceil(needed / CHUNK_BYTES);
    if (this.block !== 0 && chunks !== this.chunks) this.dropBlock();
    if (this.block === 0) this.block = this.shared.allocateChunks(chunks, this.owner);
    this.chunks = chunks;
    // Rows must not reach the second chunk, as in `RowCollection.addBlock`.
    u32.set([0, 0, BLOCK_HEADER_BYTES, chunks === 1 ? CHUNK_BYTES : needed, chunks], this.block / 4);
  }

  private dropBlock(): void {
    if (this.block !== 0) this.shared.freeChunks(this.block, this.chunks);
    this.block = 0;
  }
}
