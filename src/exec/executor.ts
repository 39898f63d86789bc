import type { MergedStatistics, StatisticsRequest } from '../catalog/statistics/read-statistics.js';
import { fromPlainError, MillraceError, userError } from '../common/errors.js';
import { userFunctionsIn } from '../functions/user/user-function.js';
import type { PhysicalNode } from '../planner/physical/physical-plan.js';
import type { PinnedFile } from '../storage/object-store.js';
import type { ParquetMetadata } from '../storage/parquet-reader/parquet-metadata.js';
import type { SpillDirectory } from '../storage/spill/spill-directory.js';
import { SharedMemory } from '../vector/shared-memory.js';
import type { LaneResult, LaneTask } from './pipeline/lane-task.js';
import type { ResultFormat } from './result/result-format.js';
import { RunningQuery } from './running-query.js';
import { SerializedPlans } from './serialized-plans.js';
import { isSmallPlan } from './small-plan.js';
import { openSpillDirectory, type SpillOptions } from './spill/spill-context.js';
import { LaneHost } from './worker/lane-host.js';
import { WorkerPool } from './worker/worker-pool.js';

export interface ExecutorOptions {
  /** Workers, and so lanes of a pipeline. */
  readonly threads: number;
  /** Bytes of shared memory; at most 4 GiB. */
  readonly memoryLimit: number;
  /** Where breakers put what does not fit the memory. */
  readonly spill: SpillOptions;
  /** See `SharedMemoryOptions`, as for those below: these are for tests. */
  readonly cacheLimit?: number | undefined;
  readonly checked?: boolean | undefined;
  readonly scarce?: boolean | undefined;
}

export interface ExecuteOptions {
  readonly format: ResultFormat;
  /** Take every operator's time, for EXPLAIN ANALYZE. */
  readonly timed?: boolean;
}

/** Anything that can run the tasks of lanes. */
export interface TaskRunner {
  readonly laneCount: number;
  /** `quanta`: how many the task's query has had in this lane. */
  run(lane: number, task: LaneTask, quanta: number): Promise<LaneResult>;
  /** A query has ended of which the lane has nothing to settle: it is told with a later task. */
  forget(lane: number, queryId: number): void;
  /** A query was cancelled that calls functions of the user: whoever is stuck in one is ended, after a while. */
  endStuckCalls?(isOver: () => boolean): void;
}

/** The memory, the workers and the queries of one engine. */
export class Executor {
  readonly shared: SharedMemory;
  private readonly options: ExecutorOptions;
  private readonly running = new Set<RunningQuery>();
  private readonly plans = new SerializedPlans();
  private pool: WorkerPool | undefined;
  private local: LaneHost | undefined;
  private ownSpill: SpillDirectory | undefined;
  private nextQueryId = 1;
  private nextStatisticsLane = 0;
  private isClosed = false;

  constructor(options: ExecutorOptions) {
    this.options = options;
    this.shared = SharedMemory.create(options.memoryLimit, options);
  }

  /** How many lanes a query has at most. */
  get laneCount(): number {
    return this.options.threads;
  }

  /** For rows that the calling thread keeps for a client. */
  get spillDirectory(): SpillDirectory {
    this.ownSpill ??= openSpillDirectory(this.shared, this.options.spill);
    return this.ownSpill;
  }

  /** Starts a query; rows come as they are pulled from it. Queries over few rows run on the calling thread. */
  start(plan: PhysicalNode, options: ExecuteOptions): RunningQuery {
    // A function of the user's may never return: then a worker can be ended, but not the calling thread.
    const isLocal = isSmallPlan(plan) && userFunctionsIn(plan).length === 0;
    const runner = isLocal ? this.localRunner() : this.workerRunner();
    const serialized = this.plans.of(plan);
    const query = new RunningQuery(this.shared, runner, this.nextQueryId++, plan, serialized, options);
    this.running.add(query);
    this.tellCompany();
    void query.ended.then(() => {
      this.running.delete(query);
      this.tellCompany();
    });
    return query;
  }

