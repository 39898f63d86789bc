import type { AstNode } from './ast-node.js';
import type { Identifier } from './identifier.js';

/** `column`, `table.column`, `schema.table.column`; a single part may also name a whole row of a table. */
export interface ColumnReference extends AstNode {
  readonly kind: 'columnReference';
  readonly parts: readonly Identifier[];
}

/** `$1`: the index counts from 1. */
export interface ParameterReference extends AstNode {
  readonly kind: 'parameterReference';
  readonly index: number;
}
