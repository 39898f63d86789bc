// Decimal arithmetic in 128 bits, for generated code: values are v128 (low half first), scales are known when code is
// generated. Overflow beyond 38 digits and division by zero set the status of the argument block.
import { BIGINT_OVERFLOW, DECIMAL_OVERFLOW, DIVISION_BY_ZERO, fail } from './status';

// @ts-ignore: decorator
@inline function low(value: v128): u64 {
  return i64x2.extract_lane(value, 0);
}

// @ts-ignore: decorator
@inline function high(value: v128): i64 {
  return i64x2.extract_lane(value, 1);
}

// @ts-ignore: decorator
@inline function make(lo: u64, hi: i64): v128 {
  return i64x2.replace_lane(i64x2.splat(<i64>lo), 1, hi);
}

// @ts-ignore: decorator
@inline function zero(): v128 {
  return i64x2.splat(0);
}

// @ts-ignore: decorator
@inline function add(a: v128, b: v128): v128 {
  const lo = low(a) + low(b);
  return make(lo, high(a) + high(b) + i64(lo < low(a)));
}

function negate(value: v128): v128 {
  const lo: u64 = 0 - low(value);
  return make(lo, ~high(value) + i64(lo == 0));
}

// @ts-ignore: decorator
@inline function magnitude(value: v128): v128 {
  return high(value) < 0 ? negate(value) : value;
}

/** 10^38 as two halves: magnitudes from here on do not fit 38 digits. */
// @ts-ignore: decorator
@inline const LIMIT_HIGH: u64 = 0x4b3b4ca85a86c47a;
// @ts-ignore: decorator
@inline const LIMIT_LOW: u64 = 0x098a224000000000;

// @ts-ignore: decorator
@inline function exceedsLimit(lo: u64, hi: u64): bool {
  return hi > LIMIT_HIGH || (hi == LIMIT_HIGH && lo >= LIMIT_LOW);
}

/** High half of a 64 × 64-bit product. */
function multiplyHigh(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  const other = a0 * b1 + (middle & 0xffffffff);
  return a1 * b1 + (middle >> 32) + (other >> 32);
}

/** 10^exponent for 0 ≤ exponent ≤ 19. */
function power64(exponent: i32): u64 {
  let result: u64 = 1;
  let base: u64 = 10;
  let rest = exponent;
  while (rest > 0) {
    if (rest & 1) result *= base;
    base *= base;
    rest >>= 1;
  }
  return result;
}

// @ts-ignore: decorator
@inline function fits64(value: v128): bool {
  return high(value) == 0;
}

/** magnitude * 10^digits; all ones when it does not fit 38 digits. */
function scaleUp(value: v128, digits: i32): v128 {
  let lo = low(value);
  let hi = <u64>high(value);
  let rest = digits;
  while (rest > 0) {
    if (lo == 0 && hi == 0) return value;
    const step = min(rest, 19);
    const factor = power64(step);
    const carry = multiplyHigh(lo, factor);
    if (hi != 0 && multiplyHigh(hi, factor) != 0) return make(~0, ~0);
    const upper = hi * factor;
    lo = lo * factor;
    hi = upper + carry;
    if (hi < upper || exceedsLimit(lo, hi)) return make(~0, ~0);
    rest -= step;
  }
  return make(lo, <i64>hi);
}

// @ts-ignore: decorator
@inline function isOverflow(value: v128): bool {
  return (low(value) & <u64>high(value)) == ~0;
}

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

/** 128 by 64 bits, the high half below the divisor: quotient (Hacker's Delight, divlu). The remainder follows from it. */
function divideHalf(hi: u64, lo: u64, divisor: u64): u64 {
  const shift = clz(divisor);
  const v = divisor << shift;
  const v1 = v >> 32;
  const v0 = v & 0xffffffff;
  const un32 = shift == 0 ? hi : (hi << shift) | (lo >> (64 - shift));
  const un10 = lo << shift;
  const un1 = un10 >> 32;
  const un0 = un10 & 0xffffffff;
  let q1 = un32 / v1;
  let rhat = un32 - q1 * v1;
  while (q1 >= 0x100000000 || q1 * v0 > ((rhat << 32) | un1)) {
    q1--;
    rhat += v1;
    if (rhat >= 0x100000000) break;
  }
  const un21 = ((un32 << 32) | un1) - q1 * v;
  let q0 = un21 / v1;
  rhat = un21 - q0 * v1;
  while (q0 >= 0x100000000 || q0 * v0 > ((rhat << 32) | un0)) {
    q0--;
    rhat += v1;
    if (rhat >= 0x100000000) break;
  }
  return (q1 << 32) + q0;
}

