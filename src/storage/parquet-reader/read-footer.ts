import { corruptError, MillraceError, notSupportedError } from '../../common/errors.js';
import type { RandomAccessFile } from '../object-store.js';
import { columnOf } from './column-type.js';
import { intervalGroups } from './interval-groups.js';
import { leavesOf, type NestedNode, readNestedColumn } from './nested-schema.js';
import { withTrustedNullCounts } from './null-counts.js';
import {
  CODECS,
  ENCODINGS,
  type FlatColumn,
  NO_STATISTICS,
  type PageIndexPlace,
  type ParquetColumn,
  type ParquetColumnChunk,
  type ParquetMetadata,
  type ParquetRowGroup,
} from './parquet-metadata.js';
import { readSchemaElement, type SchemaElement } from './schema-element.js';
import { decodeStatistics, readStatistics, type StoredStatistics } from './statistics.js';
import { ThriftCompactReader, ThriftType } from './thrift-compact-reader.js';

/** Enough for most footers, so that one read does. */
const FIRST_READ_BYTES = 64 * 1024;
const MAGIC = 0x31524150; // PAR1
const ENCRYPTED_MAGIC = 0x45524150; // PARE
/** Magic at both ends, and the footer's length. */
const MINIMUM_BYTES = 12;

/**
 * Reads and decodes the footer of a Parquet file. Fails with XX001 when the file is not Parquet or its footer is
 * malformed. https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export async function readFooter(file: RandomAccessFile): Promise<ParquetMetadata> {
  if (file.byteLength < MINIMUM_BYTES) throw notParquet(file, `It has only ${file.byteLength} bytes.`);
  const tail = new Uint8Array(Math.min(file.byteLength, FIRST_READ_BYTES));
  await file.read(file.byteLength - tail.length, tail);
  const view = new DataView(tail.buffer);
  const magic = view.getUint32(tail.length - 4, true);
  if (magic === ENCRYPTED_MAGIC) throw notSupportedError(`"${file.path}" is encrypted`);
  if (magic !== MAGIC)
    throw notParquet(file, 'It does not end in PAR1: it is another format, or was not written to its end.');
  const footerLength = view.getUint32(tail.length - 8, true);
  if (footerLength > file.byteLength - MINIMUM_BYTES) {
    throw corruptError(`"${file.path}" is corrupted: its footer would take ${footerLength} bytes`);
  }
  let footer = tail.subarray(0, tail.length - 8);
  if (footerLength > footer.length) {
    footer = new Uint8Array(footerLength);
    await file.read(file.byteLength - 8 - footerLength, footer);
  }
  try {
    return decodeFooter(footer.subarray(footer.length - footerLength), file);
  } catch (error) {
    if (!(error instanceof MillraceError) || error.kind !== 'corrupt') throw error;
    throw corruptError(`"${file.path}" is corrupted: ${error.message}`, { cause: error });
  }
}

function notParquet(file: RandomAccessFile, detail: string): MillraceError {
  return corruptError(`"${file.path}" is not a Parquet file`, {
    detail,
    hint: 'Only Parquet files can be queried: check the path, or write the file again.',
  });
}

interface StoredChunk {
  readonly codec: number;
  readonly encodings: readonly number[];
  readonly offset: number;
  readonly byteLength: number;
  readonly uncompressedByteLength: number;
  readonly dictionaryByteLength: number;
  readonly valueCount: number;
  readonly statistics: StoredStatistics | undefined;
  readonly pageIndex?: PageIndexPlace | undefined;
}

interface StoredRowGroup {
  readonly rowCount: number;
  readonly chunks: readonly (StoredChunk | undefined)[];
}

function decodeFooter(bytes: Uint8Array, file: RandomAccessFile): ParquetMetadata {
  const reader = new ThriftCompactReader(bytes, 0, bytes.length, 'footer');
  let schema: SchemaElement[] = [];
  let rowCount = 0;
  let rowGroups: StoredRowGroup[] = [];
  const keyValueMetadata: Record<string, string> = Object.create(null);
  let createdBy: string | undefined;
  let orders: boolean[] | undefined;
  while (reader.nextField()) {
    switch (reader.fieldId) {
      case 2:
        schema = reader.readList(ThriftType.struct, () => readSchemaElement(reader));
        break;
      case 3:
        rowCount = reader.readSizeField();
        break;
      case 4:
        rowGroups = reader.readList(ThriftType.struct, () => readRowGroup(reader));
        break;
      case 5:
        reader.readList(ThriftType.struct, () => readKeyValue(reader, keyValueMetadata));
        break;
      case 6:
        createdBy = reader.readStringField();
        break;
      case 7:
        orders = reader.readList(ThriftType.struct, () => readColumnOrder(reader));
        break;
      default:
        reader.skip();
    }
  }
  const { columns, leaves, leafCount } = columnsOf(schema, keyValueMetadata);
  const groups = rowGroups.map((group) => rowGroupOf(group, columns, leaves, leafCount, orders));
  if (groups.reduce((sum, group) => sum + group.rowCount, 0) !== rowCount) {
    throw corruptError('the row groups do not have as many rows as the file');
  }
  return {
    path: file.path,
    byteLength: file.byteLength,
    rowCount,
    columns,
    rowGroups: withTrustedNullCounts(groups, createdBy),
    keyValueMetadata,
    createdBy,
  };
}

function readKeyValue(reader: ThriftCompactReader, into: Record<string, string>): void {
  let key = '';
  let value = '';
  const outer = reader.enterStruct();
  while (reader.nextField()) {
    if (reader.fieldId === 1) key = reader.readStringField();
    else if (reader.fieldId === 2) value = reader.readStringField();
    else reader.skip();
  }
  reader.leaveStruct(outer);
  into[key] = value;
}

/** Whether it is TYPE_ORDER. */
function readColumnOrder(reader: ThriftCompactReader): boolean {
  let isTypeOrder = false;
  const outer = reader.enterStruct();
  while (reader.nextField()) {
    isTypeOrder = reader.fieldId === 1;
    reader.skip();
  }
  reader.leaveStruct(outer);
  return isTypeOrder;
}

