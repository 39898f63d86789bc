import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import { condemn, GUARD_BYTES, lastCallOf } from '../../functions/user/user-call-guard.js';
import type { LaneResult, LaneTask } from '../pipeline/lane-task.js';
import type { SpillOptions } from '../spill/spill-context.js';
import { waitForChange } from '../wait-for-change.js';
import { FairQueue, type QueuePlace } from './fair-queue.js';
import type { WorkerSettings } from './worker.js';

/**
 * Quanta of several queries that a worker may have begun: one computes while another waits for reads. Whoever waits for
 * a read waits for all others that have begun, too, so that more would hold up small queries.
 */
const CONCURRENT_QUANTA = 2;

/** How long a worker may remember a query that has ended, where no other asks anything of it. */
const FORGETTING_MS = 20;

/** A word that a worker sets when it has loaded its modules. */
const LOADED_BYTES = 4;
/** Loading takes a fraction of a second; where it failed, there is nothing to wait for. */
const MAX_LOADING_MS = 10_000;

async function untilLoaded(loaded: SharedArrayBuffer): Promise<void> {
  const word = new Int32Array(loaded);
  const end = performance.now() + MAX_LOADING_MS;
  while (Atomics.load(word, 0) === 0 && performance.now() < end) await waitForChange(word, 0, 0);
}

/** A task of piscina's, with what `run` says of its place. */
type QueuedTask = Readonly<Record<symbol, QueuePlace | null>>;

/**
 * One worker a lane, each a piscina of its own with its own queue: a lane keeps its state (open files, hash tables in
 * the making) on the thread where it began, while its quanta queue with those of other queries (`FairQueue`).
 */
export class WorkerPool {
  readonly threads: number;
  /** The property by which piscina hands on to a queue what is said of a task. */
  private readonly queueOptions: symbol;
  private readonly workers: Piscina<LaneTask, LaneResult>[];
  private readonly guards: SharedArrayBuffer[];
  private readonly loaded: SharedArrayBuffer[];
  private readonly startWorker: (lane: number) => Piscina<LaneTask, LaneResult>;
  private readonly running = new Set<Promise<LaneResult>>();
  /** Queries that have ended, by workers that were not told yet, since they need not be woken for that alone. */
  private readonly ended: number[][] = [];
  private isClosed = false;

  constructor(memory: WebAssembly.Memory, threads: number, spill: SpillOptions) {
    this.threads = threads;
    // Loaded here, since many queries never need a worker and loading takes as long as they do.
    const { Piscina, queueOptionsSymbol } = createRequire(import.meta.url)('piscina') as typeof import('piscina');
    this.queueOptions = queueOptionsSymbol;
    this.guards = [];
    this.loaded = [];
    this.startWorker = (lane) => {
      const guard = new SharedArrayBuffer(GUARD_BYTES);
      const loaded = new SharedArrayBuffer(LOADED_BYTES);
      this.guards[lane] = guard;
      this.loaded[lane] = loaded;
      const workerData: WorkerSettings = { memory, spill, guard, loaded };
      return new Piscina<LaneTask, LaneResult>({
        // Made of worker.ts by tools/build.mjs.
        filename: fileURLToPath(new URL('./bundled-worker.js', import.meta.url)),
        name: 'runTask',
        minThreads: 1,
        maxThreads: 1,
        concurrentTasksPerWorker: CONCURRENT_QUANTA,
        // With atomics an idle worker sleeps in Atomics.wait, and its reads would never complete.
        atomics: 'disabled',
        recordTiming: false,
        taskQueue: new FairQueue((task) => (task as object as QueuedTask)[queueOptionsSymbol] ?? { quanta: 0 }),
        workerData,
      });
    };
    this.workers = Array.from({ length: threads }, (_, lane) => this.startWorker(lane));
  }

  async untilLoaded(): Promise<void> {
    await Promise.all(this.loaded.map(untilLoaded));
  }

  /** For each worker the function call of the user's that it is within, or was last. */
  userCalls(): number[] {
    return this.guards.map(lastCallOf);
  }

  /**
   * Ends the workers that are still within these calls, and starts others in their place.
   * Whatever else ran on them is lost: `beforeEnd` is called first.
   */
  endStuck(calls: readonly number[], beforeEnd: () => void): void {
    const stuck = calls.flatMap((call, lane) => (condemn(this.guards[lane]!, call) ? [lane] : []));
    if (stuck.length === 0) return;
    beforeEnd();
    for (const lane of stuck) {
      const worker = this.workers[lane]!;
      this.workers[lane] = this.startWorker(lane);
      void worker.destroy();
    }
  }

  /** `quanta`: how many the task's query has had on this worker, which decides what it waits behind. */
  run(lane: number, task: LaneTask, quanta: number): Promise<LaneResult> {
    const ended = [...(this.ended[lane] ?? []), ...(task.ended ?? [])];
    this.ended[lane] = [];
    const queued: LaneTask & Record<symbol, QueuePlace> = { ...task, ended, [this.queueOptions]: { quanta } };
    const running = this.workers[lane]!.run(queued);
    this.running.add(running);
    return running.finally(() => this.running.delete(running));
  }

  forget(lane: number, queryId: number): void {
    this.ended[lane] ??= [];
    const ended = this.ended[lane];
    ended.push(queryId);
    if (ended.length > 1) return;
    const tell = (): void => {
      if (ended !== this.ended[lane] || this.isClosed) return;
      this.run(lane, { kind: 'release' }, 0).catch(() => undefined);
    };
    setTimeout(tell, FORGETTING_MS).unref();
  }

  /**
   * Ends the workers once they have answered what they were asked: piscina loses its way over late answers. A worker that is
   * still loading its modules is waited for: ended meanwhile, Node 20 aborts the process (v8::Module::IsGraphAsync).
   */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.allSettled(this.running);
    await this.untilLoaded();
    await Promise.all(this.workers.map((worker) => worker.destroy()));
  }
}
