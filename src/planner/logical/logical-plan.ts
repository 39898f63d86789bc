import type { SqlType } from '../../types/sql-type.js';
import type { CatalogTable, TableFiles } from '../catalog-view.js';
import type { AggregateCall, ConstantExpression, Expression } from '../expression.js';
import type { JoinOrderNote } from '../join-order/join-order-note.js';
import type { MetadataOrigin, SortKey } from '../physical/physical-plan.js';
import type { WindowCall } from '../window-call.js';

/**
 * Logical plans: plain readonly data. Columns have ids that are unique in the whole plan; an id keeps its meaning from
 * the node that makes it up to the root, so expressions can move through nodes without being renamed.
 */
export type LogicalNode =
  | LogicalScan
  | LogicalValues
  | LogicalGenerateSeries
  | LogicalFilter
  | LogicalProject
  | LogicalJoin
  | LogicalApply
  | LogicalAggregate
  | LogicalExpand
  | LogicalWindow
  | LogicalUnnest
  | LogicalSort
  | LogicalLimit
  | LogicalUnionAll
  | LogicalRecursive
  | LogicalWorkingTable
  | LogicalShared;

export interface LogicalColumn {
  readonly id: number;
  /** For people: EXPLAIN and result headers. Not unique. */
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
}

export interface LogicalScan {
  readonly kind: 'scan';
  readonly table: CatalogTable;
  readonly alias: string;
  /** What is read. The name is the table's. */
  readonly columns: readonly LogicalColumn[];
  /** Conjuncts over `columns`. */
  readonly filters: readonly Expression[];
  /** Known once the scan was opened, which happens after predicates were pushed into it. */
  readonly files?: TableFiles | undefined;
  /** Rows beyond this many are not needed. */
  readonly limit?: number | undefined;
  /** By whose clocks text files are read; UTC when absent. */
  readonly zone?: string | undefined;
}

/** Literal rows. No columns and one row: what SELECT without FROM reads. No rows: the empty relation. */
export interface LogicalValues {
  readonly kind: 'values';
  readonly columns: readonly LogicalColumn[];
  readonly rows: readonly (readonly ConstantExpression[])[];
  /** Set where the rows were not written but read from footers and paths. */
  readonly origin?: MetadataOrigin | undefined;
}

/** `start` to `stop` by `step`, inclusive; all bigint or integer expressions without columns of this plan. */
export interface LogicalGenerateSeries {
  readonly kind: 'generateSeries';
  readonly column: LogicalColumn;
  readonly start: Expression;
  readonly stop: Expression;
  readonly step: Expression;
}

export interface LogicalFilter {
  readonly kind: 'filter';
  readonly input: LogicalNode;
  /** All must be true. */
  readonly conjuncts: readonly Expression[];
}

export interface ProjectItem {
  readonly column: LogicalColumn;
  readonly expression: Expression;
}

/** A column that is handed on keeps its id: its expression is a reference to itself. */
export interface LogicalProject {
  readonly kind: 'project';
  readonly input: LogicalNode;
  readonly items: readonly ProjectItem[];
}

/**
 * See the physical JoinKind for what each means. `left` is the probe side.
 *
 * A `mark` join that is `nullAware` answers NULL where no row matches but for one the conditions are NULL, as IN and ANY
 * do. `nullAwareAnti` keeps the left rows for which that answer is false: NOT IN.
 */
export type LogicalJoinKind = 'inner' | 'left' | 'full' | 'semi' | 'anti' | 'nullAwareAnti' | 'mark' | 'single';

export interface LogicalJoin {
  readonly kind: 'join';
  readonly joinKind: LogicalJoinKind;
  readonly left: LogicalNode;
  readonly right: LogicalNode;
  /** All must be true for two rows to match. */
  readonly conditions: readonly Expression[];
  /** `mark` only: boolean, is there a match? */
  readonly markColumn?: LogicalColumn | undefined;
  readonly nullAware?: boolean | undefined;
  /** For EXPLAIN: at the top of joins that were put in order. */
  readonly order?: JoinOrderNote | undefined;
}

/** A join whose right side may refer to columns of the left: what a subquery binds to. Decorrelation leaves none. */
export interface LogicalApply {
  readonly kind: 'apply';
  readonly joinKind: 'inner' | 'left' | 'semi' | 'anti' | 'nullAwareAnti' | 'mark' | 'single';
  readonly left: LogicalNode;
  readonly right: LogicalNode;
  readonly conditions: readonly Expression[];
  readonly markColumn?: LogicalColumn | undefined;
  readonly nullAware?: boolean | undefined;
}

export interface LogicalAggregateItem {
  readonly column: LogicalColumn;
  readonly call: AggregateCall;
  /** Over distinct arguments; the rule distinct-aggregates removes it. */
  readonly distinct: boolean;
}

