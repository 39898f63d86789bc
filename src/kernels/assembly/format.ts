// Values as text, exactly as PostgreSQL prints them: `formatX(value, target) → byteLength`.
//
// Shared by row encoding (postgres-rows.ts), CAST(x AS text) and CSV. A formatter touches at most MAX_FORMATTED_BYTES
// bytes, scratch and overshoot included; text and bytea are as long as their values.

import { zoneOffsetAt } from './zone-table';

/** What a formatter of a fixed-size value may touch behind `target`. */
export const MAX_FORMATTED_BYTES: u32 = 256;

// @ts-ignore: decorator
@inline const ZEROS: u64 = 0x3030303030303030;

/** Eight digits of a number below 10^8, first digit in the lowest byte, each 0–9. After Paul Khuong's "How to print integers really fast". */
// @ts-ignore: decorator
@inline
function eightDigits(value: u32): u64 {
  const top: u64 = value / 10000;
  const x: u64 = top | ((<u64>value - top * 10000) << 32);
  const y: u64 = ((x * 10486) >> 20) & 0x0000007f0000007f;
  const z: u64 = y | ((x - 100 * y) << 16);
  const w: u64 = ((z * 103) >> 10) & 0x000f000f000f000f;
  return w | ((z - 10 * w) << 8);
}

/** A number below 10^8 without leading zeros. */
function formatSmall(value: u32, target: usize): u32 {
  const digits = eightDigits(value);
  // The last digit is printed even when it is zero.
  const skipped = <u32>ctz(digits | (<u64>1 << 56)) >> 3;
  store<u64>(target, (digits | ZEROS) >> (<u64>skipped << 3));
  return 8 - skipped;
}

/** Exactly eight digits. */
// @ts-ignore: decorator
@inline
function formatEight(value: u32, target: usize): void {
  store<u64>(target, eightDigits(value) | ZEROS);
}

/** Exactly two digits. */
// @ts-ignore: decorator
@inline
export function formatTwo(value: u32, target: usize): void {
  const tens = value / 10;
  store<u16>(target, <u16>(0x3030 | tens | ((value - tens * 10) << 8)));
}

export function formatUnsigned(value: u64, target: usize): u32 {
  if (value < 100000000) return formatSmall(<u32>value, target);
  const high = value / 100000000;
  const low = <u32>(value - high * 100000000);
  if (high < 100000000) {
    const length = formatSmall(<u32>high, target);
    formatEight(low, target + length);
    return length + 8;
  }
  const top = high / 100000000;
  const length = formatSmall(<u32>top, target);
  formatEight(<u32>(high - top * 100000000), target + length);
  formatEight(low, target + length + 8);
  return length + 16;
}

export function formatI64(value: i64, target: usize): u32 {
  if (value >= 0) return formatUnsigned(value, target);
  store<u8>(target, 0x2d);
  return 1 + formatUnsigned(0 - value, target + 1);
}

export function formatBool(value: u32, target: usize): u32 {
  store<u8>(target, value != 0 ? 0x74 : 0x66);
  return 1;
}

/** SQL's spelling, for casts: true, false. */
export function formatBoolWord(value: u32, target: usize): u32 {
  store<u64>(target, value != 0 ? 0x65757274 : 0x65736c6166);
  return value != 0 ? 4 : 5;
}

// ---------------------------------------------------------------------------------------------------- decimals

/** An unsigned 128-bit number, without leading zeros. Long division of four 32-bit limbs by 10^8. */
export function formatUnsigned128(low: u64, high: u64, target: usize): u32 {
  if (high == 0) return formatUnsigned(low, target);
  let a = <u64>(high >> 32);
  let b = <u64>(high & 0xffffffff);
  let c = <u64>(low >> 32);
  let d = <u64>(low & 0xffffffff);
  // 2^128 has 39 digits: five groups of eight. Groups are written from the right end of a 40-byte field.
  let end: usize = target + 40;
  while (end > target) {
    let quotient = a / 100000000;
    let rest = ((a - quotient * 100000000) << 32) | b;
    a = quotient;
    quotient = rest / 100000000;
    rest = ((rest - quotient * 100000000) << 32) | c;
    b = quotient;
    quotient = rest / 100000000;
    rest = ((rest - quotient * 100000000) << 32) | d;
    c = quotient;
    quotient = rest / 100000000;
    d = quotient;
    end -= 8;
    formatEight(<u32>(rest - quotient * 100000000), end);
  }
  let first = target;
  while (load<u8>(first) == 0x30) first++;
  const length = <u32>(target + 40 - first);
  memory.copy(target, first, length);
  return length;
}

/** Puts the point `scale` digits before the end of `length` digits at `target`, with zeros where digits are missing. */
export function insertPoint(target: usize, length: u32, scale: u32): u32 {
  if (scale == 0) return length;
  if (length <= scale) {
    // 0.00ddd
    const zeros = scale - length;
    memory.copy(target + 2 + zeros, target, length);
    store<u16>(target, 0x2e30);
    memory.fill(target + 2, 0x30, zeros);
    return scale + 2;
  }
  const whole = length - scale;
  memory.copy(target + whole + 1, target + whole, scale);
  store<u8>(target + whole, 0x2e);
  return length + 1;
}

