import type { AstNode } from './ast-node.js';
import type { Identifier } from './identifier.js';
import type { BooleanLiteral, NumericLiteral, StringLiteral } from './literal.js';

/** One entry of WITH (…), COPY's and EXPLAIN's option lists: `format csv`, `compression = 'zstd'`, `analyze`. */
export interface Option extends AstNode {
  readonly kind: 'option';
  /** In lower case, dots included. */
  readonly name: string;
  /** Undefined where only the name is given, which for a switch means true. */
  readonly value: OptionValue | undefined;
}

/** A word without quotes is an identifier; a negative number keeps its sign in the text. */
export type OptionValue = StringLiteral | NumericLiteral | BooleanLiteral | Identifier | OptionList;

/** `(a, b)` or `*` (then `all` is true), as in COPY's FORCE_QUOTE. */
export interface OptionList extends AstNode {
  readonly kind: 'optionList';
  readonly all: boolean;
  readonly items: readonly (StringLiteral | NumericLiteral | BooleanLiteral | Identifier)[];
}
