import { CHUNK_BYTES, PADDING_BYTES, type SharedMemory } from './shared-memory.js';

/** Runs of chunks grow with the scope, up to this many. */
const MAX_RUN_CHUNKS = 16;

/**
 * A bump allocator that is freed whole. Scopes nest by convention (cache ⊃ query ⊃ sink ⊃ morsel); a scope belongs to
 * one thread, while the bytes in it may be read by all.
 */
export class Scope {
  private readonly children: Scope[] = [];
  private readonly runs: { pointer: number; chunks: number }[] = [];
  private current = 0;
  private end = 0;
  private readonly shared: SharedMemory;
  readonly owner: number;
  private readonly releases: (() => void)[] = [];

  /** `owner` groups scopes: `SharedMemory.freeOwner` frees them all, whatever thread made them. */
  constructor(shared: SharedMemory, owner: number) {
    this.shared = shared;
    this.owner = owner;
  }

  /** `byteLength` bytes plus padding, 64-byte aligned, not cleared. */
  allocate(byteLength: number): number {
    const padded = byteLength + PADDING_BYTES + 63;
    const needed = padded - (padded % 64);
    if (needed > this.end - this.current) {
      const chunks = Math.ceil(needed / CHUNK_BYTES);
      if (chunks > 1 && chunks * CHUNK_BYTES - needed < this.end - this.current) {
        // A large request that would leave less behind than what is left now: keep the current run.
        const pointer = this.shared.allocateChunks(chunks, this.owner);
        this.runs.push({ pointer, chunks });
        return pointer;
      }
      const grown = Math.max(chunks, Math.min(MAX_RUN_CHUNKS, this.runs.length));
      const pointer = this.shared.allocateChunks(grown, this.owner);
      this.runs.push({ pointer, chunks: grown });
      this.current = pointer;
      this.end = pointer + grown * CHUNK_BYTES;
    }
    const pointer = this.current;
    this.current += needed;
    this.shared.poison(pointer, needed);
    return pointer;
  }

  allocateCleared(byteLength: number): number {
    const pointer = this.allocate(byteLength);
    this.shared.clear(pointer, byteLength);
    return pointer;
  }

  /** Calls `release` when the scope is reset or freed: for what is used as long as its bytes, and lies elsewhere. */
  onRelease(release: () => void): void {
    this.releases.push(release);
  }

  private release(): void {
    for (const release of this.releases.splice(0)) release();
  }

  /** Forgets all allocations; keeps the first run, so that a scope used per morsel settles without the allocator. */
  reset(): void {
    this.release();
    for (const child of this.children) child.free();
    this.children.length = 0;
    for (let index = this.runs.length - 1; index > 0; index--) {
      const run = this.runs[index]!;
      this.shared.freeChunks(run.pointer, run.chunks);
    }
    this.runs.length = Math.min(1, this.runs.length);
    const first = this.runs[0];
    this.current = first ? first.pointer : 0;
    this.end = first ? first.pointer + first.chunks * CHUNK_BYTES : 0;
  }

  /** A scope that can be freed by itself, and is with this one. */
  createChild(): Scope {
    const child = new Scope(this.shared, this.owner);
    this.children.push(child);
    return child;
  }

  free(): void {
    this.release();
    for (const child of this.children) child.free();
    for (const run of this.runs) this.shared.freeChunks(run.pointer, run.chunks);
    this.runs.length = 0;
    this.current = 0;
    this.end = 0;
  }
}
