import type { PhysicalType } from '../types/sql-type.js';

/** Rows of a full batch. Operators may hand on fewer, never more. */
export const BATCH_ROWS = 4096;

/**
 * How a column of a batch lies in the shared memory.
 *
 * - `flat`        `data` has one value a row.
 * - `dictionary`  `codes` has one u32 a row, an index into the `dictionarySize` values at `data`. Entries are never
 *                 NULL; a NULL row has a valid code all the same.
 * - `constant`    `data` has one value for all rows.
 */
export type VectorEncoding = 'flat' | 'dictionary' | 'constant';

/**
 * A column of a batch: pointers, never values. One class with all fields always set, so that reading it stays
 * monomorphic. Bytes live in the scope of whoever made the batch, at least until its `push` returns.
 */
export class Vector {
  physical: PhysicalType;
  encoding: VectorEncoding = 'flat';
  /** Values: see `VectorEncoding` and `PhysicalType`. */
  data = 0;
  /** One byte a row, 1 = valid, 0 = NULL; pointer 0 when no row is NULL. For `constant`, one byte for all rows. */
  validity = 0;
  /** `dictionary` only: one u32 a row. */
  codes = 0;
  /** `dictionary` only: number of entries. */
  dictionarySize = 0;
  /** `dictionary` only: equal for vectors that share entries; what is computed per entry is cached under it. */
  dictionaryId = 0;

  constructor(physical: PhysicalType) {
    this.physical = physical;
  }

  setFlat(data: number, validity: number): void {
    this.encoding = 'flat';
    this.data = data;
    this.validity = validity;
    this.codes = 0;
    this.dictionarySize = 0;
    this.dictionaryId = 0;
  }

  setConstant(data: number, validity: number): void {
    this.setFlat(data, validity);
    this.encoding = 'constant';
  }

  setDictionary(data: number, size: number, id: number, codes: number, validity: number): void {
    this.encoding = 'dictionary';
    this.data = data;
    this.validity = validity;
    this.codes = codes;
    this.dictionarySize = size;
    this.dictionaryId = id;
  }
}

/** Rows on their way through a pipeline. Batches are dense: filters and joins compact what they hand on. */
export interface Batch {
  rowCount: number;
  readonly columns: Vector[];
}
