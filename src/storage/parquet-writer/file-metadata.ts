import type { ParquetColumnType } from './parquet-column-type.js';
import { PageType, ParquetEncoding, Repetition } from './parquet-format.js';
import { ThriftCompactWriter } from './thrift-compact-writer.js';

export interface SchemaColumn {
  readonly name: string;
  readonly type: ParquetColumnType;
  readonly nullable: boolean;
}

export interface EncodedBounds {
  readonly min: Uint8Array;
  readonly max: Uint8Array;
  readonly minExact: boolean;
  readonly maxExact: boolean;
}

/** What the footer says of one column chunk. Offsets and sizes in bytes. */
export interface ColumnChunkMetadata {
  readonly rowCount: number;
  readonly nullCount: number;
  /** Entries of the dictionary when every page uses it. */
  readonly distinctCount: number | undefined;
  readonly bounds: EncodedBounds | undefined;
  readonly codec: number;
  readonly uncompressedByteLength: number;
  readonly compressedByteLength: number;
  readonly dictionaryPageOffset: number | undefined;
  readonly dataPageOffset: number;
  readonly dataPageCount: number;
}

export interface RowGroupMetadata {
  readonly rowCount: number;
  readonly columns: readonly ColumnChunkMetadata[];
}

export interface FileMetadata {
  readonly columns: readonly SchemaColumn[];
  readonly rowGroups: readonly RowGroupMetadata[];
  readonly createdBy: string;
}

/** Field ids of the LogicalType union. */
const LOGICAL_TYPE_IDS = {
  STRING: 1,
  DECIMAL: 5,
  DATE: 6,
  TIME: 7,
  TIMESTAMP: 8,
  INTEGER: 10,
  JSON: 12,
  UUID: 14,
} as const;
const MICROSECONDS_ID = 2;
/** Ordinals of row groups are 16 bits wide. */
const MAX_ORDINAL = 32_767;

/** The FileMetaData struct: the footer without its length and magic. */
export function encodeFileMetadata(file: FileMetadata): Uint8Array {
  const thrift = new ThriftCompactWriter();
  thrift.rawStruct(() => {
    thrift.i32(1, 1);
    thrift.structList(2, ['root' as const, ...file.columns], (column) => writeSchemaElement(thrift, column, file));
    thrift.i64(
      3,
      file.rowGroups.reduce((sum, group) => sum + group.rowCount, 0),
    );
    let ordinal = 0;
    thrift.structList(4, file.rowGroups, (group) => writeRowGroup(thrift, group, file.columns, ordinal++));
    thrift.text(6, file.createdBy);
    // TypeDefinedOrder for every column: without it readers distrust min_value and max_value.
    thrift.structList(7, file.columns, () => thrift.struct(1, () => {}));
  });
  return thrift.take();
}

export function encodeDataPageHeader(
  rowCount: number,
  encoding: number,
  uncompressedByteLength: number,
  compressedByteLength: number,
): Uint8Array {
  const thrift = new ThriftCompactWriter();
  thrift.rawStruct(() => {
    thrift.i32(1, PageType.DATA_PAGE);
    thrift.i32(2, uncompressedByteLength);
    thrift.i32(3, compressedByteLength);
    thrift.struct(5, () => {
      thrift.i32(1, rowCount);
      thrift.i32(2, encoding);
      thrift.i32(3, ParquetEncoding.RLE);
      thrift.i32(4, ParquetEncoding.RLE);
    });
  });
  return thrift.take();
}

export function encodeDictionaryPageHeader(
  entryCount: number,
  uncompressedByteLength: number,
  compressedByteLength: number,
): Uint8Array {
  const thrift = new ThriftCompactWriter();
  thrift.rawStruct(() => {
    thrift.i32(1, PageType.DICTIONARY_PAGE);
    thrift.i32(2, uncompressedByteLength);
    thrift.i32(3, compressedByteLength);
    thrift.struct(7, () => {
      thrift.i32(1, entryCount);
      thrift.i32(2, ParquetEncoding.PLAIN_DICTIONARY);
    });
  });
  return thrift.take();
}

