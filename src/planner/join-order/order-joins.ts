import { expressionKey } from '../logical/expression-tree.js';
import type { LogicalNode } from '../logical/logical-plan.js';
import { mapInputs } from '../logical/plan-tree.js';
import { estimate, recordEstimate } from '../statistics/estimate.js';
import { buildJoinGraph } from './join-graph.js';
import type { JoinOrderNote } from './join-order-note.js';
import { JoinPlanner, type JoinTree } from './join-planner.js';
import { collectRegion, isHandOn, type JoinRegion, type RegionTree } from './join-region.js';
import { orderExactly } from './order-exactly.js';
import { orderGreedily } from './order-greedily.js';
import { planOfTree } from './plan-of-tree.js';
import { MOST_RELATIONS, setOf } from './relation-set.js';
import { splitRegion } from './split-region.js';

/**
 * The region at the top of a plan in a better order; the plans below it go through `change` first. `used` are the columns
 * that anything but the filters of scans refers to.
 */
export function orderJoins(
  node: LogicalNode,
  used: ReadonlySet<number>,
  change: (below: LogicalNode) => LogicalNode,
): LogicalNode {
  const region = collectRegion(node);
  if (region.relations.length > MOST_RELATIONS) return orderMany(node, used, change);
  const changed = { ...region, relations: region.relations.map(change) };
  const ordered = orderRegion(changed, used);
  return ordered ? withIdentity(node, ordered) : mapInputs(node, change);
}

/** Undefined where no order was found, and the one that was written must do. */
function orderRegion(region: JoinRegion, used: ReadonlySet<number>): LogicalNode | undefined {
  const graph = buildJoinGraph(region);
  const planner = new JoinPlanner(graph, used);
  const tree = orderExactly(planner) ?? orderGreedily(planner);
  return tree && withNote(planOfTree(tree, planner), noteOf(tree, region, planner));
}

function noteOf(tree: JoinTree, { root, relations }: JoinRegion, planner: JoinPlanner): JoinOrderNote {
  return { relations: relations.length, cost: tree.cost, writtenCost: writtenTree(root.tree, planner)?.cost };
}

/** The joins in the order in which they were written. */
function writtenTree(tree: RegionTree, planner: JoinPlanner): JoinTree | undefined {
  if (tree.kind === 'relation') return planner.leaf(setOf(tree.relation));
  const left = writtenTree(tree.left, planner);
  const right = writtenTree(tree.kind === 'product' ? tree.right : tree.right.tree, planner);
  return left && right && planner.join(left, right);
}

/** The top join has the note; a filter may stand above it. */
function withNote(node: LogicalNode, order: JoinOrderNote): LogicalNode {
  if (node.kind !== 'join' && node.kind !== 'filter') return node;
  const noted = node.kind === 'join' ? { ...node, order } : { ...node, input: withNote(node.input, order) };
  recordEstimate(noted, estimate(node));
  return noted;
}

/** Relations that do not fit a set: operators stay where they are, and inner joins are ordered a part at a time. */
function orderMany(
  node: LogicalNode,
  used: ReadonlySet<number>,
  change: (below: LogicalNode) => LogicalNode,
): LogicalNode {
  const region = collectRegion(node, false);
  if (region.relations.length === 1) return mapInputs(node, change);
  const relations = region.relations.map(change);
  return orderParts({ ...region, relations }, used) ?? mapInputs(node, change);
}

function orderParts(region: JoinRegion, used: ReadonlySet<number>): LogicalNode | undefined {
  if (region.relations.length <= MOST_RELATIONS) return orderRegion(region, used);
  const [part, rest] = splitRegion(region);
  const ordered = orderRegion(part, used);
  return ordered && orderParts(rest(ordered), used);
}

/** What came out as it was is what it was. */
function withIdentity(before: LogicalNode, after: LogicalNode): LogicalNode {
  if (isHandOn(before)) {
    const input = withIdentity(before.input, after);
    return input === before.input ? before : after;
  }
  if (before === after || before.kind !== 'join' || after.kind !== 'join') return after;
  if (before.joinKind !== after.joinKind || before.conditions.length !== after.conditions.length) return after;
  const left = withIdentity(before.left, after.left);
  const right = withIdentity(before.right, after.right);
  const isSame = before.conditions.every((one, i) => expressionKey(one) === expressionKey(after.conditions[i]!));
  if (!isSame || left !== before.left || right !== before.right) return after;
  recordEstimate(before, estimate(after));
  return before;
}
