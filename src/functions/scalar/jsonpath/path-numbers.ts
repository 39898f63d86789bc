import { userError } from '../../../common/errors.js';
import { printedDigits } from '../../formatting/printed-digits.js';
import { plainDigits } from '../json/json-text.js';
import type { ArithmeticOperator } from './path-syntax.js';

/** Numbers of JSON as digits: a whole number and how many of its digits stand behind the point. */
interface Scaled {
  readonly unscaled: bigint;
  readonly scale: number;
}

const DIGITS_OF_GROUP = 4;
/** Significant digits that PostgreSQL's quotients have at least. */
const QUOTIENT_DIGITS = 16;

function scaledOf(digits: string): Scaled {
  const scale = digits.split('.')[1]?.length ?? 0;
  return { unscaled: BigInt(digits.replace('.', '')), scale };
}

function digitsOf({ unscaled, scale }: Scaled): string {
  const isNegative = unscaled < 0n;
  const text = String(isNegative ? -unscaled : unscaled).padStart(scale + 1, '0');
  const point = text.length - scale;
  return `${isNegative ? '-' : ''}${text.slice(0, point)}${scale > 0 ? `.${text.slice(point)}` : ''}`;
}

const rescaled = ({ unscaled, scale }: Scaled, to: number): bigint => unscaled * 10n ** BigInt(to - scale);

/** Throws 22012. */
export function calculate(operator: ArithmeticOperator, left: string, right: string): string {
  const [a, b] = [scaledOf(left), scaledOf(right)];
  const scale = Math.max(a.scale, b.scale);
  switch (operator) {
    case '+':
      return digitsOf({ unscaled: rescaled(a, scale) + rescaled(b, scale), scale });
    case '-':
      return digitsOf({ unscaled: rescaled(a, scale) - rescaled(b, scale), scale });
    case '*':
      return digitsOf({ unscaled: a.unscaled * b.unscaled, scale: a.scale + b.scale });
  }
  if (b.unscaled === 0n) throw userError('22012', 'division by zero');
  if (operator === '%') return digitsOf({ unscaled: rescaled(a, scale) % rescaled(b, scale), scale });
  const quotientScale = scaleOfQuotient(left, right, scale);
  const dividend = a.unscaled * 10n ** BigInt(quotientScale + b.scale);
  const divisor = b.unscaled * 10n ** BigInt(a.scale);
  return digitsOf({ unscaled: roundedQuotient(dividend, divisor), scale: quotientScale });
}

/** Half away from zero. */
function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
  const quotient = (2n * magnitude(dividend) + magnitude(divisor)) / (2n * magnitude(divisor));
  return dividend < 0n === divisor < 0n ? quotient : -quotient;
}

/** As numeric's select_div_scale: PostgreSQL counts digits by groups of four. */
function scaleOfQuotient(left: string, right: string, scale: number): number {
  const [a, b] = [firstGroup(left), firstGroup(right)];
  const weight = a.weight - b.weight - (a.value <= b.value ? 1 : 0);
  return Math.max(QUOTIENT_DIGITS - weight * DIGITS_OF_GROUP, scale);
}

/** The first group that is not zero, and its place from the point. */
function firstGroup(digits: string): { readonly weight: number; readonly value: number } {
  const [whole = '', fraction = ''] = digits.replace('-', '').split('.');
  const before = Math.ceil(whole.length / DIGITS_OF_GROUP);
  const after = Math.ceil(fraction.length / DIGITS_OF_GROUP);
  const all = whole.padStart(before * DIGITS_OF_GROUP, '0') + fraction.padEnd(after * DIGITS_OF_GROUP, '0');
  const groups = all.match(/.{4}/g) ?? [];
  const index = groups.findIndex((group) => group !== '0000');
  return index < 0 ? { weight: 0, value: 0 } : { weight: before - 1 - index, value: Number(groups[index]) };
}

export function roundedDown(digits: string): string {
  const { unscaled, scale } = scaledOf(digits);
  const unit = 10n ** BigInt(scale);
  const whole = unscaled / unit;
  return String(unscaled < 0n && unscaled % unit !== 0n ? whole - 1n : whole);
}

export const opposite = (digits: string): string =>
  digitsOf({ ...scaledOf(digits), unscaled: -scaledOf(digits).unscaled });

export function roundedUp(digits: string): string {
  return opposite(roundedDown(opposite(digits)));
}

export const absolute = (digits: string): string => digits.replace('-', '');

/** To the nearest whole number, half away from zero. */
export function rounded(digits: string): bigint {
  const { unscaled, scale } = scaledOf(digits);
  return roundedQuotient(unscaled, 10n ** BigInt(scale));
}

/** Towards zero. */
export function truncated(digits: string): bigint {
  const { unscaled, scale } = scaledOf(digits);
  return unscaled / 10n ** BigInt(scale);
}

/** A double as numeric has it: 15 digits. */
export const digitsOfDouble = (value: number): string => {
  const precise = Number(printedDigits(value, 15));
  return plainDigits(String(precise).replace('+', ''));
};
