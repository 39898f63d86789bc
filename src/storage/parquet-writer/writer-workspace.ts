import type { Kernels } from '../../kernels/kernels.js';
import { SNAPPY_TABLE_BYTES } from '../../kernels/snappy-compress-kernels.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import { BufferPool, emptyBuffer, type GrowableBuffer } from './buffer-pool.js';

/** Bytes of `bounds`. */
const BOUNDS_BYTES = 64;

/** Memory that all writers of one thread and one statement share: the pool of their buffers, and scratch. */
export class WriterWorkspace {
  readonly shared: SharedMemory;
  readonly kernels: Kernels;
  readonly pool: BufferPool;
  /** Scratch for BATCH_ROWS u32: where the values of the rows lie. */
  readonly positions: number;
  /** Scratch for BATCH_ROWS u32: dictionary codes not seen before. */
  readonly untranslated: number;
  /** Scratch for BATCH_ROWS u32: their translations. */
  readonly translated: number;
  /** Scratch for kernels that return several numbers. */
  readonly results: number;
  readonly snappyTable: number;
  /** A page before compression, and after. */
  readonly page: GrowableBuffer = emptyBuffer();
  readonly compressedPage: GrowableBuffer = emptyBuffer();

  constructor(shared: SharedMemory, kernels: Kernels, owner: number) {
    this.shared = shared;
    this.kernels = kernels;
    this.pool = new BufferPool(shared, owner);
    const scratch = emptyBuffer();
    this.pool.reserve(scratch, 3 * BATCH_ROWS * 4 + 64 + BOUNDS_BYTES + SNAPPY_TABLE_BYTES);
    this.positions = scratch.pointer;
    this.untranslated = this.positions + BATCH_ROWS * 4;
    this.translated = this.untranslated + BATCH_ROWS * 4;
    this.results = this.translated + BATCH_ROWS * 4 + 64;
    this.snappyTable = this.results + BOUNDS_BYTES;
  }

  /** Gives every byte back, also those of buffers that writers still hold. */
  free(): void {
    this.pool.free();
  }
}
