/** A query that is run by both engines over the same files. */
export interface ComparisonQuery {
  /** The part of SQL that it stands for, and which form of it. */
  readonly name: string;
  readonly sql: string;
  /** The same question as DuckDB has to be asked it, where its dialect differs. */
  readonly duckdb?: string;
}