  private tellCompany(): void {
    for (const query of this.running) query.setCompany(this.running.size > 1);
  }

  /** Decodes footers in a worker; in the order of `files`. */
  async readFooters(files: readonly PinnedFile[]): Promise<readonly ParquetMetadata[]> {
    const runner = this.workerRunner();
    const shares = Array.from({ length: runner.laneCount }, (_, lane) =>
      files.filter((_file, index) => index % runner.laneCount === lane),
    );
    const results = await Promise.all(
      shares.map((share, lane) =>
        share.length === 0 ? undefined : runner.run(lane, { kind: 'footers', files: share }, 0),
      ),
    );
    for (const result of results) if (result?.error !== undefined) throw fromPlainError(result.error);
    return files.map((_, index) => results[index % runner.laneCount]!.footers![Math.floor(index / runner.laneCount)]!);
  }

  /** Reads and merges statistics in a worker. */
  async readStatistics(request: StatisticsRequest): Promise<MergedStatistics> {
    const runner = this.workerRunner();
    this.nextStatisticsLane = (this.nextStatisticsLane + 1) % runner.laneCount;
    const result = await runner.run(this.nextStatisticsLane, { kind: 'statistics', request }, 0);
    if (result.error !== undefined) throw fromPlainError(result.error);
    return result.statistics!;
  }

  /** Starts the workers, which otherwise the first query does that needs them: they load while it is planned. */
  startWorkers(): void {
    this.workerRunner();
  }

  /** Until workers that were started have loaded their modules. */
  async untilWorkersLoaded(): Promise<void> {
    await this.pool?.untilLoaded();
  }

  private workerRunner(): TaskRunner {
    this.assertOpen();
    this.pool ??= new WorkerPool(this.shared.memory, this.options.threads, this.options.spill);
    const { pool } = this;
    return {
      laneCount: pool.threads,
      run: (lane, task, quanta) => pool.run(lane, task, quanta),
      forget: (lane, queryId) => pool.forget(lane, queryId),
      endStuckCalls: (isOver) => this.endStuckCalls(pool, isOver),
    };
  }

  private endStuckCalls(pool: WorkerPool, isOver: () => boolean): void {
    const calls = pool.userCalls();
    const timer = setTimeout(() => {
      if (isOver()) return;
      pool.endStuck(calls, () => {
        const lost = new MillraceError('resource', '57P02', 'a worker was ended because a function did not return', {
          hint: 'Run the query again. The function was one of another query, which was cancelled.',
        });
        for (const query of this.running) query.cancel(lost);
      });
      // The next call of the same query may be stuck as well.
      this.endStuckCalls(pool, isOver);
    }, STUCK_CALL_MS);
    timer.unref();
  }

  private localRunner(): TaskRunner {
    this.assertOpen();
    this.local ??= new LaneHost(this.shared.memory, this.options.spill);
    const { local } = this;
    return {
      laneCount: 1,
      run: async (_lane, task, quanta) => {
        // What was taken for small may not be: others have the thread between its quanta.
        if (quanta > 0) await new Promise(setImmediate);
        return await local.run(task);
      },
      forget: (_lane, queryId) => void local.run({ kind: 'release', ended: [queryId] }),
    };
  }

  /** Cancels what runs, and ends the workers. */
  async close(): Promise<void> {
    const closing = new MillraceError('user', '57P01', 'the engine is closing');
    this.isClosed = true;
    await Promise.all([...this.running].map((query) => query.close(closing)));
    await this.pool?.close();
    this.pool = undefined;
  }

  /** A worker started after `close` would keep the process alive. */
  private assertOpen(): void {
    if (this.isClosed) throw userError('57P01', 'the engine is closed');
  }
}

/** How long a function of the user's may go on after its query was cancelled. */
const STUCK_CALL_MS = 2_000;
