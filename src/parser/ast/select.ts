import type { AstNode } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Identifier, QualifiedName } from './identifier.js';
import type { Relation } from './relation.js';
import type { NamedWindow } from './window.js';

export interface Select extends AstNode {
  readonly kind: 'select';
  readonly distinct: DistinctClause | undefined;
  /** May be empty, as in PostgreSQL: `select from t`. */
  readonly items: readonly SelectItem[];
  /** The comma-separated entries of FROM; empty without FROM. */
  readonly from: readonly Relation[];
  readonly where: Expression | undefined;
  readonly groupBy: GroupByClause | undefined;
  readonly having: Expression | undefined;
  readonly windows: readonly NamedWindow[];
  readonly qualify: Expression | undefined;
  /** `INTO t`: the statement is CREATE TABLE t AS this query without it. */
  readonly into?: IntoClause | undefined;
}

export interface IntoClause extends AstNode {
  readonly kind: 'into';
  readonly name: QualifiedName;
  readonly temporary: boolean;
}

export interface DistinctClause extends AstNode {
  readonly kind: 'distinct';
  /** DISTINCT ON (…); empty for plain DISTINCT. */
  readonly on: readonly Expression[];
}

export type SelectItem = SelectExpression | Star;

export interface SelectExpression extends AstNode {
  readonly kind: 'selectExpression';
  readonly expression: Expression;
  readonly alias: Identifier | undefined;
}

/** `*`, `t.*`, `s.t.*`, with DuckDB's EXCLUDE and REPLACE. */
export interface Star extends AstNode {
  readonly kind: 'star';
  /** Empty for a bare `*`. */
  readonly qualifier: readonly Identifier[];
  /** `(f(x)).*`: the row whose fields it stands for, where that is no name. */
  readonly row?: Expression | undefined;
  readonly exclude: readonly Identifier[];
  /** `REPLACE (expression AS column)`: every entry has an alias. */
  readonly replace: readonly SelectExpression[];
  readonly rename: readonly RenamedColumn[];
}

/** `RENAME (column AS name)`. */
export interface RenamedColumn {
  readonly column: Identifier;
  readonly name: Identifier;
}

export interface GroupByClause extends AstNode {
  readonly kind: 'groupBy';
  /** GROUP BY DISTINCT: duplicate grouping sets are dropped. */
  readonly distinct: boolean;
  /** GROUP BY ALL: by every output column without an aggregate; then `elements` is empty. */
  readonly all: boolean;
  readonly elements: readonly GroupingElement[];
}

export type GroupingElement = GroupingExpression | GroupingSetList;

/** One or more expressions grouped as a unit: `a` has one, `(a, b)` two, `()` none. */
export interface GroupingExpression extends AstNode {
  readonly kind: 'groupingExpression';
  readonly expressions: readonly Expression[];
}

/** `ROLLUP (…)`, `CUBE (…)`, and `GROUPING SETS (…)`, the only one that nests. */
export interface GroupingSetList extends AstNode {
  readonly kind: 'groupingSetList';
  readonly grouping: 'rollup' | 'cube' | 'sets';
  readonly elements: readonly GroupingElement[];
}
