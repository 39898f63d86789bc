import { resolveAggregateFunction } from '../../functions/registry.js';
import type { AggregateCall, Expression } from '../expression.js';
import type { LogicalAggregate, LogicalColumn } from '../logical/logical-plan.js';
import { outputOf } from '../logical/plan-tree.js';
import { hashable } from './comparable-keys.js';

/** An aggregation as the hash table does it; `columns` are what it returns: keys, then aggregates. */
export interface GroupedByKeys {
  readonly keys: readonly Expression[];
  readonly aggregates: readonly AggregateCall[];
  readonly columns: readonly LogicalColumn[];
}

/** The column of a key that nothing refers to. */
const HIDDEN = -1;

/**
 * Where equal values may be written differently (jsonb), rows are grouped by a key made of the value, and the group shows
 * the first value that it has met.
 */
export function groupedByKeys(node: LogicalAggregate): GroupedByKeys {
  const calls = node.aggregates.map(({ call }) => call);
  const keys = node.groupKeys.map(({ expression }) => hashable(expression));
  const replaced = node.groupKeys.filter(({ expression }, i) => keys[i] !== expression);
  if (replaced.length === 0) return { keys, aggregates: calls, columns: outputOf(node) };
  const shown = replaced.map(({ expression }): AggregateCall => {
    const { overload, returns } = resolveAggregateFunction('any_value', [expression.type]);
    return { overload, type: returns, args: [expression] };
  });
  const keyColumns = node.groupKeys.map(({ column }, i): LogicalColumn => {
    const { type } = keys[i]!;
    return keys[i] === node.groupKeys[i]!.expression ? column : { ...column, id: HIDDEN, type };
  });
  return {
    keys,
    aggregates: [...calls, ...shown],
    columns: [...keyColumns, ...node.aggregates.map(({ column }) => column), ...replaced.map(({ column }) => column)],
  };
}
