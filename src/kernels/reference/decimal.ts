// Reference twin of `assembly/decimal.ts`: decimals are bigints scaled by a power of ten. `undefined` is an overflow.

const LIMIT = 10n ** 38n;

export const power = (digits: number): bigint => 10n ** BigInt(digits);
const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
const fits = (value: bigint): bigint | undefined => (absolute(value) < LIMIT ? value : undefined);

/** Rounded half away from zero. */
export function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const magnitude = (2n * absolute(dividend) + absolute(divisor)) / (2n * absolute(divisor));
  return dividend < 0n === divisor < 0n ? magnitude : -magnitude;
}

/** a × 10^aDigits + b × 10^bDigits, both of which must have at most 38 digits. */
export function decimalAdd(a: bigint, aDigits: number, b: bigint, bDigits: number): bigint | undefined {
  const left = fits(a * power(aDigits));
  const right = fits(b * power(bDigits));
  return left === undefined || right === undefined ? undefined : fits(left + right);
}

export function decimalMultiply(a: bigint, b: bigint, droppedDigits: number): bigint | undefined {
  return fits(roundedQuotient(a * b, power(droppedDigits)));
}

export function decimalDivide(a: bigint, b: bigint, digits: number): bigint | undefined {
  return fits(roundedQuotient(a * power(digits), b));
}

/** a × 10^digits / b, cut towards zero. */
export function decimalQuotient(a: bigint, b: bigint, digits: number): bigint | undefined {
  return fits((a * power(Math.max(0, digits))) / (b * power(Math.max(0, -digits))));
}

/** The digits behind the point that are left without zeros at the end. */
export function decimalLeastScale(value: bigint, scale: number): number {
  let left = scale;
  while (left > 0 && value % power(scale - left + 1) === 0n) left--;
  return left;
}

/** The remainder has the sign of a. */
export function decimalModulo(a: bigint, aDigits: number, b: bigint, bDigits: number): bigint | undefined {
  const left = fits(a * power(aDigits));
  const right = fits(b * power(bDigits));
  return left === undefined || right === undefined ? undefined : left % right;
}

export function decimalRescale(value: bigint, digits: number, precision: number): bigint | undefined {
  const scaled = digits >= 0 ? value * power(digits) : roundedQuotient(value, power(-digits));
  return absolute(scaled) < power(precision) ? scaled : undefined;
}

export function decimalToBigint(value: bigint, scale: number): bigint | undefined {
  const rounded = roundedQuotient(value, power(scale));
  return BigInt.asIntN(64, rounded) === rounded ? rounded : undefined;
}

/** The nearest double. */
export function decimalToDouble(value: bigint, scale: number): number {
  return Number(`${value}e${-scale}`);
}

export type RoundingMode = 'nearest' | 'floor' | 'ceil' | 'trunc';

/** To an integer. */
export function decimalRound(value: bigint, scale: number, mode: RoundingMode): bigint {
  const unit = power(scale);
  if (mode === 'nearest') return roundedQuotient(value, unit);
  const truncated = value / unit;
  if (mode === 'floor' && truncated * unit > value) return truncated - 1n;
  if (mode === 'ceil' && truncated * unit < value) return truncated + 1n;
  return truncated;
}

/** To `digits` after the point (negative: before it), the scale kept. */
export function decimalRoundTo(
  value: bigint,
  scale: number,
  digits: number,
  mode: 'nearest' | 'trunc',
): bigint | undefined {
  if (digits >= scale) return value;
  // A value of 38 digits is less than half of 10^39.
  const dropped = Math.min(scale - digits, 39);
  return fits(decimalRound(value, dropped, mode) * power(dropped));
}
