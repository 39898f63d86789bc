import type { Expression } from '../expression.js';
import { columnsOf } from '../logical/expression-tree.js';
import type { LogicalNode } from '../logical/logical-plan.js';
import { outputIdsOf } from '../logical/plan-tree.js';
import type { JoinRegion, RegionTree } from './join-region.js';
import { MOST_RELATIONS } from './relation-set.js';

/**
 * Takes from a region of inner joins as many relations as fit a set, each connected to those before it as long as there
 * are such; the second result is the region that is left, given the plan that joins them.
 */
export function splitRegion(region: JoinRegion): [JoinRegion, (joined: LogicalNode) => JoinRegion] {
  const { relations } = region;
  const { conjuncts } = region.root;
  const usedBy = conjuncts.map((conjunct) => relationsUsed(conjunct, relations));
  const taken = new Set([0]);
  while (taken.size < MOST_RELATIONS) {
    const next = usedBy
      .filter((used) => used.some((relation) => taken.has(relation)))
      .flatMap((used) => used.filter((relation) => !taken.has(relation)));
    taken.add(next[0] ?? relations.findIndex((_, relation) => !taken.has(relation)));
  }
  const isInside = (conjunct: number): boolean => {
    const used = usedBy[conjunct]!;
    return used.length > 0 && used.every((relation) => taken.has(relation));
  };
  const inside = regionOf(
    relations.filter((_, relation) => taken.has(relation)),
    conjuncts.filter((_, conjunct) => isInside(conjunct)),
  );
  const rest = (joined: LogicalNode): JoinRegion =>
    regionOf(
      [joined, ...relations.filter((_, relation) => !taken.has(relation))],
      conjuncts.filter((_, conjunct) => !isInside(conjunct)),
    );
  return [inside, rest];
}

function relationsUsed(conjunct: Expression, relations: readonly LogicalNode[]): number[] {
  const used = [...columnsOf(conjunct)].map((id) => relations.findIndex((relation) => outputIdsOf(relation).has(id)));
  return [...new Set(used)].filter((relation) => relation >= 0);
}

function regionOf(relations: readonly LogicalNode[], conjuncts: readonly Expression[]): JoinRegion {
  const leaves = relations.map((_, relation): RegionTree => ({ kind: 'relation', relation }));
  const tree = leaves.reduce((left, right): RegionTree => ({ kind: 'product', left, right }));
  return { relations, root: { tree, conjuncts } };
}
