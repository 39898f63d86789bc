import { TRY_CAST } from '../../functions/casts/try-cast.js';
import type { CallExpression, Expression } from '../../planner/expression.js';
import { callOf } from '../../planner/logical/nested-parts.js';
import { isNestedType, physicalTypeOf, TEXT } from '../../types/sql-type.js';

/**
 * JSON_VALUE(… RETURNING type), compiled as a cast of the text that a kernel finds: TRY_CAST unless errors are asked for.
 * Left to TypeScript are DEFAULT values.
 */
export function byWayOfPathText(call: CallExpression): Expression | undefined {
  const { type, overload } = call;
  if (!overload.startsWith('json_value_of_path(') || isNestedType(type) || physicalTypeOf(type) === 'string')
    return undefined;
  const clauses = call.args[3]!;
  if (clauses.kind !== 'constant' || typeof clauses.value !== 'string' || clauses.value.includes('default'))
    return undefined;
  const none: Expression = { kind: 'constant', type: TEXT, value: null };
  const written = callOf(overload, TEXT, [...call.args.slice(0, 4), none, none]);
  if (clauses.value.split(', ').includes('error on error')) return { kind: 'cast', type, input: written };
  return callOf(TRY_CAST, type, [written]);
}
