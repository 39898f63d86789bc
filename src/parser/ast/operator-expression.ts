import type { AstNode } from './ast-node.js';
import type { Expression } from './expression.js';
import type { QualifiedName } from './identifier.js';

/**
 * Any binary operator but AND and OR. `!=` is already `<>`. Operators by symbol: `+ - * / % ^ < <= = >= > <>`,
 * `||`, `->`, `~`, and whatever else PostgreSQL's lexer takes for one.
 */
export interface BinaryExpression extends AstNode {
  readonly kind: 'binary';
  readonly operator: string;
  readonly operatorPosition: number;
  /** Set by `OPERATOR(schema.+)`. */
  readonly operatorSchema: QualifiedName | undefined;
  readonly left: Expression;
  readonly right: Expression;
}

/** A prefix operator: `-x`, `+x`, `~x`, `@x`. A minus before a number is this node too. */
export interface UnaryExpression extends AstNode {
  readonly kind: 'unary';
  readonly operator: string;
  readonly operatorSchema: QualifiedName | undefined;
  readonly operand: Expression;
}

/** A chain of ANDs, or of ORs, flattened: at least two operands, in the order of the text. */
export interface LogicalExpression extends AstNode {
  readonly kind: 'logical';
  readonly operator: 'and' | 'or';
  readonly operands: readonly Expression[];
}

export interface NotExpression extends AstNode {
  readonly kind: 'not';
  readonly operand: Expression;
}
