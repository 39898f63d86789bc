import type { LaneResult, QueryReference, RoundReference, RunTask } from '../pipeline/lane-task.js';
import type { PipelinePlan } from '../pipeline/pipeline-plan.js';
import { endsItsSink, isEmptyPipeline } from '../pipeline-runs.js';
import type { QueryBlock } from '../query-block.js';

/** How far the thread of a recursion has come with a round that it runs by itself: its pipelines, in one lane. */
export class LocalRound {
  private readonly left: PipelinePlan[];
  private readonly round: RoundReference;
  private readonly query: QueryReference;
  private task: RunTask | undefined;

  constructor(pipelines: readonly PipelinePlan[], round: RoundReference, query: QueryReference) {
    this.left = [...pipelines];
    this.round = round;
    this.query = query;
  }

  /** What to go on with; undefined at the end of the round. `pipelines` are all of the query's. */
  nextTask(block: QueryBlock, pipelines: readonly PipelinePlan[]): RunTask | undefined {
    while (this.task === undefined) {
      const next = this.left.shift();
      if (next === undefined) return undefined;
      if (isEmptyPipeline(block, next)) continue;
      block.startLanes(next.index, 1);
      const { query, round } = this;
      const endsSink = endsItsSink(block, pipelines, next);
      const { index } = next;
      this.task = { kind: 'run', query, pipeline: index, lastPipeline: index, lane: 0, endsSink, round };
    }
    return this.task;
  }

  /** The task is done; what it has left to share is left to this lane. */
  noteDone({ hasSharedWork }: LaneResult): void {
    this.task = hasSharedWork && this.task !== undefined ? { ...this.task, kind: 'share' } : undefined;
  }
}
