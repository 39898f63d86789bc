import { bugError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { SqlType } from '../../types/sql-type.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, type Batch } from '../../vector/vector.js';
import { type ColumnBounds, mergeBounds } from './column-bounds.js';
import { ColumnBuffer, type ColumnCollector, type RowRange } from './column-buffer.js';
import { ColumnChunkEncoder } from './column-chunk-encoder.js';
import { type ColumnChunkMetadata, encodeFileMetadata, type RowGroupMetadata } from './file-metadata.js';
import { type ByteSink, FileOutput } from './file-output.js';
import { NestedColumnBuffer } from './nested-column-buffer.js';
import { createPageCompressor, type PageCompressor } from './page-compressor.js';
import { CODECS, MAGIC, type ParquetCompression } from './parquet-format.js';
import { type SchemaNode, schemaNodeOf } from './schema-node.js';
import { WriterWorkspace } from './writer-workspace.js';

export interface ParquetWriterColumn {
  readonly name: string;
  readonly type: SqlType;
  /** A NULL in a column that is not is error 23502. */
  readonly nullable: boolean;
}

export interface ParquetWriterOptions {
  /** Default: snappy. */
  readonly compression?: ParquetCompression | undefined;
  /** A row group is full with this many rows; a batch may carry it over. Default: 122,880. */
  readonly rowGroupRows?: number | undefined;
  /** A row group is full when it takes this many bytes of memory. Default: 256 MiB. */
  readonly rowGroupBytes?: number | undefined;
  /** Data pages end when this many bytes (before compression) are reached. Default: 1 MiB. */
  readonly dataPageBytes?: number | undefined;
  /** Dictionaries with more bytes are given up; 0 writes none. Default: 1 MiB. */
  readonly dictionaryLimit?: number | undefined;
  readonly createdBy?: string | undefined;
}

export interface ParquetFileWriterInit {
  readonly shared: SharedMemory;
  readonly kernels: Kernels;
  /** Owner of the chunks that the writer allocates: see `SharedMemory.createOwner`. */
  readonly owner: number;
  readonly sink: ByteSink;
  readonly columns: readonly ParquetWriterColumn[];
  readonly options?: ParquetWriterOptions | undefined;
}

export interface WrittenColumn {
  readonly name: string;
  readonly nullCount: number;
  /** Undefined without values, for intervals and nested values, and when a NaN is among the values. */
  readonly bounds: ColumnBounds | undefined;
}

export interface WrittenParquetFile {
  readonly rowCount: number;
  readonly byteLength: number;
  readonly columns: readonly WrittenColumn[];
}

const DEFAULT_ROW_GROUP_ROWS = 122_880;
const DEFAULT_ROW_GROUP_BYTES = 256 * 2 ** 20;
const DEFAULT_DATA_PAGE_BYTES = 2 ** 20;
const DEFAULT_DICTIONARY_LIMIT = 2 ** 20;
const DEFAULT_CREATED_BY = 'millrace version 0.1.0';

/**
 * Writes batches as one Parquet file. `append` copies rows and never waits; when it answers that the row group is full,
 * call `flushRowGroup` before the next one. `close` completes the file; the sink is the caller's to close. `dispose`
 * must be called in the end, after success and after failure: it returns all memory.
 */
export class ParquetFileWriter {
  private readonly workspace: WriterWorkspace;
  private readonly ownsWorkspace: boolean;
  private readonly columns: readonly SchemaNode[];
  private readonly collectors: readonly ColumnCollector[];
  private readonly output: FileOutput;
  private readonly options: ParquetWriterOptions;
  private readonly rowGroups: RowGroupMetadata[] = [];
  private readonly bounds: (ColumnBounds | undefined)[];
  private readonly nullCounts: number[];
  private readonly valueCounts: number[];
  private readonly range: RowRange = { selection: 0, from: 0, count: 0 };
  private compress: PageCompressor | undefined;
  private flushedRows = 0;
  private isBroken = false;

  /** Several writers of one thread may share a workspace; whoever made it frees it. */
  constructor(init: ParquetFileWriterInit, workspace?: WriterWorkspace) {
    this.ownsWorkspace = workspace === undefined;
    this.workspace = workspace ?? new WriterWorkspace(init.shared, init.kernels, init.owner);
    this.options = init.options ?? {};
    this.output = new FileOutput(init.sink);
    this.output.push(MAGIC);
    const dictionaryLimit = this.options.dictionaryLimit ?? DEFAULT_DICTIONARY_LIMIT;
    this.columns = init.columns.map(({ name, type, nullable }) => schemaNodeOf(name, type, nullable));
    this.collectors = this.columns.map((column) =>
      column.kind === 'leaf'
        ? new ColumnBuffer(this.workspace, column, dictionaryLimit)
        : new NestedColumnBuffer(this.workspace, column, dictionaryLimit),
    );
    this.bounds = this.columns.map(() => undefined);
    this.nullCounts = this.columns.map(() => 0);
    this.valueCounts = this.columns.map(() => 0);
  }

  /** Rows in the row group being collected. */
  get bufferedRows(): number {
    return this.collectors[0]?.rowCount ?? 0;
  }

  /** Memory held by the row group being collected. */
  get bufferedBytes(): number {
    let bytes = 0;
    for (const collector of this.collectors) bytes += collector.heldBytes;
    return bytes;
  }

  /** Bytes of the file so far, collected rows not included. */
  get byteLength(): number {
    return this.output.offset;
  }

  get isRowGroupFull(): boolean {
    if (this.bufferedRows >= (this.options.rowGroupRows ?? DEFAULT_ROW_GROUP_ROWS)) return true;
    return this.bufferedBytes >= (this.options.rowGroupBytes ?? DEFAULT_ROW_GROUP_BYTES);
  }

  /** Copies rows `from` (inclusive) to `to` (exclusive). Answers whether the row group is full. */
  append(batch: Batch, from = 0, to: number = batch.rowCount): boolean {
    for (let start = from; start < to; start += BATCH_ROWS) {
      this.appendRange(batch, 0, start, Math.min(BATCH_ROWS, to - start));
    }
    return this.isRowGroupFull;
  }

  /** Copies `count` (at most BATCH_ROWS) rows whose numbers are u32 at `selection`. */
  appendSelected(batch: Batch, selection: number, count: number): boolean {
    this.appendRange(batch, selection, 0, count);
    return this.isRowGroupFull;
  }

  /** Encodes and writes what is collected; nothing happens when that is nothing. */
  async flushRowGroup(): Promise<void> {
    const rowCount = this.bufferedRows;
    if (rowCount === 0) return;
    this.assertUsable();
    this.isBroken = true;
    const { compression = 'snappy', dataPageBytes = DEFAULT_DATA_PAGE_BYTES } = this.options;
    this.compress ??= await createPageCompressor(compression, this.workspace);
    const codec = CODECS[compression];
    const encoder = new ColumnChunkEncoder(this.workspace, this.output, this.compress, codec, dataPageBytes);
    const chunks: ColumnChunkMetadata[] = [];
    for (const [index, collector] of this.collectors.entries()) {
      let bounds: ColumnBounds | undefined;
      for (const leaf of collector.leaves) {
        const encoded = await encoder.encode(leaf);
        chunks.push(encoded.metadata);
        if (leaf === collector) bounds = encoded.bounds;
      }
      this.addStatistics(index, collector, bounds);
      collector.clear();
    }
    this.rowGroups.push({ rowCount, columns: chunks });
    this.flushedRows += rowCount;
    await this.output.drain();
    this.isBroken = false;
  }

  /** Writes the last row group and the footer. */
  async close(): Promise<WrittenParquetFile> {
    await this.flushRowGroup();
    this.assertUsable();
    this.isBroken = true;
    const createdBy = this.options.createdBy ?? DEFAULT_CREATED_BY;
    const footer = encodeFileMetadata({ columns: this.columns, rowGroups: this.rowGroups, createdBy });
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, footer.length, true);
    for (const part of [footer, length, MAGIC]) this.output.push(part);
    await this.output.drain();
    return {
      rowCount: this.flushedRows,
      byteLength: this.output.offset,
      columns: this.columns.map(({ name }, index) => ({
        name,
        nullCount: this.nullCounts[index]!,
        bounds: this.bounds[index],
      })),
    };
  }

  dispose(): void {
    this.isBroken = true;
    if (this.ownsWorkspace) this.workspace.free();
    else for (const collector of this.collectors) collector.clear();
  }

  private appendRange(batch: Batch, selection: number, from: number, count: number): void {
    this.assertUsable();
    if (count === 0) return;
    // Should a column fail, the others have more rows: no way back.
    this.isBroken = true;
    const { range } = this;
    range.selection = selection;
    range.from = from;
    range.count = count;
    for (const [index, collector] of this.collectors.entries()) collector.append(batch.columns[index]!, range);
    this.isBroken = false;
  }

  private addStatistics(
    index: number,
    { rowCount, nullCount }: ColumnCollector,
    bounds: ColumnBounds | undefined,
  ): void {
    const valueCount = rowCount - nullCount;
    if (valueCount > 0) {
      const isFirst = this.valueCounts[index] === 0;
      this.bounds[index] = isFirst ? bounds : mergeBounds(this.bounds[index], bounds);
    }
    this.nullCounts[index]! += nullCount;
    this.valueCounts[index]! += valueCount;
  }

  private assertUsable(): void {
    if (this.isBroken) throw bugError('a Parquet writer was used after it failed or was closed');
  }
}
