import { resolveScalarFunction } from '../../functions/registry.js';
import type { CallExpression, Expression } from '../expression.js';

/** A call of a function of the registry whose arguments have the types of one of its overloads. */
export function callByName(name: string, args: readonly Expression[]): CallExpression {
  const { overload, returns } = resolveScalarFunction(
    name,
    args.map((argument) => argument.type),
  );
  return { kind: 'call', type: returns, overload, args };
}
