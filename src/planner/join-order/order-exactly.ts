import { enumeratePairs } from './enumerate-pairs.js';
import type { JoinPlanner, JoinTree } from './join-planner.js';
import { type RelationSet, setOf } from './relation-set.js';

/**
 * Pairs that are looked at before greedy takes over, about 15 ms of them: chains of any length, a star of 13 relations, ten
 * relations that are all joined to each other. Pairs are counted and not milliseconds, so that a plan does not depend on
 * how busy the machine is.
 */
export const PAIR_BUDGET = 30_000;

/** The cheapest tree by dynamic programming over connected sets; undefined when the budget is spent, or there is none. */
export function orderExactly(planner: JoinPlanner, pairBudget: number = PAIR_BUDGET): JoinTree | undefined {
  const { relations, edges, all } = planner.graph;
  const leaves = relations.map((_, i) => planner.leaf(setOf(i)));
  const best = new Map<RelationSet, JoinTree>(leaves.map((leaf) => [leaf.relations, leaf]));
  let pairs = 0;
  const isComplete = enumeratePairs(relations.length, edges, {
    isJoined: (set) => best.has(set),
    visitPair(one, other) {
      const [left, right] = [best.get(one), best.get(other)];
      const cheaper = left && right && planner.join(left, right, best.get(one | other)?.cost);
      if (cheaper) best.set(cheaper.relations, cheaper);
      return ++pairs <= pairBudget;
    },
  });
  return isComplete ? best.get(all) : undefined;
}
