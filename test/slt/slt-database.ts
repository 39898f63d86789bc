import { MillraceError } from '../../src/common/errors.js';
import type { Engine } from '../../src/session/engine.js';
import type { EngineSession } from '../../src/session/engine-session.js';
import type { Session } from '../../src/session/session.js';
import { decodeDataRows } from '../support/decode-data-rows.js';
import type { TextRow } from './slt-rows.js';

/** What a script runs against. */
export interface SltDatabase {
  /** What the last statement gives. Fails with what `describeError` understands. */
  execute(connection: string, sql: string): Promise<SltResult>;
  describeError(error: unknown): SltError;
  /** What is wrong after a record, though its answer was right. */
  findLeak?(): string | undefined;
  close(): Promise<void>;
}

export interface SltResult {
  /** As PostgreSQL's text; NULL is null. */
  readonly rows: readonly TextRow[];
  readonly columnNames: readonly string[];
  /** Rows written or returned, as the command's completion tells. */
  readonly rowCount: number | undefined;
}

export interface SltError {
  /** Undefined if it is none of an engine's errors, but a mistake in its program. */
  readonly code: string | undefined;
  /** With ` HINT: ` and the hint behind it. */
  readonly message: string;
}

/** An engine in this process; `__LAKE__` in a script is its folder. */
export class EngineDatabase implements SltDatabase {
  private readonly engine: Engine;
  private readonly sessions = new Map<string, EngineSession>();
  /** Runs first in every session. */
  private readonly opening: string | undefined;

  constructor(engine: Engine, opening?: string) {
    this.engine = engine;
    this.opening = opening;
  }

  async execute(connection: string, sql: string): Promise<SltResult> {
    const session = this.sessions.get(connection) ?? (await this.open(connection));
    return await executeScript(session, sql.replaceAll('__LAKE__', this.engine.lake.root));
  }

  private async open(connection: string): Promise<EngineSession> {
    const session = this.engine.openSession({ mayWriteFiles: true });
    this.sessions.set(connection, session);
    if (this.opening !== undefined) await execute(session, this.opening);
    return session;
  }

  describeError(error: unknown): SltError {
    if (!(error instanceof MillraceError)) return { code: undefined, message: String((error as Error).stack) };
    return { code: error.code, message: withHint(error.message, error.hint) };
  }

  findLeak(): string | undefined {
    const chunks = this.engine.executor.shared.allocatedChunks;
    return chunks === 0 ? undefined : `${chunks} chunks leaked`;
  }

  async close(): Promise<void> {
    await Promise.all([...this.sessions.values()].map((session) => session.close()));
  }
}

export const withHint = (message: string, hint: string | undefined): string =>
  hint === undefined ? message : `${message} HINT: ${hint}`;

/** Rows of the last statement, as PostgreSQL's text; NULL is null. */
export async function execute(session: Session, sql: string): Promise<(string | null)[][]> {
  return [...(await executeScript(session, sql)).rows] as (string | null)[][];
}

async function executeScript(session: Session, sql: string): Promise<SltResult> {
  let result: SltResult = { rows: [], columnNames: [], rowCount: undefined };
  try {
    for (const statement of session.parse(sql)) {
      const prepared = await session.prepare(statement, []);
      const formatCodes = (prepared.columns ?? []).map(() => 0 as const);
      const execution = await session.execute(prepared, [], { kind: 'postgres', formatCodes });
      const rows: (string | null)[][] = [];
      for await (const chunk of execution.chunks()) for (const row of decodeDataRows(chunk.bytes)) rows.push(row);
      const columnNames = (prepared.columns ?? []).map(({ name }) => name);
      result = { rows, columnNames, rowCount: execution.completion().rowCount };
    }
  } catch (error) {
    await session.endStatementGroup('failed');
    throw error;
  }
  await session.endStatementGroup('succeeded');
  return result;
}
