import type { Expression } from '../expression.js';
import type { PhysicalColumn, PhysicalNode, PhysicalNodeBase } from './physical-plan.js';

/** Writes its input as Parquet files; the output is one row per file: path, rows, bytes, partition values as text. */
export interface ParquetSinkNode extends PhysicalNodeBase {
  readonly kind: 'parquetSink';
  readonly input: PhysicalNode;
  /** Where new files are staged. */
  readonly directory: string;
  readonly filePrefix: string;
  /** All rows go into one file, whose name is `filePrefix`, by one lane; then there are no partition columns. */
  readonly isSingleFile?: boolean;
  /** One lane writes the rows in their order, so that a partition gets as few files as it can. */
  readonly isOrdered?: boolean;
  /** Names of the file columns; one per input column that is not a partition column, in order. */
  readonly fileColumns: readonly (PhysicalColumn & { readonly ordinal: number; readonly nullable: boolean })[];
  /** Ordinals of the partition columns, outermost first, with their names. */
  readonly partitionColumns: readonly {
    readonly name: string;
    readonly ordinal: number;
    readonly nullable: boolean;
  }[];
  readonly compression: 'snappy' | 'zstd' | 'gzip' | 'none';
  /** A row for which one of these is true is an error (23514). */
  readonly violations?: readonly RowViolation[] | undefined;
}

/** A row breaks a constraint of its table. */
export interface RowViolation {
  readonly table: string;
  readonly constraint: string;
  /** Not a constraint of the table, but this condition of REPLACE WHERE. */
  readonly replaceWhere?: string | undefined;
  readonly predicate: Expression;
}

/**
 * Gathers statistics of the columns of files, and writes them file by file as soon as all rows of one were seen. The
 * input has the columns, then the number of the row's file in `files` (an integer).
 */
export interface AnalyzeSinkNode extends PhysicalNodeBase {
  readonly kind: 'analyzeSink';
  readonly input: PhysicalNode;
  /** Where the statistics are written. */
  readonly folder: string;
  readonly files: readonly AnalyzedFile[];
}

export interface AnalyzedFile {
  /** Relative to the lake. */
  readonly path: string;
  readonly byteLength: number;
  readonly version: string;
  /** At least one. */
  readonly rowCount: number;
}
