/** `rowsort` sorts rows, `valuesort` all values, one a line. */
export type SortMode = 'nosort' | 'rowsort' | 'valuesort';

export interface RecordBase {
  /** From 1. */
  readonly line: number;
  readonly sql: string;
  readonly skipped: boolean;
  /** The name of the session that runs it; most scripts have but one, ''. */
  readonly connection: string;
  /** How often it may fail before it has failed. */
  readonly retries: number;
}

export interface StatementRecord extends RecordBase {
  readonly kind: 'statement';
  /** `any`: it may fail or succeed. */
  readonly expectation: 'ok' | 'error' | 'any';
  /** The first word behind `error`: a SQLSTATE in our scripts, the begin of a message in others. */
  readonly sqlState: string | undefined;
  /** Must occur in the message. */
  readonly message: string | undefined;
  /** Rows that it writes or returns, as its completion tells. */
  readonly rowCount?: number | undefined;
}

export interface QueryRecord extends RecordBase {
  readonly kind: 'query';
  readonly types: string;
  readonly sort: SortMode;
  /** Queries of one label must have one result. */
  readonly label: string | undefined;
  /** The first of the expected lines holds the names of columns. */
  readonly namesColumns: boolean;
  /** Undefined: the rows are not looked at. */
  readonly expected: readonly string[] | undefined;
  /** Lines of the file that hold the expected rows: [first, behind the last), from 0; undefined within a loop. */
  readonly expectedLines: readonly [number, number] | undefined;
}

/** A line that is no record: of another dialect, or a mistake. */
export interface UnknownRecord extends RecordBase {
  readonly kind: 'unknown';
}

export type SltRecord = StatementRecord | QueryRecord | UnknownRecord;
