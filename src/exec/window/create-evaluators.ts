import type { WindowCall } from '../../planner/window-call.js';
import { FrameAggregateEvaluator, FrameAggregates, RunningAggregateEvaluator } from './aggregate-evaluator.js';
import { aggregatesByFrame } from './framed-aggregates.js';
import { RankEvaluator } from './rank-evaluator.js';
import { ValueEvaluator } from './value-evaluator.js';
import type { WindowContext } from './window-context.js';
import type { WindowEvaluator } from './window-evaluator.js';

const RANKS: ReadonlySet<string> = new Set(['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile']);

/** Evaluators for all functions of a window; aggregates with the same frame are computed together. */
export function createEvaluators(context: WindowContext): WindowEvaluator[] {
  const { functions } = context.node;
  const evaluators: WindowEvaluator[] = [];
  for (const [index, call] of functions.entries()) {
    if (call.aggregate) continue;
    evaluators.push(RANKS.has(call.name) ? new RankEvaluator(context, index) : new ValueEvaluator(context, index));
  }
  for (const same of aggregatesByFrame(functions)) {
    const aggregates = new FrameAggregates(context, same);
    evaluators.push(
      isRunning(functions[same.functions[0]!]!, aggregates)
        ? new RunningAggregateEvaluator(context, aggregates)
        : new FrameAggregateEvaluator(context, aggregates),
    );
  }
  return evaluators;
}

/** Frames that only grow within a partition, of aggregates that do not look at the order of their rows. */
function isRunning({ frame }: WindowCall, { program }: FrameAggregates): boolean {
  return frame.start.kind === 'unboundedPreceding' && frame.exclude === undefined && program.isRunning;
}
