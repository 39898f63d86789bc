import { TRY_CAST } from '../../functions/casts/try-cast.js';
import type { CallExpression, CastExpression, Expression } from '../../planner/expression.js';
import { mapOperands, operandsOf } from '../../planner/logical/expression-tree.js';
import { zonedCast } from '../../planner/logical/zoned-cast.js';

/**
 * What a cast or a call is compiled as, with the casts in it by the clocks of its zone. The operands are others' and stay
 * as they are.
 */
export function byWayOfZone(original: CastExpression | CallExpression, compiled: Expression): Expression {
  const { zone } = original;
  if (zone === undefined || compiled === original) return compiled;
  const tried = isTryCast(original);
  const known = new Map(operandsOf(original).map((operand) => [operand, operand]));
  const change = (part: Expression): Expression => {
    let changed = known.get(part);
    if (changed === undefined) {
      changed = castsInZone(mapOperands(part, change), zone, tried);
      known.set(part, changed);
    }
    return changed;
  };
  return change(compiled);
}

/** A cast that cannot fail in UTC stands for TRY_CAST where that is `tried`. */
function castsInZone(part: Expression, zone: string, tried: boolean): Expression {
  if (part.kind === 'cast') return zonedCast(zone, part.input, part.type, tried);
  return isTryCast(part) ? zonedCast(zone, part.args[0]!, part.type, true) : part;
}

const isTryCast = (expression: Expression): expression is CallExpression =>
  expression.kind === 'call' && expression.overload === TRY_CAST;
