import type { AstNode, AstRange } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Identifier } from './identifier.js';
import type { Query } from './query.js';
import type { Statement } from './statement.js';
import type { TypeName } from './type-name.js';

export interface PrepareStatement extends AstNode, AstRange {
  readonly kind: 'prepare';
  readonly name: Identifier;
  readonly parameterTypes: readonly TypeName[];
  readonly statement: Statement;
}

export interface ExecuteStatement extends AstNode, AstRange {
  readonly kind: 'execute';
  readonly name: Identifier;
  readonly args: readonly Expression[];
}

export interface DeallocateStatement extends AstNode, AstRange {
  readonly kind: 'deallocate';
  /** Undefined for DEALLOCATE ALL. */
  readonly name: Identifier | undefined;
}

export interface DeclareCursorStatement extends AstNode, AstRange {
  readonly kind: 'declareCursor';
  readonly name: Identifier;
  readonly binary: boolean;
  /** SCROLL, NO SCROLL, or not said. */
  readonly scroll: boolean | undefined;
  readonly hold: boolean;
  readonly query: Query;
}

export interface FetchCursorStatement extends AstNode, AstRange {
  readonly kind: 'fetchCursor';
  /** MOVE: advance without returning rows. */
  readonly move: boolean;
  readonly cursor: Identifier;
  readonly direction: 'forward' | 'backward' | 'absolute' | 'relative';
  /** Rows; `all` only forward or backward. NEXT is forward 1, PRIOR backward 1, FIRST absolute 1, LAST absolute -1. */
  readonly count: number | 'all';
}

export interface CloseCursorStatement extends AstNode, AstRange {
  readonly kind: 'closeCursor';
  /** Undefined for CLOSE ALL. */
  readonly cursor: Identifier | undefined;
}
