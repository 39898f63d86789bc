import { serialize } from 'node:v8';
import { bugError, canceledError, fromPlainError, MillraceError } from '../common/errors.js';
import { userFunctionsIn } from '../functions/user/user-function.js';
import type { HashJoinNode, PhysicalNode } from '../planner/physical/physical-plan.js';
import { Scope } from '../vector/scope.js';
import type { SharedMemory } from '../vector/shared-memory.js';
import { AsyncQueue } from './async-queue.js';
import type { ExecuteOptions, TaskRunner } from './executor.js';
import { JOIN_OWNER } from './operators/join-layout.js';
import type {
  LaneResult,
  QueryOptions,
  QueryReference,
  RoundReference,
  RunTask,
  WrittenFile,
} from './pipeline/lane-task.js';
import { countNodeIds, type PipelinePlan, sinkKey, splitIntoPipelines, usesJoin } from './pipeline/pipeline-plan.js';
import { countLanes, endsItsSink, isEmptyPipeline } from './pipeline-runs.js';
import { QueryBlock, type QueryShape } from './query-block.js';
import { freeRounds } from './recursion-rounds-run.js';
import type { ResultChunk } from './result/result-format.js';
import type { SerializedPlan } from './serialized-plans.js';

/** Chunks that wait for the reader, over all lanes. */
const MAX_WAITING_CHUNKS = 4;

/** One query from its first pipeline to its last chunk. Drain `chunks()`, or call `close()`. */
export class RunningQuery {
  /** Resolves when everything is freed; never rejects. */
  readonly ended: Promise<void>;
  /** Files written by a Parquet sink; complete once `chunks()` has ended. */
  readonly files: WrittenFile[] = [];
  readonly block: QueryBlock;
  /** Called when all work is done, while counters can still be read. */
  beforeRelease: (() => void) | undefined;
  private readonly shared: SharedMemory;
  private readonly runner: TaskRunner;
  private readonly pipelines: readonly PipelinePlan[];
  /** The round that each recursion is in. */
  private readonly rounds = new Map<number, RoundReference>();
  private readonly reference: QueryReference;
  private readonly waiting: AsyncQueue<ResultChunk>;
  private readonly sinkLanes = new Map<string, number>();
  /** Joins whose memory is not returned yet; that of those that are built in rounds ends with them. */
  private readonly joins: Set<HashJoinNode>;
  /** Tasks so far, by lane. */
  private readonly quanta: number[] = [];
  private failure: MillraceError | undefined;
  private hasRunAll = false;
  private isReleased = false;
  private readonly callsUserFunctions: boolean;
  private readonly markEnded: () => void;
  private work: Promise<void> | undefined;

  constructor(
    shared: SharedMemory,
    runner: TaskRunner,
    id: number,
    plan: PhysicalNode,
    serialized: SerializedPlan,
    options: ExecuteOptions,
  ) {
    this.shared = shared;
    this.runner = runner;
    this.pipelines = splitIntoPipelines(plan);
    const shape: QueryShape = {
      pipelineCount: this.pipelines.length,
      nodeCount: countNodeIds(plan),
      laneCount: runner.laneCount,
    };
    const userFunctions = userFunctionsIn(plan);
    this.callsUserFunctions = userFunctions.length > 0;
    const described: QueryOptions = { format: options.format, shape, timed: options.timed ?? false, userFunctions };
    const optionBytes = serialize(described);
    const owner = shared.createOwner();
    const scope = new Scope(shared, owner);
    const block = scope.allocateCleared(QueryBlock.byteLengthOf(shape));
    const copied = (bytes: Uint8Array): number => {
      const at = scope.allocate(bytes.byteLength);
      shared.u8.set(bytes, at);
      return at;
    };
    this.block = new QueryBlock(shared, block, shape);
    this.joins = new Set(
      this.pipelines.flatMap(({ sink, recursion }) =>
        sink.kind === 'build' && recursion === undefined ? [sink.node] : [],
      ),
    );
    for (const join of this.joins) this.block.setWord(join.id, JOIN_OWNER, shared.createOwner());
    this.reference = {
      id,
      owner,
      plan: copied(serialized.bytes),
      planBytes: serialized.bytes.byteLength,
      planNumber: serialized.number,
      options: copied(optionBytes),
      optionsBytes: optionBytes.byteLength,
      block,
    };
    this.waiting = new AsyncQueue(MAX_WAITING_CHUNKS);
    let markEnded = (): void => {};
    this.ended = new Promise((resolve) => {
      markEnded = resolve;
    });
    this.markEnded = markEnded;
  }