export function formatDecimal64(value: i64, scale: u32, target: usize): u32 {
  if (value >= 0) return insertPoint(target, formatUnsigned(value, target), scale);
  store<u8>(target, 0x2d);
  return 1 + insertPoint(target + 1, formatUnsigned(0 - value, target + 1), scale);
}

export function formatDecimal128(low: u64, high: i64, scale: u32, target: usize): u32 {
  if (high >= 0) return insertPoint(target, formatUnsigned128(low, high, target), scale);
  store<u8>(target, 0x2d);
  const negatedLow: u64 = 0 - low;
  const negatedHigh: u64 = <u64>~high + (low == 0 ? 1 : 0);
  return 1 + insertPoint(target + 1, formatUnsigned128(negatedLow, negatedHigh, target + 1), scale);
}

// ------------------------------------------------------------------------------------------------ dates and times

// @ts-ignore: decorator
@inline const MICROSECONDS_PER_DAY: i64 = 86400000000;

/** `infinity` or `-infinity`. */
function formatDateInfinity(negative: bool, target: usize): u32 {
  if (negative) store<u8>(target++, 0x2d);
  store<u64>(target, 0x7974696e69666e69);
  return negative ? 9 : 8;
}

/**
 * YYYY-MM-DD of a day since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). Years before 1 are
 * printed as years BC; the caller adds the suffix (see `isBeforeChrist`).
 */
function formatCivil(days: i64, target: usize): u32 {
  const shifted = days + 719468;
  const era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const dayOfEra = <u32>(shifted - era * 146097);
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const monthFromMarch = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  let year = <i64>yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  if (year <= 0) year = 1 - year;
  let length: u32 = 4;
  if (year < 10000) {
    const century = <u32>year / 100;
    formatTwo(century, target);
    formatTwo(<u32>year - century * 100, target + 2);
  } else {
    length = formatUnsigned(year, target);
  }
  store<u8>(target + length, 0x2d);
  formatTwo(month, target + length + 1);
  store<u8>(target + length, 0x2d, 3);
  formatTwo(day, target + length + 4);
  return length + 6;
}

/** 0001-01-01 is day −719162. */
// @ts-ignore: decorator
@inline
function isBeforeChrist(days: i64): bool {
  return days < -719162;
}

// @ts-ignore: decorator
@inline
function formatBeforeChrist(target: usize): u32 {
  store<u32>(target, 0x434220);
  return 3;
}

export function formatDate(days: i32, target: usize): u32 {
  if (days == i32.MAX_VALUE) return formatDateInfinity(false, target);
  if (days == i32.MIN_VALUE) return formatDateInfinity(true, target);
  const length = formatCivil(days, target);
  return isBeforeChrist(days) ? length + formatBeforeChrist(target + length) : length;
}

/** `.ffffff` without trailing zeros; nothing for 0. */
function formatFraction(microseconds: u32, target: usize): u32 {
  if (microseconds == 0) return 0;
  // The eight digits are 00ffffff; the point takes the place of the second zero.
  const digits = eightDigits(microseconds);
  store<u64>(target, ((digits | ZEROS) >> 8) & 0xffffffffffffff00 | 0x2e);
  return 7 - (<u32>clz(digits) >> 3);
}

/** HH:MM:SS[.ffffff] of microseconds since midnight; hours may exceed 24. Unsigned: the smallest i64 has a magnitude too. */
export function formatTime(microseconds: u64, target: usize): u32 {
  const seconds = microseconds / 1000000;
  const fraction = <u32>(microseconds - seconds * 1000000);
  const totalMinutes = seconds / 60;
  const second = <u32>(seconds - totalMinutes * 60);
  const hours = totalMinutes / 60;
  const minute = <u32>(totalMinutes - hours * 60);
  let length: u32 = 2;
  if (hours < 100) formatTwo(<u32>hours, target);
  else length = formatUnsigned(hours, target);
  store<u8>(target + length, 0x3a);
  formatTwo(minute, target + length + 1);
  store<u8>(target + length, 0x3a, 3);
  formatTwo(second, target + length + 4);
  length += 6;
  return length + formatFraction(fraction, target + length);
}

/** `withZone` appends the offset of UTC. */
export function formatTimestamp(microseconds: i64, withZone: bool, target: usize): u32 {
  return formatClock(microseconds, withZone, 0, target);
}

/** An instant as the clocks of a zone show it (see zones.ts), with their offset. */
export function formatZonedTimestamp(instant: i64, zone: usize, target: usize): u32 {
  const infinite = instant == i64.MAX_VALUE || instant == i64.MIN_VALUE;
  const offset = infinite ? 0 : zoneOffsetAt(instant, zone);
  return formatClock(infinite ? instant : instant + offset * 1000000, true, <i32>offset, target);
}

