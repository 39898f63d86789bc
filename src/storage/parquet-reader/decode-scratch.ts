import { HYBRID_STATE_BYTES } from '../../kernels/hybrid-kernels.js';
import type { Scope } from '../../vector/scope.js';
import { BATCH_ROWS } from '../../vector/vector.js';

const WIDEST_VALUE_BYTES = 16;

/** Memory that the columns of a row group share while they decode one window of rows. */
export class DecodeScratch {
  /** u32 a row. */
  readonly codes: number;
  /** One byte a row. */
  readonly validity: number;
  /** 16 bytes a row, and one more value. */
  readonly values: number;
  /** 16 bytes a row: values with their NULLs put between. */
  readonly spread: number;
  /** u32 a row: which of the values that are no NULLs a selected row has. */
  readonly ranks: number;
  /** What kernels answer. */
  readonly result: number;

  constructor(scope: Scope) {
    this.codes = scope.allocate((BATCH_ROWS + 1) * 4);
    this.validity = scope.allocate(BATCH_ROWS);
    this.values = scope.allocate((BATCH_ROWS + 1) * WIDEST_VALUE_BYTES);
    this.spread = scope.allocate(BATCH_ROWS * WIDEST_VALUE_BYTES);
    this.ranks = scope.allocate(BATCH_ROWS * 4);
    this.result = scope.allocate(HYBRID_STATE_BYTES);
  }
}
