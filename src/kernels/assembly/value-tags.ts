// Tags of values: how a value is read and printed. Keep in step with VALUE_TAGS in src/types/value-tags.ts.
export const BOOL: u32 = 0;
export const INT2: u32 = 1;
export const INT4: u32 = 2;
export const INT8: u32 = 3;
export const FLOAT4: u32 = 4;
export const FLOAT8: u32 = 5;
export const DECIMAL64: u32 = 6;
export const DECIMAL128: u32 = 7;
export const TEXT: u32 = 8;
export const BYTEA: u32 = 9;
export const DATE: u32 = 10;
export const TIME: u32 = 11;
export const TIMESTAMP: u32 = 12;
export const TIMESTAMPTZ: u32 = 13;
export const INTERVAL: u32 = 14;
export const UUID: u32 = 15;
export const JSONB: u32 = 16;
export const ARRAY: u32 = 17;
export const STRUCT: u32 = 18;
export const MAP: u32 = 19;
export const JSON: u32 = 20;

/** Values of these have bytes of their own: elsewhere a string view, 16 bytes, points to them. */
// @ts-ignore: decorator
@inline
export function isVariable(tag: u32): bool {
  return tag == TEXT || tag == BYTEA || tag >= JSONB;
}

// @ts-ignore: decorator
@inline
export function isNested(tag: u32): bool {
  return tag - ARRAY <= MAP - ARRAY;
}

/** Bytes of a value in a column. */
// @ts-ignore: decorator
@inline
export function widthOf(tag: u32): u32 {
  switch (tag) {
    case BOOL:
      return 1;
    case INT2:
    case INT4:
    case FLOAT4:
    case DATE:
      return 4;
    case INT8:
    case FLOAT8:
    case DECIMAL64:
    case TIME:
    case TIMESTAMP:
    case TIMESTAMPTZ:
      return 8;
    default:
      return 16;
  }
}
