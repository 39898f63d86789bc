/** Numbers of parquet.thrift (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift). */

export const ParquetType = {
  BOOLEAN: 0,
  INT32: 1,
  INT64: 2,
  FLOAT: 4,
  DOUBLE: 5,
  BYTE_ARRAY: 6,
  FIXED_LEN_BYTE_ARRAY: 7,
} as const;

export const ConvertedType = {
  UTF8: 0,
  MAP: 1,
  LIST: 3,
  DECIMAL: 5,
  DATE: 6,
  TIME_MICROS: 8,
  TIMESTAMP_MICROS: 10,
  INT_16: 16,
  JSON: 19,
} as const;

export const ParquetEncoding = { PLAIN: 0, PLAIN_DICTIONARY: 2, RLE: 3 } as const;

export const PageType = { DATA_PAGE: 0, DICTIONARY_PAGE: 2 } as const;

export const Repetition = { REQUIRED: 0, OPTIONAL: 1, REPEATED: 2 } as const;

/** Compression codecs by the names that Millrace's settings use. */
export const CODECS = { none: 0, snappy: 1, gzip: 2, zstd: 6 } as const;

export type ParquetCompression = keyof typeof CODECS;

export const MAGIC: Uint8Array = new TextEncoder().encode('PAR1');
