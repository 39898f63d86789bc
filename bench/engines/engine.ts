export interface EngineResult {
  readonly columns: string[];
  /** Canonical values: see compare/compare-results.ts. */
  readonly rows: unknown[][];
  /** From the call until the whole result is in the process, in the engine's own columns: before it becomes rows. */
  readonly elapsedMs: number;
  /** Processor time of all threads of the engine's process, where it has one, until the result has become rows. */
  readonly cpuMs?: number;
}

/** One of the engines that are compared. A table of a lake is a folder of Parquet files, named like the table. */
export interface Engine {
  readonly name: string;
  /** `memoryLimit` as both engines understand it: '3GB'. */
  open(lakePath: string, threads: number, memoryLimit: string): Promise<void>;
  run(sql: string): Promise<EngineResult>;
  close(): Promise<void>;
}
