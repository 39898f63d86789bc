import { MillraceError, toMillraceError } from '../common/errors.js';
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
  /** What a script says by `\echo` and `\warn`. */
  echo?(text: string, stream: 'out' | 'error'): void | Promise<void>;
}

const PROGRESS_INTERVAL_MS = 100;

/** A piece of a script. */
interface ScriptText {
  readonly script: string;
  readonly text: string;
  /** Where the piece begins in the script. */
  readonly offset: number;
}

/** Runs the statements of a piece; answers where the last of them begins in the script. */
export async function runStatements(
  session: Session,
  { script, text, offset }: ScriptText,
  variables: Readonly<Record<string, string>>,
  visitor: ScriptVisitor,
  summaries: StatementSummary[],
): Promise<number | undefined> {
  const { sql, originalPosition } = located(offset, () => substituteVariables(text, variables));
  let statementStart: number | undefined;
  try {
    const statements = session.parse(sql);
    const before = summaries.length;
    for (const [index, statement] of statements.entries()) {
      statementStart = statement.offset;
      const { line } = locatePosition(script, offset + originalPosition(statement.offset));
      const place = { statementIndex: before + index, statementCount: before + statements.length, line };
      summaries.push(await runStatement(session, statement, place, visitor));
    }
    return statementStart === undefined ? undefined : offset + originalPosition(statementStart);
  } catch (thrown) {
    const error = toMillraceError(thrown);
    const position = error.position ?? statementStart;
    throw position === undefined ? error : at(error, offset + originalPosition(position));
  }
}

/** The position of an error in a piece is one in the script. */
function located<Result>(offset: number, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    const error = toMillraceError(thrown);
    throw error.position === undefined ? error : at(error, offset + error.position);
  }
}

function at(error: MillraceError, position: number): MillraceError {
  const { kind, code, message, detail, hint } = error;
  return new MillraceError(kind, code, message, { detail, hint, position, cause: error.cause ?? error });
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
