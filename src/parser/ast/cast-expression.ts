import type { SqlType } from '../../types/sql-type.js';
import type { AstNode, SpecialForm } from './ast-node.js';
import type { Expression } from './expression.js';
import type { QualifiedName } from './identifier.js';
import type { TypeName } from './type-name.js';

/** `CAST(x AS type)`, `x::type`, and `TRY_CAST(x AS type)`, which yields NULL where the cast fails. */
export interface CastExpression extends AstNode, SpecialForm {
  readonly kind: 'cast';
  readonly operand: Expression;
  readonly type: TypeName;
  readonly tryCast: boolean;
  /** Of `::`, or of CAST. */
  readonly operatorPosition: number;
}

/**
 * A value on its way into a column, cast as INSERT casts. No syntax makes it: UPDATE does, beside the column's values that
 * stay.
 */
export interface AssignedExpression extends AstNode {
  readonly kind: 'assigned';
  readonly operand: Expression;
  readonly column: string;
  readonly type: SqlType;
  /** Of a part of the column, for messages: where the column is named, and the field; undefined for elements. */
  readonly part?: { readonly position: number; readonly field: string | undefined } | undefined;
}

export interface CollateExpression extends AstNode {
  readonly kind: 'collate';
  readonly operand: Expression;
  readonly collation: QualifiedName;
}
