import { enumeratePairs } from './enumerate-pairs.js';
import type { JoinGraph } from './join-graph.js';
import type { JoinPlanner, JoinTree } from './join-planner.js';
import { type RelationSet, setOf } from './relation-set.js';

/**
 * Pairs that are looked at before greedy takes over, about 15 ms of them: chains of any length, a star of 13 relations, ten
 * relations that are all joined to each other. Pairs are counted first, and not milliseconds, so that a plan does not
 * depend on how busy the machine is.
 */
export const PAIR_BUDGET = 30_000;
/** The search ends after this, too, however few pairs it has seen: no machine is that slow unless something is wrong. */
export const TIME_BUDGET_MS = 100;
/** Fewer relations stay below the budget, however they are joined: there are (3 ** n - 2 ** (n + 1) + 1) / 2 pairs. */
const FEWEST_COUNTED = 11;
/** Reading the clock costs as much as a cheap pair. */
const PAIRS_PER_LOOK = 256;

export interface SearchBudget {
  readonly pairs: number;
  readonly milliseconds: number;
  /** Milliseconds since some time. */
  readonly now: () => number;
}

const BUDGET: SearchBudget = { pairs: PAIR_BUDGET, milliseconds: TIME_BUDGET_MS, now: () => performance.now() };

/** The cheapest tree by dynamic programming over connected sets; undefined when the budget is spent, or there is none. */
export function orderExactly(planner: JoinPlanner, budget: SearchBudget = BUDGET): JoinTree | undefined {
  const { relations, edges, all } = planner.graph;
  if (isBeyond(planner.graph, budget.pairs)) return undefined;
  const leaves = relations.map((_, i) => planner.leaf(setOf(i)));
  const best = new Map<RelationSet, JoinTree>(leaves.map((leaf) => [leaf.relations, leaf]));
  const end = budget.now() + budget.milliseconds;
  let pairs = 0;
  const isComplete = enumeratePairs(relations.length, edges, {
    isJoined: (set) => best.has(set),
    visitPair(one, other) {
      const [left, right] = [best.get(one), best.get(other)];
      const cheaper = left && right && planner.join(left, right, best.get(one | other)?.cost);
      if (cheaper) best.set(cheaper.relations, cheaper);
      pairs++;
      return pairs <= budget.pairs && (pairs % PAIRS_PER_LOOK !== 0 || budget.now() < end);
    },
  });
  return isComplete ? best.get(all) : undefined;
}

/** Where every connected pair has a join, all can be counted before any is made: a search that will not end costs little. */
function isBeyond({ relations, edges, operators }: JoinGraph, pairs: number): boolean {
  if (relations.length < FEWEST_COUNTED || operators.length > 0) return false;
  const joined = new Set<RelationSet>(relations.map((_, i) => setOf(i)));
  let count = 0;
  return !enumeratePairs(relations.length, edges, {
    isJoined: (set) => joined.has(set),
    visitPair(one, other) {
      joined.add(one | other);
      return ++count <= pairs;
    },
  });
}
