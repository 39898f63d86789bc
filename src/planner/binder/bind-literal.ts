import { parseInterval } from '../../functions/casts/datetime/parse-interval.js';
import { parseValue } from '../../functions/casts/parse-value.js';
import { roundToDigits } from '../../functions/scalar/dates/date-precision.js';
import type * as Ast from '../../parser/ast/index.js';
import { decimalTypeOfLiteral } from '../../types/decimal-rules.js';
import { BIGINT, DOUBLE, INTEGER, INTERVAL } from '../../types/sql-type.js';
import type { ConstantExpression, Expression, IntervalValue } from '../expression.js';
import { atPosition, type BindContext } from './bind-context.js';
import { bindTypeName } from './bind-type-name.js';
import { coerce } from './coerce.js';
import { withTimePrecision } from './time-modifiers.js';

/**
 * With or without a sign, `1` is an integer, or bigint where it does not fit; with a point, exponent or more digits it is
 * numeric, and double precision with more digits than that holds. Throws 22003 where that does not hold it either.
 */
export function bindNumericLiteral(text: string): ConstantExpression {
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text);
    if (BigInt.asIntN(32, value) === value) return { kind: 'constant', type: INTEGER, value: Number(value) };
    if (BigInt.asIntN(64, value) === value) return { kind: 'constant', type: BIGINT, value };
  }
  const magnitude = text.replace(/^-/, '');
  const type = decimalTypeOfLiteral(magnitude);
  if (!type) return { kind: 'constant', type: DOUBLE, value: parseValue(text, DOUBLE) };
  const value = scaledInteger(magnitude, type.scale);
  return { kind: 'constant', type, value: text.startsWith('-') ? -value : value };
}

function scaledInteger(text: string, scale: number): bigint {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = whole + fraction;
  const shift = scale - fraction.length + Number(exponent);
  if (shift >= 0) return BigInt(digits.padEnd(digits.length + shift, '0') || '0');
  // The type's scale holds every digit, so what is cut off are zeros.
  return BigInt(digits.slice(0, digits.length + shift) || '0');
}

export function untypedLiteral(value: string): ConstantExpression {
  return { kind: 'constant', type: { kind: 'unknown' }, value };
}

export function bindTypedLiteral(context: BindContext, literal: Ast.TypedLiteral): Expression {
  const type = bindTypeName(literal.type);
  const value = coerce(context, untypedLiteral(literal.value.value), type, literal.value.position, 'explicit');
  return withTimePrecision(value, literal.type);
}

const FIELDS: readonly Ast.IntervalField[] = ['year', 'month', 'day', 'hour', 'minute', 'second'];

/** `interval '90' day`: a bare number counts the last field; fields below it are cut off, or rounded off by a precision. */
export function bindIntervalLiteral(literal: Ast.IntervalLiteral): Expression {
  const { value, fields, precision } = literal;
  const parsed = atPosition(value.position, () => parseInterval(value.value, fields));
  const cut = fields ? truncateInterval(parsed, fields.to) : parsed;
  const rounded = precision === undefined ? cut : { ...cut, microseconds: roundToDigits(cut.microseconds, precision) };
  return { kind: 'constant', type: INTERVAL, value: rounded };
}

function truncateInterval(value: IntervalValue, to: Ast.IntervalField): IntervalValue {
  const cut = (microseconds: bigint, unit: bigint): bigint => (microseconds / unit) * unit;
  switch (FIELDS.indexOf(to)) {
    case 0:
      return { months: value.months - (value.months % 12), days: 0, microseconds: 0n };
    case 1:
      return { months: value.months, days: 0, microseconds: 0n };
    case 2:
      return { ...value, microseconds: 0n };
    case 3:
      return { ...value, microseconds: cut(value.microseconds, 3_600_000_000n) };
    case 4:
      return { ...value, microseconds: cut(value.microseconds, 60_000_000n) };
    default:
      return value;
  }
}
