import { CHUNK_BYTES, PADDING_BYTES, type SharedMemory } from '../../vector/shared-memory.js';

const SMALLEST_BLOCK_BYTES = 512;
const LARGEST_SLAB_BLOCK_BYTES = CHUNK_BYTES / 2;
/** Buffers double up to this size and grow by half beyond it. */
const DOUBLING_LIMIT_BYTES = 4 * 2 ** 20;

/** A growing array of bytes in the shared memory. `pointer` is 0 and `capacity` 0 until something is reserved. */
export interface GrowableBuffer {
  pointer: number;
  /** Bytes that may be used; there are 64 more as padding. */
  capacity: number;
  /** Bytes in use; kept by the holder. */
  byteLength: number;
}

export function emptyBuffer(): GrowableBuffer {
  return { pointer: 0, capacity: 0, byteLength: 0 };
}

/**
 * Memory for buffers that come, grow and go: powers of two from 512 bytes, cut from chunks, below half a chunk, and
 * runs of chunks above. A writer with a hundred small columns takes kilobytes, not chunks.
 *
 * Chunks that were cut up stay with the pool until `free`.
 */
export class BufferPool {
  readonly shared: SharedMemory;
  private readonly owner: number;
  /** Free blocks by log2 of their size. */
  private readonly freeBlocks: number[][] = Array.from({ length: 17 }, () => []);
  private readonly slabs: number[] = [];
  /** Runs of chunks in use: pointer to number of chunks. */
  private readonly runs: Map<number, number> = new Map();

  private used = 0;

  constructor(shared: SharedMemory, owner: number) {
    this.shared = shared;
    this.owner = owner;
  }

  /** Bytes of all buffers, padding included; free blocks are not counted. */
  get usedBytes(): number {
    return this.used;
  }

  /** Makes room for `capacity` bytes in all; keeps the bytes in use. */
  reserve(buffer: GrowableBuffer, capacity: number): void {
    if (capacity <= buffer.capacity) return;
    const grown = buffer.capacity * (buffer.capacity < DOUBLING_LIMIT_BYTES ? 2 : 1.5);
    const needed = Math.max(capacity, grown) + PADDING_BYTES;
    const old = buffer.pointer;
    const oldCapacity = buffer.capacity;
    const blockBytes = blockBytesFor(needed);
    buffer.pointer = this.take(blockBytes);
    buffer.capacity = blockBytes - PADDING_BYTES;
    if (old !== 0) {
      this.shared.u8.copyWithin(buffer.pointer, old, old + buffer.byteLength);
      this.giveBack(old, oldCapacity + PADDING_BYTES);
    }
  }

  /** Gives the memory back; the buffer is empty again. */
  release(buffer: GrowableBuffer): void {
    if (buffer.pointer !== 0) this.giveBack(buffer.pointer, buffer.capacity + PADDING_BYTES);
    buffer.pointer = 0;
    buffer.capacity = 0;
    buffer.byteLength = 0;
  }

  /** Returns all chunks, whatever still points to them. */
  free(): void {
    for (const slab of this.slabs) this.shared.freeChunks(slab, 1);
    for (const [pointer, chunks] of this.runs) this.shared.freeChunks(pointer, chunks);
    this.slabs.length = 0;
    this.runs.clear();
    for (const blocks of this.freeBlocks) blocks.length = 0;
    this.used = 0;
  }

  private take(blockBytes: number): number {
    if (blockBytes > LARGEST_SLAB_BLOCK_BYTES) {
      const chunks = blockBytes / CHUNK_BYTES;
      const pointer = this.shared.allocateChunks(chunks, this.owner);
      this.runs.set(pointer, chunks);
      this.used += blockBytes;
      return pointer;
    }
    const blocks = this.freeBlocks[Math.log2(blockBytes)]!;
    if (blocks.length === 0) {
      const slab = this.shared.allocateChunks(1, this.owner);
      this.slabs.push(slab);
      for (let offset = CHUNK_BYTES - blockBytes; offset >= 0; offset -= blockBytes) blocks.push(slab + offset);
    }
    this.used += blockBytes;
    return blocks.pop()!;
  }

  private giveBack(pointer: number, blockBytes: number): void {
    this.used -= blockBytes;
    if (blockBytes > LARGEST_SLAB_BLOCK_BYTES) {
      this.runs.delete(pointer);
      this.shared.freeChunks(pointer, blockBytes / CHUNK_BYTES);
    } else {
      this.freeBlocks[Math.log2(blockBytes)]!.push(pointer);
    }
  }
}

function blockBytesFor(needed: number): number {
  if (needed > LARGEST_SLAB_BLOCK_BYTES) return Math.ceil(needed / CHUNK_BYTES) * CHUNK_BYTES;
  let bytes = SMALLEST_BLOCK_BYTES;
  while (bytes < needed) bytes *= 2;
  return bytes;
}