/** `+HH`, `-HH:MM`, `+HH:MM:SS`. */
function formatOffset(offset: i32, target: usize): u32 {
  const size = abs(offset);
  store<u8>(target, offset < 0 ? 0x2d : 0x2b);
  formatTwo(size / 3600, target + 1);
  if (size % 3600 == 0) return 3;
  store<u8>(target, 0x3a, 3);
  formatTwo((size / 60) % 60, target + 4);
  if (size % 60 == 0) return 6;
  store<u8>(target, 0x3a, 6);
  formatTwo(size % 60, target + 7);
  return 9;
}

function formatClock(microseconds: i64, withZone: bool, offset: i32, target: usize): u32 {
  if (microseconds == i64.MAX_VALUE) return formatDateInfinity(false, target);
  if (microseconds == i64.MIN_VALUE) return formatDateInfinity(true, target);
  let days = microseconds / MICROSECONDS_PER_DAY;
  let rest = microseconds - days * MICROSECONDS_PER_DAY;
  if (rest < 0) {
    rest += MICROSECONDS_PER_DAY;
    days--;
  }
  let length = formatCivil(days, target);
  store<u8>(target + length++, 0x20);
  length += formatTime(<u64>rest, target + length);
  if (withZone) length += formatOffset(offset, target + length);
  return isBeforeChrist(days) ? length + formatBeforeChrist(target + length) : length;
}

/** One field of an interval: `[ ][+]value unit[s]`; `unit` is its letters, the first in the lowest byte. */
function formatIntervalField(
  value: i32,
  unit: u32,
  unitLength: u32,
  first: bool,
  plus: bool,
  target: usize,
): u32 {
  let length: u32 = 0;
  if (!first) store<u8>(target + length++, 0x20);
  if (plus && value > 0) store<u8>(target + length++, 0x2b);
  length += formatI64(value, target + length);
  store<u8>(target + length++, 0x20);
  store<u32>(target + length, unit);
  length += unitLength;
  if (value != 1) store<u8>(target + length++, 0x73);
  return length;
}

/** IntervalStyle postgres: `1 year 2 mons -3 days +04:05:06.7`. */
export function formatInterval(months: i32, days: i32, microseconds: i64, target: usize): u32 {
  const years = months / 12;
  const restMonths = months - years * 12;
  let length: u32 = 0;
  // A field after a negative one shows its sign.
  let afterNegative = false;
  if (years != 0) {
    length += formatIntervalField(years, 0x72616579, 4, true, false, target);
    afterNegative = years < 0;
  }
  if (restMonths != 0) {
    length += formatIntervalField(restMonths, 0x6e6f6d, 3, length == 0, afterNegative, target + length);
    afterNegative = restMonths < 0;
  }
  if (days != 0) {
    length += formatIntervalField(days, 0x796164, 3, length == 0, afterNegative, target + length);
    afterNegative = days < 0;
  }
  if (length == 0 || microseconds != 0) {
    if (length != 0) store<u8>(target + length++, 0x20);
    if (microseconds < 0) {
      store<u8>(target + length++, 0x2d);
      microseconds = 0 - microseconds;
    } else if (afterNegative) {
      store<u8>(target + length++, 0x2b);
    }
    length += formatTime(<u64>microseconds, target + length);
  }
  return length;
}

// -------------------------------------------------------------------------------------------------- bytes and uuid

/** Two hexadecimal digits a byte for eight bytes: 16 bytes at `target`. */
// @ts-ignore: decorator
@inline
function formatHexBlock(bytes: v128, target: usize): void {
  const mask = i8x16.splat(0x0f);
  const high = v128.and(i16x8.shr_u(bytes, 4), mask);
  const low = v128.and(bytes, mask);
  const digits = i8x16.shuffle(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const letters = v128.and(i8x16.gt_s(digits, i8x16.splat(9)), i8x16.splat(0x27));
  v128.store(target, i8x16.add(i8x16.add(digits, i8x16.splat(0x30)), letters));
}

/** `\x` and two digits a byte: 2 + 2 × byteLength bytes, with an overshoot of up to 16. Reads up to 8 bytes too many. */
export function formatBytea(source: usize, byteLength: u32, target: usize): u32 {
  store<u16>(target, 0x785c);
  target += 2;
  for (let i: u32 = 0; i < byteLength; i += 8) {
    formatHexBlock(v128.load64_zero(source + i), target + (i << 1));
  }
  return 2 + (byteLength << 1);
}

export function formatUuid(source: usize, target: usize): u32 {
  // 8-4-4-4-12: written in an order that lets each block overwrite the overshoot of the one before.
  formatHexBlock(v128.load64_zero(source), target);
  const second = load<u64>(target, 8);
  store<u8>(target, 0x2d, 8);
  store<u64>(target, second, 9);
  store<u32>(target, <u32>(second >> 32), 14);
  store<u8>(target, 0x2d, 13);
  store<u8>(target, 0x2d, 18);
  formatHexBlock(v128.load64_zero(source + 8), target + 40);
  store<u32>(target, load<u32>(target, 40), 19);
  store<u8>(target, 0x2d, 23);
  store<u64>(target, load<u64>(target, 44), 24);
  store<u32>(target, load<u32>(target, 52), 32);
  return 36;
}
