import { BIGINT, BOOLEAN } from '../../types/sql-type.js';
import type { ComparisonOperator, Expression } from '../expression.js';
import type { SortKey } from '../physical/physical-plan.js';
import { DEFAULT_FRAME } from '../window-call.js';
import { refer } from './expression-tree.js';
import type { LogicalColumn, LogicalNode, LogicalWindow } from './logical-plan.js';

/** Adds the number of each row within its partition, or its rank, in a column. */
export function numberedRows(
  input: LogicalNode,
  partitionBy: readonly Expression[],
  orderBy: readonly SortKey[],
  number: LogicalColumn,
  name: 'row_number' | 'rank' = 'row_number',
): LogicalWindow {
  const call = { name, type: BIGINT, args: [], frame: DEFAULT_FRAME, orderCount: orderBy.length };
  return { kind: 'window', input, partitionBy, orderBy, functions: [{ column: number, call }] };
}

export function compareNumber(column: LogicalColumn, operator: ComparisonOperator, count: number): Expression {
  const right: Expression = { kind: 'constant', type: BIGINT, value: BigInt(count) };
  return { kind: 'comparison', type: BOOLEAN, operator, left: refer(column), right };
}
