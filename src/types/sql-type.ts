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
  | { readonly kind: 'jsonb' }
  | ArrayType
  | StructType
  | MapType;

/** element[]; an array of arrays is a type of its own, not a number of dimensions. */
export interface ArrayType {
  readonly kind: 'array';
  readonly element: SqlType;
}

/** A row of named fields. ROW(…) names them f1, f2 … */
export interface StructType {
  readonly kind: 'struct';
  readonly fields: readonly StructField[];
}

export interface StructField {
  readonly name: string;
  readonly type: SqlType;
}

/** Unique keys, none of them NULL, in the order in which they were given. */
export interface MapType {
  readonly kind: 'map';
  readonly key: SqlType;
  readonly value: SqlType;
}

/** Types whose values consist of values: see `nested-layout.ts` for their bytes. */
export type NestedType = ArrayType | StructType | MapType;

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
 *               (text, varchar, char, bytea, json, jsonb; array, struct and map as `nested-layout.ts` draws them)
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
    case 'array':
    case 'struct':
    case 'map':
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
  return isNestedType(left) ? sameNestedType(left, right as NestedType) : true;
}

export function isNestedType(type: SqlType): type is NestedType {
  return type.kind === 'array' || type.kind === 'struct' || type.kind === 'map';
}

/** Are values of the type bytes without a form as text of their own (in JavaScript a Uint8Array)? */
export function isBinaryType(type: SqlType): boolean {
  return type.kind === 'bytea' || isNestedType(type);
}

function sameNestedType(left: NestedType, right: NestedType): boolean {
  if (left.kind === 'array') return sameType(left.element, (right as ArrayType).element);
  if (left.kind === 'map') {
    return sameType(left.key, (right as MapType).key) && sameType(left.value, (right as MapType).value);
  }
  const { fields } = right as StructType;
  return (
    left.fields.length === fields.length &&
    left.fields.every(({ name, type }, i) => name === fields[i]!.name && sameType(type, fields[i]!.type))
  );
}

export function arrayOf(element: SqlType): ArrayType {
  return { kind: 'array', element };
}

/** The types of which a nested type consists, in order; of any other, none. */
export function componentTypes(type: SqlType): readonly SqlType[] {
  switch (type.kind) {
    case 'array':
      return [type.element];
    case 'struct':
      return type.fields.map((field) => field.type);
    case 'map':
      return [type.key, type.value];
    default:
      return [];
  }
}

/** Do equal values have equal bytes? Not intervals, a month being 30 days, nor jsonb, whose numbers keep zeros at the end. */
export function hasCanonicalBytes(type: SqlType): boolean {
  return !someType(type, ({ kind }) => kind === 'interval' || kind === 'jsonb');
}

/** Does the type, or one within it, pass the test? */
export function someType(type: SqlType, test: (part: SqlType) => boolean): boolean {
  return test(type) || componentTypes(type).some((part) => someType(part, test));
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
    case 'array':
      return `${formatType(type.element)}[]`;
    case 'struct':
      return `struct(${type.fields.map((field) => `${quoted(field.name)} ${formatType(field.type)}`).join(', ')})`;
    case 'map':
      return `map(${formatType(type.key)}, ${formatType(type.value)})`;
    default:
      return type.kind;
  }
}

const quoted = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);
