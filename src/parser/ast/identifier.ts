import type { AstNode } from './ast-node.js';

/** A name as PostgreSQL sees it: folded to lower case unless it was quoted. */
export interface Identifier extends AstNode {
  readonly kind: 'identifier';
  readonly name: string;
  readonly quoted: boolean;
}

/** `table`, `schema.table`, `catalog.schema.table`: at least one part. */
export interface QualifiedName extends AstNode {
  readonly kind: 'qualifiedName';
  readonly parts: readonly Identifier[];
}
