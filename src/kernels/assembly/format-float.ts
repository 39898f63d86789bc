// Floating point numbers as text, exactly as PostgreSQL prints them.
//
// Shortest decimal that reads back as the same number: Raffaello Giulietti, "The Schubfach way to render doubles"
// (2020), after the C++ of Alexander Bolz (Drachennest). As PostgreSQL does, the interval's ends are never accepted,
// so that readers which round halves differently read the same number.
//
// `powers` is a table of 667 entries of 16 bytes, low half first: entry i is 10^(i − 342), normalised to 128 bits and
// rounded up (constant-tables.ts computes it).

import { formatTwo, formatUnsigned, insertPoint } from './format';

// @ts-ignore: decorator
@inline export const SMALLEST_POWER: i32 = -342;

// @ts-ignore: decorator
@inline
function multiplyHigh(left: u64, right: u64): u64 {
  const leftLow = left & 0xffffffff;
  const leftHigh = left >> 32;
  const rightLow = right & 0xffffffff;
  const rightHigh = right >> 32;
  const low = leftLow * rightLow;
  const middle = leftHigh * rightLow + (low >> 32);
  const cross = leftLow * rightHigh + (middle & 0xffffffff);
  return leftHigh * rightHigh + (middle >> 32) + (cross >> 32);
}

/** The high 64 bits of the 192-bit product, their lowest bit set when anything lies below them. */
// @ts-ignore: decorator
@inline
function roundToOdd(powerHigh: u64, powerLow: u64, factor: u64): u64 {
  const carryIn = multiplyHigh(powerLow, factor);
  const productLow = powerHigh * factor;
  const middle = productLow + carryIn;
  const high = multiplyHigh(powerHigh, factor) + (middle < productLow ? 1 : 0);
  return high | (middle > 1 ? 1 : 0);
}

/** significand × 2^exponent as digits × 10^power: the digits in the lower half, the power in the upper. */
function shortestDigits(
  significand: u64,
  exponent: i32,
  lowerIsCloser: bool,
  significandBits: i32,
  powers: usize,
): v128 {
  let digits: u64;
  let power: i32;
  if (exponent <= 0 && -exponent < significandBits && <i32>ctz(significand) >= -exponent) {
    digits = significand >> -exponent;
    power = 0;
  } else {
    power = (exponent * 1262611 - (lowerIsCloser ? 524031 : 0)) >> 22;
    const entry = powers + ((-power - SMALLEST_POWER) << 4);
    const powerLow = load<u64>(entry);
    const powerHigh = load<u64>(entry, 8);
    const shift = <u64>(exponent + ((-power * 1741647) >> 19) + 1);
    const middle = significand << 2;
    const below = roundToOdd(powerHigh, powerLow, (middle - 2 + (lowerIsCloser ? 1 : 0)) << shift) + 1;
    const value = roundToOdd(powerHigh, powerLow, middle << shift);
    const above = roundToOdd(powerHigh, powerLow, (middle + 2) << shift) - 1;
    digits = value >> 2;
    let found = false;
    if (digits >= 10) {
      const tens = digits / 10;
      const downFits = below <= 40 * tens;
      const upFits = 40 * tens + 40 <= above;
      if (downFits != upFits) {
        digits = upFits ? tens + 1 : tens;
        power++;
        found = true;
      }
    }
    if (!found) {
      const downFits = below <= digits << 2;
      const upFits = (digits << 2) + 4 <= above;
      if (downFits != upFits) {
        if (upFits) digits++;
      } else {
        const half = (digits << 2) + 2;
        if (value > half || (value == half && (digits & 1) != 0)) digits++;
      }
    }
  }
  while (digits % 10 == 0) {
    digits /= 10;
    power++;
  }
  return i64x2.replace_lane(i64x2.splat(digits), 1, power);
}

/**
 * Prints significand × 2^exponent; `fixedDigits` is the decimal exponent from which PostgreSQL switches to scientific notation:
 * 15 for double precision, 6 for real.
 */
