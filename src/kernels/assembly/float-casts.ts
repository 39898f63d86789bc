// Casts of floating point numbers to decimals, for generated code. As PostgreSQL does, they take the 15 (of real: 6)
// significant digits that C would print. `powers` is the table of powers of ten.
import { scaleDigits } from './decimal-digits';
import { digitsOfDouble, digitsOfReal } from './significant-digits';
import { decline } from './status';
import { compareMagnitudes, isOverflow, make, negate, scaleUp, zero } from './wide-integer';

/** Rounded digits as a decimal of up to 18 digits. */
function toDecimal64(block: usize, rounded: v128, negative: bool, precision: i32, scale: i32): i64 {
  const digits = i64x2.extract_lane(rounded, 0);
  const value = digits < 0 ? -1 : scaleDigits(digits, <i32>i64x2.extract_lane(rounded, 1) + scale, precision);
  if (value < 0) decline(block);
  return negative ? -value : value;
}

function toDecimal128(block: usize, rounded: v128, negative: bool, precision: i32, scale: i32): v128 {
  const digits = i64x2.extract_lane(rounded, 0);
  const power = <i32>i64x2.extract_lane(rounded, 1) + scale;
  if (digits < 0 || power <= 0) {
    const narrow = toDecimal64(block, rounded, negative, precision, scale);
    return make(narrow, narrow >> 63);
  }
  const value = digits == 0 ? zero() : power > 38 ? make(~0, ~0) : scaleUp(make(digits, 0), power);
  if (isOverflow(value) || (precision < 38 && compareMagnitudes(value, scaleUp(make(1, 0), precision)) >= 0)) {
    decline(block);
    return zero();
  }
  return negative ? negate(value) : value;
}

/** Of a double: 15 digits. Declines NaN, infinity, and what is out of range. */
export function doubleToDecimal64(block: usize, value: f64, precision: i32, scale: i32, powers: usize): i64 {
  return toDecimal64(block, digitsOfDouble(value, powers), value < 0, precision, scale);
}

export function doubleToDecimal128(block: usize, value: f64, precision: i32, scale: i32, powers: usize): v128 {
  return toDecimal128(block, digitsOfDouble(value, powers), value < 0, precision, scale);
}

/** Of a real: 6 digits. */
export function realToDecimal64(block: usize, value: f32, precision: i32, scale: i32, powers: usize): i64 {
  return toDecimal64(block, digitsOfReal(value, powers), value < 0, precision, scale);
}

export function realToDecimal128(block: usize, value: f32, precision: i32, scale: i32, powers: usize): v128 {
  return toDecimal128(block, digitsOfReal(value, powers), value < 0, precision, scale);
}