function readRowGroup(reader: ThriftCompactReader): StoredRowGroup {
  let chunks: (StoredChunk | undefined)[] = [];
  let rowCount = 0;
  const outer = reader.enterStruct();
  while (reader.nextField()) {
    if (reader.fieldId === 1) chunks = reader.readList(ThriftType.struct, () => readColumnChunk(reader));
    else if (reader.fieldId === 3) rowCount = reader.readSizeField();
    else reader.skip();
  }
  reader.leaveStruct(outer);
  return { rowCount, chunks };
}

/** Undefined when the chunk lies in another file, or its metadata are encrypted. */
function readColumnChunk(reader: ThriftCompactReader): StoredChunk | undefined {
  let chunk: StoredChunk | undefined;
  let isElsewhere = false;
  /** Offset and length of the offset index, and then of the column index. */
  const places = [0, 0, 0, 0];
  const outer = reader.enterStruct();
  while (reader.nextField()) {
    if (reader.fieldId === 1) isElsewhere = reader.readStringField() !== '';
    else if (reader.fieldId === 3) chunk = readChunkMetadata(reader);
    else if (reader.fieldId >= 4 && reader.fieldId <= 7) places[reader.fieldId - 4] = reader.readSizeField();
    else reader.skip();
  }
  reader.leaveStruct(outer);
  if (chunk === undefined || isElsewhere) return undefined;
  const [rowsOffset, rowsLength, boundsOffset, boundsLength] = places as [number, number, number, number];
  if (rowsLength === 0 || boundsLength === 0) return chunk;
  const rows = { offset: rowsOffset, byteLength: rowsLength };
  return { ...chunk, pageIndex: { rows, bounds: { offset: boundsOffset, byteLength: boundsLength } } };
}

function readChunkMetadata(reader: ThriftCompactReader): StoredChunk {
  const encodings: number[] = [];
  let codec = 0;
  let byteLength = 0;
  let uncompressedByteLength = 0;
  let dataOffset = 0;
  let valueCount = 0;
  let dictionaryOffset = 0;
  let statistics: StoredStatistics | undefined;
  const outer = reader.enterStructField();
  while (reader.nextField()) {
    switch (reader.fieldId) {
      case 2:
        for (let left = reader.enterList(ThriftType.i32); left > 0; left--) encodings.push(reader.readI32());
        break;
      case 4:
        codec = reader.readI32Field();
        break;
      case 5:
        valueCount = reader.readSizeField();
        break;
      case 6:
        uncompressedByteLength = reader.readSizeField();
        break;
      case 7:
        byteLength = reader.readSizeField();
        break;
      case 9:
        dataOffset = reader.readSizeField();
        break;
      case 11:
        dictionaryOffset = reader.readSizeField();
        break;
      case 12:
        statistics = readStatistics(reader);
        break;
      default:
        reader.skip();
    }
  }
  reader.leaveStruct(outer);
  // Some writers give 0 for "no dictionary".
  const offset = dictionaryOffset > 0 ? Math.min(dictionaryOffset, dataOffset) : dataOffset;
  const dictionaryByteLength = dictionaryOffset > 0 ? Math.max(0, dataOffset - dictionaryOffset) : 0;
  return { codec, encodings, offset, byteLength, uncompressedByteLength, dictionaryByteLength, valueCount, statistics };
}

