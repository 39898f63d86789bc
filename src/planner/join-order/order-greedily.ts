import type { LogicalJoin, LogicalNode } from '../logical/logical-plan.js';
import { filterOver } from '../optimizer/rules/predicate-pushdown.js';
import { estimate, rowWidth } from '../statistics/estimate.js';
import { conditionsBetween, conditionsWithin, type JoinGraph } from './join-graph.js';

/** Chooses the order in which the relations of a graph are joined. */
export type OrderJoins = (graph: JoinGraph) => LogicalNode;

/** A joined part of the graph. */
interface Part {
  readonly node: LogicalNode;
  readonly relations: ReadonlySet<number>;
}

interface Candidate {
  readonly left: Part;
  readonly right: Part;
  readonly node: LogicalJoin;
  readonly connected: boolean;
}

/**
 * Greedy operator ordering (Fegaras 1998): always the join with the fewest result rows next, bushy trees included. No
 * cross product as long as a predicate connects two parts.
 */
export const orderGreedily: OrderJoins = (graph) => {
  let parts = graph.relations.map(
    (relation, i): Part => ({ node: filterOver(relation, conditionsWithin(graph, i)), relations: new Set([i]) }),
  );
  let candidates = pairsOf(parts).map(([left, right]) => candidateOf(graph, left, right));
  while (parts.length > 1) {
    const best = candidates.reduce((chosen, candidate) => (isBetter(candidate, chosen) ? candidate : chosen));
    const joined: Part = { node: best.node, relations: new Set([...best.left.relations, ...best.right.relations]) };
    const others = parts.filter((part) => part !== best.left && part !== best.right);
    const isLive = (part: Part): boolean => part !== best.left && part !== best.right;
    candidates = [
      ...candidates.filter(({ left, right }) => isLive(left) && isLive(right)),
      ...others.map((part) => candidateOf(graph, joined, part)),
    ];
    parts = [...others, joined];
  }
  return parts[0]!.node;
};

function pairsOf(parts: readonly Part[]): [Part, Part][] {
  return parts.flatMap((left, i) => parts.slice(i + 1).map((right): [Part, Part] => [left, right]));
}

/** The side that makes the smaller hash table is built: the right one. */
function candidateOf(graph: JoinGraph, one: Part, other: Part): Candidate {
  const bytes = (part: Part): number => estimate(part.node).rows * rowWidth(part.node);
  const [left, right] = bytes(one) >= bytes(other) ? [one, other] : [other, one];
  const conditions = conditionsBetween(graph, left.relations, right.relations);
  const node: LogicalJoin = { kind: 'join', joinKind: 'inner', left: left.node, right: right.node, conditions };
  return { left, right, node, connected: conditions.length > 0 || estimate(right.node).rows <= 1 };
}

function isBetter(candidate: Candidate, than: Candidate): boolean {
  if (candidate.connected !== than.connected) return candidate.connected;
  const rows = estimate(candidate.node).rows;
  const otherRows = estimate(than.node).rows;
  if (rows !== otherRows) return rows < otherRows;
  return inputRows(candidate) < inputRows(than);
}

const inputRows = ({ left, right }: Candidate): number => estimate(left.node).rows + estimate(right.node).rows;
