import type { Kernels } from '../../kernels/kernels.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, type Vector } from '../../vector/vector.js';
import type { RowLayout } from './row-layout.js';
import { packKernelOf, VectorSource } from './vector-source.js';

/**
 * Packs the keys of a batch side by side, in the layout they have in rows but with absolute string pointers, and hashes
 * them. The result is valid until the next call.
 */
export class KeyPacker {
  readonly layout: RowLayout;
  /** Packed keys, `layout.keyBytes` apart. */
  readonly keys: number;
  /** One u32 a row. */
  readonly hashes: number;
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly source = new VectorSource();

  constructor(shared: SharedMemory, kernels: Kernels, scope: Scope, layout: RowLayout) {
    this.shared = shared;
    this.kernels = kernels;
    this.layout = layout;
    this.keys = scope.allocateCleared(Math.max(8, layout.keyBytes) * BATCH_ROWS);
    this.hashes = scope.allocateCleared(BATCH_ROWS * 4);
  }

  pack(vectors: readonly Vector[], rowCount: number): void {
    const { layout, kernels } = this;
    const stride = layout.keyBytes;
    if (stride === 0) return; // no keys: all hashes stay 0
    this.packUnhashed(vectors, rowCount);
    kernels.hashKeys(this.keys, stride, layout.fixedKeyBytes, layout.stringKeyCount, this.hashes, rowCount);
  }

  /** The same without hashes. */
  packUnhashed(vectors: readonly Vector[], rowCount: number): void {
    const { layout, source, kernels } = this;
    const stride = layout.keyBytes;
    for (const [key, slot] of layout.keys.entries()) {
      source.set(vectors[key]!, this.shared);
      const base = this.keys + slot.offset - layout.keyOffset;
      const pack = packKernelOf(kernels, slot.physical, true);
      pack(source.data, source.codes, source.step, source.rowValidity, 0, base, stride, rowCount);
      if (slot.validityOffset >= 0) {
        const validityBase = this.keys + slot.validityOffset - layout.keyOffset;
        kernels.packValidity(source.validity, source.validityStep, 0, validityBase, stride, rowCount);
      }
    }
  }
}
