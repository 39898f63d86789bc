import type { AstNode } from './ast-node.js';
import type { IntervalFields, TypeName } from './type-name.js';

/** An unsigned number. Its text is kept: `1` is an integer, `1.0` numeric, `1e3` numeric, by PostgreSQL's rules. */
export interface NumericLiteral extends AstNode {
  readonly kind: 'numericLiteral';
  /** Without underscores; hexadecimal, octal and binary integers are already decimal. */
  readonly text: string;
}

/** `'…'`, `E'…'`, `U&'…'` or `$$…$$`: of type unknown until its context says. */
export interface StringLiteral extends AstNode {
  readonly kind: 'stringLiteral';
  readonly value: string;
}

export interface BooleanLiteral extends AstNode {
  readonly kind: 'booleanLiteral';
  readonly value: boolean;
}

export interface NullLiteral extends AstNode {
  readonly kind: 'nullLiteral';
}

/** `date '1998-12-01'`, `numeric(5, 2) '1.50'`, `any_type '…'`: the type's input function applied to the text. */
export interface TypedLiteral extends AstNode {
  readonly kind: 'typedLiteral';
  readonly type: TypeName;
  readonly value: StringLiteral;
}

/** `interval '1 day'`, `interval '90' day`, `interval(3) '1.5 seconds'`. */
export interface IntervalLiteral extends AstNode {
  readonly kind: 'intervalLiteral';
  readonly value: StringLiteral;
  readonly fields: IntervalFields | undefined;
  /** Digits of a second's fraction, 0 to 6. */
  readonly precision: number | undefined;
}
