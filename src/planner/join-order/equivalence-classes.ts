import type { Expression } from '../expression.js';
import type { LogicalColumn } from '../logical/logical-plan.js';

/** Two columns that a condition holds to be equal. */
export interface ColumnPair {
  readonly left: number;
  readonly right: number;
}

export function columnPairOf(expression: Expression): ColumnPair | undefined {
  if (expression.kind !== 'comparison' || expression.operator !== '=') return undefined;
  const { left, right } = expression;
  return left.kind === 'column' && right.kind === 'column' ? { left: left.column, right: right.column } : undefined;
}

/** `a = b and b = c` makes `a`, `b` and `c` one class: any two of them can join their relations. */
export function equivalenceClasses(
  pairs: readonly ColumnPair[],
  columns: ReadonlyMap<number, LogicalColumn>,
): LogicalColumn[][] {
  const classOf = new Map<number, Set<number>>();
  for (const { left, right } of pairs) {
    const merged = new Set([...(classOf.get(left) ?? [left]), ...(classOf.get(right) ?? [right])]);
    for (const id of merged) classOf.set(id, merged);
  }
  return [...new Set(classOf.values())].map((ids) => [...ids].map((id) => columns.get(id)!));
}
