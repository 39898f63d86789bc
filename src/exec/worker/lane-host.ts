import { deserialize } from 'node:v8';
import { readStatistics } from '../../catalog/statistics/read-statistics.js';
import { bugError, canceledError, toPlainError } from '../../common/errors.js';
import { loadUserFunction } from '../../functions/user/user-function.js';
import { type Kernels, loadKernels } from '../../kernels/kernels.js';
import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import { mapConcurrently } from '../../storage/map-concurrently.js';
import type { PinnedFile } from '../../storage/object-store.js';
import type { ParquetMetadata } from '../../storage/parquet-reader/parquet-metadata.js';
import type { SpillDirectory } from '../../storage/spill/spill-directory.js';
import { Scope } from '../../vector/scope.js';
import { SharedMemory } from '../../vector/shared-memory.js';
import { ExpressionContext } from '../expression/expression-context.js';
import { createCounters, type LaneContext, type SharedWork } from '../operators/operator.js';
import type {
  LaneResult,
  LaneTask,
  QueryDescription,
  QueryOptions,
  QueryReference,
  RoundReference,
  RunTask,
  WrittenFile,
} from '../pipeline/lane-task.js';
import { type PipelinePlan, splitIntoPipelines } from '../pipeline/pipeline-plan.js';
import { countLanes, endsItsSink, isEmptyPipeline } from '../pipeline-runs.js';
import { QueryBlock } from '../query-block.js';
import { RecursionRoundsRun } from '../recursion-rounds-run.js';
import { freeBreakerBytes } from '../spill/memory-pressure.js';
import { openSpillDirectory, SpillContext, type SpillOptions } from '../spill/spill-context.js';
import { FileCache } from './file-cache.js';
import { KeptLanes } from './kept-lanes.js';
import { LocalRound } from './local-round.js';
import { type Lane, openLane } from './open-lane.js';
import { Quantum } from './quantum.js';
import { openSharedWork, prepareSharedWork } from './shared-work.js';
import type { SinkRegistry } from './sink-registry.js';

/** Footers that one task reads at the same time. */
const FOOTER_CONCURRENCY = 16;

/** Plans that a thread keeps. */
const MAX_PLANS = 64;

const NOTHING: LaneResult = {
  pipeline: 0,
  done: true,
  hasSharedWork: false,
  awaitsRound: undefined,
  chunks: [],
  files: [],
  error: undefined,
};

/** What one thread has of one query, or of one round of a recursion in it, until that ends. */
interface Workspace {
  readonly owner: number;
  readonly scope: Scope;
  readonly expressions: ExpressionContext;
  readonly spill: SpillContext;
  readonly sinks: SinkRegistry;
  /** What a round leaves to the next; a query has none. */
  readonly kept: KeptLanes | undefined;
}

interface HostedRound extends Workspace {
  readonly round: RoundReference;
  readonly kept: KeptLanes;
}

/** What one thread knows of one query. */
interface HostedQuery extends Workspace {
  readonly description: QueryDescription;
  readonly pipelines: readonly PipelinePlan[];
  readonly block: QueryBlock;
  readonly lanes: Map<string, Lane>;
  /** The parts that lanes take of work they share, by pipeline and lane. */
  readonly shares: Map<string, SharedWork>;
  /** The round that each recursion is in, as far as this thread knows. */
  readonly rounds: Map<number, HostedRound>;
  readonly recursions: RecursionRoundsRun;
}

/** Runs the lanes of queries on the thread it is made on: a worker, or the main thread for queries without a scan. */
export class LaneHost {
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly spillDirectory: SpillDirectory;
  private readonly files = new FileCache();
  private readonly queries = new Map<number, HostedQuery>();
  /** Plans that have run before, by their numbers; the one that was used last is the last. */
  private readonly plans = new Map<number, PhysicalNode>();

  constructor(memory: WebAssembly.Memory, spill: SpillOptions) {
    this.shared = SharedMemory.attach(memory);
    this.kernels = loadKernels(memory);
    this.spillDirectory = openSpillDirectory(this.shared, spill);
  }

