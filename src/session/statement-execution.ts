import { bugError, canceledError, type MillraceError } from '../common/errors.js';
import type { Executor } from '../exec/executor.js';
import type { RunningQuery } from '../exec/running-query.js';
import type { NodeCounters } from '../planner/explain/explain-options.js';
import { explainReport } from '../planner/explain/explain-report.js';
import type { PhysicalNode } from '../planner/physical/physical-plan.js';
import { collectCounters } from './collect-counters.js';
import { planConstantRows } from './constant-rows.js';
import type { CommandCompletion, Execution, PlanReport, ResultChunk, ResultColumn, ResultFormat } from './session.js';
import type { StatementResult } from './statement-result.js';

type AnalyzeResult = Extract<StatementResult, { kind: 'analyze' }>;
type CopyOutResult = Extract<StatementResult, { kind: 'copyOut' }>;
type FetchResult = Extract<StatementResult, { kind: 'fetch' }>;
type ScrollResult = Extract<StatementResult, { kind: 'scroll' }>;
type WriteResult = Extract<StatementResult, { kind: 'write' | 'returning' }>;
type SeriesResult = Extract<StatementResult, { kind: 'series' }>;

/** Who hears of an execution. */
export interface ExecutionObserver {
  readonly onEnd: (error: unknown) => void;
  /** Of the query that it ran, when that has come to its end. */
  readonly onPlan: ((report: PlanReport) => void) | undefined;
}

/** One statement on its way: the rows of its query, or the work it does. */
export class StatementExecution implements Execution {
  readonly columns: readonly ResultColumn[] | undefined;
  private readonly executor: Executor;
  private readonly format: ResultFormat;
  private readonly result: StatementResult;
  private readonly observer: ExecutionObserver;
  /** What runs now; undefined for statements that run no query. */
  private query: RunningQuery | undefined;
  private completed: CommandCompletion | undefined;
  /** What it wrote is published. */
  private hasCommitted = false;
  private planReport: PlanReport | undefined;
  private rowCount = 0;
  private isClosing = false;
  /** Set when it is cancelled: between two queries of a series nothing else hears of it. */
  private canceled: MillraceError | undefined;
  private isOver = false;

  constructor(
    executor: Executor,
    result: StatementResult,
    columns: readonly ResultColumn[] | undefined,
    format: ResultFormat,
    observer: ExecutionObserver,
  ) {
    this.executor = executor;
    this.format = format;
    this.result = result;
    this.columns = columns;
    this.observer = observer;
    this.query = startQuery(executor, result, format, observer.onPlan !== undefined);
    if ('plan' in result && result.kind !== 'analyze') this.observePlan(result.plan);
  }

  get rowsProcessed(): number {
    return this.query?.rowsProcessed ?? 0;
  }

  async *chunks(): AsyncGenerator<ResultChunk, void, void> {
    const { result } = this;
    try {
      if (result.kind === 'copyOut') yield* this.copyLines(result);
      if (result.kind === 'fetch') yield* this.fetch(result);
      if (result.kind === 'scroll') yield* this.scroll(result);
      if (result.kind === 'analyze') await this.analyze(result);
      if (result.kind === 'series') await this.runSeries(result);
      if (this.query !== undefined && result.kind !== 'copyOut') {
        for await (const chunk of this.query.chunks()) {
          this.rowCount += chunk.rowCount;
          yield chunk;
        }
      }
      this.reportPlan();
      if (result.kind === 'copyOut') this.completed = { command: 'COPY', rowCount: this.rowCount };
      else if (result.kind === 'write' || result.kind === 'returning') {
        this.completed = await this.commit(result, this.rowCount);
        this.hasCommitted = true;
      } else if (result.kind === 'fetch' || result.kind === 'scroll')
        this.completed = { command: result.moves ? 'MOVE' : 'FETCH', rowCount: this.rowCount };
      else if (result.kind === 'done' || result.kind === 'series') this.completed = result.completion;
      else this.completed = { command: result.command, rowCount: this.rowCount };
      this.end(undefined);
    } catch (error) {
      await this.abortWrite();
      this.end(error);
      throw this.write?.kind === 'write' && this.write.explain !== undefined ? this.write.explain(error) : error;
    } finally {
      if (!this.isOver) await this.close();
    }
  }

  completion(): CommandCompletion {
    if (this.completed === undefined) throw bugError('the statement has not ended');
    return this.completed;
  }

  cancel(reason: MillraceError): void {
    this.canceled ??= reason;
    this.query?.cancel(reason);
    if (this.result.kind === 'fetch' || this.result.kind === 'scroll') this.result.cursor.cancel(reason);
  }

  async close(): Promise<void> {
    if (this.isOver) return;
    this.isClosing = true;
    await this.query?.close();
    await this.abortWrite();
    this.end(undefined);
  }

