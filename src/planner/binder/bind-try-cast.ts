import type * as Ast from '../../parser/ast/index.js';
import { typeIsText } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import type { ExpressionContext } from './bind-context.js';
import type { BindExpression } from './bind-operator.js';
import { bindTypeName } from './bind-type-name.js';
import { coerce, resolveUnknown } from './coerce.js';
import { castInZone } from './session-zone.js';
import { withTimePrecision } from './time-modifiers.js';

/** `TRY_CAST(x AS type)`: NULL where the cast would be an error. */
export function bindTryCast(ast: Ast.CastExpression, at: ExpressionContext, bind: BindExpression): Expression {
  const type = bindTypeName(ast.type);
  const operand = resolveUnknown(at.context, bind(ast.operand, at), ast.operand.position);
  const cast = coerce(at.context, operand, type, ast.position, 'explicit');
  if (cast === operand || cast.kind === 'constant') return withTimePrecision(cast, ast.type);
  // Every value has a text, and what is too long for its type is cut.
  if (typeIsText(type)) return cast;
  return withTimePrecision(castInZone(at.context, operand, type, true), ast.type);
}
