import { functionOf } from '../format-expression.js';
import type { LogicalAggregate, LogicalNode } from '../logical/logical-plan.js';
import { expressionsOf } from '../logical/plan-tree.js';
import { isVolatile } from './volatility.js';

/** Aggregates that are the same however often a row occurs. */
const IGNORES_REPETITION: ReadonlySet<string> = new Set([
  ...['min', 'max', 'bool_and', 'bool_or', 'bit_and', 'bit_or', 'any_value'],
  ...['arg_min', 'arg_max', 'min_by', 'max_by', 'approx_count_distinct'],
]);

function ignoresRepetition(node: LogicalAggregate): boolean {
  return node.aggregates.every(({ call, distinct }) => distinct || IGNORES_REPETITION.has(functionOf(call.overload)));
}

/**
 * Does it matter, for the rows that a node returns, how often the rows of its `index`th input occur? `matters`: whether
 * it does for the node's own rows.
 */
export function duplicatesMatterIn(node: LogicalNode, index: number, matters: boolean): boolean {
  if (expressionsOf(node).some(isVolatile)) return true;
  switch (node.kind) {
    case 'aggregate':
      return !ignoresRepetition(node);
    case 'expand':
    case 'unnest':
    case 'filter':
    case 'project':
    case 'unionAll':
      return matters;
    case 'sort':
      return node.limit !== undefined || node.offset !== undefined || matters;
    case 'join':
      switch (node.joinKind) {
        case 'semi':
        case 'anti':
        case 'nullAwareAnti':
        case 'mark':
          return index === 0 && matters;
        case 'single':
          return index === 1 || matters;
        default:
          return matters;
      }
    default:
      return true;
  }
}
