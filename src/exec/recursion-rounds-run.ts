import { resourceError } from '../common/errors.js';
import type { SharedMemory } from '../vector/shared-memory.js';
import { JOIN_DEFERRED, JOIN_OWNER } from './operators/join-layout.js';
import type { RoundReference } from './pipeline/lane-task.js';
import type { PipelinePlan } from './pipeline/pipeline-plan.js';
import { countMorsels } from './pipeline-runs.js';
import type { QueryBlock } from './query-block.js';

/** Word of a recursion's node: the owner of its present round. */
const ROUND_OWNER = 0;

/**
 * The rounds of the recursions of a query: their pipelines run again in each, as if for the first time, with memory that
 * ends with the round. Rows that a round has made can be read until the next begins. Kept by the thread where the lanes
 * of recursions are.
 */
export class RecursionRoundsRun {
  private readonly shared: SharedMemory;
  private readonly block: QueryBlock;
  private readonly pipelines: readonly PipelinePlan[];
  /** Rounds of all recursions so far. */
  private count = 0;

  constructor(shared: SharedMemory, block: QueryBlock, pipelines: readonly PipelinePlan[]) {
    this.shared = shared;
    this.block = block;
    this.pipelines = pipelines;
  }

  /** What runs in a round, one after the other. */
  pipelinesOf(recursion: number): PipelinePlan[] {
    return this.pipelines.filter((pipeline) => pipeline.recursion === recursion);
  }

  /** Ends the round before, and prepares for the next; `goesOn`: with what the one before has left in memory. */
  begin(recursion: number, goesOn?: RoundReference): RoundReference {
    const { shared, block } = this;
    const pipelines = this.pipelinesOf(recursion);
    this.assertKept(pipelines);
    if (goesOn === undefined) this.end(recursion);
    const owner = goesOn?.owner ?? shared.createOwner();
    for (const { index, source, steps, sink } of pipelines) {
      block.resetPipeline(index);
      if (sink.kind !== 'result') block.resetNode(sink.node.id);
      // What shared rows and joins are known by belongs to the sinks that make them.
      if (LEAVES.has(source.kind)) block.resetNode(source.node.id);
      for (const step of steps) if (step.kind !== 'hashJoin') block.resetNode(step.id);
      if (sink.kind === 'build') block.setWord(sink.node.id, JOIN_OWNER, owner);
    }
    block.setWord(recursion, ROUND_OWNER, owner);
    if (goesOn !== undefined) return goesOn;
    this.count++;
    return { recursion, number: this.count, owner };
  }

  /** Frees the memory of the last round. */
  end(recursion: number): void {
    freeRound(this.shared, this.block, recursion);
  }

  /** Is there so little in a round that no other lane could help with it? */
  isSmall(recursion: number): boolean {
    return this.pipelinesOf(recursion).every((pipeline) => {
      const { kind } = pipeline.source;
      if (kind === 'rounds' || kind === 'scan' || kind === 'textScan') return false;
      const isKnown = kind === 'workingTable' || kind === 'shared' || kind === 'generateSeries';
      return !isKnown || countMorsels(this.shared, this.block, pipeline) <= 1;
    });
  }

  /** Each round would read again what was moved to disk. */
  private assertKept(pipelines: readonly PipelinePlan[]): void {
    const built = new Set(pipelines.flatMap(({ sink }) => (sink.kind === 'build' ? [sink.node.id] : [])));
    for (const { id, kind } of pipelines.flatMap(({ steps }) => steps)) {
      if (kind === 'hashJoin' && !built.has(id)) assertInMemory(this.block, id);
    }
  }
}

/** Frees what a query that is ended leaves of its rounds. */
export function freeRounds(shared: SharedMemory, block: QueryBlock, pipelines: readonly PipelinePlan[]): void {
  for (const { source } of pipelines) if (source.kind === 'rounds') freeRound(shared, block, source.node.id);
}

function freeRound(shared: SharedMemory, block: QueryBlock, recursion: number): void {
  const owner = block.getWord(recursion, ROUND_OWNER);
  if (owner !== 0) shared.freeOwner(owner);
  block.setWord(recursion, ROUND_OWNER, 0);
}

/** 53200 where the table of a join that a recursion probes in each round did not fit the memory. */
export function assertInMemory(block: QueryBlock, join: number): void {
  if (block.getWord(join, JOIN_DEFERRED) === 0) return;
  throw resourceError('53200', 'out of memory: the tables that a recursive query joins must fit the memory', {
    hint: 'Raise millrace.memory_limit, or join fewer rows and columns in the recursive term.',
  });
}

/** Sources that keep words of their own, not those of a sink. */
const LEAVES: ReadonlySet<PipelinePlan['source']['kind']> = new Set([
  'scan',
  'textScan',
  'values',
  'generateSeries',
  'recursive',
  'rounds',
]);
