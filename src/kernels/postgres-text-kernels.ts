import type { SqlType } from '../types/sql-type.js';
import { valueScaleOf, valueTagOf } from '../types/value-tags.js';
import type { SharedMemory } from '../vector/shared-memory.js';
import type { Vector, VectorEncoding } from '../vector/vector.js';

/** Bindings of `assembly/postgres-text.ts`. `powers` is `powersOfTenTable(shared)`, `zone` points to a zone or is 0. */
export interface PostgresTextKernels {
  /**
   * Encodes rows `firstRow … rowCount` as DataRow messages until the next might not fit into `capacity` bytes; returns
   * how many, and leaves their byte length (u32) at `byteLengthTarget`. When it returns 0, retry with
   * `measurePostgresRow` bytes.
   */
  encodePostgresRows(
    columns: number,
    columnCount: number,
    firstRow: number,
    rowCount: number,
    powers: number,
    zone: number,
    target: number,
    capacity: number,
    byteLengthTarget: number,
  ): number;
  /** Bytes that surely hold one row; −1 when no message could. Wrap in `>>> 0`. */
  measurePostgresRow(columns: number, columnCount: number, row: number): number;
}

const ENCODINGS: Readonly<Record<VectorEncoding, number>> = { flat: 0, dictionary: 1, constant: 2 };

/** Bytes of one column descriptor (drawn in `assembly/postgres-text.ts`). */
export const COLUMN_DESCRIPTOR_BYTES = 16;

/** Writes the 16-byte descriptor of a column at `pointer`. Call it for every batch: vectors move. */
export function writeColumnDescriptor(
  shared: SharedMemory,
  pointer: number,
  vector: Vector,
  type: SqlType,
  formatCode: 0 | 1,
): void {
  const { u32, u8 } = shared;
  u32[pointer >>> 2] = vector.data;
  u32[(pointer + 4) >>> 2] = vector.validity;
  u32[(pointer + 8) >>> 2] = vector.codes;
  u8[pointer + 12] = valueTagOf(type);
  u8[pointer + 13] = ENCODINGS[vector.encoding];
  u8[pointer + 14] = formatCode;
  u8[pointer + 15] = valueScaleOf(type);
}
