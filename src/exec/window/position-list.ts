import { CHUNK_BYTES, type SharedMemory } from '../../vector/shared-memory.js';

/** A list of u32 that grows, in chunks that lie side by side. */
export class PositionList {
  pointer = 0;
  private chunks = 0;
  private readonly shared: SharedMemory;
  private readonly owner: number;

  constructor(shared: SharedMemory, owner: number) {
    this.shared = shared;
    this.owner = owner;
  }

  /** Makes room for `count` numbers; the first `used` keep their values. */
  ensure(count: number, used: number): void {
    const needed = Math.ceil((count * 4) / CHUNK_BYTES);
    if (needed <= this.chunks) return;
    const chunks = Math.max(needed, Math.ceil(this.chunks * 1.5));
    const pointer = this.shared.allocateChunks(chunks, this.owner);
    if (used > 0) this.shared.u8.copyWithin(pointer, this.pointer, this.pointer + used * 4);
    this.free();
    this.pointer = pointer;
    this.chunks = chunks;
  }

  get byteLength(): number {
    return this.chunks * CHUNK_BYTES;
  }

  at(index: number): number {
    return this.shared.u32[this.pointer / 4 + index]!;
  }

  free(): void {
    if (this.chunks > 0) this.shared.freeChunks(this.pointer, this.chunks);
    this.pointer = 0;
    this.chunks = 0;
  }
}
