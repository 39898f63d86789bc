/** Where entries or rows lie, in order. */
export interface MergeRange {
  readonly start: number;
  readonly end: number;
  /** Bytes from row to row, or 0 when these are entries. */
  readonly stride: number;
}

/** One of the sorted inputs of a merge. */
export interface MergeInput {
  /** Whether `next` overwrites the rows of the range before. */
  readonly isTransient: boolean;
  /** The next range, which is not empty and replaces the one before; undefined at the end. */
  next(): MergeRange | undefined;
  /** Frees what `next` has not freed yet. */
  close(): void;
}
