import { OCCURRENCES } from '../../functions/aggregate/occurrences.js';
import { scalarOverload } from '../../functions/registry.js';
import { isUserFunctionId } from '../../functions/user/user-function.js';
import type { Expression } from '../expression.js';
import { someExpression } from '../logical/expression-tree.js';
import { atPosition, type BindSettings } from './bind-context.js';

/** The value of an expression that has the same in every row; any other comes back as it is. */
export function foldIfConstant(settings: BindSettings, expression: Expression, position: number): Expression {
  return someExpression(expression, isVolatileCall) ? expression : foldOnce(settings, expression, position);
}

/** The same for what is computed once for a whole query, as LIMIT is: volatile functions are called then. */
export function foldOnce(settings: BindSettings, expression: Expression, position: number): Expression {
  if (expression.kind === 'constant' || someExpression(expression, isNotKnownYet)) return expression;
  return atPosition(position, () => settings.evaluateConstant(expression));
}

function isVolatileCall(expression: Expression): boolean {
  return expression.kind === 'call' && scalarOverload(expression.overload).volatility === 'volatile';
}

function isNotKnownYet(expression: Expression): boolean {
  if (expression.kind === 'column' || expression.kind === 'parameter') return true;
  // Functions of the user run on workers only: one that never returns would hold up everything here.
  return expression.kind === 'call' && (isUserFunctionId(expression.overload) || expression.overload === OCCURRENCES);
}
