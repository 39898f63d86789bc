import type { SqlType } from '../../types/sql-type.js';
import type { AnalysisNote } from '../catalog-view.js';
import type { AggregateCall, ConstantExpression, Expression } from '../expression.js';
import type { JoinOrderNote } from '../join-order/join-order-note.js';
import type { TextFile, TextFormat } from '../text-format.js';
import type { WindowCall } from '../window-call.js';

/**
 * Physical plans are plain data: they are posted to workers, printed by EXPLAIN and never hold state. Expressions refer
 * to the ordinals of the input's columns (probe columns first, then build columns, where there are two inputs).
 */
export type PhysicalNode =
  | ScanNode
  | TextScanNode
  | ValuesNode
  | GenerateSeriesNode
  | FilterNode
  | ProjectNode
  | HashAggregateNode
  | ExpandNode
  | UnnestNode
  | HashJoinNode
  | SortNode
  | WindowNode
  | LimitNode
  | UnionAllNode
  | RecursiveNode
  | WorkingTableNode
  | SharedNode
  | ParquetSinkNode
  | AnalyzeSinkNode;

export interface PhysicalColumn {
  readonly name: string;
  readonly type: SqlType;
}

interface PhysicalNodeBase {
  /** Unique in the plan; counters and EXPLAIN ANALYZE refer to it. */
  readonly id: number;
  readonly columns: readonly PhysicalColumn[];
  /** The planner's estimate. */
  readonly estimatedRows: number;
}

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

export interface ValuesNode extends PhysicalNodeBase {
  readonly kind: 'values';
  readonly rows: readonly (readonly ConstantExpression[])[];
  /** For EXPLAIN: where the rows come from, when nobody wrote them. */
  readonly origin?: MetadataOrigin | undefined;
}

/** The table whose footers and paths tell the rows, and how many of its files were asked. */
export interface MetadataOrigin {
  readonly table: string;
  readonly files: number;
  readonly totalFiles: number;
}

/** One bigint or integer column, `start` to `stop` by `step`, both inclusive. */
export interface GenerateSeriesNode extends PhysicalNodeBase {
  readonly kind: 'generateSeries';
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
}

export interface FilterNode extends PhysicalNodeBase {
  readonly kind: 'filter';
  readonly input: PhysicalNode;
  readonly predicate: Expression;
}

export interface ProjectNode extends PhysicalNodeBase {
  readonly kind: 'project';
  readonly input: PhysicalNode;
  readonly expressions: readonly Expression[];
}

/** Output: group keys, then aggregates. No keys: exactly one row, also for empty input. No aggregates: DISTINCT. */
export interface HashAggregateNode extends PhysicalNodeBase {
  readonly kind: 'hashAggregate';
  readonly input: PhysicalNode;
  readonly groupKeys: readonly Expression[];
  readonly aggregates: readonly AggregateCall[];
  /** No group has rows in two `units` of the scan below. */
  readonly isPartitionWise?: boolean | undefined;
}

/** Where a column of an expansion comes from: an input column, one that some sets have, or the number of the set. */
export type ExpandedColumn =
  | { readonly kind: 'input'; readonly ordinal: number }
  | { readonly kind: 'key'; readonly ordinal: number; readonly key: number }
  | { readonly kind: 'set' };

/** Every row once for each grouping set; keys that are not of the set are NULL. */
export interface ExpandNode extends PhysicalNodeBase {
  readonly kind: 'expand';
  readonly input: PhysicalNode;
  /** One per output column. */
  readonly outputs: readonly ExpandedColumn[];
  /** Numbers of keys. */
  readonly sets: readonly (readonly number[])[];
}

/** Every row once for each element of its arrays; `outer`: once, with NULLs, where it has none. */
export interface UnnestNode extends PhysicalNodeBase {
  readonly kind: 'unnest';
  readonly input: PhysicalNode;
  readonly arrays: readonly Expression[];
  /** Ordinals of the input's columns that are handed on, first. */
  readonly kept: readonly number[];
  /** The type of the elements of each array, undefined for those that are not handed on; these come next. */
  readonly elements: readonly (SqlType | undefined)[];
  /** The last column is a bigint, the place of the elements from 1. */
  readonly ordinality: boolean;
  readonly outer: boolean;
}

/**
 * - `inner`, `left`, `right`, `full`: output = probe columns, then build columns (as listed by `outputs`).
 * - `semi`, `anti`: probe rows with / without a match; probe columns only.
 * - `rightSemi`, `rightAnti`: build rows with / without a match; build columns only. What the planner makes of a semi or
 *   anti join whose own rows are fewer than those it looks for.
 * - `nullAwareAnti`: NOT IN: no row passes when the build side has a NULL key, nor a row whose own key is NULL unless
 *   the build side is empty. One key.
 * - `mark`: every probe row once, plus a boolean column: does it have a match? With `nullAware`, NULL where IN gives NULL.
 * - `single`: like left, but a second match is an error (21000: a scalar subquery returned more than one row).
 *
 * Without keys every probe row meets every build row (a cross join, filtered by `residual`).
 */
export type JoinKind =
  | 'inner'
  | 'left'
  | 'right'
  | 'full'
  | 'semi'
  | 'anti'
  | 'rightSemi'
  | 'rightAnti'
  | 'nullAwareAnti'
  | 'mark'
  | 'single';

/**
 * - `broadcast`: one table of the build side, built by all lanes and probed by all.
 * - `shuffle`: both sides are partitioned by the hash of their keys, and partitions joined one by one.
 */
export type JoinDistribution = 'broadcast' | 'shuffle';

