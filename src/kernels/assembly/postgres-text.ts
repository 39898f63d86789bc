// Rows of a batch as PostgreSQL DataRow messages, and columns as text.
//
// A column descriptor, 16 bytes:
//
//    0 u32 data          4 u32 validity (0: no NULLs)   8 u32 codes (dictionary)
//   12 u8 value type    13 u8 encoding                 14 u8 format (0 text, 1 binary)   15 u8 scale
//
// A DataRow message: 'D', i32 length (itself included), i16 columns, and for each column i32 length (−1: NULL), bytes.
// All integers of the protocol are big-endian.

import {
  MAX_FORMATTED_BYTES,
  formatBool,
  formatBytea,
  formatDate,
  formatDecimal128,
  formatDecimal64,
  formatI64,
  formatInterval,
  formatTime,
  formatTimestamp,
  formatUnsigned128,
  formatUuid,
  formatZonedTimestamp,
} from './format';
import { formatF32, formatF64 } from './format-float';
import { boundNestedBinary, encodeNestedBinary } from './nested-binary';
import { boundNestedText, formatNested, SLACK_BYTES } from './nested-text';
import {
  BOOL,
  BYTEA,
  DATE,
  DECIMAL128,
  DECIMAL64,
  FLOAT4,
  FLOAT8,
  INT2,
  INT4,
  INT8,
  INTERVAL,
  isNested,
  isVariable,
  JSON,
  JSONB,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UUID,
  widthOf,
} from './value-tags';

const DICTIONARY: u32 = 1;
const CONSTANT: u32 = 2;

// @ts-ignore: decorator
@inline
function storeBig16(target: usize, value: u32): void {
  store<u16>(target, bswap<u16>(<u16>value));
}

// @ts-ignore: decorator
@inline
function storeBig32(target: usize, value: u32): void {
  store<u32>(target, bswap<u32>(value));
}

// @ts-ignore: decorator
@inline
function storeBig64(target: usize, value: u64): void {
  store<u64>(target, bswap<u64>(value));
}

/** Bytes of a string view (u32 byteLength, u32 pointer, first 8 bytes) at `target`; overshoots by up to 15. */
// @ts-ignore: decorator
@inline
function copyString(view: usize, target: usize): u32 {
  const length = load<u32>(view);
  if (length <= 8) {
    store<u64>(target, load<u64>(view, 8));
  } else if (length <= 16) {
    v128.store(target, v128.load(load<u32>(view, 4)));
  } else {
    memory.copy(target, load<u32>(view, 4), length);
  }
  return length;
}

/** One value as text, the variable ones included. `value` points to it. */
export function formatValue(type: u32, scale: u32, value: usize, powers: usize, zone: usize, target: usize): u32 {
  switch (type) {
    case BOOL:
      return formatBool(load<u8>(value), target);
    case INT2:
    case INT4:
      return formatI64(load<i32>(value), target);
    case INT8:
      return formatI64(load<i64>(value), target);
    case FLOAT4:
      return formatF32(load<f32>(value), powers, target);
    case FLOAT8:
      return formatF64(load<f64>(value), powers, target);
    case DECIMAL64:
      return formatDecimal64(load<i64>(value), scale, target);
    case DECIMAL128:
      return formatDecimal128(load<u64>(value), load<i64>(value, 8), scale, target);
    case BYTEA:
      return formatBytea(load<u32>(value, 4), load<u32>(value), target);
    case DATE:
      return formatDate(load<i32>(value), target);
    case TIME:
      return formatTime(load<u64>(value), target);
    case TIMESTAMP:
      return formatTimestamp(load<i64>(value), false, target);
    case TIMESTAMPTZ:
      if (zone != 0) return formatZonedTimestamp(load<i64>(value), zone, target);
      return formatTimestamp(load<i64>(value), true, target);
    case INTERVAL:
      return formatInterval(load<i32>(value), load<i32>(value, 4), load<i64>(value, 8), target);
    case UUID:
      return formatUuid(value, target);
    default:
      if (isNested(type)) return formatNested(load<u32>(value, 4), powers, zone, target);
      return copyString(value, target);
  }
}

/** Days and microseconds from 1970 to 2000, where PostgreSQL's counts begin. */
const EPOCH_DAYS: i32 = 10957;
const EPOCH_MICROSECONDS: i64 = 946684800000000;

/** One value in PostgreSQL's binary form (the `…send` functions of its sources). */
export function encodeBinary(type: u32, scale: u32, value: usize, target: usize): u32 {
  switch (type) {
    case BOOL:
      store<u8>(target, load<u8>(value));
      return 1;
    case INT2:
      storeBig16(target, load<u32>(value));
      return 2;
    case INT4:
    case FLOAT4:
      storeBig32(target, load<u32>(value));
      return 4;
    case INT8:
    case FLOAT8:
    case TIME:
      storeBig64(target, load<u64>(value));
      return 8;
    case DECIMAL64: {
      const number = load<i64>(value);
      return encodeNumeric(number < 0 ? 0 - number : number, 0, number < 0, scale, target);
    }
    case DECIMAL128: {
      const low = load<u64>(value);
      const high = load<i64>(value, 8);
      if (high >= 0) return encodeNumeric(low, high, false, scale, target);
      return encodeNumeric(0 - low, <u64>~high + (low == 0 ? 1 : 0), true, scale, target);
    }
    case BYTEA:
    case TEXT:
    case JSON:
      return copyString(value, target);
    case JSONB:
      store<u8>(target, 1);
      return 1 + copyString(value, target + 1);
    case DATE: {
      const days = load<i32>(value);
      storeBig32(target, days == i32.MAX_VALUE || days == i32.MIN_VALUE ? days : days - EPOCH_DAYS);
      return 4;
    }
    case TIMESTAMP:
    case TIMESTAMPTZ: {
      const microseconds = load<i64>(value);
      const infinite = microseconds == i64.MAX_VALUE || microseconds == i64.MIN_VALUE;
      storeBig64(target, infinite ? microseconds : microseconds - EPOCH_MICROSECONDS);
      return 8;
    }
    case INTERVAL:
      storeBig64(target, load<u64>(value, 8));
      storeBig32(target + 8, load<u32>(value, 4));
      storeBig32(target + 12, load<u32>(value));
      return 16;
    default:
      v128.store(target, v128.load(value));
      return 16;
  }
}

