import type { AstNode } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Identifier } from './identifier.js';

/** `ARRAY[…]`; nested bare brackets are nested nodes. */
export interface ArrayExpression extends AstNode {
  readonly kind: 'array';
  readonly elements: readonly Expression[];
}

/** `ROW(…)` with any number of elements, or `(a, b, …)` with at least two. */
export interface RowExpression extends AstNode {
  readonly kind: 'row';
  readonly elements: readonly Expression[];
}

/** `x[i]`. */
export interface SubscriptExpression extends AstNode {
  readonly kind: 'subscript';
  /** See `SliceExpression`. */
  readonly isFurtherDimension: boolean;
  readonly operand: Expression;
  readonly index: Expression;
}

/** `x[lower:upper]`, either bound left out at will. */
export interface SliceExpression extends AstNode {
  readonly kind: 'slice';
  /** Stands directly behind another slice, without parentheses between them. */
  readonly isFurtherDimension: boolean;
  readonly operand: Expression;
  readonly lower: Expression | undefined;
  readonly upper: Expression | undefined;
}

/** `(x).field`; plain `a.b.c` is a column reference. */
export interface FieldExpression extends AstNode {
  readonly kind: 'field';
  readonly operand: Expression;
  readonly field: Identifier;
}

/** `r.*` within an expression: in ROW(…) its fields, elsewhere the row itself. */
export interface RowExpansion extends AstNode {
  readonly kind: 'rowExpansion';
  readonly operand: Expression;
}

/** DEFAULT as a value: legal only in INSERT … VALUES. */
export interface DefaultValue extends AstNode {
  readonly kind: 'defaultValue';
}
