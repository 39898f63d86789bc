import type { SqlType } from '../../types/sql-type.js';
import type { AnalysisNote } from '../catalog-view.js';
import type { ConstantExpression, Expression } from '../expression.js';
import type { TextFile, TextFormat } from '../text-format.js';
import type { PhysicalNodeBase } from './physical-plan.js';

/** A file as it was when the query was planned; reading anything else is an error. */
export interface PinnedScanFile {
  readonly path: string;
  readonly byteLength: number;
  /** Modification time in ns, or an ETag. */
  readonly version: string;
  /** One per partition column of the scan. */
  readonly partitionValues: readonly ConstantExpression[];
  /** Row groups that may hold matching rows; when absent, they are not known to the planner and all are read. */
  readonly rowGroups?: readonly number[] | undefined;
}

/** A column of a scan: read from the files by name, or constant per file from its path. */
export type ScanColumn =
  | { readonly kind: 'file'; readonly name: string; readonly type: SqlType }
  | { readonly kind: 'partition'; readonly partition: number; readonly type: SqlType };

export interface ScanNode extends PhysicalNodeBase {
  readonly kind: 'scan';
  readonly table: string;
  readonly files: readonly PinnedScanFile[];
  /** Numbers of files that one lane reads, the first first; otherwise lanes share the row groups of all. */
  readonly units?: readonly (readonly number[])[] | undefined;
  /** What is read: the output columns first (`columns`), then those that only `filter` needs. */
  readonly scanColumns: readonly ScanColumn[];
  /** Conjuncts over `scanColumns`; the scan reads their columns first, and others only where rows remain. */
  readonly filters: readonly Expression[];
  /** For EXPLAIN: files before partition pruning. */
  readonly totalFiles: number;
  /** For EXPLAIN: row groups of `files` before they were pruned by statistics; undefined when footers are not known. */
  readonly totalRowGroups?: number | undefined;
  /** For EXPLAIN: what ANALYZE has contributed. */
  readonly analysis?: AnalysisNote | undefined;
  /** Joins above whose build sides tell which rows may find a match. */
  readonly joinFilters?: readonly ScanJoinFilter[] | undefined;
  /** The top-N that these rows go to, if it may tell which are not wanted. */
  readonly sortBound?: ScanSortBound | undefined;
  /** A hint: rows beyond this many are not needed. */
  readonly limit?: number | undefined;
}

/** Reads text files (CSV, JSON); filters stand above it. */
export interface TextScanNode extends PhysicalNodeBase {
  readonly kind: 'textScan';
  readonly table: string;
  readonly format: TextFormat;
  /** By whose clocks instants without an offset are read; UTC when absent. */
  readonly zone?: string | undefined;
  readonly files: readonly PinnedTextFile[];
  /** One per output column. */
  readonly scanColumns: readonly TextScanColumn[];
  /** For EXPLAIN: files before partition pruning. */
  readonly totalFiles: number;
}

export interface PinnedTextFile {
  readonly path: string;
  readonly byteLength: number;
  readonly version: string;
  readonly partitionValues: readonly ConstantExpression[];
  readonly text: TextFile;
}

/** A column of the table, by its number there (`TextFile.fields`), or constant per file. */
export type TextScanColumn =
  | { readonly kind: 'field'; readonly field: number; readonly name: string; readonly type: SqlType }
  | { readonly kind: 'partition'; readonly partition: number; readonly type: SqlType };

/** Rows without a match in the build side of a join are not wanted: the scan leaves out most of them. */
export interface ScanJoinFilter {
  /** The id of the join; it is a step of the pipeline that the scan begins. */
  readonly join: number;
  /** Its probe keys, over `scanColumns`. */
  readonly keys: readonly Expression[];
  /** For EXPLAIN: the keys of the build side. */
  readonly matches: readonly string[];
}

/** Rows with greater first keys than enough others are not wanted: the scan leaves out most of them. */
export interface ScanSortBound {
  /** The id of the sort; it ends the pipeline that the scan begins. */
  readonly sort: number;
  /** Its first key, one of `scanColumns`. */
  readonly column: number;
  /** For EXPLAIN: how many rows the sort keeps. */
  readonly rows: number;
}
