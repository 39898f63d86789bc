import type { Schema } from 'apache-arrow';
import { type ArrowLibrary, loadArrow } from '../../api/arrow/arrow-library.js';
import { arrowSchemaOf } from '../../api/arrow/arrow-schema.js';
import { toRecordBatch } from '../../api/arrow/record-batch.js';
import type { ResultChunk, ResultColumn, ResultFormat } from '../../session/session.js';
import type { SqlType } from '../../types/sql-type.js';
import type { Output } from '../output.js';
import type { ResultWriter } from './result-writer.js';

/** Arrow's IPC stream: what `pyarrow.ipc.open_stream`, DuckDB and polars read. */
export class ArrowWriter implements ResultWriter {
  private readonly output: Output;
  private stream: ArrowStream | undefined;

  constructor(output: Output) {
    this.output = output;
  }

  readonly chunkFormat = (): ResultFormat => ({ kind: 'arrow' });

  async begin(columns: readonly ResultColumn[]): Promise<void> {
    const arrow = await loadArrow();
    this.stream = new ArrowStream(arrow, columns);
    await this.output.write(this.stream.take());
  }

  async writeChunk(chunk: ResultChunk): Promise<void> {
    this.stream!.append(chunk);
    await this.output.write(this.stream!.take());
  }

  async end(): Promise<void> {
    this.stream!.finish();
    await this.output.write(this.stream!.take());
  }
}

/** Keeps the writer's bytes until they are taken: apache-arrow's writer has no backpressure. */
class ArrowStream {
  private readonly arrow: ArrowLibrary;
  private readonly schema: Schema;
  private readonly types: readonly SqlType[];
  private readonly writer: InstanceType<ArrowLibrary['RecordBatchStreamWriter']>;
  private parts: Uint8Array[] = [];

  constructor(arrow: ArrowLibrary, columns: readonly ResultColumn[]) {
    this.arrow = arrow;
    this.schema = arrowSchemaOf(arrow, columns);
    this.types = columns.map(({ type }) => type);
    const collect = (part: Uint8Array): void => void this.parts.push(part);
    this.writer = new (class extends arrow.RecordBatchStreamWriter {
      protected override _write(chunk: ArrayBufferLike | ArrayBufferView | string): this {
        const bytes =
          typeof chunk === 'string'
            ? new TextEncoder().encode(chunk)
            : ArrayBuffer.isView(chunk)
              ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
              : new Uint8Array(chunk);
        if (bytes.byteLength > 0) {
          collect(bytes);
          this._position += bytes.byteLength;
        }
        return this;
      }
    })();
    this.writer.reset(undefined, this.schema);
  }

  append(chunk: ResultChunk): void {
    this.writer.write(toRecordBatch(this.arrow, this.schema, this.types, chunk));
  }

  finish(): void {
    this.writer.finish();
  }

  take(): Uint8Array {
    const bytes = Buffer.concat(this.parts);
    this.parts = [];
    return bytes;
  }
}
