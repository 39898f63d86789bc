import type { MergedStatistics, StatisticsRequest } from '../../catalog/statistics/read-statistics.js';
import type { PlainError } from '../../common/errors.js';
import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import type { PinnedFile } from '../../storage/object-store.js';
import type { ParquetMetadata } from '../../storage/parquet-reader/parquet-metadata.js';
import type { QueryShape } from '../query-block.js';
import type { ResultChunk, ResultFormat } from '../result/result-format.js';

/** A query as workers see it; serialised once into the shared memory, where every worker reads it for itself. */
export interface QueryDescription extends QueryOptions {
  readonly plan: PhysicalNode;
}

/** What differs between two runs of a plan. */
export interface QueryOptions {
  readonly format: ResultFormat;
  readonly shape: QueryShape;
  /** Whether every operator's time is taken. */
  readonly timed: boolean;
  /** Functions of the user's that it calls: their modules are loaded before it begins. */
  readonly userFunctions: readonly string[];
}

/** Where a worker finds a query. */
export interface QueryReference {
  readonly id: number;
  /** Owner of all chunks of the query. */
  readonly owner: number;
  /** Address and length of the serialised plan. */
  readonly plan: number;
  readonly planBytes: number;
  /** The number of a plan that has run before: workers keep what they have made of it. 0 of any other. */
  readonly planNumber: number;
  /** Address and length of the serialised QueryOptions. */
  readonly options: number;
  readonly optionsBytes: number;
  /** Address of the QueryBlock. */
  readonly block: number;
}

/**
 * What the main thread asks of a worker; each is a quantum that returns within about 20 ms.
 *
 * - `run`      go on with a lane of a pipeline
 * - `share`    take parts of what is left to do of the sink that the pipeline has filled: see `SharedWork`
 * - `release`  forget queries: nothing else, as every task may
 * - `footers`  decode the footers of files
 * - `statistics`  read and merge the statistics of files
 */
export type LaneTask = (
  | RunTask
  | { readonly kind: 'release' }
  | { readonly kind: 'footers'; readonly files: readonly PinnedFile[] }
  | { readonly kind: 'statistics'; readonly request: StatisticsRequest }
) & {
  /** Queries that have ended, which the worker forgets before it begins. */
  readonly ended?: readonly number[] | undefined;
};

/** A round of a recursion: what its pipelines keep of their own ends with it. */
export interface RoundReference {
  /** The id of the recursion's node. */
  readonly recursion: number;
  /** Counted from 1. */
  readonly number: number;
  /** Owner of all chunks of the round. */
  readonly owner: number;
}

export interface RunTask {
  readonly kind: 'run' | 'share';
  readonly query: QueryReference;
  readonly pipeline: number;
  /** With what is left of the quantum, the lane goes on with those behind that need one lane only, up to this one. */
  readonly lastPipeline: number;
  readonly lane: number;
  /** False while further pipelines (of a union, of what a join has deferred) feed the same sink. */
  readonly endsSink: boolean;
  /** The round that the pipeline runs in, where it does: see `PipelinePlan.recursion`. */
  readonly round: RoundReference | undefined;
}

export interface LaneResult {
  /** The pipeline that the lane has come to; those before it have ended. */
  readonly pipeline: number;
  /** The lane has no more to do in this pipeline. */
  readonly done: boolean;
  /** The last lane of a join build or a sort: all lanes must now run `share`. */
  readonly hasSharedWork: boolean;
  /** The lane goes on when this round of its recursion has run. */
  readonly awaitsRound: RoundReference | undefined;
  readonly chunks: readonly ResultChunk[];
  /** Files written by a Parquet sink; with the last result of a lane. */
  readonly files: readonly WrittenFile[];
  readonly footers?: readonly ParquetMetadata[];
  readonly statistics?: MergedStatistics;
  readonly error: PlainError | undefined;
}

export interface WrittenFile {
  readonly path: string;
  readonly rowCount: number;
  readonly byteLength: number;
  /** One per partition column, as in partition paths; null for NULL. */
  readonly partitionValues: readonly (string | null)[];
}
