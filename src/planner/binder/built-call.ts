import { resolveScalarFunction } from '../../functions/registry.js';
import type { Expression } from '../expression.js';
import { atPosition, type BindContext } from './bind-context.js';
import { coerce } from './coerce.js';
import { readInZone } from './session-zone.js';

/** A call of a function of the registry, of arguments that are bound. `positions`: theirs, where they stand in the text. */
export function builtCall(
  context: BindContext,
  name: string,
  args: readonly Expression[],
  position: number,
  positions: readonly number[] = [],
): Expression {
  const types = args.map((arg) => arg.type);
  const resolved = atPosition(position, () => resolveScalarFunction(name, types));
  return readInZone(context, {
    kind: 'call',
    type: resolved.returns,
    overload: resolved.overload,
    args: args.map((arg, i) => coerce(context, arg, resolved.argTypes[i]!, positions[i] ?? position)),
  });
}
