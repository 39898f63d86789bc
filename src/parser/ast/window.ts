import type { AstNode } from './ast-node.js';
import type { Expression } from './expression.js';
import type { Identifier } from './identifier.js';
import type { OrderByItem } from './order-by.js';

export interface WindowSpecification extends AstNode {
  readonly kind: 'windowSpecification';
  /** The named window that this one refines: `OVER (w ORDER BY x)`. */
  readonly base: Identifier | undefined;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderByItem[];
  readonly frame: WindowFrame | undefined;
}

/** One entry of the WINDOW clause. */
export interface NamedWindow extends AstNode {
  readonly kind: 'namedWindow';
  readonly name: Identifier;
  readonly specification: WindowSpecification;
}

export interface WindowFrame extends AstNode {
  readonly kind: 'windowFrame';
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: FrameBound;
  /** CURRENT ROW where the text gives only a start. */
  readonly end: FrameBound;
  readonly exclude: 'current row' | 'group' | 'ties' | undefined;
}

export interface FrameBound extends AstNode {
  readonly kind: 'frameBound';
  readonly bound: 'unbounded preceding' | 'preceding' | 'current row' | 'following' | 'unbounded following';
  /** Only for `preceding` and `following`. */
  readonly offset: Expression | undefined;
}
