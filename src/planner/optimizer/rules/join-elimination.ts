import type { LogicalJoin, LogicalNode } from '../../logical/logical-plan.js';
import { inputsOf, mapInputs, outputIdsOf } from '../../logical/plan-tree.js';
import { duplicatesMatterIn } from '../duplicates.js';
import { type Ids, requiredOfInputs } from '../required-columns.js';
import type { PlanRule } from '../rule.js';
import { matchesAtMostOnce } from '../unique-keys.js';
import { pruneColumns } from './column-pruning.js';

/**
 * An outer join goes that adds no column that is used, and no rows: its other side has at most one match for each row,
 * or any number where repetitions do not matter. A subquery of one value goes if nobody asks for that: as in PostgreSQL,
 * it is no error then to have more. Runs after column-pruning, so that what looks used is.
 *
 *     project a.x over a left join (aggregate by k over b) on a.k = b.k   →   project a.x over a
 */
export const joinElimination: PlanRule = {
  name: 'join-elimination',
  description: 'Drops outer joins that add neither rows nor a column that is used.',
  traversal: 'plan',
  rewrite: (plan) => visit(plan, outputIdsOf(plan), true),
};

function visit(node: LogicalNode, required: Ids, duplicatesMatter: boolean): LogicalNode {
  if (node.kind === 'join' && isRedundant(node, required, duplicatesMatter)) {
    // Its conditions used columns, too.
    return visit(pruneColumns(node.left, required), required, duplicatesMatter);
  }
  const below = requiredOfInputs(node, required);
  const inputs = inputsOf(node);
  return mapInputs(node, (input) =>
    visit(input, below, duplicatesMatterIn(node, inputs.indexOf(input), duplicatesMatter)),
  );
}

function isRedundant(join: LogicalJoin, required: Ids, duplicatesMatter: boolean): boolean {
  if (join.joinKind !== 'left' && join.joinKind !== 'single') return false;
  if ([...outputIdsOf(join.right)].some((id) => required.has(id))) return false;
  return join.joinKind === 'single' || !duplicatesMatter || matchesAtMostOnce(join, 'right');
}
