/** What the values of a generated column are, and how they are held in a batch. */
export type ColumnKind =
  /** Int32Array, written as INTEGER. */
  | 'integer'
  /** Int32Array, written as BIGINT. */
  | 'bigint'
  /** Int32Array of cents, written as DECIMAL(15,2). */
  | 'money'
  /** Int32Array of days since 1970-01-01, written as DATE. */
  | 'date'
  /** string[], written as VARCHAR. */
  | 'text'
  /** Int32Array of indexes into `entries`, written as VARCHAR. */
  | 'choice';

export interface ColumnSpec {
  readonly name: string;
  readonly kind: ColumnKind;
  /** The distinct values of a `choice` column. */
  readonly entries?: readonly string[];
}

/** Rows per batch: the size of a DuckDB data chunk. */
export const BATCH_ROW_CAPACITY = 2048;

export type ColumnValues = Int32Array | string[];

/** Up to BATCH_ROW_CAPACITY rows. The generator fills the same batch again and again: copy what must outlive a step. */
export interface TableBatch {
  rowCount: number;
  readonly columns: readonly ColumnValues[];
}

export interface TableGenerator {
  readonly name: string;
  readonly columns: readonly ColumnSpec[];
  /** Exact, but for lineitem, whose number of rows follows from the orders. */
  estimateRowCount(scale: number): number;
  generate(scale: number): Iterable<TableBatch>;
}

export function createBatch(columns: readonly ColumnSpec[]): TableBatch {
  return {
    rowCount: 0,
    columns: columns.map(({ kind }) =>
      kind === 'text' ? new Array<string>(BATCH_ROW_CAPACITY).fill('') : new Int32Array(BATCH_ROW_CAPACITY),
    ),
  };
}

/** Batches of a table whose row is a function of its number, counted from 0. */
export function* generateByRow(
  columns: readonly ColumnSpec[],
  rowCount: number,
  fillRow: (columns: readonly ColumnValues[], slot: number, row: number) => void,
): Generator<TableBatch> {
  const batch = createBatch(columns);
  for (let firstRow = 0; firstRow < rowCount; firstRow += BATCH_ROW_CAPACITY) {
    batch.rowCount = Math.min(BATCH_ROW_CAPACITY, rowCount - firstRow);
    for (let slot = 0; slot < batch.rowCount; slot++) fillRow(batch.columns, slot, firstRow + slot);
    yield batch;
  }
}
