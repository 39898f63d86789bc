import type { Expression } from './expression.js';
import { operandsOf } from './logical/expression-tree.js';

/** Every column that an expression reads, by ordinal: parameters of lambdas, which have ids of their own, are none. */
export function collectColumns(expression: Expression, columns: Set<number> = new Set()): Set<number> {
  if (expression.kind === 'column') columns.add(expression.column);
  for (const operand of operandsOf(expression)) collectColumns(operand, columns);
  return columns;
}
