import type { AstNode } from './ast-node.js';
import type { Expression } from './expression.js';

/** `CASE [operand] WHEN … THEN … [ELSE …] END`. With an operand each condition is compared to it by `=`. */
export interface CaseExpression extends AstNode {
  readonly kind: 'case';
  readonly operand: Expression | undefined;
  readonly branches: readonly CaseBranch[];
  readonly otherwise: Expression | undefined;
}

export interface CaseBranch extends AstNode {
  readonly kind: 'caseBranch';
  readonly condition: Expression;
  readonly result: Expression;
}
