import {
  BIGINT,
  BOOLEAN,
  BYTEA,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  INTERVAL,
  MAX_DECIMAL_PRECISION,
  MAX_NARROW_DECIMAL_PRECISION,
  REAL,
  SMALLINT,
  type SqlType,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  UUID,
} from '../../types/sql-type.js';
import { type ParquetColumn, STORAGE_TYPES, type StorageType, type ValueConversion } from './parquet-metadata.js';
import type { SchemaElement } from './schema-element.js';

/** Numbers of `ConvertedType`, the annotation that logical types replaced. */
const Converted = {
  utf8: 0,
  enum: 4,
  decimal: 5,
  date: 6,
  timeMillis: 7,
  timeMicros: 8,
  timestampMillis: 9,
  timestampMicros: 10,
  uint8: 11,
  uint16: 12,
  uint32: 13,
  uint64: 14,
  int8: 15,
  int16: 16,
  json: 19,
  bson: 20,
  interval: 21,
} as const;

/** What the leaf's values mean; annotations that do not fit the physical type are ignored, as the format asks. */
export function columnOf(element: SchemaElement): ParquetColumn {
  const { name } = element;
  const storage = STORAGE_TYPES[element.storage ?? -1];
  if (storage === undefined) return { name, type: undefined, reason: 'of an unknown physical type' };
  if (element.repetition === 2) return { name, type: undefined, reason: 'a list' };
  if (storage === 'FIXED_LEN_BYTE_ARRAY' && !(element.storageWidth > 0 && element.storageWidth <= 1 << 20)) {
    return { name, type: undefined, reason: `of the fixed length ${element.storageWidth}` };
  }
  const typed = typeOf(element, storage);
  if (typeof typed === 'string') return { name, type: undefined, reason: typed };
  return {
    name,
    type: typed[0],
    nullable: element.repetition === 1,
    storage,
    storageWidth: storage === 'FIXED_LEN_BYTE_ARRAY' ? element.storageWidth : 0,
    conversion: typed[1],
  };
}

type Typed = readonly [SqlType, ValueConversion];

/** The type, or why there is none. */
function typeOf(element: SchemaElement, storage: StorageType): Typed | string {
  const isDecimal = element.logical?.kind === 'decimal' || element.convertedType === Converted.decimal;
  if (isDecimal && storage !== 'BOOLEAN' && storage !== 'INT96' && storage !== 'FLOAT' && storage !== 'DOUBLE') {
    return decimalType(element, storage);
  }
  switch (storage) {
    case 'BOOLEAN':
      return [BOOLEAN, 'none'];
    case 'INT32':
      return int32Type(element);
    case 'INT64':
      return int64Type(element);
    case 'INT96':
      return [TIMESTAMP, 'int96-to-micros'];
    case 'FLOAT':
      return [REAL, 'none'];
    case 'DOUBLE':
      return [DOUBLE, 'none'];
    case 'BYTE_ARRAY':
      return [byteArrayType(element), 'none'];
    case 'FIXED_LEN_BYTE_ARRAY':
      return fixedType(element);
  }
}

function decimalType(element: SchemaElement, storage: StorageType): Typed | string {
  const logical = element.logical?.kind === 'decimal' ? element.logical : undefined;
  const precision = logical?.precision ?? element.precision;
  const scale = logical?.scale ?? element.scale;
  if (!(precision > 0 && scale >= 0 && scale <= precision)) return `decimal(${precision},${scale})`;
  if (precision > MAX_DECIMAL_PRECISION) return `decimal(${precision},${scale}), wider than 38 digits`;
  const wide = precision > MAX_NARROW_DECIMAL_PRECISION;
  const type = decimal(precision, scale);
  if (storage === 'INT32') return [type, wide ? 'i32-to-i128' : 'i32-to-i64'];
  if (storage === 'INT64') return [type, wide ? 'i64-to-i128' : 'none'];
  return [type, wide ? 'big-endian-to-i128' : 'big-endian-to-i64'];
}

function int32Type({ logical, convertedType }: SchemaElement): Typed {
  if (logical?.kind === 'integer') {
    if (logical.isSigned) return [logical.bitWidth === 32 ? INTEGER : SMALLINT, 'none'];
    if (logical.bitWidth === 32) return [BIGINT, 'u32-to-i64'];
    return [logical.bitWidth === 8 ? SMALLINT : INTEGER, 'none'];
  }
  if (logical?.kind === 'date') return [DATE, 'none'];
  if (logical?.kind === 'time') return [TIME, 'i32-millis-to-micros'];
  switch (convertedType) {
    case Converted.date:
      return [DATE, 'none'];
    case Converted.timeMillis:
      return [TIME, 'i32-millis-to-micros'];
    case Converted.int8:
    case Converted.int16:
    case Converted.uint8:
      return [SMALLINT, 'none'];
    case Converted.uint32:
      return [BIGINT, 'u32-to-i64'];
    default:
      return [INTEGER, 'none'];
  }
}

function int64Type({ logical, convertedType }: SchemaElement): Typed {
  if (logical?.kind === 'timestamp' || logical?.kind === 'time') {
    const type = logical.kind === 'time' ? TIME : logical.isAdjustedToUtc ? TIMESTAMPTZ : TIMESTAMP;
    if (logical.unit === 'millis') return [type, 'millis-to-micros'];
    return [type, logical.unit === 'nanos' ? 'nanos-to-micros' : 'none'];
  }
  if (logical?.kind === 'integer') return logical.isSigned ? [BIGINT, 'none'] : [decimal(20, 0), 'u64-to-i128'];
  switch (convertedType) {
    case Converted.timeMicros:
      return [TIME, 'none'];
    // An annotation of before time zones were told apart: Arrow and DuckDB read it without one, too.
    case Converted.timestampMillis:
      return [TIMESTAMP, 'millis-to-micros'];
    case Converted.timestampMicros:
      return [TIMESTAMP, 'none'];
    case Converted.uint64:
      return [decimal(20, 0), 'u64-to-i128'];
    default:
      return [BIGINT, 'none'];
  }
}

function byteArrayType({ logical, convertedType }: SchemaElement): SqlType {
  if (logical?.kind === 'string' || logical?.kind === 'enum') return TEXT;
  if (logical?.kind === 'json') return { kind: 'json' };
  if (convertedType === Converted.utf8 || convertedType === Converted.enum) return TEXT;
  return convertedType === Converted.json ? { kind: 'json' } : BYTEA;
}

function fixedType({ logical, convertedType, storageWidth }: SchemaElement): Typed {
  if (logical?.kind === 'uuid' && storageWidth === 16) return [UUID, 'none'];
  if (logical?.kind === 'float16' && storageWidth === 2) return [REAL, 'float16-to-f32'];
  if (convertedType === Converted.interval && storageWidth === 12) return [INTERVAL, 'interval'];
  return [BYTEA, 'fixed-to-string'];
}
