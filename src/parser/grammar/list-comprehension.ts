import type { Expression } from '../ast/expression.js';
import type { Identifier } from '../ast/identifier.js';
import { createBuiltInCall } from './function-parser.js';

/** `for x in array if condition`. */
export interface Comprehension {
  readonly parameters: readonly Identifier[];
  readonly array: Expression;
  readonly condition: Expression | undefined;
  readonly position: number;
}

/** `[f(x) for x in a if p(x)]` is `list_transform(list_filter(a, x -> p(x)), x -> f(x))`. */
export function comprehended(value: Expression, { parameters, array, condition, position }: Comprehension): Expression {
  const over = (name: string, input: Expression, body: Expression): Expression =>
    createBuiltInCall(name, [input, { kind: 'lambda', parameters, body, position: body.position }], position);
  const chosen = condition ? over('list_filter', array, condition) : array;
  return over('list_transform', chosen, value);
}