function formatShortest(
  significand: u64,
  exponent: i32,
  lowerIsCloser: bool,
  significandBits: i32,
  fixedDigits: i32,
  powers: usize,
  target: usize,
): u32 {
  const shortest = shortestDigits(significand, exponent, lowerIsCloser, significandBits, powers);
  const digits: u64 = i64x2.extract_lane(shortest, 0);
  const power = <i32>i64x2.extract_lane(shortest, 1);
  let length = formatUnsigned(digits, target);
  const scientific = power + <i32>length - 1;
  if (scientific < -4 || scientific >= fixedDigits) {
    // d.ddde±XX
    if (length > 1) {
      memory.copy(target + 2, target + 1, length - 1);
      store<u8>(target + 1, 0x2e);
      length++;
    }
    store<u8>(target + length, 0x65);
    store<u8>(target + length, scientific < 0 ? 0x2d : 0x2b, 1);
    length += 2;
    const magnitude = <u32>(scientific < 0 ? -scientific : scientific);
    if (magnitude >= 100) {
      const hundreds = magnitude / 100;
      store<u8>(target + length++, <u8>(0x30 + hundreds));
      formatTwo(magnitude - hundreds * 100, target + length);
    } else {
      formatTwo(magnitude, target + length);
    }
    return length + 2;
  }
  if (power >= 0) {
    memory.fill(target + length, 0x30, power);
    return length + power;
  }
  return insertPoint(target, length, -power);
}

// @ts-ignore: decorator
@inline
function formatInfinity(target: usize): u32 {
  store<u64>(target, 0x7974696e69666e49); // Infinity
  return 8;
}

export function formatF64(value: f64, powers: usize, target: usize): u32 {
  const bits = reinterpret<u64>(value);
  if (value != value) {
    store<u32>(target, 0x4e614e);
    return 3;
  }
  let sign: u32 = 0;
  if (<i64>bits < 0) {
    store<u8>(target, 0x2d);
    sign = 1;
  }
  target += sign;
  const fraction = bits & 0x000fffffffffffff;
  const biased = <i32>((bits >> 52) & 0x7ff);
  if (biased == 0x7ff) return sign + formatInfinity(target);
  if (biased == 0) {
    if (fraction == 0) {
      store<u8>(target, 0x30);
      return sign + 1;
    }
    return sign + formatShortest(fraction, -1074, false, 53, 15, powers, target);
  }
  return sign + formatShortest(fraction | (<u64>1 << 52), biased - 1075, fraction == 0 && biased > 1, 53, 15, powers, target);
}

export function formatF32(value: f32, powers: usize, target: usize): u32 {
  const bits = reinterpret<u32>(value);
  if (value != value) {
    store<u32>(target, 0x4e614e);
    return 3;
  }
  let sign: u32 = 0;
  if (<i32>bits < 0) {
    store<u8>(target, 0x2d);
    sign = 1;
  }
  target += sign;
  const fraction = bits & 0x007fffff;
  const biased = <i32>((bits >> 23) & 0xff);
  if (biased == 0xff) return sign + formatInfinity(target);
  if (biased == 0) {
    if (fraction == 0) {
      store<u8>(target, 0x30);
      return sign + 1;
    }
    return sign + formatShortest(fraction, -149, false, 24, 6, powers, target);
  }
  return sign + formatShortest(fraction | (<u64>1 << 23), biased - 150, fraction == 0 && biased > 1, 24, 6, powers, target);
}

/** The digits and power of a finite number that is not negative; of 0 there are none. */
export function shortestDigitsF64(value: f64, powers: usize): v128 {
  const bits = reinterpret<u64>(value);
  const fraction = bits & 0x000fffffffffffff;
  const biased = <i32>((bits >> 52) & 0x7ff);
  if (biased == 0) return fraction == 0 ? i64x2.splat(0) : shortestDigits(fraction, -1074, false, 53, powers);
  return shortestDigits(fraction | (<u64>1 << 52), biased - 1075, fraction == 0 && biased > 1, 53, powers);
}

export function shortestDigitsF32(value: f32, powers: usize): v128 {
  const bits = reinterpret<u32>(value);
  const fraction = bits & 0x007fffff;
  const biased = <i32>((bits >> 23) & 0xff);
  if (biased == 0) return fraction == 0 ? i64x2.splat(0) : shortestDigits(fraction, -149, false, 24, powers);
  return shortestDigits(fraction | (<u64>1 << 23), biased - 150, fraction == 0 && biased > 1, 24, powers);
}
