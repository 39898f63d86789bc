import { type DecimalType, decimal, MAX_DECIMAL_PRECISION, type SqlType } from './sql-type.js';

/*
 * The type of a decimal expression follows from the types of its operands alone. With p1,s1 and p2,s2 the operands'
 * precision and scale and i = p - s the digits before the point:
 *
 *   operation                  scale                        precision
 *   a + b, a - b, a % b (*)    max(s1, s2)                  max(i1, i2) + scale + 1   (%: without the + 1)
 *   a * b                      min(s1 + s2, 38)             p1 + p2
 *   a / b                      max(s1, s2, 16)              38
 *   sum(a)                     s1                           38
 *   avg(a)                     max(s1, 16)                  38
 *   CASE, UNION, IN …          max(s1, s2)                  max(i1, i2) + scale
 *
 * Precision is capped at 38 and the scale is kept: a result that does not fit is 22003 at run time. Division and
 * multiplication round half away from zero. PostgreSQL picks the scale of a quotient from its value, to have 16
 * significant digits; ours is static, with 16 digits after the point.
 *
 * An integer operand becomes numeric(5,0), (10,0) or (19,0). Beside a real or double, a decimal becomes a double.
 */

/** Digits after the point of a quotient or an average, at least. */
export const DIVISION_SCALE = 16;

function capped(precision: number, scale: number): DecimalType {
  return decimal(
    Math.min(Math.max(precision, scale, 1), MAX_DECIMAL_PRECISION),
    Math.min(scale, MAX_DECIMAL_PRECISION),
  );
}

const integerDigits = (type: DecimalType): number => type.precision - type.scale;

export function decimalAdditionType(left: DecimalType, right: DecimalType): DecimalType {
  const scale = Math.max(left.scale, right.scale);
  return capped(Math.max(integerDigits(left), integerDigits(right)) + scale + 1, scale);
}

export function decimalMultiplicationType(left: DecimalType, right: DecimalType): DecimalType {
  return capped(left.precision + right.precision, left.scale + right.scale);
}

export function decimalDivisionType(left: DecimalType, right: DecimalType): DecimalType {
  return decimal(MAX_DECIMAL_PRECISION, Math.max(left.scale, right.scale, DIVISION_SCALE));
}

export function decimalModuloType(left: DecimalType, right: DecimalType): DecimalType {
  return decimalCommonType(left, right);
}

export function decimalSumType(type: DecimalType): DecimalType {
  return decimal(MAX_DECIMAL_PRECISION, type.scale);
}

export function decimalAverageType(type: DecimalType): DecimalType {
  return decimal(MAX_DECIMAL_PRECISION, Math.max(type.scale, DIVISION_SCALE));
}

/** A type that holds every value of both, as far as 38 digits reach. */
export function decimalCommonType(left: DecimalType, right: DecimalType): DecimalType {
  const scale = Math.max(left.scale, right.scale);
  return capped(Math.max(integerDigits(left), integerDigits(right)) + scale, scale);
}

/** The decimal that holds every value of an integer type. */
export function decimalOfInteger(kind: 'smallint' | 'integer' | 'bigint'): DecimalType {
  return decimal(kind === 'smallint' ? 5 : kind === 'integer' ? 10 : 19, 0);
}

/** What a numeric literal such as `0.06` or `1e-3` is as a decimal; undefined when it needs more than 38 digits. */
export function decimalTypeOfLiteral(text: string): DecimalType | undefined {
  const match = /^\s*[-+]?(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?\s*$/.exec(text);
  if (!match || (!match[1] && !match[2])) return undefined;
  const exponent = Number(match[3] ?? 0);
  const whole = (match[1] ?? '').replace(/^0+/, '');
  const fraction = match[2] ?? '';
  const scale = Math.max(0, fraction.length - exponent);
  const leading = whole.length > 0 ? whole.length + exponent : exponent - (/^0*/.exec(fraction)?.[0].length ?? 0);
  const precision = Math.max(leading, 0) + scale;
  if (precision > MAX_DECIMAL_PRECISION || scale > MAX_DECIMAL_PRECISION) return undefined;
  return decimal(Math.max(precision, 1), scale);
}

/** The decimal type that an exact numeric type is read as by decimal operators; undefined for other types. */
export function asDecimal(type: SqlType): DecimalType | undefined {
  switch (type.kind) {
    case 'decimal':
      return type;
    case 'smallint':
    case 'integer':
    case 'bigint':
      return decimalOfInteger(type.kind);
    default:
      return undefined;
  }
}

/** Does arithmetic of numbers apply? */
export function isNumber(type: SqlType): boolean {
  return asDecimal(type) !== undefined || type.kind === 'real' || type.kind === 'double';
}
