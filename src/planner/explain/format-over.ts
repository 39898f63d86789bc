import type { Expression } from '../expression.js';
import { formatExpression } from '../format-expression.js';

/** Expressions with the names of the columns they read. */
export function formatOver(columns: readonly { readonly name: string }[]): (expression: Expression) => string {
  return (expression) => formatExpression(expression, (ordinal) => columns[ordinal]?.name ?? `#${ordinal}`);
}
