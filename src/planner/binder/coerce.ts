import { userError } from '../../common/errors.js';
import { type CastContext, canCast } from '../../types/coercion.js';
import { formatTypeName, type SqlType, sameType, TEXT } from '../../types/sql-type.js';
import type { ConstantExpression, Expression } from '../expression.js';
import { atPosition, type BindContext } from './bind-context.js';
import { withClockWords } from './clock-literal.js';
import { castInZone } from './session-zone.js';

/**
 * The expression as a value of `type`. Untyped literals are read by the type's input function here, so that a bad one
 * is an error at its place in the text; untyped parameters get their type. 42804 or 42846 where no cast is allowed.
 */
export function coerce(
  context: BindContext,
  expression: Expression,
  type: SqlType,
  position: number,
  castContext: CastContext = 'implicit',
): Expression {
  if (sameType(expression.type, type)) return expression;
  if (expression.kind === 'constant' && expression.value === null) return { ...expression, type };
  if (expression.type.kind === 'unknown') return coerceUnknown(context, expression, type, position);
  if (!canCast(expression.type, type, castContext)) throw cannotCastError(expression.type, type, position, castContext);
  return castInZone(context, expression, type);
}

function coerceUnknown(context: BindContext, expression: Expression, type: SqlType, position: number): Expression {
  if (expression.kind === 'parameter') {
    context.parameters.types[expression.index] = type;
    return { ...expression, type };
  }
  const text: Expression =
    expression.kind === 'constant'
      ? { ...expression, type: TEXT, value: withClockWords(context, expression.value as string, type) }
      : expression;
  if (sameType(TEXT, type)) return text;
  if (text.kind !== 'constant') return castInZone(context, text, type);
  return atPosition(position, () => context.evaluateConstant(castInZone(context, text, type)));
}

/** An expression whose type is still unknown becomes text, as at the top of a query. */
export function resolveUnknown(context: BindContext, expression: Expression, position: number): Expression {
  const { type } = expression;
  if (type.kind === 'array' && type.element.kind === 'unknown') {
    throw userError('42P18', 'cannot determine type of empty array', {
      position,
      hint: 'Explicitly cast to the desired type, for example ARRAY[]::integer[].',
    });
  }
  return type.kind === 'unknown' ? coerce(context, expression, TEXT, position) : expression;
}

export function coerceToBoolean(
  context: BindContext,
  expression: Expression,
  what: string,
  position: number,
): Expression {
  if (expression.type.kind !== 'boolean' && expression.type.kind !== 'unknown') {
    throw userError('42804', `argument of ${what} must be type boolean, not type ${formatTypeName(expression.type)}`, {
      position,
      hint: 'Compare it with something, or test it with IS NOT NULL.',
    });
  }
  return coerce(context, expression, { kind: 'boolean' }, position);
}

export function untypedNull(): ConstantExpression {
  return { kind: 'constant', type: { kind: 'unknown' }, value: null };
}

function cannotCastError(from: SqlType, to: SqlType, position: number, castContext: CastContext): Error {
  if (castContext === 'explicit') {
    return userError('42846', `cannot cast type ${formatTypeName(from)} to ${formatTypeName(to)}`, {
      position,
      hint: 'Cast to text first, if its text has the form that the other type reads.',
    });
  }
  return userError('42804', `expression is of type ${formatTypeName(from)} where ${formatTypeName(to)} is needed`, {
    position,
    hint: 'Write a CAST to say how the value is to be converted.',
  });
}
