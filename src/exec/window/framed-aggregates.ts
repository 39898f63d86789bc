import { oncePer } from '../../common/once-per.js';
import type { AggregateCall } from '../../planner/expression.js';
import type { WindowCall } from '../../planner/window-call.js';

/** Aggregates of a window with the same frame and the same peers, which are computed together. */
export interface FramedAggregates {
  /** Their places among the functions of the window. */
  readonly functions: readonly number[];
  readonly calls: readonly AggregateCall[];
}

/** The aggregates among the functions of a window. */
export const aggregatesByFrame: (functions: readonly WindowCall[]) => readonly FramedAggregates[] = oncePer(
  (functions) => {
    const found = new Map<string, { functions: number[]; calls: AggregateCall[] }>();
    for (const [index, { aggregate, orderCount, frame }] of functions.entries()) {
      if (!aggregate) continue;
      const key = `${orderCount} ${JSON.stringify(frame)}`;
      const same = found.get(key) ?? { functions: [], calls: [] };
      found.set(key, same);
      same.functions.push(index);
      same.calls.push(aggregate);
    }
    return [...found.values()];
  },
);
