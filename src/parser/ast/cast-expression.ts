import type { AstNode } from './ast-node.js';
import type { Expression } from './expression.js';
import type { QualifiedName } from './identifier.js';
import type { TypeName } from './type-name.js';

/** `CAST(x AS type)`, `x::type`, and `TRY_CAST(x AS type)`, which yields NULL where the cast fails. */
export interface CastExpression extends AstNode {
  readonly kind: 'cast';
  readonly operand: Expression;
  readonly type: TypeName;
  readonly tryCast: boolean;
  /** Of `::`, or of CAST. */
  readonly operatorPosition: number;
}

export interface CollateExpression extends AstNode {
  readonly kind: 'collate';
  readonly operand: Expression;
  readonly collation: QualifiedName;
}
