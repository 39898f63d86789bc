import type { AstNode, AstRange } from './ast-node.js';
import type { Option } from './option.js';
import type { Statement } from './statement.js';

/** `EXPLAIN [ANALYZE] [VERBOSE] statement` or `EXPLAIN (option, …) statement`. */
export interface ExplainStatement extends AstNode, AstRange {
  readonly kind: 'explain';
  /** The bare words ANALYZE and VERBOSE appear here as options without a value. */
  readonly options: readonly Option[];
  readonly statement: Statement;
}
