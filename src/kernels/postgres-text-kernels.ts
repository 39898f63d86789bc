import { notSupportedError } from '../common/errors.js';
import { MAX_NARROW_DECIMAL_PRECISION, type SqlType } from '../types/sql-type.js';
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

/** How a value is read and printed: keep in step with `assembly/postgres-text.ts`. */
export const VALUE_TYPES = {
  bool: 0,
  int2: 1,
  int4: 2,
  int8: 3,
  float4: 4,
  float8: 5,
  decimal64: 6,
  decimal128: 7,
  text: 8,
  bytea: 9,
  date: 10,
  time: 11,
  timestamp: 12,
  timestamptz: 13,
  interval: 14,
  uuid: 15,
  jsonb: 16,
} as const;

const ENCODINGS: Readonly<Record<VectorEncoding, number>> = { flat: 0, dictionary: 1, constant: 2 };

/** Bytes of one column descriptor (drawn in `assembly/postgres-text.ts`). */
export const COLUMN_DESCRIPTOR_BYTES = 16;

export function valueTypeOf(type: SqlType): number {
  switch (type.kind) {
    case 'boolean':
      return VALUE_TYPES.bool;
    case 'smallint':
      return VALUE_TYPES.int2;
    case 'integer':
      return VALUE_TYPES.int4;
    case 'bigint':
      return VALUE_TYPES.int8;
    case 'real':
      return VALUE_TYPES.float4;
    case 'double':
      return VALUE_TYPES.float8;
    case 'decimal':
      return type.precision <= MAX_NARROW_DECIMAL_PRECISION ? VALUE_TYPES.decimal64 : VALUE_TYPES.decimal128;
    case 'unknown':
    case 'text':
    case 'varchar':
    case 'char':
    case 'json':
      return VALUE_TYPES.text;
    case 'bytea':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'interval':
    case 'uuid':
    case 'jsonb':
      return VALUE_TYPES[type.kind];
    default:
      throw notSupportedError(`cannot encode values of type ${(type as SqlType).kind}`);
  }
}

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
  u8[pointer + 12] = valueTypeOf(type);
  u8[pointer + 13] = ENCODINGS[vector.encoding];
  u8[pointer + 14] = formatCode;
  u8[pointer + 15] = type.kind === 'decimal' ? type.scale : 0;
}
