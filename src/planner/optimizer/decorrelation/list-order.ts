import { aggregateOverload } from '../../../functions/registry.js';
import { BIGINT } from '../../../types/sql-type.js';
import type { AggregateCall } from '../../expression.js';
import { refer } from '../../logical/expression-tree.js';
import type { LogicalAggregate, LogicalColumn, LogicalNode } from '../../logical/logical-plan.js';
import { numberedRows } from '../../logical/numbered-rows.js';
import type { Decorrelation } from './pulled.js';

/**
 * No order outlives the join that a correlated subquery becomes. Lists of rows that a subquery has sorted, such as
 * `array_agg(x)` over `(select x from t where … order by x)`, are ordered by the numbers that rows have there.
 */
export function withListOrder(node: LogicalAggregate, { context }: Decorrelation): LogicalAggregate {
  if (!node.aggregates.some(({ call }) => showsOrder(call))) return node;
  const number = context.ids.column('row_number', BIGINT, false);
  const input = numberedInput(node.input, number);
  if (!input) return node;
  const order = { by: 'key', descending: false, nullsFirst: false } as const;
  const aggregates = node.aggregates.map((item) => {
    const { call } = item;
    return showsOrder(call) ? { ...item, call: { ...call, args: [...call.args, refer(number)], order } } : item;
  });
  return { ...node, input, aggregates };
}

function showsOrder({ overload, order }: AggregateCall): boolean {
  return aggregateOverload(overload).ordered === 'list' && !order;
}

/** With numbers in a column; undefined where no subquery has sorted the rows. */
function numberedInput(node: LogicalNode, number: LogicalColumn): LogicalNode | undefined {
  switch (node.kind) {
    case 'sort':
      if (node.limit !== undefined || node.offset !== undefined) return undefined;
      return numberedRows(node.input, [], node.keys, number);
    case 'filter': {
      const input = numberedInput(node.input, number);
      return input && { ...node, input };
    }
    case 'project': {
      const input = numberedInput(node.input, number);
      return input && { ...node, input, items: [...node.items, { column: number, expression: refer(number) }] };
    }
    default:
      return undefined;
  }
}
