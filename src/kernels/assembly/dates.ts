// Dates (i32 days since 1970-01-01), timestamps (i64 µs) and intervals (v128: i32 months, i32 days, i64 µs) for
// generated code.
import {
  civilFromDays,
  days,
  daysFromCivil,
  daysInMonth,
  floorDivide,
  isInfinite,
  isInfiniteDate,
  makeInterval,
  months,
  time,
} from './calendar';
import { END_OF_DAYS, END_OF_TIMESTAMPS, FIRST_DAY, FIRST_TIMESTAMP, LAST_DAY } from './date-bounds';
import { DATE_BEYOND_TIMESTAMPS, DATE_OVERFLOW, decline, DIVISION_BY_ZERO, fail, INTERVAL_OVERFLOW, TIMESTAMP_OVERFLOW } from './status';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
// @ts-ignore: decorator
@inline const LAST_TIMESTAMP_DAY: i64 = END_OF_DAYS - 1;

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
    fail(block, DATE_BEYOND_TIMESTAMPS);
    return 0;
  }
  return <i64>date * DAY;
}

export function dateAddTime(block: usize, date: i32, time: i64): i64 {
  const midnight = dateToTimestamp(block, date);
  return isInfinite(midnight) ? midnight : midnight + time;
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
  // What is left of a day may bring a day beyond the bounds back between them; days far beyond wrap the result.
  if (date < FIRST_DAY - 1 || date > LAST_TIMESTAMP_DAY + 1 || result < FIRST_TIMESTAMP || result >= END_OF_TIMESTAMPS) {
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

/** Declines infinity, whose time is NULL. */
export function timestampToTime(block: usize, timestamp: i64): i64 {
  if (isInfinite(timestamp)) decline(block);
  return timeOfDay(timestamp);
}

// @ts-ignore: decorator
@inline function timeOfDay(value: i64): i64 {
  return value - floorDivide(value, DAY) * DAY;
}

export function timeToInterval(value: i64): v128 {
  return makeInterval(0, 0, value);
}

export function intervalToTime(interval: v128): i64 {
  return timeOfDay(time(interval));
}

export function timeAddInterval(value: i64, interval: v128): i64 {
  return timeOfDay(value + timeOfDay(time(interval)));
}

export function timeSubtractInterval(value: i64, interval: v128): i64 {
  return timeOfDay(value - timeOfDay(time(interval)));
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
