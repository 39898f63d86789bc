import type { SqlType } from '../types/sql-type.js';

export interface ColumnDefinition {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  /** What an INSERT that does not name it puts there: an expression, as it was written. NULL if undefined. */
  readonly default?: string | undefined;
  /** COMMENT ON. */
  readonly comment?: string | undefined;
}

/** `CONSTRAINT name CHECK (expression)`; the expression as it was written. */
export interface CheckDefinition {
  readonly name: string;
  readonly expression: string;
}

/** What CREATE TABLE said. Kept as JSON under `_millrace/`; tables that were never created have none. */
export interface TableDefinition {
  /** In the order of CREATE TABLE, partition columns last. */
  readonly columns: readonly ColumnDefinition[];
  /** Names of the columns that are folders (`date=2026-03-22`), outermost first. */
  readonly partitionColumns: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  /** What must not be false of any row. */
  readonly checks?: readonly CheckDefinition[] | undefined;
  readonly comment?: string | undefined;
}

export interface ViewDefinition {
  /** The query, as it was written. */
  readonly sql: string;
  /** Names given to its columns, if any. */
  readonly columnNames?: readonly string[] | undefined;
  readonly comment?: string | undefined;
}

/** A table or view by name. Names compare exactly; the binder has folded them. */
export interface RelationName {
  /** `public` for the tables at the lake's root. */
  readonly schema: string;
  readonly name: string;
}

export const PUBLIC_SCHEMA = 'public';
