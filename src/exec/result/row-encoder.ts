import type { Batch } from '../../vector/vector.js';
import type { ResultChunk } from './result-format.js';

/** Turns batches into chunks that may leave the engine. */
export interface RowEncoder {
  append(batch: Batch): void;
  /** Whether a chunk is ready to be taken. */
  readonly full: boolean;
  /** What has been encoded so far; at the end also what does not fill a chunk. */
  take(atEnd: boolean): ResultChunk[];
}