function writeSchemaElement(thrift: ThriftCompactWriter, column: SchemaColumn | 'root', file: FileMetadata): void {
  if (column === 'root') {
    thrift.text(4, 'schema');
    thrift.i32(5, file.columns.length);
    return;
  }
  const { type } = column;
  const logical = type.logicalType;
  const isFixedBytes = type.storedWidth === 12 || type.storedWidth === 16;
  thrift.i32(1, type.parquetType);
  thrift.i32(2, isFixedBytes ? type.storedWidth : undefined);
  thrift.i32(3, column.nullable ? Repetition.OPTIONAL : Repetition.REQUIRED);
  thrift.text(4, column.name);
  thrift.i32(6, type.convertedType);
  thrift.i32(7, logical?.kind === 'DECIMAL' ? logical.scale : undefined);
  thrift.i32(8, logical?.kind === 'DECIMAL' ? logical.precision : undefined);
  if (logical !== undefined) {
    thrift.struct(10, () => thrift.struct(LOGICAL_TYPE_IDS[logical.kind], () => writeLogicalType(thrift, type)));
  }
}

function writeLogicalType(thrift: ThriftCompactWriter, type: ParquetColumnType): void {
  const logical = type.logicalType!;
  switch (logical.kind) {
    case 'DECIMAL':
      thrift.i32(1, logical.scale);
      thrift.i32(2, logical.precision);
      break;
    case 'INTEGER':
      thrift.i8(1, logical.bitWidth);
      thrift.boolean(2, true);
      break;
    case 'TIME':
    case 'TIMESTAMP':
      thrift.boolean(1, logical.isAdjustedToUtc);
      thrift.struct(2, () => thrift.struct(MICROSECONDS_ID, () => {}));
      break;
    default:
      break;
  }
}

function writeRowGroup(
  thrift: ThriftCompactWriter,
  group: RowGroupMetadata,
  columns: readonly SchemaColumn[],
  ordinal: number,
): void {
  let uncompressed = 0;
  let compressed = 0;
  for (const chunk of group.columns) {
    uncompressed += chunk.uncompressedByteLength;
    compressed += chunk.compressedByteLength;
  }
  const first = group.columns[0]!;
  let index = 0;
  thrift.structList(1, group.columns, (chunk) => writeColumnChunk(thrift, chunk, columns[index++]!));
  thrift.i64(2, uncompressed);
  thrift.i64(3, group.rowCount);
  thrift.i64(5, startOf(first));
  thrift.i64(6, compressed);
  thrift.i16(7, ordinal <= MAX_ORDINAL ? ordinal : undefined);
}

function startOf(chunk: ColumnChunkMetadata): number {
  return chunk.dictionaryPageOffset ?? chunk.dataPageOffset;
}

function writeColumnChunk(thrift: ThriftCompactWriter, chunk: ColumnChunkMetadata, column: SchemaColumn): void {
  const usesDictionary = chunk.dictionaryPageOffset !== undefined;
  const dataEncoding = usesDictionary ? ParquetEncoding.PLAIN_DICTIONARY : ParquetEncoding.PLAIN;
  const pages = [{ pageType: PageType.DATA_PAGE as number, encoding: dataEncoding, count: chunk.dataPageCount }];
  if (usesDictionary) pages.unshift({ pageType: PageType.DICTIONARY_PAGE, encoding: dataEncoding, count: 1 });
  thrift.i64(2, startOf(chunk));
  thrift.struct(3, () => {
    thrift.i32(1, column.type.parquetType);
    thrift.i32List(2, [dataEncoding, ParquetEncoding.RLE]);
    thrift.textList(3, [column.name]);
    thrift.i32(4, chunk.codec);
    thrift.i64(5, chunk.rowCount);
    thrift.i64(6, chunk.uncompressedByteLength);
    thrift.i64(7, chunk.compressedByteLength);
    thrift.i64(9, chunk.dataPageOffset);
    thrift.i64(11, chunk.dictionaryPageOffset);
    thrift.struct(12, () => {
      thrift.i64(3, chunk.nullCount);
      thrift.i64(4, chunk.distinctCount);
      thrift.binary(5, chunk.bounds?.max);
      thrift.binary(6, chunk.bounds?.min);
      thrift.boolean(7, chunk.bounds?.maxExact);
      thrift.boolean(8, chunk.bounds?.minExact);
    });
    thrift.structList(13, pages, (page) => {
      thrift.i32(1, page.pageType);
      thrift.i32(2, page.encoding);
      thrift.i32(3, page.count);
    });
  });
}
