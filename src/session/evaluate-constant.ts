import { evaluateConstant as evaluate } from '../exec/expression/constant-folding.js';
import type { ConstantExpression, Expression } from '../planner/expression.js';
import type { Engine } from './engine.js';

/** Evaluates an expression without columns on the calling thread, in the engine's memory. */
export function evaluateConstant(engine: Engine, expression: Expression): ConstantExpression {
  return evaluate(expression, engine.executor.shared.memory);
}
