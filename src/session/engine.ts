import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { Lake } from '../catalog/lake.js';
import { userError } from '../common/errors.js';
import { Executor } from '../exec/executor.js';
import { EngineSession } from './engine-session.js';
import { FooterService } from './footer-service.js';
import { LakeCatalogView } from './lake-catalog-view.js';
import { ParsedTexts } from './plan-cache/parsed-texts.js';
import { PlanCache } from './plan-cache/plan-cache.js';
import { StatisticsService } from './statistics-service.js';
import { UserFunctions } from './user-functions.js';

export interface EngineOptions {
  /** A folder; created when it does not exist and `create` is set. */
  readonly lake: string;
  readonly create?: boolean | undefined;
  /** Worker threads; one a core by default. */
  readonly threads?: number | undefined;
  /** Bytes of memory for data, at most 4 GiB; by default half of the machine's memory, at most 4 GiB. */
  readonly memoryLimit?: number | undefined;
  /** Where queries spill what does not fit the memory; by default the system's folder for temporary files. */
  readonly spillDirectory?: string | undefined;
  /** Bytes that may be spilled at once; by default nine tenths of what is free on the disk. */
  readonly spillLimit?: number | undefined;
  /** Bytes of decompressed columns that are kept for later queries: see `SharedMemoryOptions`. */
  readonly cacheLimit?: number | undefined;
  /** Start the workers at once: by default the first query does that reads files. */
  readonly startWorkers?: boolean | undefined;
  /** For tests: see `SharedMemoryOptions`. */
  readonly checked?: boolean | undefined;
  readonly scarce?: boolean | undefined;
  /** For tests, whose engines are many: the memory and workers of another engine, which closes them. */
  readonly executor?: Executor | undefined;
}

export interface SessionOptions {
  readonly user?: string | undefined;
  readonly database?: string | undefined;
  /** Settings as the client gives them when it connects; unknown ones are ignored. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** Allows COPY TO files anywhere: not for clients of a server. */
  readonly mayWriteFiles?: boolean | undefined;
}

export const MAX_MEMORY_BYTES: number = 4 * 2 ** 30;
const MIN_MEMORY_BYTES = 32 * 2 ** 20;
const MAX_THREADS = 256;

/** One lake, one shared memory, one pool of workers, and any number of sessions. */
export class Engine {
  readonly lake: Lake;
  readonly executor: Executor;
  readonly footers: FooterService;
  readonly statistics: StatisticsService;
  readonly catalog: LakeCatalogView;
  readonly functions: UserFunctions = new UserFunctions();
  readonly plans: PlanCache = new PlanCache();
  readonly texts: ParsedTexts;
  /** Where sessions put what is gone when they end. */
  readonly scratchDirectory: string;
  private readonly sessions = new Set<EngineSession>();

  private constructor(lake: Lake, executor: Executor, scratchDirectory: string) {
    this.lake = lake;
    this.executor = executor;
    this.scratchDirectory = scratchDirectory;
    this.texts = new ParsedTexts(executor.shared.isChecked);
    this.footers = new FooterService(executor);
    this.statistics = new StatisticsService(lake, executor);
    this.catalog = new LakeCatalogView(lake, this.footers, this.statistics);
  }

  static async open(options: EngineOptions): Promise<Engine> {
    const threads = options.threads ?? availableParallelism();
    if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
      throw userError('22023', `threads must be a whole number from 1 to ${MAX_THREADS}, not ${threads}`);
    }
    const memoryLimit = options.memoryLimit ?? Math.min(MAX_MEMORY_BYTES, totalmem() / 2);
    if (!(memoryLimit >= MIN_MEMORY_BYTES)) {
      throw userError('22023', `the memory limit must be at least 32MB, not ${memoryLimit} bytes`);
    }
    const lake = await Lake.open(options.lake, { create: options.create });
    const { checked, scarce, cacheLimit, spillDirectory, spillLimit } = options;
    const spill = { directory: resolve(spillDirectory ?? tmpdir()), limit: spillLimit };
    const executor =
      options.executor ??
      new Executor({
        threads,
        memoryLimit: Math.min(memoryLimit, MAX_MEMORY_BYTES),
        spill,
        checked,
        scarce,
        cacheLimit,
      });
    if (options.startWorkers === true) executor.startWorkers();
    return new Engine(lake, executor, spill.directory);
  }

  openSession(options: SessionOptions = {}): EngineSession {
    const session = new EngineSession(this, options, () => this.sessions.delete(session));
    this.sessions.add(session);
    return session;
  }

  /** Ends all sessions, cancels what runs, and ends the workers. */
  async close(): Promise<void> {
    await Promise.all([...this.sessions].map((session) => session.close()));
    await this.executor.close();
  }
}
