import { userError } from '../../common/errors.js';
import { BIGINT } from '../../types/sql-type.js';
import { expressionKey, refer } from '../logical/expression-tree.js';
import type { ColumnIds, LogicalColumn, LogicalNode } from '../logical/logical-plan.js';
import { compareNumber, numberedRows } from '../logical/numbered-rows.js';
import type { SortKey } from '../physical/physical-plan.js';
import type { SortTarget } from './bind-order-by.js';

const keyOf = (target: SortTarget): string =>
  target.output === undefined ? expressionKey(target.expression!) : `output ${target.output}`;

/** 42P10, at the expression of DISTINCT ON, where others come in ORDER BY before it. */
export function checkDistinctOnOrder(on: readonly SortTarget[], targets: readonly SortTarget[]): void {
  const wanted = new Map(on.toReversed().map((target) => [keyOf(target), target]));
  let isOther = false;
  for (const target of targets) {
    const key = keyOf(target);
    const found = wanted.get(key);
    if (found && isOther) throw misplaced(found);
    if (!found) isOther = true;
  }
  const keys = new Set(targets.map(keyOf));
  const missing = on.find((target) => !keys.has(keyOf(target)));
  if (missing && isOther) throw misplaced(missing);
}

function misplaced({ position }: SortTarget): Error {
  return userError('42P10', 'SELECT DISTINCT ON expressions must match initial ORDER BY expressions', {
    position,
    hint: 'Begin ORDER BY with the expressions of DISTINCT ON; what follows decides which row of each is kept.',
  });
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
