import { INTERVALS_KEY } from '../interval-parts.js';
import { PageType, ParquetEncoding } from './parquet-format.js';
import { intervalPathsOf, leavesOf, type SchemaColumn, type SchemaNode } from './schema-node.js';
import { ThriftCompactWriter } from './thrift-compact-writer.js';
import { writeSchema } from './write-schema.js';

export interface EncodedBounds {
  readonly min: Uint8Array;
  readonly max: Uint8Array;
  readonly minExact: boolean;
  readonly maxExact: boolean;
}

/** What the footer says of one column chunk. Offsets and sizes in bytes. */
export interface ColumnChunkMetadata {
  /** Rows; within lists their elements, and one for every list without any. */
  readonly entryCount: number;
  /** Entries without a value. */
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
  /** One a leaf of the schema. */
  readonly columns: readonly ColumnChunkMetadata[];
}

export interface FileMetadata {
  readonly columns: readonly SchemaNode[];
  readonly rowGroups: readonly RowGroupMetadata[];
  readonly createdBy: string;
}

/** Ordinals of row groups are 16 bits wide. */
const MAX_ORDINAL = 32_767;

/** The FileMetaData struct: the footer without its length and magic. */
export function encodeFileMetadata(file: FileMetadata): Uint8Array {
  const thrift = new ThriftCompactWriter();
  const leaves = file.columns.flatMap(leavesOf);
  thrift.rawStruct(() => {
    thrift.i32(1, 1);
    writeSchema(thrift, file.columns);
    thrift.i64(
      3,
      file.rowGroups.reduce((sum, group) => sum + group.rowCount, 0),
    );
    let ordinal = 0;
    thrift.structList(4, file.rowGroups, (group) => writeRowGroup(thrift, group, leaves, ordinal++));
    const intervals = file.columns.flatMap(intervalPathsOf);
    if (intervals.length > 0) {
      thrift.structList(5, [JSON.stringify(intervals)], (paths) => {
        thrift.text(1, INTERVALS_KEY);
        thrift.text(2, paths);
      });
    }
    thrift.text(6, file.createdBy);
    // TypeDefinedOrder for every leaf: without it readers distrust min_value and max_value.
    thrift.structList(7, leaves, () => thrift.struct(1, () => {}));
  });
  return thrift.take();
}

export function encodeDataPageHeader(
  entryCount: number,
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
      thrift.i32(1, entryCount);
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
    thrift.textList(3, column.path);
    thrift.i32(4, chunk.codec);
    thrift.i64(5, chunk.entryCount);
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
