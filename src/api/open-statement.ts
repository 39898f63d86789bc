import { bugError } from '../common/errors.js';
import type {
  CommandCompletion,
  Execution,
  ParameterValue,
  ParsedStatement,
  ResultChunk,
  ResultColumn,
  ResultFormat,
  Session,
} from '../session/session.js';

/** A statement that has begun, in a statement group of its own. Iterate over it, or call `close()`. */
export class OpenStatement implements AsyncIterable<ResultChunk> {
  readonly columns: readonly ResultColumn[] | undefined;
  private readonly session: Session;
  private readonly execution: Execution;
  private completed: CommandCompletion | undefined;
  private isOver = false;

  private constructor(session: Session, execution: Execution) {
    this.session = session;
    this.execution = execution;
    this.columns = execution.columns;
  }

  static async open(
    session: Session,
    statement: ParsedStatement,
    parameters: readonly ParameterValue[],
    chooseFormat: (columns: readonly ResultColumn[]) => ResultFormat,
  ): Promise<OpenStatement> {
    try {
      const prepared = await session.prepare(statement, []);
      const execution = await session.execute(prepared, parameters, chooseFormat(prepared.columns ?? []));
      return new OpenStatement(session, execution);
    } catch (error) {
      await session.endStatementGroup('failed');
      throw error;
    }
  }

  /** Rows that the statement has worked through so far, as far as it tells. */
  get rowsProcessed(): number {
    return this.execution.rowsProcessed ?? 0;
  }

  /** Every chunk; the statement has committed when this ends. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ResultChunk, void, void> {
    try {
      for await (const chunk of this.execution.chunks()) yield chunk;
      this.isOver = true;
    } finally {
      await this.close();
    }
    this.completed = this.execution.completion();
    await this.session.endStatementGroup('succeeded');
  }

  completion(): CommandCompletion {
    if (this.completed === undefined) throw bugError('the statement has not ended');
    return this.completed;
  }

  /** Gives the statement up if it still runs. Idempotent. */
  async close(): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    await this.execution.close();
    await this.session.endStatementGroup('failed');
  }
}
