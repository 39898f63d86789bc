/** What every node of the syntax tree has. Nodes are plain data: readonly, JSON-like, told apart by `kind`. */
export interface AstNode {
  readonly kind: string;
  /** Where the node's text starts: offset into the SQL text in UTF-16 code units, from 0. */
  readonly position: number;
}

/** A node that stands for a special form of SQL/JSON, whose word names the column. */
export interface SpecialForm {
  readonly form?: string;
}

/** A node that also knows where its text ends, for messages and tools that quote it. */
export interface AstRange {
  readonly position: number;
  /** Offset just behind the last character. */
  readonly end: number;
}
