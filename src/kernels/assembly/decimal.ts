// Decimal arithmetic in 128 bits, for generated code: values are v128 (low half first), scales are known when code is
// generated. Overflow beyond 38 digits and division by zero set the status of the argument block.
import { BIGINT_OVERFLOW, DECIMAL_OVERFLOW, DIVISION_BY_ZERO, fail } from './status';
import {
  add,
  compareMagnitudes,
  divide128,
  divide256,
  divideBy64,
  divideScaled,
  exceedsLimit,
  fits64,
  high,
  isOverflow,
  low,
  magnitude,
  make,
  multiplyHigh,
  multipliesIn64,
  nearestQuotient,
  negate,
  scaleDown,
  scaleUp,
  subtractProduct,
  zero,
} from './wide-integer';

function signed(block: usize, value: v128, negative: bool): v128 {
  if (exceedsLimit(low(value), <u64>high(value))) {
    fail(block, DECIMAL_OVERFLOW);
    return zero();
  }
  return negative ? negate(value) : value;
}

/** Both operands with their scales raised; fails beyond 38 digits. */
function rescaledUp(block: usize, value: v128, digits: i32): v128 {
  if (digits == 0) return value;
  const scaled = scaleUp(magnitude(value), digits);
  if (isOverflow(scaled)) {
    fail(block, DECIMAL_OVERFLOW);
    return zero();
  }
  return high(value) < 0 ? negate(scaled) : scaled;
}

/** a * 10^aDigits + b * 10^bDigits. */
export function decimalAdd(block: usize, a: v128, aDigits: i32, b: v128, bDigits: i32): v128 {
  const sum = add(rescaledUp(block, a, aDigits), rescaledUp(block, b, bDigits));
  return signed(block, magnitude(sum), high(sum) < 0);
}

/** a * 10^aDigits - b * 10^bDigits. */
export function decimalSubtract(block: usize, a: v128, aDigits: i32, b: v128, bDigits: i32): v128 {
  return decimalAdd(block, a, aDigits, negate(b), bDigits);
}

/** a * b / 10^digits, rounded half away from zero. */
export function decimalMultiply(block: usize, a: v128, b: v128, digits: i32): v128 {
  const negative = (high(a) ^ high(b)) < 0;
  const x = magnitude(a);
  const y = magnitude(b);
  if (fits64(x) && fits64(y)) {
    const upper: u64 = multipliesIn64(low(x), low(y)) ? 0 : multiplyHigh(low(x), low(y));
    const product = make(low(x) * low(y), <i64>upper);
    return signed(block, digits == 0 ? product : scaleDown(product, digits, true), negative);
  }
  // 256 bits: r3 r2 r1 r0.
  const x0 = low(x);
  const x1 = <u64>high(x);
  const y0 = low(y);
  const y1 = <u64>high(y);
  const r0 = x0 * y0;
  let r1 = multiplyHigh(x0, y0);
  let r2: u64 = 0;
  let term = x0 * y1;
  r1 += term;
  r2 += u64(r1 < term) + multiplyHigh(x0, y1);
  term = x1 * y0;
  r1 += term;
  let r3: u64 = 0;
  const carried = u64(r1 < term) + multiplyHigh(x1, y0);
  r2 += carried;
  r3 += u64(r2 < carried);
  term = x1 * y1;
  r2 += term;
  r3 += u64(r2 < term) + multiplyHigh(x1, y1);
  if (digits == 0) {
    if (r3 != 0 || r2 != 0 || exceedsLimit(r0, r1)) {
      fail(block, DECIMAL_OVERFLOW);
      return zero();
    }
    return signed(block, make(r0, <i64>r1), negative);
  }
  return signed(block, divide256(r3, r2, r1, r0, digits), negative);
}

/** a * 10^digits / b, rounded half away from zero or cut towards it; negative digits divide, and are cut. */
// @ts-ignore: decorator
@inline
function divided(block: usize, a: v128, b: v128, digits: i32, round: bool): v128 {
  if (low(b) == 0 && high(b) == 0) {
    fail(block, DIVISION_BY_ZERO);
    return zero();
  }
  const negative = (high(a) ^ high(b)) < 0;
  const x = magnitude(a);
  const y = magnitude(b);
  if (digits < 0) return signed(block, divide128(scaleDown(x, -digits, false), y, round), negative);
  const scaled = scaleUp(x, digits);
  const quotient = isOverflow(scaled) ? divideScaled(x, digits, y, round) : divide128(scaled, y, round);
  return signed(block, quotient, negative);
}

/** For digits ≥ 0, rounded. */
export function decimalDivide(block: usize, a: v128, b: v128, digits: i32): v128 {
  return divided(block, a, b, digits, true);
}

export function decimalQuotient(block: usize, a: v128, b: v128, digits: i32): v128 {
  return divided(block, a, b, digits, false);
}

/** The remainder of a * 10^aDigits by b * 10^bDigits, with the sign of a. */
export function decimalModulo(block: usize, a: v128, aDigits: i32, b: v128, bDigits: i32): v128 {
  if (low(b) == 0 && high(b) == 0) {
    fail(block, DIVISION_BY_ZERO);
    return zero();
  }
  const x = magnitude(rescaledUp(block, a, aDigits));
  const y = magnitude(rescaledUp(block, b, bDigits));
  if (load<i32>(block) != 0) return zero();
  const rest = subtractProduct(x, divide128(x, y, false), y);
  return high(a) < 0 ? negate(rest) : rest;
}