/** magnitude / divisor, rounded half up when `round`, else down. */
function divideBy64(value: v128, divisor: u64, round: bool): v128 {
  const hi = <u64>high(value);
  const upper = hi / divisor;
  const rest = hi - upper * divisor;
  const lower = rest == 0 ? low(value) / divisor : divideHalf(rest, low(value), divisor);
  const remainder = low(value) - lower * divisor;
  const quotient = make(lower, <i64>upper);
  return round && remainder >= divisor - remainder ? add(quotient, make(1, 0)) : quotient;
}

/** magnitude / 10^digits. Dropping 19 digits at a time would round twice, so all but the last step round down. */
function scaleDown(value: v128, digits: i32, round: bool): v128 {
  if (digits == 0) return value;
  if (digits > 38) return zero();
  let result = value;
  let rest = digits;
  while (rest > 1) {
    const step = min(rest - 1, 19);
    result = divideBy64(result, power64(step), false);
    rest -= step;
  }
  return divideBy64(result, 10, round);
}

/** a * b / 10^digits, rounded half away from zero. */
export function decimalMultiply(block: usize, a: v128, b: v128, digits: i32): v128 {
  const negative = (high(a) ^ high(b)) < 0;
  const x = magnitude(a);
  const y = magnitude(b);
  if (fits64(x) && fits64(y)) {
    const product = make(low(x) * low(y), <i64>multiplyHigh(low(x), low(y)));
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

/** (r3 r2 r1 r0) / 10^digits rounded half up; all ones when it exceeds 128 bits. */
function divide256(r3: u64, r2: u64, r1: u64, r0: u64, digits: i32): v128 {
  let n3 = r3;
  let n2 = r2;
  let n1 = r1;
  let n0 = r0;
  // All steps but the last drop digits; the last one rounds.
  let rest = digits;
  while (rest > 0) {
    const step = rest > 1 ? min(rest - 1, 18) : 1;
    const factor = power64(step);
    let remainder: u64 = n3 % factor;
    n3 /= factor;
    let quotient = remainder == 0 ? n2 / factor : divideHalf(remainder, n2, factor);
    remainder = n2 - quotient * factor;
    n2 = quotient;
    quotient = remainder == 0 ? n1 / factor : divideHalf(remainder, n1, factor);
    remainder = n1 - quotient * factor;
    n1 = quotient;
    quotient = remainder == 0 ? n0 / factor : divideHalf(remainder, n0, factor);
    remainder = n0 - quotient * factor;
    n0 = quotient;
    rest -= step;
    if (rest == 0 && remainder >= factor - remainder) {
      n0++;
      if (n0 == 0) n1++;
    }
  }
  if (n3 != 0 || n2 != 0) return make(~0, ~0);
  return make(n0, <i64>n1);
}

/** a * 10^digits / b, rounded half away from zero. */
export function decimalDivide(block: usize, a: v128, b: v128, digits: i32): v128 {
  if (low(b) == 0 && high(b) == 0) {
    fail(block, DIVISION_BY_ZERO);
    return zero();
  }
  const negative = (high(a) ^ high(b)) < 0;
  const x = magnitude(a);
  const y = magnitude(b);
  if (digits < 0) return signed(block, divide128(scaleDown(x, -digits, false), y, true), negative);
  const scaled = scaleUp(x, digits);
  if (!isOverflow(scaled)) return signed(block, divide128(scaled, y, true), negative);
  return signed(block, divideScaled(x, digits, y), negative);
}

/** magnitude / magnitude. */
function divide128(value: v128, divisor: v128, round: bool): v128 {
  if (fits64(divisor)) return divideBy64(value, low(divisor), round);
  // The quotient is below 2^64: long division, bit by bit.
  let remainderLow: u64 = <u64>high(value);
  let remainderHigh: u64 = 0;
  let quotient: u64 = 0;
  const dl = low(divisor);
  const dh = <u64>high(divisor);
  let bits = low(value);
  for (let i = 0; i < 64; i++) {
    remainderHigh = (remainderHigh << 1) | (remainderLow >> 63);
    remainderLow = (remainderLow << 1) | (bits >> 63);
    bits <<= 1;
    quotient <<= 1;
    if (remainderHigh > dh || (remainderHigh == dh && remainderLow >= dl)) {
      const borrow = u64(remainderLow < dl);
      remainderLow -= dl;
      remainderHigh = remainderHigh - dh - borrow;
      quotient |= 1;
    }
  }
  const result = make(quotient, 0);
  if (!round) return result;
  // Half or more of the divisor remains: 2 * remainder >= divisor.
  const doubledHigh = (remainderHigh << 1) | (remainderLow >> 63);
  const doubledLow = remainderLow << 1;
  return doubledHigh > dh || (doubledHigh == dh && doubledLow >= dl) ? add(result, make(1, 0)) : result;
}

/** magnitude * 10^digits / divisor where the product exceeds 128 bits: digit by digit. */
function divideScaled(value: v128, digits: i32, divisor: v128): v128 {
  // value = q * divisor + r; each further digit is 10 * r / divisor. A divisor below 10^38 < 2^127 keeps 10 * r in reach
  // of four doublings and additions with compare.
  let quotient = divide128(value, divisor, false);
  let remainder = subtractProduct(value, quotient, divisor);
  for (let i = 0; i < digits; i++) {
    let digit: u64 = 0;
    let accumulated = zero();
    // accumulated = 10 * remainder mod divisor, counting how often the divisor went in.
    for (let k = 0; k < 10; k++) {
      accumulated = add(accumulated, remainder);
      if (compareMagnitudes(accumulated, divisor) >= 0) {
        accumulated = add(accumulated, negate(divisor));
        digit++;
      }
    }
    remainder = accumulated;
    const scaled = scaleUp(quotient, 1);
    if (isOverflow(scaled)) return scaled;
    quotient = add(scaled, make(digit, 0));
  }
  const twice = add(remainder, remainder);
  return compareMagnitudes(twice, divisor) >= 0 ? add(quotient, make(1, 0)) : quotient;
}

/** value - quotient * divisor, in 128 bits. */
function subtractProduct(value: v128, quotient: v128, divisor: v128): v128 {
  const lo = low(quotient) * low(divisor);
  const hi = multiplyHigh(low(quotient), low(divisor)) + low(quotient) * <u64>high(divisor) + <u64>high(quotient) * low(divisor);
  return add(value, negate(make(lo, <i64>hi)));
}

function compareMagnitudes(a: v128, b: v128): i32 {
  const ah = <u64>high(a);
  const bh = <u64>high(b);
  if (ah != bh) return ah < bh ? -1 : 1;
  return low(a) == low(b) ? 0 : low(a) < low(b) ? -1 : 1;
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

export function decimalToDouble(value: v128, scale: i32): f64 {
  const size = magnitude(value);
  let result: f64;
  if (high(size) == 0 && low(size) < 1 << 53) result = <f64>low(size);
  else result = <f64>(<u64>high(size)) * 18446744073709551616.0 + <f64>low(size);
  let divisor: f64 = 1;
  for (let i = 0; i < min(scale, 22); i++) divisor *= 10;
  result /= divisor;
  for (let i = 22; i < scale; i++) result /= 10;
  return high(value) < 0 ? -result : result;
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

/** Rounded to `digits` after the point (negative: before it), the scale kept. */
export function decimalRoundTo(block: usize, value: v128, scale: i32, digits: i32, mode: i32): v128 {
  if (digits >= scale) return value;
  const dropped = scale - digits;
  if (dropped > 38) return zero();
  const rounded = roundMagnitude(value, dropped, mode);
  const scaled = scaleUp(magnitude(rounded), dropped);
  if (isOverflow(scaled)) {
    fail(block, DECIMAL_OVERFLOW);
    return zero();
  }
  return signed(block, scaled, high(rounded) < 0);
}

/** Fails when a sum has more than 38 digits. */
export function decimalCheck(block: usize, value: v128): v128 {
  return signed(block, magnitude(value), high(value) < 0);
}

/** Adds a 128-bit value to the 128-bit sum at an address; the sum of 38-digit values may overflow 128 bits. */
export function decimalAccumulate(block: usize, sum: usize, value: v128): void {
  const lo = load<u64>(sum);
  const hi = load<i64>(sum, 8);
  const newLow = lo + low(value);
  const newHigh = hi + high(value) + i64(newLow < lo);
  if (((hi ^ newHigh) & (high(value) ^ newHigh)) < 0) {
    fail(block, DECIMAL_OVERFLOW);
    return;
  }
  store<u64>(sum, newLow);
  store<i64>(sum, newHigh, 8);
}

export function bigintProductOverflows(a: i64, b: i64): i32 {
  if (a == 0 || b == 0) return 0;
  if (a == -1) return i32(b == i64.MIN_VALUE);
  if (b == -1) return i32(a == i64.MIN_VALUE);
  return i32((a * b) / b != a);
}
