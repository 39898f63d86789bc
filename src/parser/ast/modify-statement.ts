import type { AstNode, AstRange } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Identifier, QualifiedName } from './identifier.js';
import type { Relation } from './relation.js';

/** `DELETE FROM t [[AS] alias] [USING …] [WHERE …]`. */
export interface DeleteStatement extends AstNode, AstRange {
  readonly kind: 'delete';
  readonly table: QualifiedName;
  readonly alias: Identifier | undefined;
  /** USING; empty where there is none. */
  readonly others: readonly Relation[];
  readonly where: Expression | undefined;
}

/** `UPDATE t [[AS] alias] SET a = …, (b, c) = (…, …) [FROM …] [WHERE …]`. */
export interface UpdateStatement extends AstNode, AstRange {
  readonly kind: 'update';
  readonly table: QualifiedName;
  readonly alias: Identifier | undefined;
  readonly assignments: readonly Assignment[];
  /** FROM; empty where there is none. */
  readonly others: readonly Relation[];
  readonly where: Expression | undefined;
}

export interface Assignment extends AstNode {
  readonly kind: 'assignment';
  readonly column: Identifier;
  /** May be DEFAULT. */
  readonly value: Expression;
}
