import { MAX_NARROW_DECIMAL_PRECISION, type SqlType } from './sql-type.js';

/**
 * How a value is read and printed, as one byte: in column descriptors of the row encoder, and in the headers of nested
 * values. Keep in step with `kernels/assembly/value-tags.ts`.
 */
export const VALUE_TAGS = {
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
  array: 17,
  struct: 18,
  map: 19,
  json: 20,
} as const;

export function valueTagOf(type: SqlType): number {
  switch (type.kind) {
    case 'boolean':
      return VALUE_TAGS.bool;
    case 'smallint':
      return VALUE_TAGS.int2;
    case 'integer':
      return VALUE_TAGS.int4;
    case 'bigint':
      return VALUE_TAGS.int8;
    case 'real':
      return VALUE_TAGS.float4;
    case 'double':
      return VALUE_TAGS.float8;
    case 'decimal':
      return type.precision <= MAX_NARROW_DECIMAL_PRECISION ? VALUE_TAGS.decimal64 : VALUE_TAGS.decimal128;
    case 'unknown':
    case 'text':
    case 'varchar':
    case 'char':
      return VALUE_TAGS.text;
    default:
      return VALUE_TAGS[type.kind];
  }
}

/** The scale of a decimal, beside its tag; 0 for other types. */
export function valueScaleOf(type: SqlType): number {
  return type.kind === 'decimal' ? type.scale : 0;
}
