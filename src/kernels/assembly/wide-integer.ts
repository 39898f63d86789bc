// 128-bit integers as v128, low half first, and their magnitudes as multiples of powers of ten: what decimals of 38
// digits are made of.

// @ts-ignore: decorator
@inline export function low(value: v128): u64 {
  return i64x2.extract_lane(value, 0);
}

// @ts-ignore: decorator
@inline export function high(value: v128): i64 {
  return i64x2.extract_lane(value, 1);
}

// @ts-ignore: decorator
@inline export function make(lo: u64, hi: i64): v128 {
  return i64x2.replace_lane(i64x2.splat(<i64>lo), 1, hi);
}

// @ts-ignore: decorator
@inline export function zero(): v128 {
  return i64x2.splat(0);
}

// @ts-ignore: decorator
@inline export function add(a: v128, b: v128): v128 {
  const lo = low(a) + low(b);
  return make(lo, high(a) + high(b) + i64(lo < low(a)));
}

export function negate(value: v128): v128 {
  const lo: u64 = 0 - low(value);
  return make(lo, ~high(value) + i64(lo == 0));
}

// @ts-ignore: decorator
@inline export function magnitude(value: v128): v128 {
  return high(value) < 0 ? negate(value) : value;
}

/** 10^38 as two halves: magnitudes from here on do not fit 38 digits. */
// @ts-ignore: decorator
@inline const LIMIT_HIGH: u64 = 0x4b3b4ca85a86c47a;
// @ts-ignore: decorator
@inline const LIMIT_LOW: u64 = 0x098a224000000000;

// @ts-ignore: decorator
@inline export function exceedsLimit(lo: u64, hi: u64): bool {
  return hi > LIMIT_HIGH || (hi == LIMIT_HIGH && lo >= LIMIT_LOW);
}

/** High half of a 64 × 64-bit product. */
export function multiplyHigh(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  const other = a0 * b1 + (middle & 0xffffffff);
  return a1 * b1 + (middle >> 32) + (other >> 32);
}

