import type { NumberSequence } from '../storage/commit/number-sequence.js';
import type { SqlType } from '../types/sql-type.js';

export interface ColumnDefinition {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  /** The digits of seconds that are kept, of `timestamp(n)` and its like: what is written is rounded. All six if undefined. */
  readonly timePrecision?: number | undefined;
  /** What an INSERT that does not name it puts there: an expression, as it was written. NULL if undefined. */
  readonly default?: string | undefined;
  /** What it is computed of, from the other columns of its row, whenever the row is written: an expression, as it was written. */
  readonly generated?: string | undefined;
  /** What numbers its rows, where they are inserted without a value. */
  readonly identity?: IdentityDefinition | undefined;
  /** COMMENT ON. */
  readonly comment?: string | undefined;
}

export interface IdentityDefinition extends NumberSequence {
  /** GENERATED ALWAYS: other values only where OVERRIDING SYSTEM VALUE says so. */
  readonly always: boolean;
}

/** `CONSTRAINT name CHECK (expression)`; the expression as it was written. */
export interface CheckDefinition {
  readonly name: string;
  readonly expression: string;
}

/**
 * `CONSTRAINT name PRIMARY KEY (columns)`. It is not enforced, so that no answer may rest on it; it says which columns a
 * query may use that groups by it.
 */
export interface KeyDefinition {
  readonly name: string;
  readonly columns: readonly string[];
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
  readonly primaryKey?: KeyDefinition | undefined;
  readonly comment?: string | undefined;
}

/** A function in SQL, or a macro. It is kept as a view is, under its name with `()` behind it. */
export interface FunctionDefinition {
  readonly isMacro: boolean;
  readonly parameters: readonly FunctionParameterDefinition[];
  /** Types as they were written. A macro says only whether it gives a table; undefined columns are those of its query. */
  readonly returns:
    | { readonly kind: 'value'; readonly type?: string | undefined }
    | {
        readonly kind: 'table';
        readonly columns?: readonly { readonly name?: string | undefined; readonly type: string }[] | undefined;
      };
  readonly isStrict: boolean;
  /** Whether its text is an expression or a query. */
  readonly body: 'expression' | 'query';
}

export interface FunctionParameterDefinition {
  readonly name: string;
  readonly type?: string | undefined;
  readonly default?: string | undefined;
}

/** What functions are kept under: no table has such a name unless somebody wants it to. */
export function functionRelationName(name: string): string {
  return `${name}()`;
}

export function isFunctionName(name: string): boolean {
  return name.endsWith('()');
}

export interface ViewDefinition {
  /** The query, as it was written; the text of a function. */
  readonly sql: string;
  /** Names given to its columns, if any. */
  readonly columnNames?: readonly string[] | undefined;
  readonly function?: FunctionDefinition | undefined;
  readonly comment?: string | undefined;
}

/** A table or view by name. Names compare exactly; the binder has folded them. */
export interface RelationName {
  /** `public` for the tables at the lake's root. */
  readonly schema: string;
  readonly name: string;
}

export const PUBLIC_SCHEMA = 'public';
