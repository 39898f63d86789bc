import type { OrderedOperator } from './conflicts.js';
import { buildsLeft, type JoinSide, joinCost } from './join-cost.js';
import type { JoinGraph } from './join-graph.js';
import { isSubset, overlaps, type RelationSet } from './relation-set.js';
import { SetCardinalities } from './set-cardinalities.js';

/** A relation, or the join of two trees. */
export interface JoinTree extends JoinSide {
  readonly relations: RelationSet;
  /** Nanoseconds of all its joins. */
  readonly cost: number;
  readonly join: TreeJoin | undefined;
}

export interface TreeJoin {
  readonly left: JoinTree;
  readonly right: JoinTree;
  /** Undefined for inner joins. */
  readonly operator: OrderedOperator | undefined;
}

/** Makes the join of two trees, where there is one. */
export class JoinPlanner {
  readonly graph: JoinGraph;
  readonly cardinalities: SetCardinalities;

  constructor(graph: JoinGraph, used: ReadonlySet<number>) {
    this.graph = graph;
    this.cardinalities = new SetCardinalities(graph, used);
  }

  leaf(relations: RelationSet): JoinTree {
    const rows = this.cardinalities.rowsOf(relations);
    const width = this.cardinalities.widthOf(relations);
    const batches = this.cardinalities.batchesOf(relations);
    return { relations, rows, width, batches, cost: 0, join: undefined };
  }

  /**
   * Two trees that an edge connects; undefined where an operator forbids it, two would have to be applied at once, or it
   * does not cost less than `limit`.
   */
  join(one: JoinTree, other: JoinTree, limit: number = Number.POSITIVE_INFINITY): JoinTree | undefined {
    if (one.cost + other.cost >= limit) return undefined;
    const { operators } = this.graph;
    let operator: OrderedOperator | undefined;
    let isTurned = false;
    const relations = one.relations | other.relations;
    for (const candidate of operators) {
      const eligible = candidate.eligibleLeft | candidate.eligibleRight;
      const isDue =
        isSubset(eligible, relations) && !isSubset(eligible, one.relations) && !isSubset(eligible, other.relations);
      if (!isDue) continue;
      if (operator) return undefined;
      const isStraight = isSides(candidate, one.relations, other.relations);
      if (!isStraight && !isSides(candidate, other.relations, one.relations)) return undefined;
      if (candidate.rules.some(({ when, needs }) => overlaps(when, relations) && !isSubset(needs, relations))) {
        return undefined;
      }
      operator = candidate;
      isTurned = !isStraight;
    }
    const keyed = this.isKeyed(one.relations, other.relations);
    return isTurned ? this.tree(other, one, operator, keyed, limit) : this.tree(one, other, operator, keyed, limit);
  }

  private tree(
    left: JoinTree,
    right: JoinTree,
    operator: OrderedOperator | undefined,
    keyed: boolean,
    limit: number,
  ): JoinTree | undefined {
    const relations = left.relations | right.relations;
    const kind = operator?.kind ?? 'inner';
    const rows = this.cardinalities.rowsOf(relations);
    const isLeftBuilt = buildsLeft(kind, left, right);
    const [probe, build] = isLeftBuilt ? [right, left] : [left, right];
    const cost = left.cost + right.cost + joinCost(probe, build, rows, keyed);
    if (cost >= limit) return undefined;
    // Where both sides are alike the one that is built is written on the right.
    const isSwapped = isLeftBuilt && (kind === 'inner' || kind === 'full');
    return {
      relations,
      rows,
      width: kind === 'inner' || kind === 'left' || kind === 'full' ? left.width + right.width : left.width,
      batches: this.cardinalities.batchesOf(relations),
      cost,
      join: isSwapped ? { left: right, right: left, operator } : { left, right, operator },
    };
  }

  private isKeyed(one: RelationSet, other: RelationSet): boolean {
    for (const { left, right, isHashed } of this.graph.edges) {
      if (!isHashed) continue;
      if (isSubset(left, one) && isSubset(right, other)) return true;
      if (isSubset(left, other) && isSubset(right, one)) return true;
    }
    return false;
  }
}

const isSides = ({ eligibleLeft, eligibleRight }: OrderedOperator, left: RelationSet, right: RelationSet): boolean =>
  isSubset(eligibleLeft, left) && isSubset(eligibleRight, right);
