import type { Expression } from '../expression.js';
import { equals, refer } from '../logical/expression-tree.js';
import type { LogicalJoin, LogicalNode } from '../logical/logical-plan.js';
import { filterOver } from '../optimizer/rules/predicate-pushdown.js';
import { recordEstimate } from '../statistics/estimate.js';
import type { JoinGraph } from './join-graph.js';
import type { JoinPlanner, JoinTree } from './join-planner.js';
import { isSubset, lowestRelation, overlaps, type RelationSet, setOf } from './relation-set.js';

/** The plan that joins in the order of a tree; its nodes are estimated as the sets of relations are. */
export function planOfTree(tree: JoinTree, planner: JoinPlanner): LogicalNode {
  const { graph, cardinalities } = planner;
  if (!tree.join) return graph.relations[lowestRelation(tree.relations)]!;
  const { left, right, operator } = tree.join;
  const inputs = { left: planOfTree(left, planner), right: planOfTree(right, planner) };
  const due = conditionsBetween(graph, left.relations, right.relations);
  const join: LogicalJoin = operator
    ? { ...operator.join, ...inputs }
    : { kind: 'join', joinKind: 'inner', ...inputs, conditions: due };
  const node = operator ? filterOver(join, due) : join;
  recordEstimate(node, cardinalities.estimateOf(tree.relations));
  return node;
}

/**
 * The conditions under which two parts of a tree meet: for each class one equality (the others follow from it), and the
 * predicates that become decidable with both parts together.
 */
function conditionsBetween(graph: JoinGraph, left: RelationSet, right: RelationSet): Expression[] {
  const both = left | right;
  const conditions: Expression[] = [];
  for (const { classes, predicates } of graph.scopes.values()) {
    for (const members of classes) {
      const ofLeft = members.find(({ relation }) => overlaps(left, setOf(relation)));
      const ofRight = members.find(({ relation }) => overlaps(right, setOf(relation)));
      if (ofLeft && ofRight) conditions.push(equals(refer(ofLeft.column), refer(ofRight.column)));
    }
    for (const { expression, eligible } of predicates) {
      const isDue = isSubset(eligible, both) && !isSubset(eligible, left) && !isSubset(eligible, right);
      if (isDue) conditions.push(expression);
    }
  }
  return conditions;
}
