import { MillraceError, toMillraceError, userError } from '../common/errors.js';
import { locatePosition, substituteVariables } from '../parser/index.js';
import type { ParsedStatement, ResultChunk, ResultColumn, ResultFormat, Session } from '../session/session.js';
import { OpenStatement } from './open-statement.js';

/** What became of one statement of a script. */
export interface StatementSummary {
  /** The statement as the engine saw it, variables replaced. */
  readonly text: string;
  /** Where it begins in the script, from 1. */
  readonly line: number;
  /** As PostgreSQL names it: `INSERT`, `CREATE TABLE` … */
  readonly command: string;
  /** Rows returned or written; undefined for commands that count none. */
  readonly rowCount: number | undefined;
  readonly elapsedMs: number;
}

export interface ScriptProgress {
  /** The statement that runs: its number from 0, and how many there are. */
  readonly statementIndex: number;
  readonly statementCount: number;
  readonly line: number;
  /** Rows that the statement has worked through so far. */
  readonly rowCount: number;
  /** Since the statement began. */
  readonly elapsedMs: number;
}

/** What a face does while a script runs. */
export interface ScriptVisitor {
  chooseFormat(columns: readonly ResultColumn[]): ResultFormat;
  /** Before the rows of a statement that returns rows. */
  beginRows?(columns: readonly ResultColumn[], statement: ParsedStatement): void | Promise<void>;
  visitChunk?(chunk: ResultChunk): void | Promise<void>;
  /** After the last row of a statement that returns rows. */
  endRows?(summary: StatementSummary): void | Promise<void>;
  /** Every statement, when it has committed. */
  endStatement?(summary: StatementSummary): void | Promise<void>;
  onProgress?(progress: ScriptProgress): void;
}

const PROGRESS_INTERVAL_MS = 100;

/**
 * Runs the statements of a script in order; each commits on its own unless the script opens a transaction. Nothing runs
 * unless all of it parses. Stops at the first failure; the error's position is that in `script` as written, the start of
 * the statement if nothing more is known.
 */
export async function runScript(
  session: Session,
  script: string,
  variables: Readonly<Record<string, string>>,
  visitor: ScriptVisitor,
): Promise<StatementSummary[]> {
  const { sql, originalPosition } = substituteVariables(script, variables);
  let statementStart: number | undefined;
  try {
    const statements = session.parse(sql);
    const summaries: StatementSummary[] = [];
    for (const [index, statement] of statements.entries()) {
      statementStart = statement.offset;
      const { line } = locatePosition(script, originalPosition(statement.offset));
      const place = { statementIndex: index, statementCount: statements.length, line };
      summaries.push(await runStatement(session, statement, place, visitor));
    }
    if (session.transactionStatus !== 'I') {
      throw userError('25P01', 'the script ended inside a transaction block: it has been rolled back', {
        hint: 'End it with COMMIT.',
      });
    }
    return summaries;
  } catch (thrown) {
    const error = toMillraceError(thrown);
    const position = error.position ?? statementStart;
    if (position === undefined) throw error;
    throw new MillraceError(error.kind, error.code, error.message, {
      detail: error.detail,
      hint: error.hint,
      position: originalPosition(position),
      cause: error.cause ?? error,
    });
  }
}

type Place = Pick<ScriptProgress, 'statementIndex' | 'statementCount' | 'line'>;

async function runStatement(
  session: Session,
  statement: ParsedStatement,
  place: Place,
  visitor: ScriptVisitor,
): Promise<StatementSummary> {
  const started = performance.now();
  const opened = await OpenStatement.open(session, statement, [], (columns) => visitor.chooseFormat(columns));
  let returnedRows = 0;
  const reportProgress = (): void => {
    const rowCount = Math.max(returnedRows, opened.rowsProcessed);
    visitor.onProgress?.({ ...place, rowCount, elapsedMs: performance.now() - started });
  };
  const timer = visitor.onProgress === undefined ? undefined : setInterval(reportProgress, PROGRESS_INTERVAL_MS);
  try {
    if (opened.columns !== undefined) await visitor.beginRows?.(opened.columns, statement);
    for await (const chunk of opened) {
      returnedRows += chunk.rowCount;
      await visitor.visitChunk?.(chunk);
    }
  } finally {
    clearInterval(timer);
    await opened.close();
  }
  const { command, rowCount } = opened.completion();
  const elapsedMs = performance.now() - started;
  const summary: StatementSummary = { text: statement.text, line: place.line, command, rowCount, elapsedMs };
  if (opened.columns !== undefined) await visitor.endRows?.(summary);
  await visitor.endStatement?.(summary);
  return summary;
}