  /** Counters are there until the memory of the query is released. */
  private observePlan(plan: PhysicalNode): void {
    const { query, observer } = this;
    if (observer.onPlan === undefined || query === undefined) return;
    const start = performance.now();
    query.beforeRelease = () => {
      const counters = collectCounters(query.block, plan);
      const executionMs = performance.now() - start;
      this.planReport = { write: (format) => explainReport(format, plan, { counters, executionMs }).join('\n') };
    };
  }

  private reportPlan(): void {
    if (this.planReport !== undefined) this.observer.onPlan?.(this.planReport);
  }

  /** Runs the query of EXPLAIN ANALYZE for its counters, and puts one that returns the report in its place. */
  private async analyze({ plan, report, write }: AnalyzeResult): Promise<void> {
    const query = this.query!;
    let counters: ReadonlyMap<number, NodeCounters> = new Map();
    query.beforeRelease = () => {
      counters = collectCounters(query.block, plan);
    };
    const start = performance.now();
    let rowCount = 0;
    for await (const chunk of query.chunks()) rowCount += chunk.rowCount;
    if (write !== undefined) {
      await this.commit(write, rowCount);
      this.hasCommitted = true;
    }
    const rows = report(counters, performance.now() - start);
    // From here on nothing waits: no cancellation can fall between the one query and the other.
    if (this.isClosing) throw canceledError();
    this.query = this.executor.start(planConstantRows(rows), { format: this.format });
  }

  private async *fetch({ cursor, skip, count, moves }: FetchResult): AsyncGenerator<ResultChunk, void, void> {
    if (this.canceled !== undefined) throw this.canceled;
    if (moves) {
      cursor.beginAsText(this.format);
      await cursor.skip(skip);
      this.rowCount = await cursor.skip(count);
      return;
    }
    for await (const chunk of cursor.fetch(skip, count, this.format)) {
      this.rowCount += chunk.rowCount;
      yield chunk;
    }
  }

  private async *scroll({ cursor, motion, moves }: ScrollResult): AsyncGenerator<ResultChunk, void, void> {
    if (this.canceled !== undefined) throw this.canceled;
    if (moves) {
      this.rowCount = await cursor.count(motion, this.format);
      return;
    }
    for await (const chunk of cursor.scroll(motion, this.format)) {
      this.rowCount += chunk.rowCount;
      yield chunk;
    }
  }

  /** What is written, by itself or under EXPLAIN ANALYZE. */
  private get write(): WriteResult | undefined {
    const { result } = this;
    if (result.kind === 'analyze') return result.write;
    return result.kind === 'write' || result.kind === 'returning' ? result : undefined;
  }

  /** `rowCount`: of the rows that were given. */
  private async commit(result: WriteResult, rowCount: number): Promise<CommandCompletion> {
    if (result.kind === 'returning') return await result.commit(rowCount);
    const completion = await result.commit(this.query!);
    return result.countsRows === false ? { ...completion, rowCount: undefined } : completion;
  }

  private async runSeries({ steps, end }: SeriesResult): Promise<void> {
    try {
      for (const step of steps) {
        const plan = await step();
        if (this.isClosing || this.canceled !== undefined) throw this.canceled ?? canceledError();
        if (plan === undefined) continue;
        this.query = this.executor.start(plan, { format: { kind: 'arrow' } });
        for await (const _chunk of this.query.chunks());
        this.query = undefined;
      }
    } finally {
      this.query = undefined;
      end();
    }
  }

  get copyOut(): Execution['copyOut'] {
    const { result } = this;
    if (result.kind !== 'copyOut' || result.file !== undefined) return undefined;
    return { columnCount: result.plan.columns.length };
  }

  private async *copyLines({ header, file }: CopyOutResult): AsyncGenerator<ResultChunk, void, void> {
    if (header !== undefined) {
      if (file === undefined) yield { bytes: header, rowCount: 0 };
      else await file.write(header);
    }
    for await (const chunk of this.query!.chunks()) {
      this.rowCount += chunk.rowCount;
      if (file === undefined) yield chunk;
      else await file.write(chunk.bytes);
    }
    await file?.close();
  }

  private async abortWrite(): Promise<void> {
    if (this.result.kind === 'copyOut' && this.completed === undefined) await this.result.file?.abort();
    if (!this.hasCommitted) await this.write?.abort().catch(() => undefined);
  }

  private end(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.observer.onEnd(error);
  }
}

function startQuery(
  executor: Executor,
  result: StatementResult,
  format: ResultFormat,
  timed: boolean,
): RunningQuery | undefined {
  switch (result.kind) {
    case 'rows':
    case 'write':
    case 'returning':
      return executor.start(result.plan, { format, timed });
    case 'copyOut':
      return executor.start(result.plan, { format: result.format, timed });
    case 'constant':
      return executor.start(planConstantRows(result.rows), { format });
    case 'analyze':
      // Its rows are dropped: in the format that costs least.
      return executor.start(result.plan, { format: { kind: 'arrow' }, timed: true });
    case 'fetch':
    case 'scroll':
    case 'series':
    case 'done':
      return undefined;
  }
}
