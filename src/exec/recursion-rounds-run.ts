import { resourceError } from '../common/errors.js';
import type { SharedMemory } from '../vector/shared-memory.js';
import { JOIN_DEFERRED, JOIN_OWNER } from './operators/join-layout.js';
import type { RoundReference } from './pipeline/lane-task.js';
import type { PipelinePlan } from './pipeline/pipeline-plan.js';
import type { QueryBlock } from './query-block.js';

/** What runs in each round of a recursion. */
interface Rounds {
  readonly pipelines: readonly PipelinePlan[];
  current: RoundReference | undefined;
}

/**
 * The rounds of the recursions of a query: their pipelines run again in each, as if for the first time, with memory that
 * ends with the round. Rows that a round has made can be read until the next begins.
 */
export class RecursionRoundsRun {
  private readonly shared: SharedMemory;
  private readonly block: QueryBlock;
  private readonly byRecursion = new Map<number, Rounds>();

  constructor(shared: SharedMemory, block: QueryBlock, pipelines: readonly PipelinePlan[]) {
    this.shared = shared;
    this.block = block;
    for (const { source } of pipelines) {
      if (source.kind !== 'rounds') continue;
      const own = pipelines.filter(({ recursion }) => recursion === source.node.id);
      this.byRecursion.set(source.node.id, { pipelines: own, current: undefined });
    }
  }

  /** Ends the round before, and prepares for the next; returns what has to run in it. */
  begin(recursion: number): readonly PipelinePlan[] {
    const rounds = this.byRecursion.get(recursion)!;
    const { pipelines, current } = rounds;
    this.assertKept(pipelines);
    this.end(recursion);
    const owner = this.shared.createOwner();
    rounds.current = { recursion, number: (current?.number ?? 0) + 1, owner };
    for (const { index, source, steps, sink } of pipelines) {
      this.block.resetPipeline(index);
      if (sink.kind !== 'result') this.block.resetNode(sink.node.id);
      // What shared rows and joins are known by belongs to the sinks that make them.
      if (LEAVES.has(source.kind)) this.block.resetNode(source.node.id);
      for (const step of steps) if (step.kind !== 'hashJoin') this.block.resetNode(step.id);
      if (sink.kind === 'build') this.block.setWord(sink.node.id, JOIN_OWNER, owner);
    }
    return pipelines;
  }

  /** The round that a pipeline runs in now. */
  of({ recursion }: PipelinePlan): RoundReference | undefined {
    return recursion === undefined ? undefined : this.byRecursion.get(recursion)!.current;
  }

  /** Frees the memory of the last round. */
  end(recursion: number): void {
    const { current } = this.byRecursion.get(recursion)!;
    if (current !== undefined) this.shared.freeOwner(current.owner);
  }

  endAll(): void {
    for (const recursion of this.byRecursion.keys()) this.end(recursion);
  }

  /** Each round would read again what was moved to disk. */
  private assertKept(pipelines: readonly PipelinePlan[]): void {
    const built = new Set(pipelines.flatMap(({ sink }) => (sink.kind === 'build' ? [sink.node.id] : [])));
    for (const { id, kind } of pipelines.flatMap(({ steps }) => steps)) {
      if (kind === 'hashJoin' && !built.has(id)) assertInMemory(this.block, id);
    }
  }
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
