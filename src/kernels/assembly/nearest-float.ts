// Digits and a power of ten as the nearest floating point number, which is given as its bits, without the sign. Those of
// larger numbers are larger, from 0 by way of the subnormal numbers to infinity.
//
// After D. Lemire, "Number parsing at a gigabyte per second" (2021): the digits times 128 bits of the power decide, unless
// the number may be the very middle between two. `powers` is the table of constant-tables.ts, whose entries are rounded
// up: what the product is too large by is less than 2^64, of its 192 bits.
//
// `precision` is 53 with the bias 1023, or 24 with 127.
import { SMALLEST_POWER } from './format-float';
import { multiplyHigh } from './wide-integer';

/** With more, any digits exceed the largest number; with less than SMALLEST_POWER, 19 are below half the smallest. */
// @ts-ignore: decorator
@inline const LARGEST_POWER: i32 = 308;
/** Powers from 10^0 on that the table has without rounding. */
// @ts-ignore: decorator
@inline const EXACT_POWERS: u32 = 56;

// @ts-ignore: decorator
@inline export function infinityBits(precision: i32, bias: i32): i64 {
  return <i64>(2 * bias + 1) << (precision - 1);
}

/** The bits; where they cannot tell, ~bits of the lower one of the two numbers. */
export function nearestBits(digits: u64, power: i32, powers: usize, precision: i32, bias: i32): i64 {
  if (digits == 0 || power < SMALLEST_POWER) return 0;
  if (power > LARGEST_POWER) return infinityBits(precision, bias);
  const shift = clz(digits);
  const factor = digits << shift;
  const entry = powers + (<usize>(power - SMALLEST_POWER) << 4);
  const powerLow = load<u64>(entry);
  const powerHigh = load<u64>(entry, 8);
  const carry = multiplyHigh(factor, powerLow);
  const middle = factor * powerHigh + carry;
  const top = multiplyHigh(factor, powerHigh) + u64(middle < carry);
  const leading = <i32>(top >> 63);
  const exponent = 62 + leading + ((power * 1741647) >> 19) + 1 - <i32>shift;
  if (exponent > bias) return infinityBits(precision, bias);
  const normal = max(exponent, 1 - bias);
  // Of subnormal numbers there are fewer bits.
  const dropped = 63 - precision + leading + normal - exponent;
  if (dropped > 64) return 0;
  const half = <u64>1 << (dropped - 1);
  const rest = top & ((half << 1) - 1);
  const mantissa: u64 = dropped == 64 ? 0 : top >> dropped;
  const lower = (<i64>(normal + bias - 1) << (precision - 1)) + <i64>mantissa;
  if (rest != half || middle != 0) return lower + i64(rest >= half);
  if (<u32>power >= EXACT_POWERS) return ~lower;
  return lower + i64(factor * powerLow != 0 || (lower & 1) != 0);
}
