import type { AstNode } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Query } from './query.js';

/** `x IS [NOT] NULL | TRUE | FALSE | UNKNOWN`, `x ISNULL`, `x NOTNULL`. */
export interface IsExpression extends AstNode {
  readonly kind: 'is';
  readonly operand: Expression;
  readonly test: 'null' | 'true' | 'false' | 'unknown';
  readonly negated: boolean;
}

/** `x IS [NOT] JSON [OBJECT | ARRAY | SCALAR] [WITH UNIQUE KEYS]`. */
export interface IsJsonExpression extends AstNode {
  readonly kind: 'isJson';
  readonly operand: Expression;
  readonly of: 'value' | 'object' | 'array' | 'scalar';
  readonly uniqueKeys: boolean;
  readonly negated: boolean;
}

/** `x IS [NOT] DISTINCT FROM y`; negated means NOT DISTINCT. */
export interface IsDistinctFromExpression extends AstNode {
  readonly kind: 'isDistinctFrom';
  readonly left: Expression;
  readonly right: Expression;
  readonly negated: boolean;
}

export interface BetweenExpression extends AstNode {
  readonly kind: 'between';
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
  readonly negated: boolean;
  /** BETWEEN SYMMETRIC: the bounds may come in either order. */
  readonly symmetric: boolean;
}

/** `x [NOT] LIKE | ILIKE | SIMILAR TO pattern [ESCAPE escape]`. */
export interface LikeExpression extends AstNode {
  readonly kind: 'like';
  readonly matching: 'like' | 'ilike' | 'similar';
  readonly operand: Expression;
  readonly pattern: Expression;
  readonly escape: Expression | undefined;
  readonly negated: boolean;
  readonly operatorPosition: number;
}

export interface InListExpression extends AstNode {
  readonly kind: 'inList';
  readonly operand: Expression;
  readonly items: readonly Expression[];
  readonly negated: boolean;
  readonly operatorPosition: number;
}

export interface InSubqueryExpression extends AstNode {
  readonly kind: 'inSubquery';
  readonly operand: Expression;
  readonly query: Query;
  readonly negated: boolean;
  readonly operatorPosition: number;
}
