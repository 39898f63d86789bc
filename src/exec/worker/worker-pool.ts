import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import type { LaneResult, LaneTask } from '../pipeline/lane-task.js';
import type { SpillOptions } from '../spill/spill-context.js';
import type { WorkerSettings } from './worker.js';

/** Quanta of several queries that a worker may have begun; all but one wait for reads. */
const CONCURRENT_QUANTA = 4;

/**
 * One worker a lane, each a piscina of its own with its own queue: a lane keeps its state (open files, hash tables in
 * the making) on the thread where it began, while its quanta queue with those of other queries.
 */
export class WorkerPool {
  readonly threads: number;
  private readonly workers: Piscina<LaneTask, LaneResult>[];
  private readonly running = new Set<Promise<LaneResult>>();

  constructor(memory: WebAssembly.Memory, threads: number, spill: SpillOptions) {
    this.threads = threads;
    // Loaded here, since many queries never need a worker and loading takes as long as they do.
    const { Piscina } = createRequire(import.meta.url)('piscina') as typeof import('piscina');
    const workerData: WorkerSettings = { memory, spill };
    this.workers = Array.from(
      { length: threads },
      () =>
        new Piscina<LaneTask, LaneResult>({
          filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
          name: 'runTask',
          minThreads: 1,
          maxThreads: 1,
          concurrentTasksPerWorker: CONCURRENT_QUANTA,
          // With atomics an idle worker sleeps in Atomics.wait, and its reads would never complete.
          atomics: 'disabled',
          recordTiming: false,
          workerData,
        }),
    );
  }

  run(lane: number, task: LaneTask): Promise<LaneResult> {
    const running = this.workers[lane]!.run(task);
    this.running.add(running);
    return running.finally(() => this.running.delete(running));
  }

  /** Ends the workers once they have answered what they were asked: piscina loses its way over late answers. */
  async close(): Promise<void> {
    await Promise.allSettled(this.running);
    await Promise.all(this.workers.map((worker) => worker.destroy()));
  }
}
