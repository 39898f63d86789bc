import type { Batch } from '../../vector/vector.js';
import type { Sink } from '../operators/operator.js';
import type { ResultChunk } from './result-format.js';
import type { RowEncoder } from './row-encoder.js';

/** The end of the last pipeline: rows leave the engine. */
export class ResultSink implements Sink {
  private readonly encoder: RowEncoder;
  private finished = false;

  constructor(encoder: RowEncoder) {
    this.encoder = encoder;
  }

  get full(): boolean {
    return this.encoder.full;
  }

  push(batch: Batch): void {
    this.encoder.append(batch);
  }

  finish(): void {
    this.finished = true;
  }

  takeChunks(): ResultChunk[] {
    return this.encoder.take(this.finished);
  }
}
