import type { ConstantValue, Expression } from '../../expression.js';
import type { LogicalFilter, LogicalWindow, WindowLimit } from '../../logical/logical-plan.js';
import type { NodeRule } from '../rule.js';
import { filterOver } from './predicate-pushdown.js';

/**
 * Where only the first rows of each partition are wanted, the others need not be handed on, nor kept while rows are
 * sorted: a filter on the number or rank of rows becomes a limit of the window. Only where every function of it is one
 * of these, for they do not look at later rows.
 *
 *     filter n <= 3 over (window row_number() as n by a)   →   window row_number() as n by a limit n 3
 */
export const windowLimit: NodeRule = {
  name: 'window-limit',
  description: 'Makes a filter on row_number or rank a limit of the window.',
  traversal: 'up',
  rewrite(node) {
    if (node.kind !== 'filter' || node.input.kind !== 'window') return undefined;
    return limited(node, node.input);
  },
};

const LIMITABLE: ReadonlySet<string> = new Set(['row_number', 'rank', 'dense_rank']);

function limited(filter: LogicalFilter, window: LogicalWindow): LogicalWindow | LogicalFilter | undefined {
  if (!window.functions.every(({ call }) => LIMITABLE.has(call.name))) return undefined;
  const numbers = new Set(window.functions.map(({ column }) => column.id));
  const found = filter.conjuncts.flatMap((conjunct) => {
    const bound = upperBound(conjunct);
    return bound && numbers.has(bound.column) ? [{ ...bound, conjunct }] : [];
  });
  const [best] = found.toSorted((a, b) => a.count - b.count);
  if (!best || (window.limit && window.limit.count <= best.count)) return undefined;
  const { column, count, conjunct, isExact } = best;
  // The condition that the window had before is one of the filter again.
  if (window.limit && window.limit.column !== column) return undefined;
  const kept = isExact ? filter.conjuncts.filter((other) => other !== conjunct) : filter.conjuncts;
  return filterOver({ ...window, limit: { column, count } }, kept) as LogicalWindow | LogicalFilter;
}

/** The greatest number that satisfies a condition; `isExact` where all numbers up to it do. */
function upperBound(conjunct: Expression): (WindowLimit & { readonly isExact: boolean }) | undefined {
  if (conjunct.kind !== 'comparison') return undefined;
  const { left, right, operator } = conjunct;
  const isTurned = left.kind === 'constant';
  const [column, constant] = isTurned ? [right, left] : [left, right];
  if (column.kind !== 'column' || constant.kind !== 'constant') return undefined;
  const bound = wholeNumber(constant.value);
  if (bound === undefined) return undefined;
  const direction = isTurned ? TURNED[operator] : operator;
  switch (direction) {
    case '<=':
      return { column: column.column, count: bound, isExact: true };
    case '<':
      return { column: column.column, count: bound - 1, isExact: true };
    case '=':
      // Numbers begin with 1.
      return { column: column.column, count: bound, isExact: bound === 1 };
    default:
      return undefined;
  }
}

const TURNED: Readonly<Record<string, string>> = { '>=': '<=', '>': '<', '=': '=' };

function wholeNumber(value: ConstantValue): number | undefined {
  if (typeof value !== 'bigint' && typeof value !== 'number') return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
