import type { JoinPlanner, JoinTree } from './join-planner.js';
import { isSubset, type RelationSet, setOf } from './relation-set.js';

/**
 * Greedy operator ordering (Fegaras 1998): always the join with the fewest result rows next, bushy trees included. Undefined
 * where the operators leave no join though not all relations are joined.
 */
export function orderGreedily(planner: JoinPlanner): JoinTree | undefined {
  let parts = planner.graph.relations.map((_, i) => planner.leaf(setOf(i)));
  let candidates = parts.flatMap((one, i) => parts.slice(i + 1).flatMap((other) => candidateOf(planner, one, other)));
  while (parts.length > 1) {
    const [first, ...others] = candidates;
    if (!first) return undefined;
    const best = others.reduce((chosen, candidate) => (isBetter(candidate, chosen) ? candidate : chosen), first);
    const isLeft = ({ relations }: JoinTree): boolean => !isSubset(relations, best.relations);
    parts = parts.filter(isLeft);
    candidates = candidates.filter(({ join }) => isLeft(join!.left) && isLeft(join!.right));
    candidates.push(...parts.flatMap((part) => candidateOf(planner, best, part)));
    parts.push(best);
  }
  return parts[0];
}

function candidateOf(planner: JoinPlanner, one: JoinTree, other: JoinTree): JoinTree[] {
  if (!isConnected(planner, one.relations, other.relations)) return [];
  const tree = planner.join(one, other);
  return tree ? [tree] : [];
}

function isConnected(planner: JoinPlanner, one: RelationSet, other: RelationSet): boolean {
  return planner.graph.edges.some(
    ({ left, right }) =>
      (isSubset(left, one) && isSubset(right, other)) || (isSubset(left, other) && isSubset(right, one)),
  );
}

function isBetter(candidate: JoinTree, than: JoinTree): boolean {
  return candidate.rows !== than.rows ? candidate.rows < than.rows : candidate.cost < than.cost;
}
