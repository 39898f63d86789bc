import type { AstNode, AstRange } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Identifier, QualifiedName } from './identifier.js';
import type { StringLiteral } from './literal.js';
import type { Option } from './option.js';
import type { Query } from './query.js';

export interface CopyStatement extends AstNode, AstRange {
  readonly kind: 'copy';
  readonly direction: 'to' | 'from';
  readonly source: CopyTable | Query;
  /** A path, or the client's stream. */
  readonly target: StringLiteral | CopyStream;
  readonly options: readonly Option[];
  /** Of COPY FROM: which rows are written. */
  readonly where: Expression | undefined;
}

export interface CopyTable extends AstNode {
  readonly kind: 'copyTable';
  readonly name: QualifiedName;
  readonly columns: readonly Identifier[];
}

/** STDIN or STDOUT, whichever the direction calls for. */
export interface CopyStream extends AstNode {
  readonly kind: 'copyStream';
}
