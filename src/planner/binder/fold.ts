import type { Expression } from '../expression.js';
import { someExpression } from '../logical/expression-tree.js';
import { atPosition, type BindSettings } from './bind-context.js';

/** The value of an expression that has neither columns nor parameters; any other comes back as it is. */
export function foldIfConstant(settings: BindSettings, expression: Expression, position: number): Expression {
  if (expression.kind === 'constant') return expression;
  const varies = someExpression(expression, (part) => part.kind === 'column' || part.kind === 'parameter');
  return varies ? expression : atPosition(position, () => settings.evaluateConstant(expression));
}
