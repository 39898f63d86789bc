// Casts of texts to decimals, for generated code: rounded half away from zero. What is no number, and what has more digits
// than the type, is rejected.
import {
  digitsOf,
  digitValue,
  hasLongExponent,
  isCut,
  isMalformed,
  isNegative,
  isSign,
  MOST_DIGITS,
  powerOf,
  scanNumber,
  significantFrom,
} from './number-scan';
import { reject, widen } from './status';
import { skipSpaces, skipSpacesBack } from './text-spaces';
import { lengthOf, pointerOf } from './text-view';
import { add, exceedsLimit, fits64, high, isOverflow, low, make, multipliesIn64, negate, power64, scaleDown, scaleUp } from './wide-integer';

/** What is no decimal of the type; none of 18 digits. */
export const NO_DECIMAL: i64 = i64.MIN_VALUE;

/** All ones, which no magnitude is. */
// @ts-ignore: decorator
@inline
function overflow(): v128 {
  return make(~0, ~0);
}

/** digits * 10^power, rounded half up; all ones when it exceeds 38 digits. */
function scaleMagnitude(digits: v128, power: i32): v128 {
  if (low(digits) == 0 && high(digits) == 0) return digits;
  if (power < 0) return scaleDown(digits, -power, true);
  return power > 38 ? overflow() : scaleUp(digits, power);
}

/**
 * The same of a text with more digits than `scanned` has: as many of them follow as are needed before the last place, and
 * the next one tells where to round.
 */
function scaleLongMagnitude(start: usize, end: usize, scanned: v128, power: i32): v128 {
  const digits = make(digitsOf(scanned), 0);
  if (power < 0) return scaleDown(digits, -power, true);
  if (power > <i32>MOST_DIGITS) return overflow();
  let at = significantFrom(start, end);
  for (let rest = MOST_DIGITS; rest > 0; at++) rest -= u32(load<u8>(at) != 0x2e);
  let more: u64 = 0;
  let taken: i32 = 0;
  for (; at < end && taken < power; at++) {
    if (load<u8>(at) == 0x2e) continue;
    if (digitValue(at) > 9) break;
    more = more * 10 + digitValue(at);
    taken++;
  }
  if (at < end && load<u8>(at) == 0x2e) at++;
  const roundsUp = taken == power && at < end && digitValue(at) - 5 < 5;
  const scaled = scaleUp(digits, taken);
  if (isOverflow(scaled)) return scaled;
  return scaleMagnitude(add(scaled, make(more + u64(roundsUp), 0)), power - taken);
}

/** A magnitude that fits 38 digits, of at most `precision` ones. */
// @ts-ignore: decorator
@inline
function isFit(magnitude: v128, precision: i32): bool {
  const lo = low(magnitude);
  const hi = <u64>high(magnitude);
  if (precision <= 19) return hi == 0 && lo < power64(precision);
  if (precision == 38) return !exceedsLimit(lo, hi);
  const limit = scaleUp(make(1, 0), precision);
  return hi < <u64>high(limit) || (hi == <u64>high(limit) && lo < low(limit));
}

/** A number with spaces around; its high half is NO_DECIMAL when it is none of the type. */
export function readDecimal128(pointer: usize, length: u32, precision: i32, scale: i32): v128 {
  const start = skipSpaces(pointer, pointer + length);
  const end = skipSpacesBack(start, pointer + length);
  const scanned = scanNumber(start, end);
  if (isMalformed(scanned) || hasLongExponent(scanned)) return make(0, NO_DECIMAL);
  const power = powerOf(scanned) + scale;
  const magnitude = isCut(scanned)
    ? scaleLongMagnitude(start + usize(isSign(load<u8>(start))), end, scanned, power)
    : scaleMagnitude(make(digitsOf(scanned), 0), power);
  if (isOverflow(magnitude) || !isFit(magnitude, precision)) return make(0, NO_DECIMAL);
  return isNegative(scanned) ? negate(magnitude) : magnitude;
}

/** The same of at most 18 digits, or NO_DECIMAL. */
export function readDecimal64(pointer: usize, length: u32, precision: i32, scale: i32): i64 {
  const start = skipSpaces(pointer, pointer + length);
  const end = skipSpacesBack(start, pointer + length);
  const scanned = scanNumber(start, end);
  if (isCut(scanned)) {
    const value = readDecimal128(start, <u32>(end - start), precision, scale);
    return high(value) == NO_DECIMAL ? NO_DECIMAL : <i64>low(value);
  }
  if (isMalformed(scanned) || hasLongExponent(scanned)) return NO_DECIMAL;
  let value = digitsOf(scanned);
  const power = powerOf(scanned) + scale;
  if (power > 0) {
    if (value != 0) {
      if (power > 18 || !multipliesIn64(value, power64(power))) return NO_DECIMAL;
      value *= power64(power);
    }
  } else if (power < 0) {
    if (power < -19) return 0;
    const divisor = power64(-power);
    const quotient = value / divisor;
    const remainder = value - quotient * divisor;
    value = quotient + u64(remainder >= divisor - remainder);
  }
  if (value >= power64(precision)) return NO_DECIMAL;
  return isNegative(scanned) ? 0 - <i64>value : <i64>value;
}

/** Decimals of more than 18 digits, too, as long as 64 bits hold them. */
export function textToDecimal64(block: usize, text: v128, precision: i32, scale: i32): i64 {
  if (precision > 18) {
    const wide = textToDecimal128(block, text, precision, scale);
    if (high(wide) != <i64>low(wide) >> 63 && high(wide) != NO_DECIMAL) widen(block);
    return <i64>low(wide);
  }
  const value = readDecimal64(pointerOf(text), lengthOf(text), precision, scale);
  if (value == NO_DECIMAL) reject(block);
  return value;
}

export function textToDecimal128(block: usize, text: v128, precision: i32, scale: i32): v128 {
  const value = readDecimal128(pointerOf(text), lengthOf(text), precision, scale);
  if (high(value) == NO_DECIMAL) reject(block);
  return value;
}
