/** What an operator did while the query ran, over all workers. */
export interface NodeCounters {
  readonly rows: number;
  /** Time in the operator itself, its inputs not counted, in ms, summed over workers. */
  readonly timeMs: number;
  readonly bytesRead?: number | undefined;
  /** Row groups that were left out by what the build sides of joins told. */
  readonly rowGroupsSkipped?: number | undefined;
  /** Data pages that were left out by the statistics of the file's page index. */
  readonly pagesSkipped?: number | undefined;
  /** The most memory it held, in bytes. */
  readonly memoryBytes?: number | undefined;
  /** What it wrote to disk for want of memory. */
  readonly spilledBytes?: number | undefined;
  /** Calls of JavaScript functions: of user functions, and for rare forms of values. */
  readonly hostCalls?: number | undefined;
  /** Rows that a join looked up where columns of its build side lie by key. */
  readonly keyedRows?: number | undefined;
  /** `rows` by worker. */
  readonly workerRows?: readonly number[] | undefined;
  /** Rows of the partitions that each worker took, before others helped with them. */
  readonly assignedRows?: readonly number[] | undefined;
}

export interface ExplainOptions {
  /** By node id: for EXPLAIN ANALYZE. */
  readonly counters?: ReadonlyMap<number, NodeCounters> | undefined;
  /** Also the columns that each operator returns. */
  readonly verbose?: boolean | undefined;
}

export interface ReportOptions extends ExplainOptions {
  /** Of a query that was run. */
  readonly planningMs?: number | undefined;
  readonly executionMs?: number | undefined;
}
