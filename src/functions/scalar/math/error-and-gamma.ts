/*
 * erf, erfc, gamma and lgamma, which JavaScript does not have. Each is within a few units of the last of its 53 bits.
 */

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
/** Below, the series of erf needs few terms; above, the continued fraction of its complement few steps. */
const SERIES_LIMIT = 2;

/** Abramowitz and Stegun, 7.1.6: all terms have one sign, so nothing cancels. */
function errorSeries(value: number): number {
  let term = value;
  let sum = value;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * value * value) / (2 * n + 1);
    sum += term;
  }
  return TWO_OVER_ROOT_PI * Math.exp(-value * value) * sum;
}

/** Of values from 1: Abramowitz and Stegun, 7.1.14, from its end; the smaller the value, the more steps it needs. */
function complementFraction(value: number): number {
  let fraction = value;
  for (let n = Math.ceil(200 / (value * value)) + 8; n > 0; n--) fraction = value + n / 2 / fraction;
  return Math.exp(-value * value) / fraction / Math.sqrt(Math.PI);
}

export function errorFunction(value: number): number {
  if (Number.isNaN(value)) return value;
  const size = Math.abs(value);
  if (size <= SERIES_LIMIT) return errorSeries(value);
  const result = size > 6 ? 1 : 1 - complementFraction(size);
  return value < 0 ? -result : result;
}

export function errorComplement(value: number): number {
  if (Number.isNaN(value)) return value;
  // Below 1 the difference loses two bits at most.
  if (value > 1) return value > 27 ? 0 : complementFraction(value);
  return 1 - errorFunction(value);
}

const FACTORIALS: readonly number[] = Array.from({ length: 171 }).reduce<number[]>((list, _, n) => {
  list.push(n === 0 ? 1 : list[n - 1]! * n);
  return list;
}, []);

/** Bernoulli's numbers over 2n(2n - 1): the coefficients of Stirling's series. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];
const STIRLING_FROM = 16;

/** ln(gamma(x)) - ((x - 1/2) ln(x) - x + ln(2 pi)/2), for x of 16 and more. */
function stirlingTail(value: number): number {
  const square = 1 / (value * value);
  return STIRLING.reduceRight((sum, coefficient) => sum * square + coefficient, 0) / value;
}

/** gamma(x + n) / gamma(x) = x (x + 1) … (x + n - 1), for the n that lifts x to where Stirling's series begins. */
function lifted(value: number): { readonly value: number; readonly factor: number } {
  let factor = 1;
  let at = value;
  for (; at < STIRLING_FROM; at++) factor *= at;
  return { value: at, factor };
}

/** Infinite where it does not fit a double and at 0, NaN at negative integers. */
export function gammaFunction(value: number): number {
  if (Number.isNaN(value) || value === -Infinity) return Number.NaN;
  if (Number.isInteger(value)) {
    if (value === 0) return Object.is(value, -0) ? -Infinity : Infinity;
    return value < 0 ? Number.NaN : (FACTORIALS[value - 1] ?? Infinity);
  }
  if (value < 0.5) return Math.PI / (Math.sin(Math.PI * value) * gammaFunction(1 - value));
  const { value: at, factor } = lifted(value);
  // In two halves, so that the power does not overflow before the product would.
  const power = at ** (at / 2 - 0.25);
  return ((power * Math.exp(-at) * power) / factor) * Math.sqrt(2 * Math.PI) * Math.exp(stirlingTail(at));
}

/** The logarithm of |gamma|: infinite at 0 and negative integers. */
export function logGamma(value: number): number {
  if (Number.isNaN(value)) return value;
  if (!Number.isFinite(value) || (Number.isInteger(value) && value <= 0)) return Infinity;
  if (value === 1 || value === 2) return 0;
  if (value < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * value))) - logGamma(1 - value);
  if (value < STIRLING_FROM) return Math.log(gammaFunction(value));
  return (value - 0.5) * Math.log(value) - value + Math.log(2 * Math.PI) / 2 + stirlingTail(value);
}
