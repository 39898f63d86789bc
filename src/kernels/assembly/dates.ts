// Dates (i32 days since 1970-01-01), timestamps (i64 µs) and intervals (v128: i32 months, i32 days, i64 µs) for
// generated code. Calendar arithmetic after Howard Hinnant, "chrono-compatible low-level date algorithms".
import { DATE_OVERFLOW, DIVISION_BY_ZERO, fail, INTERVAL_OVERFLOW, TIMESTAMP_OVERFLOW } from './status';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
/** 4713 BC as in PostgreSQL, to 5874897 AD (dates) and, since ours count from 1970, 294247 AD (timestamps). */
// @ts-ignore: decorator
@inline const FIRST_DAY: i64 = -2440588;
// @ts-ignore: decorator
@inline const LAST_DAY: i64 = 2145042541;
// @ts-ignore: decorator
@inline const FIRST_TIMESTAMP: i64 = -210866803200000000;
// @ts-ignore: decorator
@inline const END_OF_TIMESTAMPS: i64 = 9223371331200000000;

// @ts-ignore: decorator
@inline const LAST_TIMESTAMP_DAY: i64 = 106751982;

/** The largest and smallest value of a type stand for PostgreSQL's infinity and -infinity. */
// @ts-ignore: decorator
@inline function isInfiniteDate(date: i32): bool {
  return date == i32.MAX_VALUE || date == i32.MIN_VALUE;
}

// @ts-ignore: decorator
@inline function isInfinite(timestamp: i64): bool {
  return timestamp == i64.MAX_VALUE || timestamp == i64.MIN_VALUE;
}

// @ts-ignore: decorator
@inline function months(interval: v128): i32 {
  return i32x4.extract_lane(interval, 0);
}

// @ts-ignore: decorator
@inline function days(interval: v128): i32 {
  return i32x4.extract_lane(interval, 1);
}

// @ts-ignore: decorator
@inline function time(interval: v128): i64 {
  return i64x2.extract_lane(interval, 1);
}

// @ts-ignore: decorator
@inline function makeInterval(m: i32, d: i32, t: i64): v128 {
  return i64x2.replace_lane(i64x2.splat((<i64>d << 32) | (<i64>m & 0xffffffff)), 1, t);
}

// @ts-ignore: decorator
@inline function floorDivide(a: i64, b: i64): i64 {
  const quotient = a / b;
  return quotient - i64(a % b < 0);
}