export function decimalNegate(value: v128): v128 {
  return negate(value);
}

export function decimalAbsolute(value: v128): v128 {
  return magnitude(value);
}

/** -1, 0 or 1. */
export function decimalSign(value: v128): i64 {
  return high(value) < 0 ? -1 : i64(high(value) != 0 || low(value) != 0);
}

/** -1, 0 or 1. */
export function decimalCompare(a: v128, b: v128): i32 {
  if (high(a) != high(b)) return high(a) < high(b) ? -1 : 1;
  return low(a) == low(b) ? 0 : low(a) < low(b) ? -1 : 1;
}

/** value * 10^digits (negative: divided, rounded half away from zero), which must have at most `precision` digits. */
export function decimalRescale(block: usize, value: v128, digits: i32, precision: i32): v128 {
  const negative = high(value) < 0;
  const size = magnitude(value);
  const scaled = digits >= 0 ? scaleUp(size, digits) : scaleDown(size, -digits, true);
  // 2^64 has 20 digits.
  if (precision >= 20 && fits64(scaled)) return negative ? negate(scaled) : scaled;
  if (isOverflow(scaled) || (precision < 38 && compareMagnitudes(scaled, scaleUp(make(1, 0), precision)) >= 0)) {
    fail(block, DECIMAL_OVERFLOW);
    return zero();
  }
  return signed(block, scaled, negative);
}

export function decimalFromBigint(block: usize, value: i64, digits: i32, precision: i32): v128 {
  return decimalRescale(block, make(value, value >> 63), digits, precision);
}

/** Rounded half away from zero. */
export function decimalToBigint(block: usize, value: v128, scale: i32): i64 {
  const rounded = scaleDown(magnitude(value), scale, true);
  const negative = high(value) < 0;
  if (high(rounded) != 0 || low(rounded) > <u64>i64.MAX_VALUE + u64(negative)) {
    fail(block, BIGINT_OVERFLOW);
    return 0;
  }
  return negative ? 0 - <i64>low(rounded) : <i64>low(rounded);
}

/** The nearest double. */
export function decimalToDouble(value: v128, scale: i32): f64 {
  const size = magnitude(value);
  let result: f64;
  if (high(size) == 0 && low(size) <= <u64>1 << 53 && (scale <= 22 || low(size) == 0)) {
    // Both are exact, so that only the division rounds.
    let divisor: f64 = 1;
    for (let i = 0; i < scale; i++) divisor *= 10;
    result = <f64>low(size) / divisor;
  } else {
    result = nearestQuotient(size, scale);
  }
  return high(value) < 0 ? -result : result;
}

/** How many digits behind the point, of `scale`, are left without the zeros at the end. */
export function decimalLeastScale(value: v128, scale: i32): i32 {
  let left = scale;
  let size = magnitude(value);
  while (left > 0 && !fits64(size)) {
    const tenth = divideBy64(size, 10, false);
    // The rest is below ten, so that the low half tells whether there is one.
    if (low(tenth) * 10 != low(size)) return left;
    size = tenth;
    left--;
  }
  let digits = low(size);
  while (left > 0) {
    const tenth = digits / 10;
    if (tenth * 10 != digits) return left;
    digits = tenth;
    left--;
  }
  return 0;
}

/** To an integer. Mode 0: half away from zero, 1: down (floor), 2: up (ceil), 3: toward zero. */
export function decimalRound(value: v128, scale: i32, mode: i32): v128 {
  return roundMagnitude(value, scale, mode);
}

function roundMagnitude(value: v128, digits: i32, mode: i32): v128 {
  const negative = high(value) < 0;
  const size = magnitude(value);
  let rounded = scaleDown(size, digits, mode == 0);
  if ((mode == 1 && negative) || (mode == 2 && !negative)) {
    const back = scaleUp(rounded, digits);
    if (compareMagnitudes(back, size) != 0) rounded = add(rounded, make(1, 0));
  }
  return negative ? negate(rounded) : rounded;
}

/** To `digits` after the point (negative: before it), the scale kept; `mode` is 0 or 3 of the modes above. */
export function decimalRoundTo(block: usize, value: v128, scale: i32, digits: i32, mode: i32): v128 {
  if (digits >= scale) return value;
  if (digits < scale - 38) return zero();
  const dropped = scale - digits;
  const rounded = roundMagnitude(value, dropped, mode);
  const scaled = scaleUp(magnitude(rounded), dropped);
  if (isOverflow(scaled)) {
    fail(block, DECIMAL_OVERFLOW);
    return zero();
  }
  return signed(block, scaled, high(rounded) < 0);
}

export function bigintProductOverflows(a: i64, b: i64): i32 {
  if (a == 0 || b == 0) return 0;
  if (a == -1) return i32(b == i64.MIN_VALUE);
  if (b == -1) return i32(a == i64.MIN_VALUE);
  return i32((a * b) / b != a);
}