/** No keys: one row, also for empty input. No aggregates: DISTINCT. */
export interface LogicalAggregate {
  readonly kind: 'aggregate';
  readonly input: LogicalNode;
  readonly groupKeys: readonly ProjectItem[];
  readonly aggregates: readonly LogicalAggregateItem[];
}

/**
 * Every row once for each grouping set, with `keys` added: the values of input columns, NULL where the set does not have
 * the key; and `setColumn`, the number of the set. What GROUPING SETS groups by.
 */
export interface LogicalExpand {
  readonly kind: 'expand';
  readonly input: LogicalNode;
  /** Expressions are columns of the input. */
  readonly keys: readonly ProjectItem[];
  /** Indexes into `keys`. */
  readonly sets: readonly (readonly number[])[];
  /** An integer. */
  readonly setColumn: LogicalColumn;
}

export interface LogicalWindowItem {
  readonly column: LogicalColumn;
  readonly call: WindowCall;
}

/**
 * Adds a column for each window function to the rows of the input, which come in no order. All functions share the
 * partitions and one order, of which each uses the first keys.
 */
export interface LogicalWindow {
  readonly kind: 'window';
  readonly input: LogicalNode;
  /** Rows that agree in these are a partition; NULL is the same as NULL. None: all rows are one. */
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortKey[];
  readonly functions: readonly LogicalWindowItem[];
  /** Rows whose value of this function, a row_number or rank, is greater than `count` are not handed on. */
  readonly limit?: WindowLimit | undefined;
}

export interface WindowLimit {
  /** The id of the function's column. */
  readonly column: number;
  readonly count: number;
}

/**
 * Every row once for each element of its arrays, which come side by side: a shorter one is filled up with NULLs. A row
 * without elements comes not at all, or with `outer` once, with NULLs.
 */
export interface LogicalUnnest {
  readonly kind: 'unnest';
  readonly input: LogicalNode;
  /** Expressions are arrays; columns are elements. */
  readonly items: readonly ProjectItem[];
  /** A bigint: the place of the elements, from 1. */
  readonly ordinality?: LogicalColumn | undefined;
  readonly outer: boolean;
}

/** With `limit` (counted after `offset`), a top-N. */
export interface LogicalSort {
  readonly kind: 'sort';
  readonly input: LogicalNode;
  readonly keys: readonly SortKey[];
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

export interface LogicalLimit {
  readonly kind: 'limit';
  readonly input: LogicalNode;
  readonly limit?: number | undefined;
  readonly offset: number;
}

export interface LogicalUnionAll {
  readonly kind: 'unionAll';
  readonly inputs: readonly LogicalNode[];
  readonly columns: readonly LogicalColumn[];
  /** For each input, the ids of its columns that become `columns`. */
  readonly inputColumns: readonly (readonly number[])[];
}

/**
 * WITH RECURSIVE: the rows of `anchor`, and then, as long as there are any, those that `step` makes of the rows of the
 * round before, which it reads as the working table of the same number. `distinct` (UNION): each row once.
 */
export interface LogicalRecursive {
  readonly kind: 'recursive';
  /** Copies of a plan have the same: a working table belongs to the innermost recursion of its number. */
  readonly number: number;
  readonly anchor: LogicalNode;
  readonly step: LogicalNode;
  readonly distinct: boolean;
  readonly columns: readonly LogicalColumn[];
  /** The ids of columns of `anchor` and `step` that become `columns`. */
  readonly anchorColumns: readonly number[];
  readonly stepColumns: readonly number[];
}

/** The rows that the round before has added. */
export interface LogicalWorkingTable {
  readonly kind: 'workingTable';
  readonly number: number;
  readonly columns: readonly LogicalColumn[];
  /** Which columns of the recursion they are. */
  readonly positions: readonly number[];
}

/**
 * One of several readers of rows that are computed once. The readers of a number have one input, which rules rewrite
 * for each of them alike; nothing moves into it, or out of it, since one is lowered for all.
 */
export interface LogicalShared {
  readonly kind: 'shared';
  readonly number: number;
  readonly input: LogicalNode;
  /** The ids of the input's columns that are kept, for all readers. */
  readonly kept: ReadonlySet<number>;
  readonly columns: readonly LogicalColumn[];
  /** Which of them become `columns`. */
  readonly inputColumns: readonly number[];
}

/** Hands out the ids of one plan. */
export class ColumnIds {
  private next = 1;
  private nextShared = 1;

  create(): number {
    return this.next++;
  }

  /** The number of a plan whose rows are shared. */
  createShared(): number {
    return this.nextShared++;
  }

  column(name: string, type: SqlType, nullable: boolean): LogicalColumn {
    return { id: this.create(), name, type, nullable };
  }
}

/** The relation of one row without columns. */
export const SINGLE_ROW: LogicalValues = { kind: 'values', columns: [], rows: [[]] };