function daysFromCivil(year: i64, month: i64, day: i64): i64 {
  const y = month <= 2 ? year - 1 : year;
  const era = floorDivide(y, 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

/** year * 512 + month * 32 + day, so that one i64 carries all. */
function civilFromDays(date: i64): i64 {
  const z = date + 719468;
  const era = floorDivide(z, 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const mp = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * mp + 2) / 5 + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  return (yearOfEra + era * 400 + i64(month <= 2)) * 512 + month * 32 + day;
}

function daysInMonth(year: i64, month: i64): i64 {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

function checkedDate(block: usize, date: i64): i32 {
  if (date < FIRST_DAY || date > LAST_DAY) {
    fail(block, DATE_OVERFLOW);
    return 0;
  }
  return <i32>date;
}

export function dateAddDays(block: usize, date: i32, count: i32): i32 {
  return isInfiniteDate(date) ? date : checkedDate(block, <i64>date + count);
}

export function dateSubtractDays(block: usize, date: i32, count: i32): i32 {
  return isInfiniteDate(date) ? date : checkedDate(block, <i64>date - count);
}

export function dateToTimestamp(block: usize, date: i32): i64 {
  if (isInfiniteDate(date)) return date < 0 ? i64.MIN_VALUE : i64.MAX_VALUE;
  if (date < FIRST_DAY || date > LAST_TIMESTAMP_DAY) {
    fail(block, TIMESTAMP_OVERFLOW);
    return 0;
  }
  return <i64>date * DAY;
}

/** timestamp + sign * interval: months first (the day cut to the month's length), then days, then time. */
export function timestampAddInterval(block: usize, timestamp: i64, interval: v128, sign: i32): i64 {
  if (isInfinite(timestamp)) return timestamp;
  let date = floorDivide(timestamp, DAY);
  const rest = timestamp - date * DAY;
  const monthCount = <i64>months(interval) * sign;
  if (monthCount != 0) {
    const civil = civilFromDays(date);
    const total = (civil >> 9) * 12 + ((civil >> 5) & 15) - 1 + monthCount;
    const year = floorDivide(total, 12);
    const month = total - year * 12 + 1;
    date = daysFromCivil(year, month, min(civil & 31, daysInMonth(year, month)));
  }
  date += <i64>days(interval) * sign;
  const micros = time(interval);
  const wholeDays = micros / DAY;
  date += wholeDays * sign;
  const result = date * DAY + rest + (micros - wholeDays * DAY) * sign;
  if (date < FIRST_DAY || date > LAST_TIMESTAMP_DAY || result < FIRST_TIMESTAMP || result >= END_OF_TIMESTAMPS) {
    fail(block, TIMESTAMP_OVERFLOW);
    return 0;
  }
  return result;
}

/** a - b in days and time. */
export function timestampDifference(block: usize, a: i64, b: i64): v128 {
  const difference = a - b;
  if (isInfinite(a) || isInfinite(b) || ((a ^ b) & (a ^ difference)) < 0) {
    fail(block, INTERVAL_OVERFLOW);
    return i64x2.splat(0);
  }
  const whole = difference / DAY;
  return makeInterval(0, <i32>whole, difference - whole * DAY);
}

export function timestampToDate(timestamp: i64): i32 {
  if (isInfinite(timestamp)) return timestamp < 0 ? i32.MIN_VALUE : i32.MAX_VALUE;
  return <i32>floorDivide(timestamp, DAY);
}

export function timestampToTime(timestamp: i64): i64 {
  return timestamp - floorDivide(timestamp, DAY) * DAY;
}

export function timeToInterval(value: i64): v128 {
  return makeInterval(0, 0, value);
}

export function intervalToTime(interval: v128): i64 {
  return timestampToTime(time(interval));
}

export function timeAddInterval(value: i64, interval: v128): i64 {
  return timestampToTime(value + timestampToTime(time(interval)));
}

export function timeSubtractInterval(value: i64, interval: v128): i64 {
  return timestampToTime(value - timestampToTime(time(interval)));
}

export function timeDifference(a: i64, b: i64): v128 {
  return makeInterval(0, 0, a - b);
}

function checkedInterval(block: usize, m: i64, d: i64, t: i64, overflow: bool): v128 {
  if (overflow || m != <i64>(<i32>m) || d != <i64>(<i32>d)) {
    fail(block, INTERVAL_OVERFLOW);
    return i64x2.splat(0);
  }
  return makeInterval(<i32>m, <i32>d, t);
}

export function intervalAdd(block: usize, a: v128, b: v128): v128 {
  const sum = time(a) + time(b);
  const overflow = ((time(a) ^ sum) & (time(b) ^ sum)) < 0;
  return checkedInterval(block, <i64>months(a) + months(b), <i64>days(a) + days(b), sum, overflow);
}

export function intervalSubtract(block: usize, a: v128, b: v128): v128 {
  const difference = time(a) - time(b);
  const overflow = ((time(a) ^ time(b)) & (time(a) ^ difference)) < 0;
  return checkedInterval(block, <i64>months(a) - months(b), <i64>days(a) - days(b), difference, overflow);
}

export function intervalNegate(block: usize, a: v128): v128 {
  return intervalSubtract(block, i64x2.splat(0), a);
}

export function intervalMultiply(block: usize, interval: v128, factor: f64): v128 {
  return fromProducts(block, <f64>months(interval) * factor, <f64>days(interval) * factor, <f64>time(interval) * factor);
}

export function intervalDivide(block: usize, interval: v128, divisor: f64): v128 {
  if (divisor == 0) {
    fail(block, DIVISION_BY_ZERO);
    return i64x2.splat(0);
  }
  return fromProducts(block, <f64>months(interval) / divisor, <f64>days(interval) / divisor, <f64>time(interval) / divisor);
}

// @ts-ignore: decorator
@inline
function fits32(value: f64): bool {
  return value >= -2147483648 && value < 2147483648;
}

/** Fractions of months become days (of 30 a month), fractions of days become time; after PostgreSQL's interval_mul. */
function fromProducts(block: usize, monthProduct: f64, dayProduct: f64, timeProduct: f64): v128 {
  const m = trunc(monthProduct);
  const d = trunc(dayProduct);
  const monthDays = nearest((monthProduct - m) * 30 * 1e6) / 1e6;
  const wholeMonthDays = trunc(monthDays);
  let seconds = nearest((dayProduct - d + monthDays - wholeMonthDays) * 86400 * 1e6) / 1e6;
  let allDays = d + wholeMonthDays;
  if (abs(seconds) >= 86400) {
    const carried = trunc(seconds / 86400);
    allDays += carried;
    seconds -= carried * 86400;
  }
  const micros = nearest(timeProduct + seconds * 1e6);
  const timeFits = micros >= -9223372036854775808.0 && micros < 9223372036854775808.0;
  if (!(fits32(monthProduct) && fits32(dayProduct) && fits32(allDays) && timeFits)) {
    fail(block, INTERVAL_OVERFLOW);
    return i64x2.splat(0);
  }
  return makeInterval(<i32>m, <i32>allDays, <i64>micros);
}

function isoWeekYear(date: i64): i64 {
  const weekday = (((date + 3) % 7) + 7) % 7;
  return civilFromDays(date - weekday + 3) >> 9;
}

/** Fields by the numbers of `extractFields` (functions/scalar/dates/date-fields.ts), scaled as their types say. */
export function timestampField(timestamp: i64, field: i32): i64 {
  if (field == 17) return timestamp;
  const date = floorDivide(timestamp, DAY);
  if (field >= 3 && field <= 7) return timeField(timestamp - date * DAY, field);
  return civilField(date, field);
}

/** As `timestampField`; an epoch of more than 18 digits is out of range. */
export function dateField(block: usize, date: i32, field: i32): i64 {
  if (field == 17) {
    if (date >= 11574075 || date <= -11574075) fail(block, DATE_OVERFLOW);
    return <i64>date * DAY;
  }
  return field >= 3 && field <= 7 ? 0 : civilField(date, field);
}

function civilField(date: i64, field: i32): i64 {
  const civil = civilFromDays(date);
  const year = civil >> 9;
  const month = (civil >> 5) & 15;
  switch (field) {
    case 0:
      return year > 0 ? year : year - 1;
    case 1:
      return month;
    case 2:
      return civil & 31;
    case 8:
      return (month - 1) / 3 + 1;
    case 9:
      return (((date + 4) % 7) + 7) % 7;
    case 10:
      return ((((date + 3) % 7) + 7) % 7) + 1;
    case 11:
      return date - daysFromCivil(year, 1, 1) + 1;
    case 12: {
      const weekday = (((date + 3) % 7) + 7) % 7;
      return (date - weekday + 3 - daysFromCivil(isoWeekYear(date), 1, 1)) / 7 + 1;
    }
    case 13: {
      const weekYear = isoWeekYear(date);
      return weekYear > 0 ? weekYear : weekYear - 1;
    }
    case 14:
      return floorDivide(year, 10);
    case 15:
      return year > 0 ? (year + 99) / 100 : -((100 - year) / 100);
    default:
      return year > 0 ? (year + 999) / 1000 : -((1000 - year) / 1000);
  }
}

/** Second in µs, milliseconds in µs, as decimals of scale 6 and 3; microseconds as they are. */
export function timeField(value: i64, field: i32): i64 {
  switch (field) {
    case 3:
      return value / 3600000000;
    case 4:
      return (value / 60000000) % 60;
    case 5:
    case 6:
    case 7:
      return value % 60000000;
    default:
      return value;
  }
}

/** As `timestampField`; an epoch of more than 18 digits is out of range. */
export function intervalField(block: usize, interval: v128, field: i32): i64 {
  const m = <i64>months(interval);
  switch (field) {
    case 0:
      return m / 12;
    case 1:
      return m % 12;
    case 2:
      return days(interval);
    case 8:
      // The negative of what the negated interval has.
      return m < 0 ? -((-(m % 12)) / 3 + 1) : (m % 12) / 3 + 1;
    case 14:
      return m / 120;
    case 15:
      return m / 1200;
    case 16:
      return m / 12000;
    case 17: {
      // A year counts as 365.25 days, a month as 30.
      const whole = floorDivide(time(interval), 1000000);
      const seconds = (m / 12) * 31557600 + ((m % 12) * 30 + <i64>days(interval)) * 86400 + whole;
      const epoch = seconds * 1000000 + (time(interval) - whole * 1000000);
      if (seconds >= 1000000000000 || seconds < -1000000000000 || epoch == -1000000000000000000) {
        fail(block, INTERVAL_OVERFLOW);
        return 0;
      }
      return epoch;
    }
    default:
      return timeField(time(interval), field);
  }
}
