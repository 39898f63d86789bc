import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { BIGINT } from '../../types/sql-type.js';
import { expressionKey, refer } from '../logical/expression-tree.js';
import type { ColumnIds, LogicalColumn, LogicalNode } from '../logical/logical-plan.js';
import { compareNumber, numberedRows } from '../logical/numbered-rows.js';
import type { SortKey } from '../physical/physical-plan.js';
import type { SortTarget } from './bind-order-by.js';

const keyOf = (target: SortTarget): string =>
  target.output === undefined ? expressionKey(target.expression!) : `output ${target.output}`;

/** 42P10 where other expressions come in ORDER BY before all of DISTINCT ON have. */
export function checkDistinctOnOrder(
  on: readonly SortTarget[],
  targets: readonly SortTarget[],
  orderBy: readonly Ast.OrderByItem[],
): void {
  const wanted = new Set(on.map(keyOf));
  const seen = new Set<string>();
  for (const [i, target] of targets.entries()) {
    const key = keyOf(target);
    if (wanted.has(key)) {
      seen.add(key);
      continue;
    }
    if (seen.size === wanted.size) return;
    throw userError('42P10', 'SELECT DISTINCT ON expressions must match initial ORDER BY expressions', {
      position: orderBy[i]!.expression.position,
      hint: 'Begin ORDER BY with the expressions of DISTINCT ON; what follows decides which row of each is kept.',
    });
  }
}

/** A plan's rows without those that are not the first, in this order, of those with equal values of some columns. */
export function firstOfEach(
  input: LogicalNode,
  on: readonly LogicalColumn[],
  orderBy: readonly SortKey[],
  ids: ColumnIds,
): LogicalNode {
  const number = ids.column('row_number', BIGINT, false);
  const partitioned = new Set(on.map((column) => column.id));
  const order = orderBy.filter(({ expression }) => expression.kind !== 'column' || !partitioned.has(expression.column));
  return {
    kind: 'filter',
    input: numberedRows(input, on.map(refer), order, number),
    conjuncts: [compareNumber(number, '=', 1)],
  };
}
