import type { TextChunk } from './text-chunk.js';

/** Why a record could not be cut into fields. */
export interface RecordFailure {
  readonly kind: 'count' | 'unterminated' | 'after quote' | 'syntax' | 'not an object';
  /** Fields that it has, as far as it was read. */
  readonly found: number;
  /** Where it begins. */
  readonly start: number;
}

export interface SplitRecords {
  readonly count: number;
  /** Where the first of them begins, or what was passed over before it. */
  readonly from: number;
  /** The chunk ends within the next record. */
  readonly needsMore: boolean;
  /** The record behind those that were cut. The chunk stands behind it. */
  readonly failure: RecordFailure | undefined;
}

/** Cuts a chunk into records, and records into the fields of the columns that are wanted. */
export interface RecordSplitter {
  /** Pointer to 8 bytes a record, column by column: see `assembly/text-field.ts`. */
  readonly fields: number;
  /** Bytes from one column's fields to the next's. */
  readonly stride: number;
  /** Pointer to one u32 a record: where it begins. */
  readonly starts: number;
  /** `columns`: for each column the number of its field in this file, or -1. */
  openFile(fieldCount: number, columns: readonly number[]): void;
  split(chunk: TextChunk): SplitRecords;
}
