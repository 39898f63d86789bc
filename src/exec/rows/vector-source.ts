import type { Kernels } from '../../kernels/kernels.js';
import type { PackKernel } from '../../kernels/row-kernels.js';
import type { PhysicalType } from '../../types/sql-type.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { Vector } from '../../vector/vector.js';

/** 16 bytes in the null page that are always zero: the value of a NULL constant. */
export const ZEROS = 512;

/** A vector as the pack kernels take it: value i is data[codes ? codes[i] : i * step]. */
export class VectorSource {
  data = 0;
  codes = 0;
  step = 1;
  /** One byte a row, or 0. */
  validity = 0;
  /** 0 when `validity` is one byte for all rows. */
  validityStep = 1;

  set(vector: Vector, shared: SharedMemory): this {
    this.data = vector.data;
    this.codes = vector.encoding === 'dictionary' ? vector.codes : 0;
    this.step = 1;
    this.validity = vector.validity;
    this.validityStep = 1;
    if (vector.encoding === 'constant') {
      this.step = 0;
      this.validityStep = 0;
      if (vector.validity !== 0) {
        if (shared.u8[vector.validity] === 0) this.data = ZEROS;
        else this.validity = 0;
      }
    }
    return this;
  }

  /** The validity a pack kernel may index by row. */
  get rowValidity(): number {
    return this.validityStep === 0 ? 0 : this.validity;
  }
}

/** The kernel that writes values of a type; keys of floating type are normalised, so that equal means equal bytes. */
export function packKernelOf(kernels: Kernels, physical: PhysicalType, isKey: boolean): PackKernel {
  switch (physical) {
    case 'bool':
      return kernels.pack1;
    case 'i32':
      return kernels.pack4;
    case 'f32':
      return isKey ? kernels.packKeyF32 : kernels.pack4;
    case 'i64':
      return kernels.pack8;
    case 'f64':
      return isKey ? kernels.packKeyF64 : kernels.pack8;
    case 'interval':
      return isKey ? kernels.packKeyInterval : kernels.pack16;
    case 'i128':
    case 'uuid':
    case 'string': // views with absolute pointers, in packed keys only
      return kernels.pack16;
  }
}
