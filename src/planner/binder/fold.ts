import { isUserFunctionId } from '../../functions/user/user-function.js';
import type { Expression } from '../expression.js';
import { someExpression } from '../logical/expression-tree.js';
import { atPosition, type BindSettings } from './bind-context.js';

/** The value of an expression that has neither columns nor parameters; any other comes back as it is. */
export function foldIfConstant(settings: BindSettings, expression: Expression, position: number): Expression {
  if (expression.kind === 'constant') return expression;
  // Functions of the user run on workers only: one that never returns would hold up everything here.
  const varies = someExpression(
    expression,
    (part) =>
      part.kind === 'column' || part.kind === 'parameter' || (part.kind === 'call' && isUserFunctionId(part.overload)),
  );
  return varies ? expression : atPosition(position, () => settings.evaluateConstant(expression));
}
