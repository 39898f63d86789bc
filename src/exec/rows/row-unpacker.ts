import type { Kernels } from '../../kernels/kernels.js';
import type { UnpackKernel } from '../../kernels/row-kernels.js';
import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, Vector } from '../../vector/vector.js';
import type { ColumnSlot } from './row-layout.js';

/** Turns columns of rows back into flat vectors. Owns their buffers: they are valid until the next call. */
export class RowUnpacker {
  readonly vectors: Vector[];
  private readonly kernels: Kernels;
  private readonly slots: readonly ColumnSlot[];
  private readonly data: number[];
  private readonly validity: number[];
  /** Where validity bytes of all columns lie, when they do so close together. */
  private readonly validities: { readonly offset: number; readonly byteLength: number } | undefined;

  constructor(kernels: Kernels, scope: Scope, slots: readonly ColumnSlot[]) {
    this.kernels = kernels;
    this.slots = slots;
    this.vectors = slots.map((slot) => new Vector(slot.physical));
    this.data = slots.map((slot) => scope.allocate(BATCH_ROWS * byteWidthOf(slot.physical)));
    this.validity = slots.map((slot) => (slot.validityOffset < 0 ? 0 : scope.allocate(BATCH_ROWS)));
    this.validities = validitiesOf(slots);
  }

  /** `pointers` are the addresses of `rowCount` rows. */
  unpack(pointers: number, rowCount: number): readonly Vector[] {
    const mayHaveNulls = this.mayHaveNulls(pointers, rowCount);
    for (let index = 0; index < this.slots.length; index++) {
      const slot = this.slots[index]!;
      const data = this.data[index]!;
      this.unpackValues(slot, pointers, rowCount, data);
      const validity = this.validity[index]!;
      const hasNulls =
        mayHaveNulls &&
        validity !== 0 &&
        this.kernels.unpackValidity(pointers, slot.validityOffset, rowCount, validity) !== 0;
      this.vectors[index]!.setFlat(data, hasNulls ? validity : 0);
    }
    return this.vectors;
  }

  private mayHaveNulls(pointers: number, rowCount: number): boolean {
    if (this.validities === undefined) return true;
    const { offset, byteLength } = this.validities;
    return this.kernels.hasNulls(pointers, offset, byteLength, rowCount) !== 0;
  }

  private unpackValues(slot: ColumnSlot, pointers: number, rowCount: number, target: number): void {
    unpackKernelOf(this.kernels, slot.physical)(pointers, slot.offset, rowCount, target);
  }
}

/** Looking at some bytes too many costs less than looking column by column. */
const MOST_BYTES_PER_COLUMN = 2;

function validitiesOf(slots: readonly ColumnSlot[]): { offset: number; byteLength: number } | undefined {
  const offsets = slots.map(({ validityOffset }) => validityOffset).filter((offset) => offset >= 0);
  if (offsets.length < 2) return undefined;
  const offset = Math.min(...offsets);
  const byteLength = Math.max(...offsets) - offset + 1;
  return byteLength <= offsets.length * MOST_BYTES_PER_COLUMN ? { offset, byteLength } : undefined;
}

export function unpackKernelOf(kernels: Kernels, physical: PhysicalType): UnpackKernel {
  if (physical === 'string') return kernels.unpackStrings;
  switch (byteWidthOf(physical)) {
    case 1:
      return kernels.unpack1;
    case 4:
      return kernels.unpack4;
    case 8:
      return kernels.unpack8;
    default:
      return kernels.unpack16;
  }
}
