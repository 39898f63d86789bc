import type { AstNode, AstRange } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Identifier, QualifiedName } from './identifier.js';
import type { InsertStatement } from './insert-statement.js';
import type { WithClause } from './query.js';
import type { Relation } from './relation.js';
import type { SelectItem } from './select.js';

/** What RETURNING wants of the rows that were written or deleted; undefined without it. */
export type Returning = readonly SelectItem[] | undefined;

/** What WITH may hold, and stand before. */
export type WritingStatement = InsertStatement | DeleteStatement | UpdateStatement | MergeStatement;

/** `DELETE FROM t [[AS] alias] [USING …] [WHERE …] [RETURNING …]`. */
export interface DeleteStatement extends AstNode, AstRange {
  readonly kind: 'delete';
  /** What stands before the statement. */
  readonly with: WithClause | undefined;
  readonly table: QualifiedName;
  readonly alias: Identifier | undefined;
  /** USING; empty where there is none. */
  readonly others: readonly Relation[];
  readonly where: Expression | undefined;
  readonly returning: Returning;
}

/** `UPDATE t [[AS] alias] SET a = …, (b, c) = (…, …) [FROM …] [WHERE …] [RETURNING …]`. */
export interface UpdateStatement extends AstNode, AstRange {
  readonly kind: 'update';
  /** What stands before the statement. */
  readonly with: WithClause | undefined;
  readonly table: QualifiedName;
  readonly alias: Identifier | undefined;
  readonly assignments: readonly Assignment[];
  /** FROM; empty where there is none. */
  readonly others: readonly Relation[];
  readonly where: Expression | undefined;
  readonly returning: Returning;
}

export interface Assignment extends AstNode {
  readonly kind: 'assignment';
  readonly column: Identifier;
  /** Fields and subscripts behind it, as an expression over the column: `a.b[1]`. `t.a` may be a column of `t`. */
  readonly part?: Expression | undefined;
  /** May be DEFAULT. */
  readonly value: Expression;
}

/** `MERGE INTO t [[AS] alias] USING s ON … WHEN … THEN … [RETURNING …]`. */
export interface MergeStatement extends AstNode, AstRange {
  readonly kind: 'merge';
  /** What stands before the statement. */
  readonly with: WithClause | undefined;
  readonly table: QualifiedName;
  readonly alias: Identifier | undefined;
  readonly source: Relation;
  readonly condition: Expression;
  /** Of each row the first that holds decides. */
  readonly clauses: readonly MergeClause[];
  readonly returning: Returning;
}

export interface MergeClause extends AstNode {
  readonly kind: 'mergeClause';
  readonly when: 'matched' | 'not matched' | 'not matched by source';
  readonly condition: Expression | undefined;
  readonly action: MergeAction;
}

export type MergeAction =
  | { readonly kind: 'delete' | 'nothing' }
  /** `SET *`: all columns, from those of the source that have their names. */
  | { readonly kind: 'update'; readonly assignments: readonly Assignment[] | '*' }
  /** No values for DEFAULT VALUES; `INSERT *` as above. */
  | {
      readonly kind: 'insert';
      readonly columns: readonly Identifier[];
      /** Whose numbers identity columns get that have values. */
      readonly overriding: 'system' | 'user' | undefined;
      readonly values: readonly Expression[] | '*' | undefined;
    };