  /** Runs a quantum. Errors come back as data: error classes do not survive the way between threads. */
  async run(task: LaneTask): Promise<LaneResult> {
    try {
      for (const queryId of task.ended ?? []) await this.release(queryId);
      if (task.kind === 'release') return NOTHING;
      if (task.kind === 'footers') return { ...NOTHING, footers: await this.readFooters(task.files) };
      if (task.kind === 'statistics') return { ...NOTHING, statistics: await readStatistics(task.request) };
      const query = this.open(task.query);
      for (const id of query.description.userFunctions) await loadUserFunction(id);
      if (task.kind === 'share') return this.share(query, task);
      return await this.runOn(query, task);
    } catch (error) {
      return { ...NOTHING, error: toPlainError(explainTrap(error)) };
    }
  }

  private async readFooters(pins: readonly PinnedFile[]): Promise<ParquetMetadata[]> {
    return await mapConcurrently(pins, FOOTER_CONCURRENCY, async (pin) => {
      const { file, metadata } = await this.files.open(pin);
      await file.close();
      return metadata;
    });
  }

  private open(reference: QueryReference): HostedQuery {
    const known = this.queries.get(reference.id);
    if (known !== undefined) return known;
    const { shared } = this;
    const { options: at, optionsBytes, owner } = reference;
    const options = deserialize(shared.u8.slice(at, at + optionsBytes)) as QueryOptions;
    const description: QueryDescription = { ...options, plan: this.planOf(reference) };
    const block = new QueryBlock(shared, reference.block, description.shape);
    const pipelines = splitIntoPipelines(description.plan);
    const query: HostedQuery = {
      description,
      pipelines,
      block,
      recursions: new RecursionRoundsRun(shared, block, pipelines),
      ...this.createWorkspace(owner, block),
      kept: undefined,
      lanes: new Map(),
      shares: new Map(),
      rounds: new Map(),
    };
    this.queries.set(reference.id, query);
    return query;
  }

  /** The plan of a query. One that runs again is the same object each time, so that what is derived of it is found again. */
  private planOf({ plan: at, planBytes, planNumber }: QueryReference): PhysicalNode {
    const known = this.plans.get(planNumber);
    const plan = known ?? (deserialize(this.shared.u8.slice(at, at + planBytes)) as PhysicalNode);
    if (planNumber === 0) return plan;
    this.plans.delete(planNumber);
    this.plans.set(planNumber, plan);
    if (this.plans.size > MAX_PLANS) this.plans.delete(this.plans.keys().next().value!);
    return plan;
  }

  private createWorkspace(owner: number, block: QueryBlock): Omit<Workspace, 'kept'> {
    const { shared, kernels } = this;
    const scope = new Scope(shared, owner);
    const expressions = new ExpressionContext({ shared, kernels, scope, cancelled: block.addressOfCancelled });
    const spill = new SpillContext(shared, kernels, scope, this.spillDirectory);
    return { owner, scope, expressions, spill, sinks: new Map() };
  }

  /** Where what a task makes belongs. What is known of an earlier round is forgotten: its memory is freed already. */
  private workspaceOf(query: HostedQuery, { round }: RunTask): Workspace {
    if (round === undefined) return query;
    return this.hostRound(query, round);
  }

  private hostRound(query: HostedQuery, round: RoundReference): HostedRound {
    const known = query.rounds.get(round.recursion);
    if (known?.round.number === round.number) return known;
    known?.spill.close();
    const hosted = { round, kept: new KeptLanes(), ...this.createWorkspace(round.owner, query.block) };
    query.rounds.set(round.recursion, hosted);
    return hosted;
  }