/**
 * numeric's binary form: i16 digits, i16 weight of the first, u16 sign (0x4000 negative), i16 scale, then i16 digits of base 10000.
 *
 * The decimal digits are laid out as text behind the result, the point at byte 40 of a field of 80, so that each four of
 * its bytes are one digit of base 10000.
 */
function encodeNumeric(low: u64, high: u64, negative: bool, scale: u32, target: usize): u32 {
  const field = target + 64;
  const text = target + 160;
  const length = formatUnsigned128(low, high, text);
  memory.fill(field, 0x30, 80);
  memory.copy(field + 40 + scale - length, text, length);
  let first: u32 = 0;
  while (first < 20 && load<u32>(field + (first << 2)) == 0x30303030) first++;
  let end: u32 = 20;
  while (end > first && load<u32>(field + (end << 2) - 4) == 0x30303030) end--;
  storeBig16(target, end - first);
  storeBig16(target + 2, end == first ? 0 : 9 - first);
  storeBig16(target + 4, negative ? 0x4000 : 0);
  storeBig16(target + 6, scale);
  let position = target + 8;
  for (let i = first; i < end; i++) {
    const digits = load<u32>(field + (i << 2)) ^ 0x30303030;
    storeBig16(
      position,
      (digits & 15) * 1000 + ((digits >> 8) & 15) * 100 + ((digits >> 16) & 15) * 10 + (digits >> 24),
    );
    position += 2;
  }
  return <u32>(position - target);
}

/** What encoding this value may touch behind its length word. */
// @ts-ignore: decorator
@inline
function boundOf(type: u32, format: u32, value: usize): u64 {
  if (!isVariable(type)) return MAX_FORMATTED_BYTES;
  if (isNested(type)) {
    const nested = load<u32>(value, 4);
    return format == 0 ? boundNestedText(nested) + SLACK_BYTES : boundNestedBinary(nested);
  }
  const length = <u64>load<u32>(value);
  return (type == BYTEA && format == 0 ? length << 1 : length) + 32;
}

/** Where the value of a row lies; 0 for NULL. */
// @ts-ignore: decorator
@inline
function locate(column: usize, type: u32, row: u32): usize {
  const encoding = load<u8>(column, 13);
  const validity = load<u32>(column, 4);
  if (validity != 0 && load<u8>(validity + (encoding == CONSTANT ? 0 : row)) == 0) return 0;
  const index: u32 =
    encoding == DICTIONARY ? load<u32>(load<u32>(column, 8) + (row << 2)) : encoding == CONSTANT ? 0 : row;
  return <usize>load<u32>(column) + <usize>index * <usize>widthOf(type);
}

/**
 * Encodes rows from `firstRow` up to `rowCount` until the next might not fit into `capacity` bytes. Returns how many
 * it encoded and leaves their bytes' count at `byteLengthTarget`. 0 rows: see `measurePostgresRow`.
 */
export function encodePostgresRows(
  columns: usize,
  columnCount: u32,
  firstRow: u32,
  rowCount: u32,
  powers: usize,
  zone: usize,
  target: usize,
  capacity: u32,
  byteLengthTarget: usize,
): u32 {
  const columnsEnd = columns + (columnCount << 4);
  const end = target + capacity;
  let start = target;
  let row = firstRow;
  for (; row < rowCount; row++) {
    if (start + 7 > end) break;
    let position = start + 7;
    let column = columns;
    for (; column < columnsEnd; column += 16) {
      const type = <u32>load<u8>(column, 12);
      const format = <u32>load<u8>(column, 14);
      const value = locate(column, type, row);
      if (value == 0) {
        if (position + 4 > end) break;
        store<u32>(position, 0xffffffff);
        position += 4;
        continue;
      }
      if (<u64>position + 4 + boundOf(type, format, value) > <u64>end) break;
      const scale = <u32>load<u8>(column, 15);
      let length: u32;
      if (format == 0) length = formatValue(type, scale, value, powers, zone, position + 4);
      else if (isNested(type)) length = encodeNestedBinary(load<u32>(value, 4), powers, zone, position + 4);
      else length = encodeBinary(type, scale, value, position + 4);
      storeBig32(position, length);
      position += 4 + length;
    }
    if (column < columnsEnd) break;
    store<u8>(start, 0x44);
    storeBig32(start + 1, <u32>(position - start) - 1);
    storeBig16(start + 5, columnCount);
    start = position;
  }
  store<u32>(byteLengthTarget, <u32>(start - target));
  return row - firstRow;
}

/** A capacity that surely holds one row; u32.MAX_VALUE when a message could not. */
export function measurePostgresRow(columns: usize, columnCount: u32, row: u32): u32 {
  let total: u64 = 7;
  for (let i: u32 = 0; i < columnCount; i++) {
    const column = columns + (i << 4);
    const type = <u32>load<u8>(column, 12);
    const value = locate(column, type, row);
    total += 4 + (value == 0 ? 0 : boundOf(type, load<u8>(column, 14), value));
  }
  return total > <u64>i32.MAX_VALUE ? u32.MAX_VALUE : <u32>total;
}