/** 10^exponent for 0 ≤ exponent ≤ 19. */
export function power64(exponent: i32): u64 {
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
@inline export function fits64(value: v128): bool {
  return high(value) == 0;
}

/** magnitude * 10^digits; all ones when it does not fit 38 digits. */
export function scaleUp(value: v128, digits: i32): v128 {
  let lo = low(value);
  let hi = <u64>high(value);
  if (digits < 19 && hi == 0 && multipliesIn64(lo, power64(digits))) return make(lo * power64(digits), 0);
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
@inline export function multipliesIn64(a: u64, b: u64): bool {
  return clz(a) + clz(b) >= 64;
}

// @ts-ignore: decorator
@inline export function isOverflow(value: v128): bool {
  return (low(value) & <u64>high(value)) == ~0;
}

/** 128 by 64 bits, the high half below the divisor: quotient (Hacker's Delight, divlu). The remainder follows from it. */
export function divideHalf(hi: u64, lo: u64, divisor: u64): u64 {
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
export function divideBy64(value: v128, divisor: u64, round: bool): v128 {
  const hi = <u64>high(value);
  const upper = hi / divisor;
  const rest = hi - upper * divisor;
  const lower = rest == 0 ? low(value) / divisor : divideHalf(rest, low(value), divisor);
  const remainder = low(value) - lower * divisor;
  const quotient = make(lower, <i64>upper);
  return round && remainder >= divisor - remainder ? add(quotient, make(1, 0)) : quotient;
}

/** magnitude / 10^digits. Dropping 19 digits at a time would round twice, so all but the last step round down. */
export function scaleDown(value: v128, digits: i32, round: bool): v128 {
  if (digits == 0) return value;
  if (digits > 38) return zero();
  if (digits < 19 && fits64(value)) {
    const divisor = power64(digits);
    const quotient = low(value) / divisor;
    const remainder = low(value) - quotient * divisor;
    return make(quotient + u64(round && remainder >= divisor - remainder), 0);
  }
  let result = value;
  let rest = digits;
  while (rest > 1) {
    const step = min(rest - 1, 19);
    result = divideBy64(result, power64(step), false);
    rest -= step;
  }
  return divideBy64(result, 10, round);
}

/** (r3 r2 r1 r0) / 10^digits rounded half up; all ones when it exceeds 128 bits. */
export function divide256(r3: u64, r2: u64, r1: u64, r0: u64, digits: i32): v128 {
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
      if (n0 == 0) {
        n1++;
        if (n1 == 0) n2++;
      }
    }
  }
  if (n3 != 0 || n2 != 0) return make(~0, ~0);
  return make(n0, <i64>n1);
}

/** magnitude / magnitude. */
export function divide128(value: v128, divisor: v128, round: bool): v128 {
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
export function divideScaled(value: v128, digits: i32, divisor: v128, round: bool): v128 {
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
  if (!round) return quotient;
  const twice = add(remainder, remainder);
  return compareMagnitudes(twice, divisor) >= 0 ? add(quotient, make(1, 0)) : quotient;
}

/** value - quotient * divisor, in 128 bits. */
export function subtractProduct(value: v128, quotient: v128, divisor: v128): v128 {
  const lo = low(quotient) * low(divisor);
  const hi = multiplyHigh(low(quotient), low(divisor)) + low(quotient) * <u64>high(divisor) + <u64>high(quotient) * low(divisor);
  return add(value, negate(make(lo, <i64>hi)));
}

export function compareMagnitudes(a: v128, b: v128): i32 {
  const ah = <u64>high(a);
  const bh = <u64>high(b);
  if (ah != bh) return ah < bh ? -1 : 1;
  return low(a) == low(b) ? 0 : low(a) < low(b) ? -1 : 1;
}

/** 0 < magnitude < 2^127, divided by 10^digits, as the nearest double. */
export function nearestQuotient(value: v128, digits: i32): f64 {
  const power = digits == 38 ? make(LIMIT_LOW, <i64>LIMIT_HIGH) : scaleUp(make(1, 0), digits);
  const valueShift = leadingZeros(value) - 1;
  const powerShift = leadingZeros(power) - 1;
  const divisor = shiftLeft(power, powerShift);
  let remainder = shiftLeft(value, valueShift);
  // With both below 2^127 and above half of it, the quotient has 63 or 64 bits; what follows them only matters as a
  // whole, when the quotient is rounded to the 53 bits of a double: the last bit stands for it.
  let quotient: u64 = 0;
  for (let i = 0; i < 64; i++) {
    quotient <<= 1;
    if (compareMagnitudes(remainder, divisor) >= 0) {
      remainder = add(remainder, negate(divisor));
      quotient |= 1;
    }
    remainder = add(remainder, remainder);
  }
  if (low(remainder) != 0 || high(remainder) != 0) quotient |= 1;
  return <f64>quotient * reinterpret<f64>(<u64>(1023 + powerShift - valueShift - 63) << 52);
}

function leadingZeros(value: v128): i32 {
  return <i32>(high(value) != 0 ? clz(high(value)) : 64 + clz(low(value)));
}

/** By 0 to 127 bits. */
export function shiftLeft(value: v128, count: i32): v128 {
  const lo = low(value);
  if (count >= 64) return make(0, <i64>(lo << (count - 64)));
  if (count == 0) return value;
  return make(lo << count, (high(value) << count) | <i64>(lo >> (64 - count)));
}

/** By 0 to 127 bits. */
function shiftRight(value: v128, count: u64): v128 {
  const hi = <u64>high(value);
  if (count >= 64) return make(hi >> (count - 64), 0);
  if (count == 0) return value;
  return make((low(value) >> count) | (hi << (64 - count)), <i64>(hi >> count));
}

/** Of a value that is not 0. */
function trailingZeros(value: v128): u64 {
  return low(value) != 0 ? ctz(low(value)) : 64 + ctz(<u64>high(value));
}

/** The greatest common divisor. */
export function commonDivisor64(left: u64, right: u64): u64 {
  let a = left;
  let b = right;
  while (b != 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/** The same of magnitudes: by subtraction, as a division of two of them takes 64 steps. */
export function commonDivisor128(left: v128, right: v128): v128 {
  if (low(left) == 0 && high(left) == 0) return right;
  if (low(right) == 0 && high(right) == 0) return left;
  const leftZeros = trailingZeros(left);
  const rightZeros = trailingZeros(right);
  const twos = <i32>min(leftZeros, rightZeros);
  let a = shiftRight(left, leftZeros);
  let b = shiftRight(right, rightZeros);
  // Both are odd, as are the differences once they are halved.
  while (!fits64(a) || !fits64(b)) {
    if (compareMagnitudes(a, b) < 0) {
      const less = a;
      a = b;
      b = less;
    }
    if (fits64(b)) {
      a = subtractProduct(a, divideBy64(a, low(b), false), b);
    } else {
      a = add(a, negate(b));
      if (low(a) == 0 && high(a) == 0) return shiftLeft(b, twos);
      a = shiftRight(a, trailingZeros(a));
    }
  }
  return shiftLeft(make(commonDivisor64(low(a), low(b)), 0), twos);
}
