import { scalarOverload } from '../../functions/registry.js';
import type { Expression } from '../expression.js';
import { someExpression } from '../logical/expression-tree.js';

const cache = new WeakMap<Expression, boolean>();

/** Does the expression give another value each time it is evaluated? Then it must stay where it was written. */
export function isVolatile(expression: Expression): boolean {
  if (expression.kind === 'column' || expression.kind === 'constant') return false;
  let volatile = cache.get(expression);
  if (volatile === undefined) {
    volatile = someExpression(
      expression,
      (part) => part.kind === 'call' && scalarOverload(part.overload).volatility === 'volatile',
    );
    cache.set(expression, volatile);
  }
  return volatile;
}
