import { userError } from '../../common/errors.js';
import { resolveScalarFunction } from '../../functions/registry.js';
import { formatType, someType } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { atPosition, type BindContext } from './bind-context.js';
import { coerce } from './coerce.js';

/** Bytes that are ordered as values of the expression are, and equal where they are equal; NULL for NULL. */
export function sortKeyCall(
  context: BindContext,
  value: Expression,
  descending: boolean,
  position: number,
): Expression {
  if (someType(value.type, ({ kind }) => kind === 'json')) {
    throw userError('42883', `could not identify an ordering operator for type ${formatType(value.type)}`, {
      position,
      hint: 'Order by a part of it: value ->> key.',
    });
  }
  const flag: Expression = { kind: 'constant', type: { kind: 'boolean' }, value: descending };
  const resolved = atPosition(position, () => resolveScalarFunction('sort_key', [value.type, flag.type]));
  return {
    kind: 'call',
    type: resolved.returns,
    overload: resolved.overload,
    args: [coerce(context, value, resolved.argTypes[0]!, position), flag],
  };
}
