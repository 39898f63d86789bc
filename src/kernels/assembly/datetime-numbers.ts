// Numbers within dates, times and intervals: the twins of src/functions/casts/datetime/decode-time.ts.
import { isDecimalDigit, skipDigits } from './datetime-fields';
import { divideHalf, power64 } from './wide-integer';

/** What reading comes to. Only of intervals it matters which of the two mistakes it was. */
// @ts-ignore: decorator
@inline export const READ: i32 = 0;
// @ts-ignore: decorator
@inline export const WRONG_FORMAT: i32 = 1;
// @ts-ignore: decorator
@inline export const OUT_OF_RANGE: i32 = 2;
/** More digits than tell which double is meant: TypeScript has to look. */
// @ts-ignore: decorator
@inline export const UNSURE: i32 = 3;

/** What numbers from 2^63 on are taken for. */
// @ts-ignore: decorator
@inline export const BEYOND_BIGINT: u64 = 1 << 63;
/** The first hour that is none, as a double does not tell it from the next. */
// @ts-ignore: decorator
@inline const HOURS_END: u64 = 1 << 53;

/** The value of digits; of none, 0. */
export function numberOf(from: usize, end: usize): u64 {
  let value: u64 = 0;
  for (let at = from; at < end; at++) {
    if (value > 922337203685477580) return BEYOND_BIGINT;
    value = value * 10 + (<u64>load<u8>(at) - 0x30);
  }
  return value;
}

/** The same where numbers that are too large need not be told apart. */
// @ts-ignore: decorator
@inline export function smallNumberOf(from: usize, end: usize): i32 {
  return <i32>min<u64>(numberOf(from, end), i32.MAX_VALUE);
}

/** digits / 10^power, rounded once; powers up to 27. */
function nearestQuotient(digits: u64, power: i32): f64 {
  if (digits <= (<u64>1 << 53) && power <= 19) return <f64>digits / <f64>power64(power);
  let divisor: u64 = 1;
  for (let i = 0; i < power; i++) divisor *= 5;
  const shift = clz(digits);
  const divisorShift = clz(divisor);
  const dividend = digits << shift;
  divisor <<= divisorShift;
  const isLarge = dividend >= divisor;
  const high = isLarge ? dividend >> 1 : dividend;
  const low = isLarge ? dividend << 63 : 0;
  const quotient = divideHalf(high, low, divisor);
  const hasRest = low - quotient * divisor != 0;
  let rounded = quotient >> 11;
  const cut = quotient & 0x7ff;
  if (cut > 0x400 || (cut == 0x400 && (hasRest || (rounded & 1) != 0))) rounded++;
  const exponent = <i64>(11 - 64 + i32(isLarge)) + <i64>divisorShift - <i64>shift - <i64>power;
  return <f64>rounded * reinterpret<f64>((exponent + 1023) << 52);
}

/** What digits behind a point are, as JavaScript reads them; NaN where it takes more than 19 to tell. */
export function fractionOf(from: usize, end: usize): f64 {
  while (end > from && load<u8>(end - 1) == 0x30) end--;
  let digits: u64 = 0;
  let at = from;
  while (at < end && at - from < 27 && digits < 1000000000000000000) {
    digits = digits * 10 + (<u64>load<u8>(at++) - 0x30);
  }
  const power = <i32>(at - from);
  if (digits == 0) return at == end ? 0 : NaN;
  const value = nearestQuotient(digits, power);
  return at == end || value == nearestQuotient(digits + 1, power) ? value : NaN;
}

/** As Math.round of numbers that are not negative. */
// @ts-ignore: decorator
@inline export function roundHalfUp(value: f64): f64 {
  const whole = floor<f64>(value);
  return value - whole >= 0.5 ? whole + 1 : whole;
}

/** Microseconds of digits behind a point; negative where they are unsure. */
export function microsOf(from: usize, end: usize): i32 {
  const fraction = fractionOf(from, end);
  return fraction == fraction ? <i32>roundHalfUp(fraction * 1000000) : -1;
}

/** A time of day as its clock shows it. */
@unmanaged
export class ClockTime {
  hour: u64;
  minute: i32;
  second: i32;
  micros: i32;
}

/** `HH:MM`, `HH:MM:SS.f`, and `MM:SS.f`. The hour is not bounded. */
export function decodeTime(time: ClockTime, from: usize, end: usize): i32 {
  let at = skipDigits(from);
  if (at == from || at >= end || load<u8>(at) != 0x3a) return WRONG_FORMAT;
  const first = numberOf(from, at);
  let start = at + 1;
  at = skipDigits(start);
  const second = smallNumberOf(start, at);
  let third: i32 = 0;
  const hasThird = at < end && load<u8>(at) == 0x3a;
  if (hasThird) {
    start = at + 1;
    at = skipDigits(start);
    third = smallNumberOf(start, at);
  }
  time.micros = 0;
  const hasFraction = at < end && load<u8>(at) == 0x2e;
  if (hasFraction) {
    start = at + 1;
    at = skipDigits(start);
    time.micros = microsOf(start, at);
  }
  if (at != end) return WRONG_FORMAT;
  const isShort = hasFraction && !hasThird;
  time.hour = isShort ? 0 : first;
  time.minute = isShort ? <i32>min<u64>(first, i32.MAX_VALUE) : second;
  time.second = isShort ? second : third;
  if (time.minute > 59 || time.second > 60 || time.hour >= HOURS_END) return OUT_OF_RANGE;
  return time.micros < 0 ? UNSURE : READ;
}

/** No offset has so many seconds. */
// @ts-ignore: decorator
@inline export const NO_OFFSET: i32 = i32.MIN_VALUE;

/** `+02`, `-0330`, `+05:30:15`: seconds east of Greenwich; NO_OFFSET of what is none. */
export function decodeOffset(from: usize, end: usize): i32 {
  let start = from + 1;
  let at = skipDigits(start);
  let hours = smallNumberOf(start, at);
  let minutes: i32 = 0;
  let seconds: i32 = 0;
  if (at < end && load<u8>(at) == 0x3a) {
    start = at + 1;
    at = skipDigits(start);
    minutes = smallNumberOf(start, at);
    if (at < end && load<u8>(at) == 0x3a) {
      start = at + 1;
      at = skipDigits(start);
      seconds = smallNumberOf(start, at);
    }
  } else if (end - from > 3) {
    minutes = hours % 100;
    hours /= 100;
  }
  if (at != end || hours > 15 || minutes > 59 || seconds > 59) return NO_OFFSET;
  const total = (hours * 60 + minutes) * 60 + seconds;
  return load<u8>(from) == 0x2d ? -total : total;
}
