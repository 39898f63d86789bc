import type { Expression } from '../../expression.js';
import { buildJoinGraph } from '../../join-order/join-graph.js';
import { orderGreedily } from '../../join-order/order-greedily.js';
import { columnsOf } from '../../logical/expression-tree.js';
import type { LogicalJoin, LogicalNode } from '../../logical/logical-plan.js';
import { mapInputs, outputIdsOf } from '../../logical/plan-tree.js';
import { estimate } from '../../statistics/estimate.js';
import type { PlanRule } from '../rule.js';
import { filterOver } from './predicate-pushdown.js';

/**
 * Inner joins are reordered as a whole, from estimated rows. Semi and anti joins above them act as filters: those that
 * drop most rows of one relation go down to it, the others stay on top.
 */
export const joinOrder: PlanRule = {
  name: 'join-order',
  description: 'Chooses the order of inner joins and which side is built.',
  traversal: 'plan',
  rewrite: (plan) => reorder(plan),
};

/** A semi or anti join in the role of a filter. */
type SemiFilter = Omit<LogicalJoin, 'left'>;

interface JoinGroup {
  readonly relations: LogicalNode[];
  readonly conjuncts: Expression[];
  readonly filters: SemiFilter[];
}

/** A semi join that keeps at most this share goes below the joins. */
const SELECTIVE = 0.5;

function reorder(node: LogicalNode): LogicalNode {
  if (!isJoinTree(node)) return mapInputs(node, reorder);
  const group: JoinGroup = { relations: [], conjuncts: [], filters: [] };
  collect(node, group);
  return build(group);
}

function isFilteringJoin(node: LogicalNode): node is LogicalJoin {
  return (
    node.kind === 'join' && (node.joinKind === 'semi' || node.joinKind === 'anti' || node.joinKind === 'nullAwareAnti')
  );
}

/** Is there an inner join at the top, below filters and semi joins? */
function isJoinTree(node: LogicalNode): boolean {
  if (node.kind === 'join' && node.joinKind === 'inner') return true;
  if (node.kind === 'filter') return isJoinTree(node.input);
  if (isHandOn(node)) return isJoinTree(node.input);
  return isFilteringJoin(node) && isJoinTree(node.left);
}

/** A projection that only leaves columns out. */
function isHandOn(node: LogicalNode): node is LogicalNode & { kind: 'project' } {
  return (
    node.kind === 'project' &&
    node.items.every(({ column, expression }) => expression.kind === 'column' && expression.column === column.id)
  );
}

function collect(node: LogicalNode, group: JoinGroup): void {
  if (node.kind === 'join' && node.joinKind === 'inner') {
    collect(node.left, group);
    collect(node.right, group);
    group.conjuncts.push(...node.conditions);
  } else if (node.kind === 'filter' && isJoinTree(node.input)) {
    collect(node.input, group);
    group.conjuncts.push(...node.conjuncts);
  } else if (isHandOn(node) && isJoinTree(node.input)) {
    collect(node.input, group);
  } else if (isFilteringJoin(node)) {
    const { left, ...filter } = node;
    collect(left, group);
    group.filters.push({ ...filter, right: reorder(node.right) });
  } else {
    group.relations.push(reorder(node));
  }
}

function build(group: JoinGroup): LogicalNode {
  const relations = [...group.relations];
  const onTop: SemiFilter[] = [];
  for (const filter of group.filters) {
    const target = onlyRelation(filter, relations);
    const filtered = target === undefined ? undefined : ({ ...filter, left: relations[target]! } as LogicalJoin);
    const kept = filtered && estimate(filtered).rows / Math.max(1, estimate(filtered.left).rows);
    if (target !== undefined && kept! <= SELECTIVE) relations[target] = filtered!;
    else onTop.push(filter);
  }
  const joined =
    relations.length === 1
      ? filterOver(relations[0]!, group.conjuncts)
      : orderGreedily(buildJoinGraph(relations, group.conjuncts));
  return onTop.reduce<LogicalNode>((left, filter) => ({ ...filter, left }), joined);
}

/** The one relation whose columns the filter's conditions use. */
function onlyRelation(filter: SemiFilter, relations: readonly LogicalNode[]): number | undefined {
  const used = new Set<number>();
  for (const condition of filter.conditions) {
    for (const id of columnsOf(condition)) {
      const relation = relations.findIndex((candidate) => outputIdsOf(candidate).has(id));
      if (relation >= 0) used.add(relation);
    }
  }
  return used.size === 1 ? [...used][0] : undefined;
}
