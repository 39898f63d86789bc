import type { LogicalJoin, LogicalNode } from '../../logical/logical-plan.js';
import { inputsOf, mapInputs, outputIdsOf } from '../../logical/plan-tree.js';
import { estimate } from '../../statistics/estimate.js';
import { duplicatesMatterIn } from '../duplicates.js';
import { type Ids, requiredOfInputs } from '../required-columns.js';
import type { PlanRule } from '../rule.js';
import { matchesAtMostOnce } from '../unique-keys.js';
import { pruneColumns } from './column-pruning.js';

/**
 * Where it does not matter how often a row occurs, a join with a side of which no column is used only asks whether there
 * is a match: a semi join, which returns each row once. A side that is larger than the other stays joined: the order of
 * inner joins is chosen by cost, and semi joins follow it.
 *
 *     aggregate by a.x over (a join b on a.k = b.k)   →   aggregate by a.x over (a semi join b on a.k = b.k)
 */
export const distinctToSemi: PlanRule = {
  name: 'distinct-to-semi',
  description: 'Makes semi joins of joins below DISTINCT whose other side is not used.',
  traversal: 'plan',
  rewrite: (plan, { isForced }) => visit(plan, outputIdsOf(plan), true, isForced),
};

function visit(node: LogicalNode, required: Ids, duplicatesMatter: boolean, isForced: boolean = false): LogicalNode {
  const semi = node.kind === 'join' && !duplicatesMatter ? asSemi(node, required, isForced) : undefined;
  if (semi) return visit(pruneColumns(semi, required), required, duplicatesMatter, isForced);
  const below = requiredOfInputs(node, required);
  const inputs = inputsOf(node);
  // A minimum or maximum ignores repetitions as well, but a join computes it together with other aggregates.
  const isAggregating = node.kind === 'aggregate' && node.aggregates.length > 0;
  return mapInputs(node, (input) =>
    visit(input, below, isAggregating || duplicatesMatterIn(node, inputs.indexOf(input), duplicatesMatter), isForced),
  );
}

function asSemi(join: LogicalJoin, required: Ids, isForced: boolean): LogicalJoin | undefined {
  if (join.joinKind !== 'inner' || join.conditions.length === 0) return undefined;
  const { left, right, conditions } = join;
  if (isOnlyAsked(join, 'right', required, isForced))
    return { kind: 'join', joinKind: 'semi', left, right, conditions };
  if (!isOnlyAsked(join, 'left', required, isForced)) return undefined;
  return { kind: 'join', joinKind: 'semi', left: right, right: left, conditions };
}

function isOnlyAsked(join: LogicalJoin, side: 'left' | 'right', required: Ids, isForced: boolean): boolean {
  const other = side === 'left' ? join.right : join.left;
  if ([...outputIdsOf(join[side])].some((id) => required.has(id))) return false;
  // A side that matches once multiplies nothing.
  if (matchesAtMostOnce(join, side)) return false;
  return isForced || estimate(join[side]).rows <= estimate(other).rows;
}
