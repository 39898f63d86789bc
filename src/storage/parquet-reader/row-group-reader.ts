import { bugError, corruptError, notSupportedError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { SqlType } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { loadZstd, type Zstd } from '../compression/zstd.js';
import type { RandomAccessFile } from '../object-store.js';
import { ChunkKeeper, type FileDigest } from './chunk-keeper.js';
import { ColumnReader } from './column-reader.js';
import type { ColumnSource } from './column-source.js';
import { reportingPlace } from './corruption-place.js';
import { DecodeScratch } from './decode-scratch.js';
import { LeafReader } from './leaf-reader.js';
import { NestedColumnReader } from './nested-column-reader.js';
import { leavesOf, type NestedNode, withType } from './nested-schema.js';
import { allocateClaimed, isSupportedCodec, PageDecompressor, unsupportedCodecError } from './page-decompressor.js';
import { type ChunkPages, listPages } from './page-header.js';
import type { FlatColumn, ParquetColumnChunk, ParquetMetadata } from './parquet-metadata.js';

/** Chunks that lie this close are read at once: a gap costs less than a request. */
const MAX_GAP_BYTES = 64 * 1024;
const MAX_READ_BYTES = 64 * 2 ** 20;

interface FetchedChunk {
  readonly column: FlatColumn;
  readonly chunk: ParquetColumnChunk;
  /** Where its bytes lie, or will. */
  readonly pointer: number;
  /** Its pages, where they are in memory already, decompressed. */
  readonly kept: ChunkPages | undefined;
  readonly done: Promise<void>;
}

/**
 * One row group of a Parquet file. Bytes go from the file into the shared memory and are decoded there. Everything
 * lies in the scope given: free it when the row group is done with, after `settle`.
 */
export class RowGroupReader {
  readonly rowCount: number;
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly scope: Scope;
  private readonly file: RandomAccessFile;
  private readonly metadata: ParquetMetadata;
  private readonly rowGroup: number;
  private readonly keeper: ChunkKeeper | undefined;
  private readonly chunks = new Map<number, FetchedChunk>();
  private readonly readers = new Map<number, ColumnSource>();
  private scratch: DecodeScratch | undefined;
  private zstd: Zstd | undefined;

  constructor(
    shared: SharedMemory,
    kernels: Kernels,
    scope: Scope,
    file: RandomAccessFile,
    metadata: ParquetMetadata,
    rowGroup: number,
    /** Where it is given, decompressed chunks are kept for later queries. */
    digest?: FileDigest,
  ) {
    const group = metadata.rowGroups[rowGroup];
    if (group === undefined) throw bugError(`row group ${rowGroup} of ${metadata.rowGroups.length}`);
    this.rowCount = group.rowCount;
    this.shared = shared;
    this.kernels = kernels;
    this.scope = scope;
    this.file = file;
    this.metadata = metadata;
    this.rowGroup = rowGroup;
    this.keeper = digest && new ChunkKeeper(shared, scope, digest);
  }

  /**
   * Reads the bytes of these columns (numbers in `metadata.columns`) that have not been asked for yet, and resolves
   * when all of them are there. May be called early: a failure nobody waits for is reported to whoever asks again.
   */
  fetch(columns: readonly number[]): Promise<void> {
    const missing = [...new Set(columns)].filter((column) => !this.chunks.has(column));
    let done: Promise<void>;
    try {
      this.startReads(missing);
      done = Promise.all(columns.map((column) => this.chunks.get(column)!.done)).then(() => undefined);
    } catch (error) {
      done = Promise.reject(error);
    }
    done.catch(() => undefined);
    return done;
  }

  /** Resolves when no read is under way, whatever came of it: only then may the scope be freed. */
  async settle(): Promise<void> {
    await Promise.allSettled([...this.chunks.values()].map((chunk) => chunk.done));
  }

  /**
   * The reader of a column whose `fetch` has resolved; the same one every time. A nested column is read as `type`, where
   * that is given: see `withType`.
   */
  column(column: number, type?: SqlType): ColumnSource {
    let reader = this.readers.get(column);
    if (reader === undefined) {
      reader = this.openColumn(column, type);
      this.readers.set(column, reader);
    }
    return reader;
  }

  private openColumn(index: number, type: SqlType | undefined): ColumnSource {
    const fetched = this.chunks.get(index);
    if (fetched === undefined) throw bugError(`column ${index} has not been fetched`);
    const { column, chunk, pointer, kept } = fetched;
    const { shared, kernels, scope } = this;
    this.scratch ??= new DecodeScratch(scope);
    if (column.nested) {
      const node = type === undefined ? column.nested : withType(column.nested, type);
      return this.openNested(column, node, chunk, pointer);
    }
    const where = this.placeOf(column);
    const isCompressed = kept === undefined && chunk.codec !== 'UNCOMPRESSED';
    const decompressor = new PageDecompressor(shared, kernels, isCompressed ? chunk.codec : 'UNCOMPRESSED', this.zstd);
    const pages =
      kept ?? reportingPlace(where, '', () => listPages(shared.u8, pointer, pointer + chunk.byteLength, this.rowCount));
    const image = isCompressed ? this.keeper?.begin(this.numberOf(index), pages) : undefined;
    const env = { shared, kernels, scope, scratch: this.scratch, column, decompressor, image };
    return new ColumnReader(env, pages, where);
  }

  private openNested(column: FlatColumn, node: NestedNode, chunk: ParquetColumnChunk, pointer: number): ColumnSource {
    const { shared, kernels, scope, zstd } = this;
    const scratch = this.scratch!;
    const leaves = leavesOf(node).map((leaf, i) => {
      const stored = chunk.leaves![i]!;
      const start = pointer + (stored.offset - chunk.offset);
      const decompressor = new PageDecompressor(shared, kernels, stored.codec, zstd);
      const env = { shared, kernels, scope, scratch, column: leaf.column, decompressor, levels: leaf };
      return new LeafReader(env, leaf, start, start + stored.byteLength, stored.valueCount);
    });
    return new NestedColumnReader(shared, kernels, scope, node, leaves, this.rowCount, this.placeOf(column));
  }

  private startReads(columns: readonly number[]): void {
    const wanted = columns
      .map((index) => this.checkedChunk(index))
      .filter((chunk) => !this.findKept(chunk))
      .sort((a, b) => a.chunk.offset - b.chunk.offset);
    for (let first = 0; first < wanted.length; ) {
      const start = wanted[first]!.chunk.offset;
      let end = start + wanted[first]!.chunk.byteLength;
      let next = first + 1;
      for (; next < wanted.length; next++) {
        const { offset, byteLength } = wanted[next]!.chunk;
        if (offset - end > MAX_GAP_BYTES || offset + byteLength - start > MAX_READ_BYTES) break;
        end = Math.max(end, offset + byteLength);
      }
      const pointer = allocateClaimed(this.scope, end - start);
      const done = this.read(
        start,
        pointer,
        end - start,
        wanted.slice(first, next).some(({ chunk }) => chunk.codec === 'ZSTD'),
      );
      done.catch(() => undefined);
      for (const { index, column, chunk } of wanted.slice(first, next)) {
        this.chunks.set(index, { column, chunk, pointer: pointer + (chunk.offset - start), kept: undefined, done });
      }
      first = next;
    }
  }

  private findKept({
    index,
    column,
    chunk,
  }: Omit<FetchedChunk, 'pointer' | 'kept' | 'done'> & { index: number }): boolean {
    const kept = column.nested === undefined ? this.keeper?.find(this.numberOf(index)) : undefined;
    if (kept === undefined) return false;
    this.chunks.set(index, { column, chunk, pointer: 0, kept, done: Promise.resolve() });
    return true;
  }

  /** The number of a column's chunk among all of the file. */
  private numberOf(column: number): number {
    return this.rowGroup * this.metadata.columns.length + column;
  }

  private async read(offset: number, pointer: number, byteLength: number, needsZstd: boolean): Promise<void> {
    if (byteLength > 0) await this.file.read(offset, this.shared.u8.subarray(pointer, pointer + byteLength));
    if (needsZstd) this.zstd = await loadZstd();
  }

  private checkedChunk(index: number): { index: number; column: FlatColumn; chunk: ParquetColumnChunk } {
    const column = this.metadata.columns[index];
    if (column === undefined) throw bugError(`column ${index} of ${this.metadata.columns.length}`);
    if (column.type === undefined) {
      throw notSupportedError(
        `column "${column.name}" of "${this.file.path}" is ${column.reason}, which cannot be read`,
        {
          hint: 'Leave the column out of the query.',
        },
      );
    }
    const chunk = this.metadata.rowGroups[this.rowGroup]!.chunks[index]!;
    for (const { codec } of chunk.leaves ?? [chunk]) if (!isSupportedCodec(codec)) throw unsupportedCodecError(codec);
    if (chunk.offset + chunk.byteLength > this.file.byteLength) {
      throw corruptError(`${this.placeOf(column)}: the column chunk lies beyond the end of the file`);
    }
    return { index, column, chunk };
  }

  private placeOf(column: FlatColumn): string {
    return `"${this.file.path}", column "${column.name}", row group ${this.rowGroup + 1}`;
  }
}