export interface HashJoinNode extends PhysicalNodeBase {
  readonly kind: 'hashJoin';
  readonly joinKind: JoinKind;
  /** What the planner expects; the real size of the build side decides. */
  readonly distribution: JoinDistribution;
  /** What the planner expects the rows of the build side to take. */
  readonly buildBytes: number;
  /** For EXPLAIN: at the top of joins that were put in order. */
  readonly order?: JoinOrderNote | undefined;
  /** Bytes of build rows from which both sides are partitioned, instead of one table that all lanes probe. */
  readonly shuffleFromBytes: number;
  readonly probe: PhysicalNode;
  readonly build: PhysicalNode;
  readonly probeKeys: readonly Expression[];
  readonly buildKeys: readonly Expression[];
  /** One per key: does NULL match NULL (IS NOT DISTINCT FROM)? */
  readonly nullsEqual: readonly boolean[];
  /** Any further condition, over probe columns followed by build columns. */
  readonly residual?: Expression | undefined;
  /** `mark` only: see JoinKind. */
  readonly nullAware?: boolean | undefined;
  /** Scans of the probe side have `joinFilters` of this join. */
  readonly filtersScans?: boolean | undefined;
  /** Ordinals of build columns, texts, that are handed on as codes where the build side turns out to be small. */
  readonly codedTexts: readonly number[];
  /** Ordinals over probe columns followed by build columns: what the join hands on (`mark` appends its column). */
  readonly outputs: readonly number[];
}

export interface SortKey {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** With `limit` (counted after `offset`), a top-N. */
export interface SortNode extends PhysicalNodeBase {
  readonly kind: 'sort';
  readonly input: PhysicalNode;
  readonly keys: readonly SortKey[];
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

/**
 * Output: `outputs` of the input, then a column a function. Partition keys, order keys, arguments of functions that are
 * not aggregates, and whatever RANGE compares are columns of the input; integer arguments may also be constants.
 */
export interface WindowNode extends PhysicalNodeBase {
  readonly kind: 'window';
  readonly input: PhysicalNode;
  readonly partitionKeys: readonly Expression[];
  readonly orderKeys: readonly SortKey[];
  readonly functions: readonly WindowCall[];
  /** Ordinals of the input's columns that are handed on. */
  readonly outputs: readonly number[];
  /** Rows for which `functions[function]`, a row_number or rank, is greater than `count` are not handed on. */
  readonly limit?: { readonly function: number; readonly count: number } | undefined;
}

export interface LimitNode extends PhysicalNodeBase {
  readonly kind: 'limit';
  readonly input: PhysicalNode;
  readonly limit?: number | undefined;
  readonly offset: number;
}

/** Inputs have the same column types. */
export interface UnionAllNode extends PhysicalNodeBase {
  readonly kind: 'unionAll';
  readonly inputs: readonly PhysicalNode[];
}

/** WITH RECURSIVE: see LogicalRecursive. `anchor` and `step` have the columns of the node. */
export type RecursiveNode = StreamedRecursionNode | RecursionInRoundsNode;

interface RecursionBase extends PhysicalNodeBase {
  readonly kind: 'recursive';
  /** Its rows are collected, and then read by the recursion alone. */
  readonly anchor: SharedNode;
  /** Ordinals of the columns by which rows are told apart, each handed on once; undefined where all are. */
  readonly keys: readonly number[] | undefined;
}

/** Each row of the working table gives rows of the next round by itself. */
export interface StreamedRecursionNode extends RecursionBase {
  readonly isStreamed: true;
  /** Filters, projections and the probe sides of joins over one working table. */
  readonly step: PhysicalNode;
}

/** The step runs as a plan of its own in each round, once all rows of the working table are there. */
export interface RecursionInRoundsNode extends RecursionBase {
  readonly isStreamed: false;
  /** Collects the rows of a round, which the recursion reads when the round is over. */
  readonly step: SharedNode;
}

export interface WorkingTableNode extends PhysicalNodeBase {
  readonly kind: 'workingTable';
  /** The id of the recursion whose table it is. */
  readonly recursion: number;
  /** The columns of the recursion. */
  readonly rowColumns: readonly PhysicalColumn[];
  /** Ordinals of those that are read. */
  readonly outputs: readonly number[];
}

/** One of several readers of the rows of a plan, which is run once; all have the same `input` and `share`. */
export interface SharedNode extends PhysicalNodeBase {
  readonly kind: 'shared';
  readonly input: PhysicalNode;
  /** The id of the first of the readers: what was collected is known by it. */
  readonly share: number;
  /** For EXPLAIN: counts the shared plans of a query from 1. */
  readonly number: number;
  /** Ordinals of the input's columns that this reader hands on. */
  readonly outputs: readonly number[];
}

/** Writes its input as Parquet files; the output is one row per file: path, rows, bytes, partition values as text. */
export interface ParquetSinkNode extends PhysicalNodeBase {
  readonly kind: 'parquetSink';
  readonly input: PhysicalNode;
  /** Where new files are staged. */
  readonly directory: string;
  readonly filePrefix: string;
  /** All rows go into one file, whose name is `filePrefix`, by one lane; then there are no partition columns. */
  readonly isSingleFile?: boolean;
  /** Names of the file columns; one per input column that is not a partition column, in order. */
  readonly fileColumns: readonly (PhysicalColumn & { readonly ordinal: number; readonly nullable: boolean })[];
  /** Ordinals of the partition columns, outermost first, with their names. */
  readonly partitionColumns: readonly { readonly name: string; readonly ordinal: number }[];
  readonly compression: 'snappy' | 'zstd' | 'gzip' | 'none';
  /** A row for which one of these is true is an error (23514). */
  readonly violations?: readonly RowViolation[] | undefined;
}

/** A row breaks a constraint of its table. */
export interface RowViolation {
  readonly table: string;
  readonly constraint: string;
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
