import type { SqlType } from '../types/sql-type.js';
import type { ConstantExpression, ConstantValue } from './expression.js';
import type { FileRequest } from './file-request.js';
import type { TextFile, TextFormat } from './text-format.js';

/**
 * What the planner asks of the catalog. The session adapts the lake's catalog to it; tests give a fake. Look-ups may
 * wait for I/O; everything between them is synchronous.
 */
export interface CatalogView {
  /** A table or view by its folded name parts (`['events']`, `['main', 'events']`); undefined when there is none. */
  findRelation(name: readonly string[]): Promise<CatalogRelation | undefined>;
  /** Files as a table; undefined when nothing is there. */
  findFiles(request: FileRequest): Promise<CatalogTable | undefined>;
  /** Names of tables and views, for "did you mean" hints; asked only when a look-up failed. */
  relationNames(): Promise<readonly string[]>;
}

export type CatalogRelation = CatalogTable | CatalogViewDefinition;

interface Defined {
  /** Equal for those that are defined alike, whoever looked them up; absent where plans over them must not be kept. */
  readonly definition?: string | undefined;
}

export interface CatalogViewDefinition extends Defined {
  readonly kind: 'view';
  readonly name: string;
  /** The parsed query of the view, bound anew at each use. */
  readonly query: import('../parser/ast/index.js').Query;
  /** Names given to its columns; the query's own where there are none. */
  readonly columnNames?: readonly string[] | undefined;
  /** Set for a function in SQL: then `query` is its body. */
  readonly function?: CatalogFunction | undefined;
}

export interface CatalogFunction {
  readonly isMacro: boolean;
  readonly isStrict: boolean;
  readonly parameters: readonly CatalogParameter[];
  /** What is called for each row; undefined where its query gives a table. */
  readonly value?: { readonly type: SqlType | undefined } | undefined;
  /** Of a table: names and types; undefined for those of its query. */
  readonly columns?: readonly { readonly name: string | undefined; readonly type: SqlType }[] | undefined;
  /** The body where it is one expression. */
  readonly expression?: import('../parser/ast/index.js').Expression | undefined;
}

export interface CatalogParameter {
  readonly name: string;
  readonly type: SqlType | undefined;
  readonly default: import('../parser/ast/index.js').Expression | undefined;
}

export interface CatalogColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
}

export interface CatalogTable extends Defined {
  readonly kind: 'table';
  /** As EXPLAIN shows it. */
  readonly name: string;
  /** All columns in order, partition columns included. */
  readonly columns: readonly CatalogColumn[];
  /** Names of the partition columns, outermost first. */
  readonly partitionColumns: readonly string[];
  /** Names of the columns of its primary key, which nothing enforces: no row may be left out because of it. */
  readonly primaryKey?: readonly string[] | undefined;
  /** Set where its files are text and not Parquet; `columns` then has the types that text can be read as. */
  readonly textFormat?: TextFormat | undefined;
  /** Types that columns of text files are cast to after they are read, by name. */
  readonly castTypes?: ReadonlyMap<string, SqlType> | undefined;
  /** Lists the files and gathers the statistics. Called once per scan, after predicates were pushed into it. */
  openScan(request: ScanRequest): Promise<TableFiles>;
  /** For tables that others write: how the scans of one query see the same files. */
  readonly shared?: SharedTable | undefined;
  /** The files that `openScan` would give for each request now, as of one moment: to know whether a plan still holds. */
  readonly listScans?:
    | ((requests: readonly ScanRequest[]) => Promise<readonly (readonly FileIdentity[])[]>)
    | undefined;
}

export interface SharedTable {
  /** Equal for all that stand for the same table. */
  readonly key: string;
  /** As `openScan`, of several scans as of one moment. */
  openScans(requests: readonly ScanRequest[]): Promise<readonly TableFiles[]>;
}

export interface ScanRequest {
  /** Names of the columns whose statistics are wanted (partition columns included). */
  readonly columns: readonly string[];
  /**
   * May a partition hold wanted rows? `values` has one entry per partition column, undefined for those deeper than the
   * folder that is about to be listed. Undefined for tables without predicates on partition columns.
   */
  readonly matchesPartition?: ((values: readonly (ConstantExpression | undefined)[]) => boolean) | undefined;
}

export interface TableFiles {
  readonly files: readonly CatalogFile[];
  /** Files of the whole table, before partition pruning, as far as the catalog knows. */
  readonly totalFiles: number;
  /** Rows in `files`; undefined when nobody knows (then estimated from bytes). */
  readonly rowCount?: number | undefined;
  /** By column name, over `files`. */
  readonly columnStatistics: ReadonlyMap<string, ColumnStatistics>;
  /** For EXPLAIN: what ANALYZE has contributed; undefined where the table was never analysed. */
  readonly analysis?: AnalysisNote | undefined;
}

export interface AnalysisNote {
  /** Files of the scan with statistics for all of its columns. */
  readonly files: number;
  /** Files of the scan. */
  readonly totalFiles: number;
  /** Why statistics that are there were ignored. */
  readonly problems: readonly string[];
}

/** A file as it was at one time. */
export interface FileIdentity {
  readonly path: string;
  readonly byteLength: number;
  /** Modification time in ns, or an ETag. */
  readonly version: string;
}

export interface CatalogFile extends FileIdentity {
  /** One per partition column of the table. */
  readonly partitionValues: readonly ConstantExpression[];
  /** From the footer, where it is known: used to prune row groups. */
  readonly rowGroups?: readonly RowGroupStatistics[] | undefined;
  /** Of files of text. */
  readonly text?: TextFile | undefined;
}

export interface RowGroupStatistics {
  readonly rowCount: number;
  /** By column name. */
  readonly columns: ReadonlyMap<string, ColumnStatistics>;
}

/** All optional: what is absent is unknown. `min` and `max` are bounds and need not occur unless they are exact. */
export interface ColumnStatistics {
  readonly min?: ConstantExpression | undefined;
  readonly max?: ConstantExpression | undefined;
  /** A value equal to the bound is there, and none beyond it, NaN included. */
  readonly minIsExact?: boolean | undefined;
  readonly maxIsExact?: boolean | undefined;
  readonly nullCount?: number | undefined;
  /** An estimate of the number of distinct values that are not NULL. */
  readonly distinctCount?: number | undefined;
  readonly distribution?: ColumnDistribution | undefined;
}

/** Which values how many rows have, as ANALYZE found it. Shares are of the rows that are not NULL. */
export interface ColumnDistribution {
  readonly type: SqlType;
  readonly common: readonly { readonly value: ConstantValue; readonly share: number }[];
  /** Between a bound and the next lie equally many of the rows whose value is not common. Ascending. */
  readonly bounds: readonly ConstantValue[];
}
