import type { LogicalJoin, LogicalNode } from '../../logical/logical-plan.js';
import { mapInputs, outputIdsOf } from '../../logical/plan-tree.js';
import { rejectedBy, strictColumns } from '../null-rejection.js';
import type { PlanRule } from '../rule.js';

/**
 * An outer join whose NULL rows cannot survive what stands above it is an inner join (or, for FULL, a left join). Inner
 * joins can be reordered.
 *
 *     filter b.y > 1 over (a left join b)   →   filter b.y > 1 over (a inner join b)
 */
export const outerToInner: PlanRule = {
  name: 'outer-to-inner',
  description: 'Makes inner joins of outer joins whose NULL rows are filtered out above.',
  traversal: 'plan',
  rewrite: (plan) => visit(plan, new Set()),
};

type Ids = ReadonlySet<number>;

function union(...sets: readonly Ids[]): Ids {
  return new Set(sets.flatMap((set) => [...set]));
}

/** `rejected`: rows that are NULL in one of these columns do not matter above. */
function visit(node: LogicalNode, rejected: Ids): LogicalNode {
  switch (node.kind) {
    case 'filter':
      return mapInputs(node, (input) => visit(input, union(rejected, rejectedBy(node.conjuncts))));
    case 'project': {
      const below = node.items.flatMap(({ column, expression }) =>
        rejected.has(column.id) ? [strictColumns(expression)] : [],
      );
      return mapInputs(node, (input) => visit(input, union(...below)));
    }
    case 'aggregate': {
      const below = node.groupKeys.flatMap(({ column, expression }) =>
        rejected.has(column.id) ? [strictColumns(expression)] : [],
      );
      return mapInputs(node, (input) => visit(input, union(...below)));
    }
    case 'sort':
      return mapInputs(node, (input) => visit(input, node.limit === undefined && !node.offset ? rejected : new Set()));
    case 'join':
      return visitJoin(node, rejected);
    default:
      return mapInputs(node, (input) => visit(input, new Set()));
  }
}

function visitJoin(node: LogicalJoin, rejected: Ids): LogicalNode {
  const join = strengthened(node, rejected);
  const byConditions =
    join.nullAware || join.joinKind === 'nullAwareAnti' ? new Set<number>() : rejectedBy(join.conditions);
  let forLeft: Ids = new Set();
  let forRight: Ids = new Set();
  switch (join.joinKind) {
    case 'inner':
    case 'semi':
      forLeft = union(rejected, byConditions);
      forRight = union(rejected, byConditions);
      break;
    case 'left':
    case 'single':
    case 'anti':
    case 'mark':
      forLeft = rejected;
      // A second match of `single` is an error, so its rows must all be there.
      forRight = join.joinKind === 'single' ? new Set() : byConditions;
      break;
    case 'nullAwareAnti':
      forLeft = rejected;
      break;
    case 'full':
      break;
  }
  const left = visit(join.left, forLeft);
  const right = visit(join.right, forRight);
  return left === join.left && right === join.right ? join : { ...join, left, right };
}

function strengthened(node: LogicalJoin, rejected: Ids): LogicalJoin {
  if (node.joinKind !== 'left' && node.joinKind !== 'full') return node;
  const needs = (side: LogicalNode): boolean => [...outputIdsOf(side)].some((id) => rejected.has(id));
  const needsRight = needs(node.right);
  if (node.joinKind === 'left') return needsRight ? { ...node, joinKind: 'inner' } : node;
  const needsLeft = needs(node.left);
  if (needsLeft && needsRight) return { ...node, joinKind: 'inner' };
  if (needsLeft) return { ...node, joinKind: 'left' };
  return needsRight ? { ...node, joinKind: 'left', left: node.right, right: node.left } : node;
}