interface Columns {
  readonly columns: readonly ParquetColumn[];
  /** The number of each column's chunk in a row group. */
  readonly leaves: readonly number[];
  readonly leafCount: number;
}

function columnsOf(schema: readonly SchemaElement[], keyValueMetadata: Readonly<Record<string, string>>): Columns {
  const root = schema[0];
  if (root === undefined || root.childCount < 0) throw corruptError('it has no schema');
  const intervals = intervalGroups(schema, keyValueMetadata);
  const columns: ParquetColumn[] = [];
  const leaves: number[] = [];
  let leafCount = 0;
  let index = 1;
  for (let child = 0; child < root.childCount; child++) {
    const element = schema[index];
    if (element === undefined) throw corruptError('its schema is incomplete');
    leaves.push(leafCount);
    if (element.storage !== undefined && element.childCount === 0 && element.repetition !== 2) {
      columns.push(columnOf(element));
      leafCount++;
      index++;
      continue;
    }
    const nested = readNestedColumn(schema, index, intervals);
    columns.push(nestedColumn(element.name, nested.node));
    leafCount += nested.leafCount;
    index = nested.next;
  }
  if (index !== schema.length) throw corruptError('its schema has too many elements');
  return { columns, leaves, leafCount };
}

function nestedColumn(name: string, node: NestedNode | string): ParquetColumn {
  if (typeof node === 'string') return { name, type: undefined, reason: node };
  const storage = { storage: 'BYTE_ARRAY', storageWidth: 0, conversion: 'none' } as const;
  return { name, type: node.type, nullable: true, ...storage, nested: node };
}

function rowGroupOf(
  stored: StoredRowGroup,
  columns: readonly ParquetColumn[],
  leaves: readonly number[],
  leafCount: number,
  orders: readonly boolean[] | undefined,
): ParquetRowGroup {
  if (stored.chunks.length !== leafCount) {
    throw corruptError(`a row group has ${stored.chunks.length} columns, the schema ${leafCount}`);
  }
  const chunks = columns.map((column, index) => {
    const leaf = leaves[index]!;
    const chunk = stored.chunks[leaf];
    if (column.type === undefined) return undefined;
    if (column.nested) return nestedChunkOf(stored.chunks, leaf, column, column.nested);
    return chunkOf(chunk, column, orders === undefined || orders[leaf] === true);
  });
  return { rowCount: stored.rowCount, chunks };
}

/** The chunks of a nested column's leaves, and the stretch of the file that holds them. */
function nestedChunkOf(
  stored: readonly (StoredChunk | undefined)[],
  firstLeaf: number,
  column: FlatColumn,
  nested: NestedNode,
): ParquetColumnChunk {
  const leaves = leavesOf(nested).map((leaf, i) => {
    const name = `${column.name}.${leaf.column.name}`;
    return { ...chunkOf(stored[firstLeaf + i], { ...leaf.column, name }, false), statistics: NO_STATISTICS };
  });
  const offset = Math.min(...leaves.map((leaf) => leaf.offset));
  const end = Math.max(...leaves.map((leaf) => leaf.offset + leaf.byteLength));
  const sum = (of: (leaf: ParquetColumnChunk) => number): number => leaves.reduce((total, leaf) => total + of(leaf), 0);
  return {
    codec: leaves.find((leaf) => leaf.codec === 'ZSTD')?.codec ?? leaves[0]!.codec,
    encodings: [...new Set(leaves.flatMap((leaf) => leaf.encodings))],
    offset,
    byteLength: end - offset,
    uncompressedByteLength: sum((leaf) => leaf.uncompressedByteLength),
    dictionaryByteLength: 0,
    statistics: NO_STATISTICS,
    pageIndex: undefined,
    valueCount: sum((leaf) => leaf.valueCount),
    leaves,
  };
}

function chunkOf(stored: StoredChunk | undefined, column: FlatColumn, hasTypeOrder: boolean): ParquetColumnChunk {
  if (stored === undefined) throw notSupportedError(`column "${column.name}" lies in another file, or is encrypted`);
  return {
    codec: CODECS[stored.codec] ?? `codec ${stored.codec}`,
    encodings: stored.encodings.map((encoding) => ENCODINGS[encoding] ?? `encoding ${encoding}`),
    offset: stored.offset,
    byteLength: stored.byteLength,
    uncompressedByteLength: stored.uncompressedByteLength,
    dictionaryByteLength: stored.dictionaryByteLength,
    valueCount: stored.valueCount,
    statistics: decodeStatistics(stored.statistics, column, hasTypeOrder),
    pageIndex: hasTypeOrder ? stored.pageIndex : undefined,
  };
}
