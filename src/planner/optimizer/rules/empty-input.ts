import type { Expression } from '../../expression.js';
import { refer } from '../../logical/expression-tree.js';
import type { LogicalJoin, LogicalNode, LogicalValues } from '../../logical/logical-plan.js';
import { needsWorkingRows } from '../../logical/needs-working-rows.js';
import { outputOf } from '../../logical/plan-tree.js';
import type { NodeRule } from '../rule.js';

/**
 * What is known to have no rows makes most of what stands on it empty too: filters that are never true, joins with an
 * empty side, unions lose the input, and LIMIT 0 wants nothing.
 *
 *     filter false over t   →   values () 0 rows
 */
export const emptyInput: NodeRule = {
  name: 'empty-input',
  description: 'Cuts off parts of a plan that cannot return rows.',
  traversal: 'up',
  rewrite(node) {
    switch (node.kind) {
      case 'filter':
        return isEmpty(node.input) || node.conjuncts.some(isNever) ? emptyLike(node) : undefined;
      case 'scan':
        return node.filters.some(isNever) ? emptyLike(node) : undefined;
      case 'project':
      case 'expand':
      case 'window':
      case 'sort':
        return isEmpty(node.input) ? emptyLike(node) : undefined;
      case 'limit':
        return isEmpty(node.input) || node.limit === 0 ? emptyLike(node) : undefined;
      case 'aggregate':
        return isEmpty(node.input) && node.groupKeys.length > 0 ? emptyLike(node) : undefined;
      case 'join':
        return rewriteJoin(node);
      case 'recursive': {
        if (isEmpty(node.anchor) && needsWorkingRows(node.step, node.number)) return emptyLike(node);
        if (!isEmpty(node.step)) return undefined;
        const first = renamed(node.anchor, node.anchorColumns, node.columns);
        return node.distinct ? distinctRows(first) : first;
      }
      case 'unionAll': {
        const live = node.inputs.flatMap((input, i) => (isEmpty(input) ? [] : [i]));
        if (live.length === node.inputs.length) return undefined;
        if (live.length === 0) return emptyLike(node);
        if (live.length === 1) return renamed(node.inputs[live[0]!]!, node.inputColumns[live[0]!]!, node.columns);
        return {
          ...node,
          inputs: live.map((i) => node.inputs[i]!),
          inputColumns: live.map((i) => node.inputColumns[i]!),
        };
      }
      default:
        return undefined;
    }
  },
};

const isNever = (conjunct: Expression): boolean => conjunct.kind === 'constant' && conjunct.value !== true;

export function isEmpty(node: LogicalNode): boolean {
  return node.kind === 'values' && node.rows.length === 0;
}

function emptyLike(node: LogicalNode): LogicalValues {
  return { kind: 'values', columns: outputOf(node), rows: [] };
}

function renamed(input: LogicalNode, ids: readonly number[], columns: LogicalValues['columns']): LogicalNode {
  return {
    kind: 'project',
    input,
    items: columns.map((column, i) => ({ column, expression: refer({ ...column, id: ids[i]! }) })),
  };
}

function distinctRows(input: LogicalNode): LogicalNode {
  const groupKeys = outputOf(input).map((column) => ({ column, expression: refer(column) }));
  return { kind: 'aggregate', input, groupKeys, aggregates: [] };
}

function rewriteJoin(node: LogicalJoin): LogicalNode | undefined {
  const leftEmpty = isEmpty(node.left);
  const rightEmpty = isEmpty(node.right) || node.conditions.some(isNever);
  switch (node.joinKind) {
    case 'inner':
    case 'semi':
      return leftEmpty || rightEmpty ? emptyLike(node) : undefined;
    case 'anti':
    case 'nullAwareAnti':
      return leftEmpty ? emptyLike(node) : isEmpty(node.right) ? node.left : undefined;
    case 'left':
    case 'single':
    case 'mark':
      return leftEmpty ? emptyLike(node) : undefined;
    case 'full':
      return isEmpty(node.left) && isEmpty(node.right) ? emptyLike(node) : undefined;
  }
}