  /** A round that this thread runs by itself, or one for all. */
  private beginRound(
    query: HostedQuery,
    recursion: number,
  ): { readonly round: RoundReference; readonly isSmall: boolean } {
    const { recursions } = query;
    const last = query.rounds.get(recursion);
    const goesOn = last?.kept.canBegin === true && freeBreakerBytes(this.shared) > 0 ? last.round : undefined;
    let round = recursions.begin(recursion, goesOn);
    const isSmall = recursions.isSmall(recursion);
    if (!isSmall && goesOn !== undefined) round = recursions.begin(recursion);
    if (isSmall) this.hostRound(query, round).kept.begin();
    return { round, isSmall };
  }

  /** Where the recursion is part of the rounds of another, it will begin anew. */
  private endRounds(query: HostedQuery, recursion: number): void {
    query.recursions.end(recursion);
    query.rounds.get(recursion)?.spill.close();
    query.rounds.delete(recursion);
  }

  private contextOf(query: HostedQuery, workspace: Workspace, { pipeline, lane }: RunTask): LaneContext {
    const { shared, kernels } = this;
    const { block } = query;
    const { scope, owner, expressions, spill } = workspace;
    const unit = { current: 0 };
    return { shared, kernels, scope, owner, expressions, spill, files: this.files, block, pipeline, lane, unit };
  }

  private share(query: HostedQuery, task: RunTask, quantum: Quantum = new Quantum(query.block)): LaneResult {
    const { pipeline, lane } = task;
    const { sink } = query.pipelines[pipeline]!;
    if (sink.kind === 'result') throw bugError('a result leaves no work to share');
    const context = this.contextOf(query, this.workspaceOf(query, task), task);
    const startMs = performance.now();
    const key = `${pipeline} ${lane}`;
    const work = query.shares.get(key) ?? openSharedWork(context, sink);
    query.shares.set(key, work);
    try {
      while (work.next()) {
        if (query.block.cancelled) throw canceledError();
        if (quantum.isOver) return { ...NOTHING, done: false };
      }
      work.close();
      query.shares.delete(key);
      return NOTHING;
    } finally {
      if (query.description.timed) createCounters(context, sink.node.id).add('timeMs', performance.now() - startMs);
    }
  }

  /**
   * Runs a pipeline, and then those that need no other lane: to hear of each, and to ask for the next, would take longer
   * than most of them.
   */
  private async runOn(query: HostedQuery, task: RunTask): Promise<LaneResult> {
    const { shared } = this;
    const { block, pipelines } = query;
    const quantum = new Quantum(block);
    let result = await this.runLane(query, task, quantum);
    for (let next = task.pipeline + 1; next <= task.lastPipeline; next++) {
      if (!result.done || result.hasSharedWork || quantum.isOver) break;
      const plan = pipelines[next]!;
      if (isEmptyPipeline(block, plan)) continue;
      if (countLanes(shared, block, plan) !== 1) break;
      const step = { ...task, pipeline: next, endsSink: endsItsSink(block, pipelines, plan) };
      const more = await this.runLane(query, step, quantum);
      result = { ...more, chunks: [...result.chunks, ...more.chunks], files: [...result.files, ...more.files] };
    }
    return result;
  }

