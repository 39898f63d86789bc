import type { AstNode } from './ast-node.js';
import type { Expression } from './expression.js';
import type { FunctionCall } from './function-call.js';
import type { Identifier, QualifiedName } from './identifier.js';
import type { StringLiteral } from './literal.js';
import type { Query } from './query.js';
import type { SelectExpression } from './select.js';
import type { TypeName } from './type-name.js';

/** Every entry of a FROM clause. */
export type Relation =
  | TableRelation
  | FileRelation
  | SubqueryRelation
  | FunctionRelation
  | RowsFromRelation
  | JoinRelation
  | SampledRelation
  | MarkedRelation
  | PivotRelation
  | UnpivotRelation;

/** `AS name (column, …)`. */
export interface TableAlias extends AstNode {
  readonly kind: 'tableAlias';
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
}

/** A table, view or common table expression. */
export interface TableRelation extends AstNode {
  readonly kind: 'table';
  readonly name: QualifiedName;
  readonly alias: TableAlias | undefined;
}

/** A file or glob as a table, as in DuckDB: `from 'events/*.parquet'`. */
export interface FileRelation extends AstNode {
  readonly kind: 'file';
  readonly path: StringLiteral;
  readonly alias: TableAlias | undefined;
}

export interface SubqueryRelation extends AstNode {
  readonly kind: 'subquery';
  readonly lateral: boolean;
  readonly query: Query;
  readonly alias: TableAlias | undefined;
  /** Columns that are no part of its row, nor of a star: marks of the statement that the subquery was made for. */
  readonly hidden?: readonly string[] | undefined;
}

/** `generate_series(1, 3) WITH ORDINALITY AS t (x, n)`. */
export interface FunctionRelation extends AstNode {
  readonly kind: 'function';
  readonly lateral: boolean;
  readonly call: FunctionCall;
  readonly withOrdinality: boolean;
  readonly alias: TableAlias | undefined;
  /** `AS t (a int, b text)`, which says what a function that returns records yields. */
  readonly columnDefinitions: readonly FunctionColumn[];
}

/** `ROWS FROM (f(x), g(y) AS (a int, b text)) WITH ORDINALITY AS t (…)`: what functions give, side by side. */
export interface RowsFromRelation extends AstNode {
  readonly kind: 'rowsFrom';
  readonly lateral: boolean;
  readonly functions: readonly RowsFromFunction[];
  readonly withOrdinality: boolean;
  readonly alias: TableAlias | undefined;
}

export interface RowsFromFunction extends AstNode {
  readonly kind: 'rowsFromFunction';
  readonly call: FunctionCall;
  readonly columnDefinitions: readonly FunctionColumn[];
}

export interface FunctionColumn extends AstNode {
  readonly kind: 'functionColumn';
  readonly name: Identifier;
  readonly type: TypeName;
}

/** `t PIVOT (sum(x) AS s FOR c IN (1 AS one, 2))`: each value of a column becomes a column. */
export interface PivotRelation extends AstNode {
  readonly kind: 'pivot';
  readonly relation: Relation;
  readonly aggregates: readonly SelectExpression[];
  readonly columns: readonly Identifier[];
  /** Of several columns, rows of values. */
  readonly values: readonly SelectExpression[];
  readonly alias: TableAlias | undefined;
}

/** `t UNPIVOT [INCLUDE NULLS] (value FOR name IN (a AS 'first', b))`: columns become rows. */
export interface UnpivotRelation extends AstNode {
  readonly kind: 'unpivot';
  readonly relation: Relation;
  readonly includeNulls: boolean;
  readonly value: Identifier;
  readonly name: Identifier;
  readonly columns: readonly { readonly column: Identifier; readonly label: string | undefined }[];
  readonly alias: TableAlias | undefined;
}

/** Joins are left-associative; the comma of FROM is not a node. */
export interface JoinRelation extends AstNode {
  readonly kind: 'join';
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross' | 'semi' | 'anti';
  /** ASOF: of the rows that match, the one nearest by the inequality. */
  readonly asof: boolean;
  readonly left: Relation;
  readonly right: Relation;
  /** Undefined only for CROSS JOIN. */
  readonly condition: JoinCondition | undefined;
  /** `(a JOIN b …) AS j`: the only name that is left of both sides. */
  readonly alias: TableAlias | undefined;
}

/** `t TABLESAMPLE BERNOULLI (10) REPEATABLE (1)`. */
export interface SampledRelation extends AstNode {
  readonly kind: 'sample';
  readonly relation: Relation;
  readonly method: Identifier;
  readonly percent: Expression;
  /** `percent` is a number of rows. */
  readonly ofRows: boolean;
  readonly seed: Expression | undefined;
}

/** Rows with a condition as one more column, computed once a row: of statements that are queries in disguise. */
export interface MarkedRelation extends AstNode {
  readonly kind: 'marked';
  readonly relation: Relation;
  readonly condition: Expression;
  /** What the entry of FROM is called that has the column, and the column. */
  readonly alias: TableAlias;
}

export type JoinCondition = JoinOn | JoinUsing | JoinNatural;

export interface JoinOn extends AstNode {
  readonly kind: 'on';
  readonly expression: Expression;
}

export interface JoinUsing extends AstNode {
  readonly kind: 'using';
  readonly columns: readonly Identifier[];
  /** A name for the columns of both sides alone. */
  readonly alias: Identifier | undefined;
}

export interface JoinNatural extends AstNode {
  readonly kind: 'natural';
}
