import type { AstNode, AstRange } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Identifier } from './identifier.js';
import type { WritingStatement } from './modify-statement.js';
import type { OrderByItem } from './order-by.js';
import type { Select } from './select.js';

/**
 * A query with what may surround it. `body` is the part that WITH, ORDER BY and LIMIT apply to. Parentheses that add
 * nothing vanish; a parenthesised query with clauses of its own is a Query as body or operand.
 */
export interface Query extends AstNode, AstRange {
  readonly kind: 'query';
  readonly with: WithClause | undefined;
  readonly body: QueryBody;
  readonly orderBy: readonly OrderByItem[];
  readonly limit: LimitClause | undefined;
  readonly offset: Expression | undefined;
}

export type QueryBody = Select | Values | SetOperation | Query;

/** `VALUES (…), (…)`: rows may differ in length in the text; the binder rejects that. */
export interface Values extends AstNode {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expression[])[];
}

/** Left-associative; INTERSECT binds tighter than UNION and EXCEPT. */
export interface SetOperation extends AstNode {
  readonly kind: 'setOperation';
  readonly operator: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  /** BY NAME: columns of one name go together, and each side may lack some. */
  readonly byName: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}

/** `LIMIT n`, `FETCH FIRST n ROWS ONLY | WITH TIES`. LIMIT ALL and LIMIT NULL are no LimitClause and a null literal. */
export interface LimitClause extends AstNode {
  readonly kind: 'limit';
  readonly count: Expression;
  readonly withTies: boolean;
}

export interface WithClause extends AstNode {
  readonly kind: 'with';
  readonly recursive: boolean;
  readonly tables: readonly CommonTableExpression[];
  /** Its statements that write. Only the WITH of a whole statement may have any. */
  readonly modifications: readonly ModifyingTable[];
}

export interface CommonTableExpression extends AstNode {
  readonly kind: 'commonTableExpression';
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
  /** AS MATERIALIZED, AS NOT MATERIALIZED, or not said. */
  readonly materialized: boolean | undefined;
  readonly query: Query;
}

/** `name AS (INSERT … RETURNING …)`: the name stands for what RETURNING gives. */
export interface ModifyingTable extends AstNode {
  readonly kind: 'modifyingTable';
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
  readonly statement: WritingStatement;
  /** How many of the clause's `tables` stand before it. */
  readonly tablesBefore: number;
  /** Nobody wrote it: REPLACE WHERE and FROM … INSERT stand for it. */
  readonly implied?: true | undefined;
}
