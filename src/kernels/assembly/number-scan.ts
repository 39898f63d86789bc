// Numbers written in decimal, taken apart: what the readers of floating point numbers and decimals share.
import { make } from './wide-integer';

/** Significant digits that 64 bits hold in any case. */
// @ts-ignore: decorator
@inline export const MOST_DIGITS: u32 = 19;

// @ts-ignore: decorator
@inline const NEGATIVE: u32 = 1;
// @ts-ignore: decorator
@inline const MALFORMED: u32 = 2;
/** There are more significant digits than MOST_DIGITS. */
// @ts-ignore: decorator
@inline const CUT: u32 = 4;
/** The exponent has more than five digits. */
// @ts-ignore: decorator
@inline const LONG_EXPONENT: u32 = 8;

/** What is no exponent of any number that may be read. */
// @ts-ignore: decorator
@inline const LARGEST_EXPONENT: i32 = 1 << 30;

// @ts-ignore: decorator
@inline export function isDigit(byte: u8): bool {
  return u8(byte - 0x30) <= 9;
}

/** 0 … 9, or more of what is no digit. */
// @ts-ignore: decorator
@inline export function digitValue(at: usize): u32 {
  return <u32>load<u8>(at) - 0x30;
}

// @ts-ignore: decorator
@inline export function isSign(byte: u8): bool {
  return byte == 0x2d || byte == 0x2b;
}

/** Are eight bytes, the first in the lowest, all digits? */
// @ts-ignore: decorator
@inline
function areDigits(bytes: u64): bool {
  const carried = ((bytes + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4;
  return ((bytes & 0xf0f0f0f0f0f0f0f0) | carried) == 0x3333333333333333;
}

/** The number that eight digits are: of pairs, of fours, of all. */
// @ts-ignore: decorator
@inline
function eightDigits(bytes: u64): u64 {
  const values = bytes - 0x3030303030303030;
  const pairs = values * 10 + (values >> 8);
  const upper = (pairs & 0x000000ff000000ff) * (100 + ((<u64>1000000) << 32));
  const lower = ((pairs >> 16) & 0x000000ff000000ff) * (1 + ((<u64>10000) << 32));
  return (upper + lower) >> 32;
}

/**
 * An optional sign, digits with an optional point, an optional exponent, without spaces. The first half of the result has
 * the first 19 significant digits as a u64, the second the power of ten that they are to be multiplied with and, above
 * its 32 bits, flags.
 */
export function scanNumber(start: usize, end: usize): v128 {
  let at = start;
  let flags: u32 = 0;
  if (at < end && isSign(load<u8>(at))) {
    flags = u32(load<u8>(at) == 0x2d);
    at++;
  }
  const first = at;
  let digits: u64 = 0;
  /** Significant digits that are in `digits`, and those behind them that are not. */
  let taken: u32 = 0;
  let dropped: u32 = 0;
  let fractionStart: usize = 0;
  for (;;) {
    if (digits == 0) while (at < end && load<u8>(at) == 0x30) at++;
    for (; end - at >= 8; at += 8) {
      const bytes = load<u64>(at);
      if (!areDigits(bytes)) break;
      if (taken <= MOST_DIGITS - 8) {
        digits = digits * 100000000 + eightDigits(bytes);
        taken += 8;
      } else {
        dropped += taken + 8 - MOST_DIGITS;
        for (let digit = at; taken < MOST_DIGITS; taken++) digits = digits * 10 + digitValue(digit++);
      }
    }
    // Seven at most are left.
    if (taken <= MOST_DIGITS - 7) {
      const rest = at;
      while (at < end && digitValue(at) <= 9) digits = digits * 10 + digitValue(at++);
      taken += <u32>(at - rest);
    } else {
      for (; at < end && digitValue(at) <= 9; at++) {
        if (taken < MOST_DIGITS) {
          digits = digits * 10 + digitValue(at);
          taken++;
        } else dropped++;
      }
    }
    if (fractionStart != 0 || at >= end || load<u8>(at) != 0x2e) break;
    fractionStart = ++at;
  }
  if (at - first == usize(fractionStart != 0)) flags |= MALFORMED;
  if (dropped != 0) flags |= CUT;
  const fraction = fractionStart != 0 ? <i32>(at - fractionStart) : 0;
  let exponent: i32 = 0;
  if (at < end && (load<u8>(at) | 0x20) == 0x65) {
    at++;
    const sign: u8 = at < end ? load<u8>(at) : 0;
    if (isSign(sign)) at++;
    const exponentStart = at;
    for (; at < end && digitValue(at) <= 9; at++) {
      if (exponent < LARGEST_EXPONENT / 10) exponent = exponent * 10 + <i32>digitValue(at);
    }
    if (at == exponentStart) flags |= MALFORMED;
    if (at - exponentStart > 5) flags |= LONG_EXPONENT;
    if (sign == 0x2d) exponent = -exponent;
  }
  if (at != end) flags |= MALFORMED;
  const power = exponent - fraction + <i32>dropped;
  return make(digits, (<i64>flags << 32) | (<i64>power & 0xffffffff));
}

/** The first digit that is not 0. */
export function significantFrom(start: usize, end: usize): usize {
  let at = start;
  while (at < end && (load<u8>(at) == 0x30 || load<u8>(at) == 0x2e)) at++;
  return at;
}

// @ts-ignore: decorator
@inline export function digitsOf(number: v128): u64 {
  return i64x2.extract_lane(number, 0);
}

// @ts-ignore: decorator
@inline export function powerOf(number: v128): i32 {
  return i32x4.extract_lane(number, 2);
}

// @ts-ignore: decorator
@inline export function isNegative(number: v128): bool {
  return (i32x4.extract_lane(number, 3) & NEGATIVE) != 0;
}

// @ts-ignore: decorator
@inline export function isMalformed(number: v128): bool {
  return (i32x4.extract_lane(number, 3) & MALFORMED) != 0;
}

// @ts-ignore: decorator
@inline export function isCut(number: v128): bool {
  return (i32x4.extract_lane(number, 3) & CUT) != 0;
}

// @ts-ignore: decorator
@inline export function hasLongExponent(number: v128): bool {
  return (i32x4.extract_lane(number, 3) & LONG_EXPONENT) != 0;
}
