import { castOf } from '../../functions/casts/casts.js';
import { TRY_CAST } from '../../functions/casts/try-cast.js';
import type * as Ast from '../../parser/ast/index.js';
import { typeIsText } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { type ExpressionContext, unsupported } from './bind-context.js';
import type { BindExpression } from './bind-operator.js';
import { bindTypeName } from './bind-type-name.js';
import { coerce, resolveUnknown } from './coerce.js';
import { withTimePrecision } from './time-modifiers.js';

/** `TRY_CAST(x AS type)`: NULL where the cast would be an error. */
export function bindTryCast(ast: Ast.CastExpression, at: ExpressionContext, bind: BindExpression): Expression {
  const type = bindTypeName(ast.type);
  const { position } = ast;
  const operand = resolveUnknown(at.context, bind(ast.operand, at), ast.operand.position);
  const cast = coerce(at.context, operand, type, position, 'explicit');
  if (cast === operand || cast.kind === 'constant') return withTimePrecision(cast, ast.type);
  // Every value has a text, and what is too long for its type is cut.
  if (typeIsText(type)) return cast;
  if (cast.kind !== 'cast' || cast.input !== operand) {
    const hint = 'SET TIME ZONE to UTC, or test the text with a regular expression first.';
    throw unsupported('TRY_CAST by the clocks of a time zone', position, hint);
  }
  const from = operand.type;
  if (!castOf(from, type).fallible) return withTimePrecision(cast, ast.type);
  return withTimePrecision({ kind: 'call', type, overload: TRY_CAST, args: [operand] }, ast.type);
}
