import type { AstNode } from './ast-node.js';
import type { Expression } from './expression.js';

export interface OrderByItem extends AstNode {
  readonly kind: 'orderByItem';
  readonly expression: Expression;
  /** ORDER BY ALL: by every output column; then `expression` means nothing. */
  readonly all?: boolean;
  readonly direction: 'asc' | 'desc';
  /** Not given: PostgreSQL puts NULLs last when ascending, first when descending. */
  readonly nulls: 'first' | 'last' | undefined;
}