  private async runLane(query: HostedQuery, task: RunTask, quantum: Quantum): Promise<LaneResult> {
    const { pipeline, lane: laneNumber, endsSink } = task;
    const plan = query.pipelines[pipeline]!;
    const workspace = this.workspaceOf(query, task);
    const context = this.contextOf(query, workspace, task);
    const key = `${pipeline} ${laneNumber}`;
    let lane = query.lanes.get(key);
    const { kept } = workspace;
    if (lane === undefined) {
      lane = kept?.take(key, endsSink) ?? openLane(context, plan, endsSink, query.description, workspace.sinks);
      kept?.start(lane.sink);
      query.lanes.set(key, lane);
    }
    const { source, sink } = lane;
    const unfinished = (): LaneResult => ({ ...NOTHING, pipeline, done: false, chunks: lane.takeChunks() });
    while (!lane.isFinished) {
      if (query.block.cancelled) throw canceledError();
      if (lane.round !== undefined) {
        if (!(await this.runRoundHere(query, lane.round, quantum))) return unfinished();
        lane.round = undefined;
      }
      const step = advance(lane);
      if (step !== undefined) await quantum.pauseFor(step);
      if (sink.blocked !== undefined) await sink.blocked;
      if (query.block.isStopped(pipeline)) lane.stop();
      if (!hasMore(lane)) {
        lane.isFinished = true;
        await source.close?.();
        lane.finish();
        if (lane.hasBegunRounds) this.endRounds(query, plan.source.node.id);
      } else if (source.awaitsRound === true && !hasMoreToHandOn(lane)) {
        const { round, isSmall } = this.beginRound(query, plan.source.node.id);
        lane.hasBegunRounds = true;
        if (!isSmall) return { ...unfinished(), awaitsRound: round };
        lane.round = new LocalRound(query.recursions.pipelinesOf(round.recursion), round, task.query);
      } else if (sink.full || quantum.isOver) {
        return unfinished();
      }
    }
    while (lane.finishStep()) {
      if (query.block.cancelled) throw canceledError();
      if (quantum.isOver) return unfinished();
    }
    query.lanes.delete(key);
    kept?.keep(key, lane);
    let files: readonly WrittenFile[] = [];
    if (endsSink) files = (await sink.complete?.()) ?? [];
    const isLast = query.block.finishLane(pipeline);
    const hasSharedWork = isLast && endsSink && prepareSharedWork(context, plan.sink, query.pipelines);
    return { ...NOTHING, pipeline, hasSharedWork, chunks: lane.takeChunks(), files };
  }

  /** A small round takes less time than to tell other threads of it. Answers whether it is over. */
  private async runRoundHere(query: HostedQuery, round: LocalRound, quantum: Quantum): Promise<boolean> {
    for (;;) {
      const task = round.nextTask(query.block, query.pipelines);
      if (task === undefined) return true;
      const result =
        task.kind === 'share' ? this.share(query, task, quantum) : await this.runLane(query, task, quantum);
      if (!result.done) return false;
      round.noteDone(result);
      if (quantum.isOver) return false;
    }
  }

  private async release(queryId: number): Promise<void> {
    const query = this.queries.get(queryId);
    this.queries.delete(queryId);
    if (query === undefined) return;
    // The query has its answer: that its files have changed meanwhile, say, is no reason to leave the rest open.
    const lanes = [...query.lanes.values()].filter((lane) => !lane.isFinished);
    await Promise.allSettled(lanes.map(async ({ source }) => await source.close?.()));
    for (const work of query.shares.values()) work.close();
    const workspaces: readonly Workspace[] = [query, ...query.rounds.values()];
    const sinks = workspaces.flatMap((workspace) => [...workspace.sinks.values()]);
    await Promise.allSettled(sinks.map(async (sink) => await sink.abort?.()));
    for (const { spill } of workspaces) spill.close();
  }
}

/** Makes the next batch of a lane that may have more. */
function advance(lane: Lane): Promise<void> | undefined {
  for (const operator of lane.resumable) {
    if (!operator.hasMore) continue;
    operator.resume();
    return undefined;
  }
  const step = lane.source.step();
  if (typeof step !== 'boolean') return step.then((more) => noteStep(lane, more));
  noteStep(lane, step);
  return undefined;
}

function noteStep(lane: Lane, more: boolean): void {
  lane.isExhausted = !more;
}

function hasMore(lane: Lane): boolean {
  return !lane.isExhausted || hasMoreToHandOn(lane);
}

function hasMoreToHandOn(lane: Lane): boolean {
  return lane.resumable.some((operator) => operator.hasMore);
}

/** A trap in WebAssembly is a bug of ours, whatever its message says. */
function explainTrap(error: unknown): unknown {
  if (error instanceof WebAssembly.RuntimeError)
    return bugError(`a kernel trapped: ${error.message}`, { cause: error });
  return error;
}
