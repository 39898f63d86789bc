import { bugError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import { physicalTypeOf } from '../../types/sql-type.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, type Batch } from '../../vector/vector.js';
import { emptyBuffer, type GrowableBuffer } from './buffer-pool.js';
import type { ByteSink } from './file-output.js';
import { notNullError } from './not-null-error.js';
import {
  ParquetFileWriter,
  type ParquetWriterColumn,
  type ParquetWriterOptions,
  type WrittenParquetFile,
} from './parquet-file-writer.js';
import { type PartitionKey, PartitionNumbering } from './partition-numbering.js';
import { RowStaging } from './row-staging.js';
import { WriterWorkspace } from './writer-workspace.js';

export interface OpenedFile {
  readonly path: string;
  /** Closed when the file is complete. After a failure the caller aborts what it opened. */
  readonly sink: ByteSink & { close(): Promise<unknown> };
}

export interface PartitionedWriterOptions extends ParquetWriterOptions {
  /** Files open at a time; the one used least recently is completed to open another. Default: 100. */
  readonly maxOpenFiles?: number | undefined;
  /** Memory for rows not yet written. Default: 256 MiB. */
  readonly maxBufferedBytes?: number | undefined;
  /** A file this long is completed, and a new one begun when more rows come. Default: 512 MiB. */
  readonly targetFileBytes?: number | undefined;
}

export interface PartitionedWriterInit {
  readonly shared: SharedMemory;
  readonly kernels: Kernels;
  /** Owner of the chunks that the writer allocates: see `SharedMemory.createOwner`. */
  readonly owner: number;
  /** The columns of the batches. */
  readonly columns: readonly ParquetWriterColumn[];
  /** Positions in `columns`, in the order of the key. These columns are not written. May be empty. */
  readonly partitionColumns: readonly number[];
  /** Called when a partition's first row group is written, possibly several times for one partition. */
  readonly openFile: (key: PartitionKey) => Promise<OpenedFile>;
  readonly options?: PartitionedWriterOptions | undefined;
}

export interface WrittenPartitionFile extends WrittenParquetFile {
  readonly key: PartitionKey;
  readonly path: string;
}

const DEFAULT_MAX_OPEN_FILES = 100;
const DEFAULT_MAX_BUFFERED_BYTES = 256 * 2 ** 20;
const DEFAULT_TARGET_FILE_BYTES = 512 * 2 ** 20;
/** When memory is full, row groups are written until this part of it is in use. */
const DRAINED_SHARE = 0.75;
/** Batches with at most this many partitions are handed over at once. */
const MAX_DIRECT_GROUPS = 8;
/** Otherwise rows are staged until partitions have so many on average, */
const STAGED_ROWS_PER_PARTITION = 128;
/** or, when there is no memory to collect so many partitions, until they fill this part of it. */
const STAGED_SHARE = 0.5;
/** What a column of a partition takes with a few rows. */
const SMALLEST_COLUMN_BYTES = 4096;

/** A partition that has a file being written, or rows for one. */
interface ActivePartition {
  readonly number: number;
  readonly key: PartitionKey;
  readonly writer: ParquetFileWriter;
  opened: OpenedFile | undefined;
  /** Grows with every append. */
  lastUse: number;
}

/**
 * Writes the rows of each partition to files of its own. `append` copies rows and never waits; when it answers that
 * memory is full, call `drain` before the next one. `finish` completes all files. `dispose` must be called in the end,
 * after success and after failure: it returns all memory.
 *
 * Input may come in any order: rows wait in memory, and when that is full the largest partitions are written as row
 * groups. Input sorted by the key makes few, large row groups. Rows of many partitions at a time are staged first.
 */
export class PartitionedWriter {
  private readonly init: PartitionedWriterInit;
  private readonly options: PartitionedWriterOptions;
  private readonly workspace: WriterWorkspace;
  private readonly numbering: PartitionNumbering;
  private readonly fileColumns: readonly ParquetWriterColumn[];
  private readonly fileColumnIndexes: readonly number[];
  /** By partition number. */
  private readonly partitions: (ActivePartition | undefined)[] = [];
  private readonly active: Set<ActivePartition> = new Set();
  private readonly full: Set<ActivePartition> = new Set();
  private readonly files: WrittenPartitionFile[] = [];
  /** One u32 a partition number, all zero. */
  private readonly counts: GrowableBuffer = emptyBuffer();
  private readonly staging: RowStaging;
  /** Scratch for the row numbers of a batch by partition, and for two u32 a partition in it. */
  private readonly selection: number;
  private readonly groups: number;
  private openFiles = 0;
  private uses = 0;

  constructor(init: PartitionedWriterInit) {
    this.init = init;
    this.options = init.options ?? {};
    this.workspace = new WriterWorkspace(init.shared, init.kernels, init.owner);
    this.numbering = new PartitionNumbering(
      this.workspace,
      init.partitionColumns.map((index) => ({ index, type: init.columns[index]!.type })),
    );
    this.fileColumnIndexes = init.columns.map((_, index) => index).filter((i) => !init.partitionColumns.includes(i));
    this.fileColumns = this.fileColumnIndexes.map((index) => init.columns[index]!);
    if (this.fileColumns.length === 0) throw bugError('a partitioned table needs a column that is not a key');
    this.staging = new RowStaging(
      this.workspace,
      this.fileColumns.map(({ type }) => physicalTypeOf(type)),
    );
    const scratch = emptyBuffer();
    this.workspace.pool.reserve(scratch, BATCH_ROWS * 12);
    this.selection = scratch.pointer;
    this.groups = this.selection + BATCH_ROWS * 4;
  }

  /** Memory for rows not yet written, and for what is known of partitions. */
  get bufferedBytes(): number {
    return this.workspace.pool.usedBytes;
  }

  /** Copies rows `from` (inclusive) to `to` (exclusive). Answers whether `drain` must be called. */
  append(batch: Batch, from = 0, to: number = batch.rowCount): boolean {
    const projected = { rowCount: batch.rowCount, columns: this.fileColumnIndexes.map((i) => batch.columns[i]!) };
    for (let start = from; start < to; start += BATCH_ROWS) {
      this.appendRange(batch, projected, start, Math.min(BATCH_ROWS, to - start));
    }
    return this.full.size > 0 || this.bufferedBytes > this.maxBufferedBytes || this.isStagingFull;
  }

  /** Writes full row groups, and the largest ones until memory is within its limit. */
  async drain(): Promise<void> {
    if (this.isStagingFull || this.bufferedBytes > this.maxBufferedBytes) await this.handOverStaged();
    await this.flushFull();
    if (this.bufferedBytes > this.maxBufferedBytes) await this.flushLargest(this.maxBufferedBytes * DRAINED_SHARE);
  }

  /** Completes all files; answers all that were written, in the order of their completion. */
  async finish(): Promise<readonly WrittenPartitionFile[]> {
    await this.handOverStaged();
    // Open files first: no other has to be completed before its time.
    const ordered = [...this.active].sort((left, right) => Number(!left.opened) - Number(!right.opened));
    for (const partition of ordered) if (this.active.has(partition)) await this.complete(partition);
    return this.files;
  }

  dispose(): void {
    this.workspace.free();
    this.active.clear();
    this.full.clear();
    this.partitions.length = 0;
  }

  private get maxBufferedBytes(): number {
    return this.options.maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES;
  }

  private get isStagingFull(): boolean {
    const { rowCount } = this.staging;
    if (rowCount === 0) return false;
    const smallest = this.numbering.numberLimit * this.fileColumns.length * SMALLEST_COLUMN_BYTES;
    const canCollect = smallest <= this.maxBufferedBytes * STAGED_SHARE;
    if (canCollect) return rowCount >= this.numbering.numberLimit * STAGED_ROWS_PER_PARTITION;
    return this.staging.heldBytes > this.maxBufferedBytes * STAGED_SHARE;
  }

  private appendRange(batch: Batch, projected: Batch, from: number, count: number): void {
    const { kernels, shared } = this.workspace;
    const numbers = this.numbering.numberRows(batch, from, count);
    this.reserveCounts(this.numbering.numberLimit);
    const { selection, groups } = this;
    const groupCount = kernels.groupRows(numbers, from, count, this.counts.pointer, selection, groups);
    // Staged rows came first: those of a partition keep their order.
    if (this.staging.rowCount > 0 || groupCount > MAX_DIRECT_GROUPS) {
      this.staging.append(projected, from, count, numbers);
      return;
    }
    for (let group = 0, start = 0; group < groupCount; group++) {
      const partition = this.partitionOf(shared.u32[groups / 4 + group * 2]!);
      const end = shared.u32[groups / 4 + group * 2 + 1]!;
      const isFull =
        groupCount === 1
          ? partition.writer.append(projected, from, from + count)
          : partition.writer.appendSelected(projected, selection + start * 4, end - start);
      if (isFull) this.full.add(partition);
      start = end;
    }
  }

  /** Gives all staged rows to their partitions, writing what is full on the way. */
  private async handOverStaged(): Promise<void> {
    const { staging } = this;
    const { kernels, pool, shared } = this.workspace;
    const rowCount = staging.rowCount;
    if (rowCount === 0) return;
    const selection = emptyBuffer();
    const groups = emptyBuffer();
    pool.reserve(selection, rowCount * 4);
    pool.reserve(groups, Math.min(rowCount, this.numbering.numberLimit) * 8);
    const { numbersPointer } = staging;
    const counts = this.counts.pointer;
    const groupCount = kernels.groupRows(numbersPointer, 0, rowCount, counts, selection.pointer, groups.pointer);
    // Writing may free and take memory, but moves neither the staged rows nor these.
    for (let group = 0, start = 0; group < groupCount; group++) {
      const number = shared.u32[groups.pointer / 4 + group * 2]!;
      const end = shared.u32[groups.pointer / 4 + group * 2 + 1]!;
      while (start < end) {
        const partition = this.partitionOf(number);
        const count = Math.min(BATCH_ROWS, end - start);
        if (partition.writer.appendSelected(staging.batch, selection.pointer + start * 4, count)) {
          await this.flush(partition);
        }
        start += count;
      }
      if (this.bufferedBytes > this.maxBufferedBytes) await this.flushLargest(this.maxBufferedBytes * DRAINED_SHARE);
    }
    pool.release(selection);
    pool.release(groups);
    staging.clear();
  }

  private async flushFull(): Promise<void> {
    for (const partition of [...this.full]) await this.flush(partition);
  }

  /** Writes the largest row groups until no more than `byteLimit` bytes are in use, or none is left. */
  private async flushLargest(byteLimit: number): Promise<void> {
    const bySize = [...this.active]
      .map((partition) => ({ partition, byteLength: partition.writer.bufferedBytes }))
      .sort((left, right) => right.byteLength - left.byteLength);
    for (const { partition, byteLength } of bySize) {
      if (byteLength === 0 || this.bufferedBytes <= byteLimit) break;
      // Completing a file to open another may have written this one already.
      if (this.active.has(partition)) await this.flush(partition);
    }
  }

  private reserveCounts(numberLimit: number): void {
    const { counts } = this;
    if (counts.byteLength >= numberLimit * 4) return;
    this.workspace.pool.reserve(counts, numberLimit * 4);
    this.workspace.shared.clear(counts.pointer + counts.byteLength, counts.capacity - counts.byteLength);
    counts.byteLength = counts.capacity;
  }

  private partitionOf(number: number): ActivePartition {
    let partition = this.partitions[number];
    if (partition === undefined) {
      partition = this.begin(number);
      this.partitions[number] = partition;
      this.active.add(partition);
    }
    partition.lastUse = ++this.uses;
    return partition;
  }

  private begin(number: number): ActivePartition {
    const { shared, kernels, owner } = this.init;
    const sink: ByteSink = { write: (bytes) => this.write(partition, bytes) };
    const writer = new ParquetFileWriter(
      { shared, kernels, owner, sink, columns: this.fileColumns, options: this.options },
      this.workspace,
    );
    const key = this.numbering.keyOf(number);
    this.assertAllowed(key);
    const partition: ActivePartition = { number, key, writer, opened: undefined, lastUse: 0 };
    return partition;
  }

  /** Fails (23502) for NULL where the column must have none. */
  private assertAllowed(key: PartitionKey): void {
    const { columns, partitionColumns } = this.init;
    for (const [part, index] of partitionColumns.entries()) {
      const { name, nullable } = columns[index]!;
      if (key[part] === null && !nullable) throw notNullError(name);
    }
  }

  private async write(partition: ActivePartition, bytes: Uint8Array): Promise<void> {
    if (partition.opened === undefined) {
      await this.makeRoomForFile();
      partition.opened = await this.init.openFile(partition.key);
      this.openFiles++;
    }
    await partition.opened.sink.write(bytes);
  }

  private async makeRoomForFile(): Promise<void> {
    if (this.openFiles < (this.options.maxOpenFiles ?? DEFAULT_MAX_OPEN_FILES)) return;
    let oldest: ActivePartition | undefined;
    for (const partition of this.active) {
      if (partition.opened === undefined) continue;
      if (oldest === undefined || partition.lastUse < oldest.lastUse) oldest = partition;
    }
    if (oldest !== undefined) await this.complete(oldest);
  }

  private async flush(partition: ActivePartition): Promise<void> {
    await partition.writer.flushRowGroup();
    this.full.delete(partition);
    const target = this.options.targetFileBytes ?? DEFAULT_TARGET_FILE_BYTES;
    if (partition.writer.byteLength >= target) await this.complete(partition);
  }

  private async complete(partition: ActivePartition): Promise<void> {
    const written = await partition.writer.close();
    const { path, sink } = partition.opened!;
    await sink.close();
    this.openFiles--;
    partition.writer.dispose();
    this.active.delete(partition);
    this.full.delete(partition);
    this.partitions[partition.number] = undefined;
    this.files.push({ ...written, key: partition.key, path });
  }
}