  /** Rows as they come; ends when the query has ended and its memory is returned. */
  async *chunks(): AsyncGenerator<ResultChunk, void, void> {
    this.work ??= this.runAll();
    try {
      for (;;) {
        const chunk = await this.waiting.take();
        if (chunk === undefined) break;
        yield chunk;
      }
    } finally {
      await this.close();
    }
    if (this.failure !== undefined) throw this.failure;
  }

  /** Rows that left the busiest operator so far. */
  get rowsProcessed(): number {
    if (this.isReleased) return 0;
    let most = 0;
    for (let node = 0; node < this.block.shape.nodeCount; node++) {
      const rows = this.block.readCounter(node, 'rows').reduce((sum, count) => sum + count, 0);
      if (rows > most) most = rows;
    }
    return most;
  }

  /** Says whether other queries run at the same time. */
  setCompany(hasCompany: boolean): void {
    if (!this.isReleased) this.block.hasCompany = hasCompany;
  }

  /** Stops what runs; `chunks()` then throws `reason`, 57014 by default. */
  cancel(reason?: MillraceError): void {
    this.fail(reason ?? canceledError());
  }

  /** Cancels what still runs, and waits until everything is freed. */
  async close(reason?: MillraceError): Promise<void> {
    if (!this.waiting.ended) this.cancel(reason);
    this.work ??= this.giveUp();
    await this.work;
  }

  /** Ends a query that never ran. */
  private async giveUp(): Promise<void> {
    await this.release();
    this.waiting.end();
  }

  private fail(error: MillraceError): void {
    const isFirst = this.failure === undefined;
    this.failure ??= error;
    if (isFirst && this.callsUserFunctions) this.runner.endStuckCalls?.(() => this.isReleased);
    // A block that is released may be another query's by now.
    if (!this.isReleased) this.block.cancel();
    this.waiting.abandon();
  }

  private async runAll(): Promise<void> {
    try {
      for (let next = 0; next < this.pipelines.length; ) {
        const pipeline = this.pipelines[next]!;
        const isSkipped = pipeline.recursion !== undefined || isEmptyPipeline(this.block, pipeline);
        const last = isSkipped ? pipeline : await this.runPipeline(pipeline);
        if (this.failure !== undefined) break;
        if (!isSkipped) this.releaseJoins(last);
        next = last.index + 1;
      }
      this.hasRunAll = this.failure === undefined;
    } catch (error) {
      this.fail(error instanceof MillraceError ? error : bugError(String(error), { cause: error }));
    } finally {
      await this.release();
      this.waiting.end();
    }
  }

  /** Answers the last one that has run: a lane that is alone goes on by itself. */
  private async runPipeline(pipeline: PipelinePlan): Promise<PipelinePlan> {
    // A lane that fed the sink in an earlier pipeline of a union must also end it.
    const key = sinkKey(pipeline.sink);
    const lanes = Math.max(countLanes(this.shared, this.block, pipeline), this.sinkLanes.get(key) ?? 0);
    this.sinkLanes.set(key, lanes);
    this.block.startLanes(pipeline.index, lanes);
    const lastPipeline = lanes > 1 ? pipeline.index : this.lastOfOneLane(pipeline);
    for (let later = pipeline.index + 1; later <= lastPipeline; later++) this.block.startLanes(later, 1);
    const results = await Promise.all(
      Array.from({ length: lanes }, (_, lane) => this.runLane(pipeline, lane, lastPipeline)),
    );
    const last = this.pipelines[results[0]?.pipeline ?? pipeline.index]!;
    if (this.failure !== undefined || !results.some((result) => result?.hasSharedWork)) return last;
    await Promise.all(Array.from({ length: this.runner.laneCount }, (_, lane) => this.runShare(last, lane)));
    return last;
  }

  /** The last pipeline behind it that the same lane could run. */
  private lastOfOneLane(pipeline: PipelinePlan): number {
    const mayBe = ({ recursion, source, sink }: PipelinePlan): boolean =>
      recursion === undefined && source.kind !== 'rounds' && (this.sinkLanes.get(sinkKey(sink)) ?? 0) <= 1;
    let last = pipeline;
    while (mayBe(last)) {
      const next = this.pipelines[last.index + 1];
      if (next === undefined || !mayBe(next)) break;
      last = next;
    }
    return last.index;
  }

