import type { ParquetSinkNode } from '../../planner/physical/physical-plan.js';
import { joinLocation } from '../../storage/location.js';
import type { ObjectWriter } from '../../storage/object-store.js';
import { objectStoreFor } from '../../storage/open-object-store.js';
import { ParquetFileWriter } from '../../storage/parquet-writer/parquet-file-writer.js';
import type { Batch } from '../../vector/vector.js';
import type { WrittenFile } from '../pipeline/lane-task.js';
import type { OperatorCounters } from '../query-block.js';
import { createCounters, type LaneContext, type Sink } from './operator.js';

/** Writes all rows as one Parquet file, which is there also without rows: the pipeline has one lane. */
export class ParquetFileSink implements Sink {
  blocked: Promise<void> | undefined;
  private readonly path: string;
  private readonly ordinals: readonly number[];
  private readonly writer: ParquetFileWriter;
  private readonly counters: OperatorCounters;
  private output: ObjectWriter | undefined;
  private isComplete = false;

  constructor(context: LaneContext, node: ParquetSinkNode) {
    const { shared, kernels, owner } = context;
    this.counters = createCounters(context, node.id);
    this.path = joinLocation(node.directory, node.filePrefix);
    this.ordinals = node.fileColumns.map((column) => column.ordinal);
    this.writer = new ParquetFileWriter({
      shared,
      kernels,
      owner,
      columns: node.fileColumns,
      sink: { write: (bytes) => this.write(bytes) },
      options: { compression: node.compression },
    });
  }

  push(batch: Batch): void {
    this.counters.addBatch(batch.rowCount);
    const columns = this.ordinals.map((ordinal) => batch.columns[ordinal]!);
    if (!this.writer.append({ rowCount: batch.rowCount, columns })) return;
    this.blocked = this.writer.flushRowGroup().finally(() => {
      this.blocked = undefined;
    });
  }

  finish(): void {}

  async complete(): Promise<WrittenFile[]> {
    const { rowCount, byteLength } = await this.writer.close();
    this.writer.dispose();
    await this.output!.close();
    this.isComplete = true;
    return [{ path: this.path, rowCount, byteLength, partitionValues: [] }];
  }

  async abort(): Promise<void> {
    if (this.isComplete) return;
    await this.blocked?.catch(() => undefined);
    await this.output?.abort().catch(() => undefined);
  }

  private async write(bytes: Uint8Array): Promise<void> {
    this.output ??= await objectStoreFor(this.path).createWriter(this.path);
    await this.output.write(bytes);
  }
}
