import type { WindowCall } from '../../planner/window-call.js';
import { FrameAggregateEvaluator, FrameAggregates, RunningAggregateEvaluator } from './aggregate-evaluator.js';
import { RankEvaluator } from './rank-evaluator.js';
import { ValueEvaluator } from './value-evaluator.js';
import type { WindowContext } from './window-context.js';
import type { WindowEvaluator } from './window-evaluator.js';

const RANKS: ReadonlySet<string> = new Set(['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile']);

/** Evaluators for all functions of a window; aggregates with the same frame are computed together. */
export function createEvaluators(context: WindowContext): WindowEvaluator[] {
  const evaluators: WindowEvaluator[] = [];
  const aggregates = new Map<string, number[]>();
  context.node.functions.forEach((call, index) => {
    if (!call.aggregate) {
      evaluators.push(RANKS.has(call.name) ? new RankEvaluator(context, index) : new ValueEvaluator(context, index));
      return;
    }
    const key = `${call.orderCount} ${JSON.stringify(call.frame)}`;
    aggregates.set(key, [...(aggregates.get(key) ?? []), index]);
  });
  for (const functions of aggregates.values()) {
    const frameAggregates = new FrameAggregates(context, functions);
    const [first] = functions.map((index) => context.node.functions[index]!);
    evaluators.push(
      isRunning(first!, frameAggregates)
        ? new RunningAggregateEvaluator(context, frameAggregates)
        : new FrameAggregateEvaluator(context, frameAggregates),
    );
  }
  return evaluators;
}

/** Frames that only grow within a partition, of aggregates that do not look at the order of their rows. */
function isRunning({ frame }: WindowCall, { program }: FrameAggregates): boolean {
  return frame.start.kind === 'unboundedPreceding' && frame.exclude === undefined && program.isRunning;
}
