import { formatPartitionValue } from '../../catalog/partition-value.js';
import type { PartitionValue } from '../../catalog/table-snapshot.js';
import type { ParquetSinkNode } from '../../planner/physical/physical-plan.js';
import { joinLocation } from '../../storage/location.js';
import type { ObjectWriter } from '../../storage/object-store.js';
import { objectStoreFor } from '../../storage/open-object-store.js';
import { PartitionedWriter } from '../../storage/parquet-writer/partitioned-writer.js';
import type { SqlType } from '../../types/sql-type.js';
import { CHUNK_BYTES } from '../../vector/shared-memory.js';
import type { Batch } from '../../vector/vector.js';
import type { WrittenFile } from '../pipeline/lane-task.js';
import type { OperatorCounters } from '../query-block.js';
import { createCounters, type LaneContext, type Sink } from './operator.js';
import { RowViolations } from './row-violations.js';

const MAX_BUFFERED_BYTES = 256 * 2 ** 20;

/** Writes rows as Parquet files, one or more per partition, in a staging folder; publishing them is the caller's. */
export class ParquetSink implements Sink {
  blocked: Promise<void> | undefined;
  private readonly node: ParquetSinkNode;
  private readonly writer: PartitionedWriter;
  private readonly counters: OperatorCounters;
  private readonly ordinals: readonly number[];
  private readonly opened: ObjectWriter[] = [];
  private isComplete = false;
  private readonly violations: RowViolations | undefined;

  constructor(context: LaneContext, node: ParquetSinkNode) {
    const { shared, kernels, owner } = context;
    this.node = node;
    this.counters = createCounters(context, node.id);
    const { fileColumns, partitionColumns, compression } = node;
    this.violations = node.violations && new RowViolations(context, node.violations);
    this.ordinals = [...fileColumns, ...partitionColumns].map((column) => column.ordinal);
    const partitionTypes = partitionColumns.map((column) => node.input.columns[column.ordinal]!.type);
    this.writer = new PartitionedWriter({
      shared,
      kernels,
      owner,
      columns: [
        ...fileColumns.map(({ name, type, nullable }) => ({ name, type, nullable })),
        ...partitionColumns.map(({ name, nullable }, index) => ({ name, type: partitionTypes[index]!, nullable })),
      ],
      partitionColumns: partitionColumns.map((_, index) => fileColumns.length + index),
      openFile: async () => {
        const number = this.opened.length;
        const name = `${node.filePrefix}${context.lane}-${number}.parquet`;
        const path = joinLocation(node.directory, name);
        const sink = await objectStoreFor(path).createWriter(path);
        this.opened.push(sink);
        return { path, sink };
      },
      options: { compression, maxBufferedBytes: bufferLimit(context) },
    });
  }

  push(batch: Batch): void {
    this.counters.addBatch(batch.rowCount);
    this.violations?.check(batch);
    const columns = this.ordinals.map((ordinal) => batch.columns[ordinal]!);
    if (!this.writer.append({ rowCount: batch.rowCount, columns })) return;
    this.blocked = this.writer.drain().finally(() => {
      this.blocked = undefined;
    });
  }

  finish(): void {}

  async complete(): Promise<WrittenFile[]> {
    const files = await this.writer.finish();
    this.writer.dispose();
    this.isComplete = true;
    const types: SqlType[] = this.node.partitionColumns.map((column) => this.node.input.columns[column.ordinal]!.type);
    return files.map(({ path, rowCount, byteLength, key }) => ({
      path,
      rowCount,
      byteLength,
      partitionValues: key.map((value, index) => formatPartitionValue(value as PartitionValue, types[index]!)),
    }));
  }

  /** After a failure: closes and removes what was being written. Files completed before are the caller's to delete. */
  async abort(): Promise<void> {
    if (this.isComplete) return;
    await this.blocked?.catch(() => undefined);
    await Promise.all(this.opened.map((sink) => sink.abort().catch(() => undefined)));
  }
}

/** A quarter of the engine's memory, shared by the lanes, waits for its row groups to fill. */
function bufferLimit({ shared, block }: LaneContext): number {
  return Math.min(MAX_BUFFERED_BYTES, (shared.chunkCount * CHUNK_BYTES) / 4 / block.shape.laneCount);
}