  /** What a recursion makes of the rows that it has added: they are the working table now. */
  private async runRound(round: RoundReference): Promise<void> {
    this.rounds.set(round.recursion, round);
    const pipelines = this.pipelines.filter(({ recursion }) => recursion === round.recursion);
    for (const { sink } of pipelines) this.sinkLanes.delete(sinkKey(sink));
    for (const pipeline of pipelines) {
      if (isEmptyPipeline(this.block, pipeline)) continue;
      await this.runPipeline(pipeline);
      if (this.failure !== undefined) return;
    }
  }

  /** Returns the memory of joins that no later pipeline uses. */
  private releaseJoins(done: PipelinePlan): void {
    for (const join of this.joins) {
      const users = this.pipelines.filter((pipeline) => usesJoin(pipeline, join));
      if (users.some((user) => this.endOf(user) > done.index)) continue;
      this.shared.freeOwner(this.block.getWord(join.id, JOIN_OWNER));
      this.joins.delete(join);
    }
  }

  /** The pipeline after which this one does not run again: itself, or the outermost recursion in whose rounds it runs. */
  private endOf({ index, recursion }: PipelinePlan): number {
    if (recursion === undefined) return index;
    return this.endOf(this.pipelines.find(({ source }) => source.kind === 'rounds' && source.node.id === recursion)!);
  }

  /** Runs a lane quantum by quantum to its end, and what it goes on with; undefined when the query has failed. */
  private async runLane(first: PipelinePlan, lane: number, lastPipeline: number): Promise<LaneResult | undefined> {
    let pipeline = first;
    for (;;) {
      const result = await this.runTask('run', pipeline, lane, lastPipeline);
      if (result === undefined) return undefined;
      this.files.push(...result.files);
      for (const chunk of result.chunks) await this.waiting.put(chunk);
      if (result.awaitsRound !== undefined) await this.runRound(result.awaitsRound);
      if (result.done) return result;
      for (; pipeline.index < result.pipeline; pipeline = this.pipelines[pipeline.index + 1]!)
        this.releaseJoins(pipeline);
    }
  }

  private async runShare(pipeline: PipelinePlan, lane: number): Promise<void> {
    for (;;) {
      const result = await this.runTask('share', pipeline, lane, pipeline.index);
      if (result === undefined || result.done) return;
    }
  }

  /** Undefined when the query has failed, here or elsewhere. */
  private async runTask(
    kind: 'run' | 'share',
    pipeline: PipelinePlan,
    lane: number,
    lastPipeline: number,
  ): Promise<LaneResult | undefined> {
    if (this.failure !== undefined) return undefined;
    let result: LaneResult;
    try {
      const quanta = this.quanta[lane] ?? 0;
      this.quanta[lane] = quanta + 1;
      const round = pipeline.recursion === undefined ? undefined : this.rounds.get(pipeline.recursion);
      const { reference: query, block, pipelines } = this;
      const endsSink = endsItsSink(block, pipelines, pipeline);
      const task: RunTask = { kind, query, pipeline: pipeline.index, lastPipeline, lane, endsSink, round };
      result = await this.runner.run(lane, task, quanta);
    } catch (error) {
      this.fail(
        bugError(`a worker failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error }),
      );
      return undefined;
    }
    if (result.error !== undefined) {
      this.fail(fromPlainError(result.error));
      return undefined;
    }
    return result;
  }

  /**
   * Frees all memory. Lanes that ended by themselves have no reads under way: their workers are told with a later task to
   * forget the query. After a failure a read may still fill a buffer, so its worker must settle it first.
   */
  private async release(): Promise<void> {
    this.beforeRelease?.();
    const { id, owner } = this.reference;
    const lanes = [...this.quanta.keys()].filter((lane) => this.quanta[lane] !== undefined);
    // So must who has spilled, so that a query that has ended leaves nothing on the disk.
    if (this.failure !== undefined || !this.hasRunAll || this.shared.spilledBytes > 0) {
      const task = { kind: 'release', ended: [id] } as const;
      await Promise.all(lanes.map((lane) => this.runner.run(lane, task, 0).catch(() => undefined)));
    } else {
      for (const lane of lanes) this.runner.forget(lane, id);
    }
    this.isReleased = true;
    for (const join of this.joins) this.shared.freeOwner(this.block.getWord(join.id, JOIN_OWNER));
    freeRounds(this.shared, this.block, this.pipelines);
    this.shared.freeOwner(owner);
    this.markEnded();
  }
}
