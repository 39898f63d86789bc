// Casts of floating point numbers to decimals, for generated code. As PostgreSQL does, they take the 15 (of real: 6)
// significant digits that C would print. `powers` is the table of powers of ten.
import { scaleDigits } from './decimal-digits';
import { shortestDigitsF32, shortestDigitsF64 } from './format-float';
import { decline } from './status';
import { make } from './wide-integer';

/**
 * The shortest digits that read back the same are rounded instead of the number itself: no midpoint of two roundings lies
 * between the two, else it would have been chosen. It may be the digits themselves, which is declined, as is what has more
 * than 18 digits.
 */
function fromDigits(block: usize, shortest: v128, negative: bool, significant: i64, precision: i32, scale: i32): i64 {
  let digits: i64 = i64x2.extract_lane(shortest, 0);
  let power = <i32>i64x2.extract_lane(shortest, 1);
  let factor: i64 = 1;
  let excess = 0;
  while (digits / factor >= significant) {
    factor *= 10;
    excess++;
  }
  if (factor > 1) {
    const rest = digits % factor;
    digits = digits / factor + i64(rest > factor >> 1);
    power += excess;
    if (rest == factor >> 1) digits = -1;
  }
  const value = digits < 0 ? -1 : scaleDigits(digits, power + scale, precision);
  if (value < 0) decline(block);
  return negative ? -value : value;
}

/** Declines NaN and infinity. */
export function doubleToDecimal64(block: usize, value: f64, precision: i32, scale: i32, powers: usize): i64 {
  if (!(abs(value) < Infinity)) {
    decline(block);
    return 0;
  }
  return fromDigits(block, shortestDigitsF64(abs(value), powers), value < 0, 1000000000000000, precision, scale);
}

export function doubleToDecimal128(block: usize, value: f64, precision: i32, scale: i32, powers: usize): v128 {
  const result = doubleToDecimal64(block, value, precision, scale, powers);
  return make(result, result >> 63);
}

export function realToDecimal64(block: usize, value: f32, precision: i32, scale: i32, powers: usize): i64 {
  if (!(abs(value) < Infinity)) {
    decline(block);
    return 0;
  }
  return fromDigits(block, shortestDigitsF32(abs(value), powers), value < 0, 1000000, precision, scale);
}

export function realToDecimal128(block: usize, value: f32, precision: i32, scale: i32, powers: usize): v128 {
  const result = realToDecimal64(block, value, precision, scale, powers);
  return make(result, result >> 63);
}
