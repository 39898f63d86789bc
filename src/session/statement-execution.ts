import { bugError, type MillraceError } from '../common/errors.js';
import type { Executor } from '../exec/executor.js';
import type { RunningQuery } from '../exec/running-query.js';
import { planConstantRows } from './constant-rows.js';
import type { CommandCompletion, Execution, ResultChunk, ResultColumn, ResultFormat } from './session.js';
import type { StatementResult } from './statement-result.js';

/** One statement on its way: the rows of its query, or the work it does. */
export class StatementExecution implements Execution {
  readonly columns: readonly ResultColumn[] | undefined;
  private readonly result: StatementResult;
  private readonly query: RunningQuery | undefined;
  private readonly onEnd: (error: unknown) => void;
  private completed: CommandCompletion | undefined;
  private rowCount = 0;
  private isOver = false;

  constructor(
    executor: Executor,
    result: StatementResult,
    columns: readonly ResultColumn[] | undefined,
    format: ResultFormat,
    onEnd: (error: unknown) => void,
  ) {
    this.result = result;
    this.columns = columns;
    this.onEnd = onEnd;
    if (result.kind === 'rows') this.query = executor.start(result.plan, { format, timed: result.timed ?? false });
    else if (result.kind === 'write') this.query = executor.start(result.plan, { format });
    else if (result.kind === 'constant') this.query = executor.start(planConstantRows(result.rows), { format });
  }

  get rowsProcessed(): number {
    return this.query?.rowsProcessed ?? 0;
  }

  /** Undefined for statements that run no query. */
  get running(): RunningQuery | undefined {
    return this.query;
  }

  async *chunks(): AsyncGenerator<ResultChunk, void, void> {
    const { result } = this;
    try {
      if (this.query !== undefined) {
        for await (const chunk of this.query.chunks()) {
          this.rowCount += chunk.rowCount;
          yield chunk;
        }
      }
      if (result.kind === 'write') this.completed = await result.commit(this.query!);
      else if (result.kind === 'done') this.completed = result.completion;
      else this.completed = { command: result.command, rowCount: this.rowCount };
      this.end(undefined);
    } catch (error) {
      await this.abortWrite();
      this.end(error);
      throw error;
    } finally {
      if (!this.isOver) await this.close();
    }
  }

  completion(): CommandCompletion {
    if (this.completed === undefined) throw bugError('the statement has not ended');
    return this.completed;
  }

  cancel(reason: MillraceError): void {
    this.query?.cancel(reason);
  }

  async close(): Promise<void> {
    if (this.isOver) return;
    await this.query?.close();
    await this.abortWrite();
    this.end(undefined);
  }

  private async abortWrite(): Promise<void> {
    if (this.result.kind === 'write' && this.completed === undefined) await this.result.abort().catch(() => undefined);
  }

  private end(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.onEnd(error);
  }
}
