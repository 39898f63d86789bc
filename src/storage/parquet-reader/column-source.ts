/** The dictionary of a column chunk, as vector values. */
export interface ColumnDictionary {
  readonly data: number;
  readonly size: number;
  /** Unique within a thread. */
  readonly id: number;
}

/** Where `read` and `readCodes` put rows: both have room for a batch, and padding. */
export interface ColumnTarget {
  /** Vector values, or u32 codes. */
  readonly data: number;
  /** One byte a row, always written; 0 if the caller does not want it. */
  readonly validity: number;
}

/** A column of a row group, read from front to back: flat by `ColumnReader`, any other by `NestedColumnReader`. */
export interface ColumnSource {
  readonly dictionary: ColumnDictionary | undefined;
  runRows(): number;
  skip(rowCount: number): void;
  read(rowCount: number, selection: number, selectedCount: number, target: ColumnTarget, at: number): boolean;
  readCodes(rowCount: number, selection: number, selectedCount: number, target: ColumnTarget, at: number): boolean;
}
