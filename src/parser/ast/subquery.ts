import type { AstNode } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Query } from './query.js';

export interface ScalarSubquery extends AstNode {
  readonly kind: 'scalarSubquery';
  readonly query: Query;
}

export interface ExistsExpression extends AstNode {
  readonly kind: 'exists';
  readonly query: Query;
}

/** `ARRAY(SELECT …)`. */
export interface ArraySubquery extends AstNode {
  readonly kind: 'arraySubquery';
  readonly query: Query;
}

/**
 * `x = ANY (SELECT …)`, `x < ALL (SELECT …)`; SOME is ANY. LIKE and its kin appear as PostgreSQL's operators
 * `~~`, `!~~`, `~~*`, `!~~*`.
 */
export interface QuantifiedSubquery extends AstNode {
  readonly kind: 'quantifiedSubquery';
  readonly operator: string;
  readonly operatorPosition: number;
  readonly quantifier: 'any' | 'all';
  readonly operand: Expression;
  readonly query: Query;
}

/** `x = ANY (array)`. */
export interface QuantifiedArray extends AstNode {
  readonly kind: 'quantifiedArray';
  readonly operator: string;
  readonly operatorPosition: number;
  readonly quantifier: 'any' | 'all';
  readonly operand: Expression;
  readonly array: Expression;
}
