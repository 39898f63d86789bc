/**
 * SQL types as plain data. A value's *SQL type* says what it means; its *physical type* says how its bytes lie in
 * the shared memory (see `physicalTypeOf`).
 */
export type SqlType =
  | { readonly kind: 'unknown' } // an untyped literal or NULL, before resolution
  | { readonly kind: 'boolean' }
  | { readonly kind: 'smallint' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'bigint' }
  | { readonly kind: 'real' }
  | { readonly kind: 'double' }
  | DecimalType
  | { readonly kind: 'text' }
  | { readonly kind: 'varchar'; readonly length?: number }
  | { readonly kind: 'char'; readonly length: number }
  | { readonly kind: 'bytea' }
  | { readonly kind: 'date' }
  | { readonly kind: 'time' }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'timestamptz' }
  | { readonly kind: 'interval' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'json' }
  | { readonly kind: 'jsonb' };

/** numeric(precision, scale): a scaled integer, in 64 bits up to 18 digits, in 128 bits up to 38. */
export interface DecimalType {
  readonly kind: 'decimal';
  readonly precision: number;
  readonly scale: number;
}

export type SqlTypeKind = SqlType['kind'];

/**
 * How a value lies in the shared memory; little-endian throughout.
 *
 * - `bool`      1 byte, 0 or 1
 * - `i32`       4 bytes: smallint, integer, date (days since 1970-01-01)
 * - `i64`       8 bytes: bigint, decimal(p ≤ 18), time and timestamp(tz) in µs (since midnight / 1970-01-01 UTC)
 * - `f32`/`f64` IEEE 754
 * - `i128`      16 bytes two's complement, low half first: decimal(p > 18)
 * - `string`    16 bytes, a string view: u32 byteLength, u32 pointer, then the first 8 bytes, zero padded
 *               (text, varchar, char, bytea, json, jsonb)
 * - `interval`  16 bytes: i32 months, i32 days, i64 µs
 * - `uuid`      16 bytes in network order
 */
export type PhysicalType = 'bool' | 'i32' | 'i64' | 'f32' | 'f64' | 'i128' | 'string' | 'interval' | 'uuid';

export const BOOLEAN: SqlType = { kind: 'boolean' };
export const SMALLINT: SqlType = { kind: 'smallint' };
export const INTEGER: SqlType = { kind: 'integer' };
export const BIGINT: SqlType = { kind: 'bigint' };
export const REAL: SqlType = { kind: 'real' };
export const DOUBLE: SqlType = { kind: 'double' };
export const TEXT: SqlType = { kind: 'text' };
export const BYTEA: SqlType = { kind: 'bytea' };
export const DATE: SqlType = { kind: 'date' };
export const TIME: SqlType = { kind: 'time' };
export const TIMESTAMP: SqlType = { kind: 'timestamp' };
export const TIMESTAMPTZ: SqlType = { kind: 'timestamptz' };
export const INTERVAL: SqlType = { kind: 'interval' };
export const UUID: SqlType = { kind: 'uuid' };
export const UNKNOWN: SqlType = { kind: 'unknown' };

export const MAX_DECIMAL_PRECISION = 38;
/** The widest decimal whose scaled integer always fits 64 bits. */
export const MAX_NARROW_DECIMAL_PRECISION = 18;

export function decimal(precision: number, scale: number): DecimalType {
  return { kind: 'decimal', precision, scale };
}

export function physicalTypeOf(type: SqlType): PhysicalType {
  switch (type.kind) {
    case 'boolean':
      return 'bool';
    case 'smallint':
    case 'integer':
    case 'date':
      return 'i32';
    case 'bigint':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return 'i64';
    case 'real':
      return 'f32';
    case 'double':
      return 'f64';
    case 'decimal':
      return type.precision <= MAX_NARROW_DECIMAL_PRECISION ? 'i64' : 'i128';
    case 'unknown':
    case 'text':
    case 'varchar':
    case 'char':
    case 'bytea':
    case 'json':
    case 'jsonb':
      return 'string';
    case 'interval':
      return 'interval';
    case 'uuid':
      return 'uuid';
  }
}

const PHYSICAL_WIDTHS: Readonly<Record<PhysicalType, number>> = {
  bool: 1,
  i32: 4,
  i64: 8,
  f32: 4,
  f64: 8,
  i128: 16,
  string: 16,
  interval: 16,
  uuid: 16,
};

/** Bytes of one value. */
export function byteWidthOf(physical: PhysicalType): number {
  return PHYSICAL_WIDTHS[physical];
}

/** Is it a type of SQL's character strings? */
export function typeIsText({ kind }: SqlType): boolean {
  return kind === 'text' || kind === 'varchar' || kind === 'char';
}

export function sameType(left: SqlType, right: SqlType): boolean {
  if (left.kind !== right.kind) return false;
  if (left.kind === 'decimal') {
    return left.precision === (right as DecimalType).precision && left.scale === (right as DecimalType).scale;
  }
  if (left.kind === 'varchar' || left.kind === 'char') return left.length === (right as typeof left).length;
  return true;
}

/** Without length or precision, as messages of PostgreSQL have it: `operator does not exist: numeric + date`. */
export function formatTypeName(type: SqlType): string {
  if (type.kind === 'decimal') return 'numeric';
  if (type.kind === 'varchar') return 'character varying';
  return type.kind === 'char' ? 'character' : formatType(type);
}

/** The name PostgreSQL's `format_type` gives: `numeric(15,2)`, `character varying(20)`, `double precision`. */
export function formatType(type: SqlType): string {
  switch (type.kind) {
    case 'decimal':
      return `numeric(${type.precision},${type.scale})`;
    case 'varchar':
      return type.length === undefined ? 'character varying' : `character varying(${type.length})`;
    case 'char':
      return `character(${type.length})`;
    case 'double':
      return 'double precision';
    case 'timestamp':
      return 'timestamp without time zone';
    case 'timestamptz':
      return 'timestamp with time zone';
    case 'time':
      return 'time without time zone';
    default:
      return type.kind;
  }
}
