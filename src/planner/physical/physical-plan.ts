import type { SqlType } from '../../types/sql-type.js';
import type { AggregateCall, ConstantExpression, Expression } from '../expression.js';
import type { JoinOrderNote } from '../join-order/join-order-note.js';
import type { WindowCall } from '../window-call.js';

import type { ScanNode, TextScanNode } from './scan-nodes.js';
import type { AnalyzeSinkNode, ParquetSinkNode } from './sink-nodes.js';

export type * from './scan-nodes.js';
export type * from './sink-nodes.js';

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

export interface PhysicalNodeBase {
  /** Unique in the plan; counters and EXPLAIN ANALYZE refer to it. */
  readonly id: number;
  readonly columns: readonly PhysicalColumn[];
  /** The planner's estimate. */
  readonly estimatedRows: number;
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
