import type { SqlType } from '../../types/sql-type.js';
import type { NestedNode } from './nested-schema.js';

/** What a Parquet file's footer says: plain data that can be posted between threads. */
export interface ParquetMetadata {
  readonly path: string;
  readonly byteLength: number;
  readonly rowCount: number;
  /** The top-level columns in the order of the schema. */
  readonly columns: readonly ParquetColumn[];
  readonly rowGroups: readonly ParquetRowGroup[];
  readonly keyValueMetadata: Readonly<Record<string, string>>;
  readonly createdBy: string | undefined;
}

export type ParquetColumn = FlatColumn | UnsupportedColumn;

/** A column that can be read. */
export interface FlatColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly storage: StorageType;
  /** Bytes of a FIXED_LEN_BYTE_ARRAY value, otherwise 0. */
  readonly storageWidth: number;
  readonly conversion: ValueConversion;
  /** A list, map or struct: its leaves. What is said of its own storage means nothing then. */
  readonly nested?: NestedNode;
}

/** A column that is there and cannot be read; only touching it is an error. */
export interface UnsupportedColumn {
  readonly name: string;
  readonly type: undefined;
  /** Completes "column "x" is …". */
  readonly reason: string;
}

/** Parquet's physical types, by their number in the format. */
export const STORAGE_TYPES = [
  'BOOLEAN',
  'INT32',
  'INT64',
  'INT96',
  'FLOAT',
  'DOUBLE',
  'BYTE_ARRAY',
  'FIXED_LEN_BYTE_ARRAY',
] as const;
export type StorageType = (typeof STORAGE_TYPES)[number];

/** What makes stored values those of our vectors. */
export type ValueConversion =
  | 'none'
  | 'i32-to-i64'
  | 'u32-to-i64'
  | 'i32-to-i128'
  | 'i64-to-i128'
  | 'u64-to-i128'
  | 'i32-millis-to-micros'
  | 'millis-to-micros'
  | 'nanos-to-micros'
  | 'int96-to-micros'
  | 'big-endian-to-i64'
  | 'big-endian-to-i128'
  | 'interval'
  | 'float16-to-f32'
  | 'fixed-to-string';

/** Codecs by their number in the format. */
export const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'] as const;

/** Encodings by their number in the format; 1 was never used. */
export const ENCODINGS = [
  'PLAIN',
  '',
  'PLAIN_DICTIONARY',
  'RLE',
  'BIT_PACKED',
  'DELTA_BINARY_PACKED',
  'DELTA_LENGTH_BYTE_ARRAY',
  'DELTA_BYTE_ARRAY',
  'RLE_DICTIONARY',
  'BYTE_STREAM_SPLIT',
] as const;

export interface ParquetRowGroup {
  readonly rowCount: number;
  /** By the index of the column in `ParquetMetadata.columns`; undefined for unsupported columns. */
  readonly chunks: readonly (ParquetColumnChunk | undefined)[];
}

export interface ParquetColumnChunk {
  /** One of `CODECS`, or `codec 42` for one from the future. */
  readonly codec: string;
  readonly encodings: readonly string[];
  /** Of the first page, the dictionary page included. */
  readonly offset: number;
  readonly byteLength: number;
  readonly uncompressedByteLength: number;
  /** Of the dictionary page, as it is stored; 0 where there is none. */
  readonly dictionaryByteLength: number;
  readonly statistics: ColumnStatistics;
  /** Entries of a leaf, NULLs and empty lists included. */
  readonly valueCount: number;
  /** Where it is told what each data page holds; undefined where it is not, or bounds mean no known order. */
  readonly pageIndex: PageIndexPlace | undefined;
  /** Of a nested column, whose own extent spans them. */
  readonly leaves?: readonly ParquetColumnChunk[];
}

/** See `readPageIndex`. */
export interface PageIndexPlace {
  /** Where the bounds of pages lie. */
  readonly bounds: FilePlace;
  /** Where it is told at which row each begins. */
  readonly rows: FilePlace;
}

export interface FilePlace {
  readonly offset: number;
  readonly byteLength: number;
}

/**
 * A bound as a plain value that can be compared: number for i32, f32 and f64, bigint for i64 and i128 (decimals are
 * scaled integers, times µs), boolean, and Uint8Array (by bytes) for strings and uuid.
 */
export type StatisticsValue = number | bigint | boolean | Uint8Array;

/** What is not known, or not to be trusted, is undefined. */
export interface ColumnStatistics {
  readonly nullCount: number | undefined;
  /** Distinct values that are not NULL, as the writer counted them. */
  readonly distinctCount: number | undefined;
  /** No value is below; for floating point, NaNs aside. */
  readonly minimum: StatisticsValue | undefined;
  /** No value is above; for floating point, NaNs aside. */
  readonly maximum: StatisticsValue | undefined;
  /** Whether a row has the bound as its value: strings may have been cut. */
  readonly minimumIsExact: boolean;
  readonly maximumIsExact: boolean;
}

export const NO_STATISTICS: ColumnStatistics = {
  nullCount: undefined,
  distinctCount: undefined,
  minimum: undefined,
  maximum: undefined,
  minimumIsExact: false,
  maximumIsExact: false,
};
