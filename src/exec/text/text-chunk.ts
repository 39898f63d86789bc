/**
 * Bytes of a text file in the shared memory. Records that begin between `position` and `limit` are this chunk's; they may
 * reach up to `end`. Whoever cuts records moves `position` on.
 */
export interface TextChunk {
  position: number;
  readonly limit: number;
  readonly end: number;
  /** The file ends at `end`. */
  readonly isLast: boolean;
  /** Is `position` at the very start of the file, before its header? */
  readonly isFileStart: boolean;
  /**
   * Makes more bytes known of the record at `position`, which `end` has cut off, or of those that follow. Moves all
   * pointers: nothing that was read may be in use any more.
   */
  more(): Promise<void>;
  /** The number of the line that has the byte at this pointer, from 1. */
  lineOf(pointer: number): Promise<number>;
  close(): Promise<void>;
}
