// The 15 (of real: 6) significant digits that C would print of a floating point number. `powers` is the table of powers of ten.
import { shortestDigitsF32, shortestDigitsF64 } from './format-float';
import { compareMagnitudes, make, multiplyHigh, shiftLeft } from './wide-integer';

/** At most so many digits are multiplied out to tell a number from the middle of two decimals. */
// @ts-ignore: decorator
@inline const MOST_DIGITS: i32 = 27;

/**
 * The number's significant digits, rounded, and the power of ten that they stand for; digits -1 where that is not told.
 * The shortest digits that read back the same are rounded instead of the number itself: no midpoint of two roundings lies
 * between the two, else it would have been chosen. It may be the digits themselves: then the number is compared with it.
 */
function roundedDigits(shortest: v128, value: f64, significant: i64): v128 {
  let digits: i64 = i64x2.extract_lane(shortest, 0);
  let power = i64x2.extract_lane(shortest, 1);
  let factor: i64 = 1;
  let excess = 0;
  while (digits / factor >= significant) {
    factor *= 10;
    excess++;
  }
  if (factor > 1) {
    const rest = digits % factor;
    digits = digits / factor;
    power += excess;
    if (rest == factor >> 1) digits = roundedMiddle(digits, <i32>power, value);
    else digits += i64(rest > factor >> 1);
  }
  return i64x2.replace_lane(i64x2.splat(digits), 1, power);
}

/** `digits` or one more, an even number in the very middle between them; -1 where that is not told. */
function roundedMiddle(digits: i64, power: i32, value: f64): i64 {
  const bits = reinterpret<u64>(value);
  const mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
  // Twice the value is mantissa * 2^exponent: of numbers near the middle of decimals none is subnormal.
  const exponent = <i32>(bits >> 52) - 1074;
  const middle: u64 = (<u64>digits << 1) + 1;
  if (power < -MOST_DIGITS || power > 19) return -1;
  // Both times 10^-power where that is a whole number, the powers of two apart.
  const left = power < 0 ? scaledByFives(mantissa, -power) : make(mantissa, 0);
  const right = power > 0 ? scaledByFives(middle, power) : make(middle, 0);
  const shift = exponent - power;
  if (abs(shift) > 120) return -1;
  const order = compareMagnitudes(shift > 0 ? shiftLeft(left, shift) : left, shift < 0 ? shiftLeft(right, -shift) : right);
  return digits + (order == 0 ? digits & 1 : i64(order > 0));
}

/** A number of at most 53 bits, times 5^count, for a count of at most 27. */
function scaledByFives(number: u64, count: i32): v128 {
  let power: u64 = 1;
  for (let i = 0; i < count; i++) power *= 5;
  return make(number * power, multiplyHigh(number, power));
}

/** Its 15 digits, and the power of ten that they stand for; digits -1 where that is not told, as of what is not finite. */
export function digitsOfDouble(value: f64, powers: usize): v128 {
  if (!(abs(value) < Infinity)) return i64x2.splat(-1);
  return roundedDigits(shortestDigitsF64(abs(value), powers), abs(value), 1000000000000000);
}

/** The 6 digits of a real. */
export function digitsOfReal(value: f32, powers: usize): v128 {
  if (!(abs(value) < Infinity)) return i64x2.splat(-1);
  return roundedDigits(shortestDigitsF32(abs(value), powers), abs(<f64>value), 1000000);
}
