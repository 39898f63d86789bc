import type { FormatCode, ResultChunk, ResultFormat } from '../exec/result/result-format.js';
import type { ExplainFormat } from '../planner/explain/explain-report.js';
import type { SqlType } from '../types/sql-type.js';

/*
 * The line between the engine and its faces (server, command line, API): SQL goes in, whole chunks of encoded rows come
 * out. A face never looks into a plan or a batch; the engine never learns what a socket is.
 *
 *   parse(sql) ─► ParsedStatement[] ─► prepare ─► PreparedStatement ─► execute ─► Execution ─► chunks()… ─► completion()
 */

export interface ResultColumn {
  readonly name: string;
  readonly type: SqlType;
}

export type { FormatCode, ResultChunk, ResultFormat };

/** One statement of a script. Faces treat it as opaque but for its text. */
export interface ParsedStatement {
  /** The statement as written, without its semicolon. */
  readonly text: string;
  /** Where it begins in the SQL given to `parse`, in UTF-16 code units; error positions count from that SQL's start. */
  readonly offset: number;
  /** The syntax tree; only the session looks into it. */
  readonly syntax: unknown;
}

export interface PreparedStatement {
  readonly statement: ParsedStatement;
  /** One a parameter `$1 … $n`; what was not given has been inferred. */
  readonly parameterTypes: readonly SqlType[];
  /** Undefined for statements that return no rows. An empty list is a SELECT of no columns. */
  readonly columns: readonly ResultColumn[] | undefined;
  /** COPY FROM STDIN: what the client sends is to be gathered first, with `openCopyInput`. */
  readonly copyIn?: { readonly columnCount: number } | undefined;
}

/** What a client sends for COPY FROM STDIN, kept until the statement has read it. */
export interface CopyInput {
  readonly path: string;
  write(bytes: Uint8Array): Promise<void>;
  /** All has come. */
  end(): Promise<void>;
  /** Idempotent. */
  remove(): Promise<void>;
}

/**
 * A value bound to a parameter. A string is allowed for every type and is read by the type's input function, as the
 * literal `'…'::type` would be. The other forms: boolean for boolean; number for smallint, integer, real, double (and
 * decimal and bigint where exact); bigint for bigint and decimal; Uint8Array for bytea (and UTF-8 for text).
 */
export type ParameterValue = null | boolean | number | bigint | string | Uint8Array | readonly ParameterValue[];

/** What a finished statement reports: `{ command: 'SELECT', rowCount: 5 }`, `{ command: 'CREATE TABLE' }`. */
export interface CommandCompletion {
  readonly command: string;
  /** Rows returned or written; undefined for commands that count none. */
  readonly rowCount: number | undefined;
}

/**
 * A running statement. It makes progress only as chunks are pulled (a bounded number is prepared ahead), so a slow
 * reader slows the query. Whoever got an Execution either drains `chunks()` or calls `close()`.
 */
export interface Execution {
  readonly columns: readonly ResultColumn[] | undefined;
  /** May be called once. Statements without rows do their work here too, and yield nothing. `return()` = `close()`. */
  chunks(): AsyncIterableIterator<ResultChunk>;
  /** Available once `chunks()` has ended. */
  completion(): CommandCompletion;
  /** COPY TO STDOUT: chunks are CopyData messages. */
  readonly copyOut?: { readonly columnCount: number } | undefined;
  /** Rows that its busiest operator has worked through so far, for progress bars; grows while `chunks()` runs. */
  readonly rowsProcessed?: number;
  /** Cancels what is still running and frees its memory. Idempotent. */
  close(): Promise<void>;
}

/** A message for the user that is not an error, as PostgreSQL sends: `table "t" does not exist, skipping`. */
export interface Notice {
  readonly severity: 'NOTICE' | 'WARNING' | 'INFO';
  readonly code: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}

/** What a query did, as EXPLAIN ANALYZE tells it: its plan with rows and times. */
export interface PlanReport {
  write(format: ExplainFormat): string;
}

/** A session's settings by PostgreSQL's names (`TimeZone`, `client_encoding`, …), in any case; values are text. */
export interface SessionSettings {
  get(name: string): string | undefined;
  /** As SET does: checks name and value (42704, 22023). */
  set(name: string, value: string): void;
  /** Calls `listener` after each change, a rolled back one included, with the canonical name. */
  onChange(listener: (name: string, value: string) => void): void;
}

/** `I` idle, `T` in a transaction block, `E` in a failed one. */
export type TransactionStatus = 'I' | 'T' | 'E';

/**
 * One user's conversation with the engine. SET, SHOW, BEGIN, COMMIT and their like are ordinary statements that the
 * session carries out itself. Calls may not overlap, but for `cancel` and `close`, and for several
 * Executions being open (portals).
 */
export interface Session {
  readonly settings: SessionSettings;
  readonly transactionStatus: TransactionStatus;
  /** Named statements of the wire protocol: DEALLOCATE and DISCARD ALL empty it. */
  readonly preparedStatements: Map<string, PreparedStatement>;

  /** Splits and parses a script; empty for one without statements. Throws 42601 with a position. */
  parse(sql: string): readonly ParsedStatement[];
  /** Binds names and types. `parameterTypes` may be shorter than the parameters used, and have holes. */
  prepare(statement: ParsedStatement, parameterTypes: readonly (SqlType | undefined)[]): Promise<PreparedStatement>;
  execute(
    prepared: PreparedStatement,
    parameters: readonly ParameterValue[],
    format: ResultFormat,
    copyInput?: CopyInput,
  ): Promise<Execution>;
  openCopyInput(): Promise<CopyInput>;

  /**
   * Ends a group of statements: all of a simple query, or all up to Sync. Within a transaction block a failure turns `T`
   * into `E`. Outside of one every statement has committed by itself already: tables commit one by one, so that the
   * earlier statements of a group stay when a later one fails.
   */
  endStatementGroup(outcome: 'succeeded' | 'failed'): Promise<void>;
  /** Whatever runs now fails with 57014; nothing happens if nothing runs. Safe at any time. */
  cancel(): void;
  onNotice(listener: (notice: Notice) => void): void;
  /** Queries are timed from now on; `listener` hears of each that a statement has run to its end. */
  onPlan(listener: (report: PlanReport) => void): void;
  /** Cancels, rolls back, frees everything. Idempotent. */
  close(): Promise<void>;
}
