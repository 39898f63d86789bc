// Functions of intervals and of parts of dates, for generated code. What a function declines is left to TypeScript.
import {
  civilFromDays,
  civilIsValid,
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
import { END_OF_TIMESTAMPS, FIRST_DAY, FIRST_TIMESTAMP, LAST_DAY } from './date-bounds';
import { unitNumber } from './date-units';
import { decline, fail, INTERVAL_OVERFLOW, TIMESTAMP_OVERFLOW } from './status';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
/** 2000-01-01, from which PostgreSQL counts: what it rounds, it rounds from there. */
// @ts-ignore: decorator
@inline const EPOCH: i64 = 946684800000000;

function checked(block: usize, m: i64, d: i64, t: i64): v128 {
  if (m != <i64>(<i32>m) || d != <i64>(<i32>d)) {
    fail(block, INTERVAL_OVERFLOW);
    return i64x2.splat(0);
  }
  return makeInterval(<i32>m, <i32>d, t);
}

/** Whole days out of the time, both of one sign. */
export function intervalJustifyHours(block: usize, interval: v128): v128 {
  let t = time(interval);
  let d = <i64>days(interval) + t / DAY;
  t %= DAY;
  if (d > 0 && t < 0) {
    t += DAY;
    d--;
  } else if (d < 0 && t > 0) {
    t -= DAY;
    d++;
  }
  return checked(block, months(interval), d, t);
}

/** Whole months out of the days, both of one sign. */
export function intervalJustifyDays(block: usize, interval: v128): v128 {
  let d = <i64>days(interval);
  let m = <i64>months(interval) + d / 30;
  d %= 30;
  if (m > 0 && d < 0) {
    d += 30;
    m--;
  } else if (m < 0 && d > 0) {
    d -= 30;
    m++;
  }
  return checked(block, m, d, time(interval));
}

export function intervalJustify(block: usize, interval: v128): v128 {
  let t = time(interval);
  let d = <i64>days(interval) + t / DAY;
  t %= DAY;
  let m = <i64>months(interval) + d / 30;
  d %= 30;
  if (m > 0 && (d < 0 || (d == 0 && t < 0))) {
    d += 30;
    m--;
  } else if (m < 0 && (d > 0 || (d == 0 && t > 0))) {
    d -= 30;
    m++;
  }
  if (d > 0 && t < 0) {
    t += DAY;
    d--;
  } else if (d < 0 && t > 0) {
    t -= DAY;
    d++;
  }
  return checked(block, m, d, t);
}

/** date_bin. Declines strides that are none, and infinite origins. */
export function timestampBin(block: usize, stride: v128, timestamp: i64, origin: i64): i64 {
  const size = <i64>days(stride) * DAY + time(stride);
  const fits = abs(<i64>days(stride)) < 100000000 && abs(time(stride)) < 4000000000000000000;
  if (months(stride) != 0 || size <= 0 || !fits || isInfinite(origin)) {
    decline(block);
    return timestamp;
  }
  if (isInfinite(timestamp)) return timestamp;
  const difference = timestamp - origin;
  if (((timestamp ^ origin) & (timestamp ^ difference)) < 0) {
    fail(block, INTERVAL_OVERFLOW);
    return 0;
  }
  const rest = difference % size;
  const result = timestamp - rest - (rest < 0 ? size : 0);
  if (result < FIRST_TIMESTAMP || result > timestamp) {
    fail(block, TIMESTAMP_OVERFLOW);
    return 0;
  }
  return result;
}

/** age: the difference field by field; days are borrowed from the month of the earlier one. Declines infinity. */
export function timestampAge(block: usize, a: i64, b: i64): v128 {
  if (isInfinite(a) || isInfinite(b)) {
    decline(block);
    return i64x2.splat(0);
  }
  const early = min(a, b);
  const late = max(a, b);
  const earlyDate = floorDivide(early, DAY);
  const lateDate = floorDivide(late, DAY);
  const from = civilFromDays(earlyDate);
  const to = civilFromDays(lateDate);
  let t = late - lateDate * DAY - (early - earlyDate * DAY);
  let d = (to & 31) - (from & 31);
  const fromMonth = (from >> 5) & 15;
  let m = ((to >> 9) - (from >> 9)) * 12 + ((to >> 5) & 15) - fromMonth;
  if (t < 0) {
    t += DAY;
    d--;
  }
  while (d < 0) {
    d += daysInMonth(from >> 9, fromMonth);
    m--;
  }
  return a < b ? makeInterval(<i32>-m, <i32>-d, -t) : makeInterval(<i32>m, <i32>d, t);
}

/** make_time. Declines what is no time of a day. */
export function timeOfParts(block: usize, hour: i32, minute: i32, second: f64): i64 {
  const valid = <u32>hour <= 24 && <u32>minute < 60 && second >= 0 && second <= 60;
  const value = valid ? (<i64>hour * 60 + minute) * 60000000 + <i64>nearest(second * 1000000) : DAY + 1;
  if (value > DAY) decline(block);
  return value;
}

/** make_date; negative years are BC. Declines what is no date. */
export function dateOfParts(block: usize, year: i32, month: i32, day: i32): i32 {
  // There is no year 0.
  const counted = <i64>year + i64(year < 0);
  const date = daysFromCivil(counted, month, day);
  if (year == 0 || !civilIsValid(counted, month, day) || date < FIRST_DAY || date > LAST_DAY) decline(block);
  return <i32>date;
}

/** make_timestamp. Declines what is no date or time. */
export function timestampOfParts(block: usize, year: i32, month: i32, day: i32, hour: i32, minute: i32, second: f64): i64 {
  const date = dateOfParts(block, year, month, day);
  // The last day of a timestamp is not whole.
  if (date >= END_OF_TIMESTAMPS / DAY) decline(block);
  return <i64>date * DAY + timeOfParts(block, hour, minute, second);
}

/** make_interval. Declines what is out of range. */
export function intervalOfParts(
  block: usize,
  years: i32,
  months: i32,
  weeks: i32,
  days: i32,
  hours: i32,
  minutes: i32,
  seconds: f64,
): v128 {
  const m = <i64>years * 12 + months;
  const d = <i64>weeks * 7 + days;
  const part = nearest<f64>(seconds * 1000000.0);
  const whole = (<i64>hours * 60 + minutes) * 60000000;
  // Hours and minutes make less than 2^53 microseconds: a sum below 2^62 is no overflow.
  if (m != <i64>(<i32>m) || d != <i64>(<i32>d) || !(abs<f64>(part) < 4e18)) {
    decline(block);
    return i64x2.splat(0);
  }
  return makeInterval(<i32>m, <i32>d, whole + <i64>part);
}

/** to_timestamp of seconds since 1970. Declines what is out of range, and NaN. */
export function timestampOfSeconds(block: usize, seconds: f64): i64 {
  if (seconds == Infinity) return i64.MAX_VALUE;
  if (seconds == -Infinity) return i64.MIN_VALUE;
  const micros = nearest((seconds - 946684800.0) * 1000000.0);
  if (!(micros > -211813488000000000.0 && micros < 9222424646400000000.0)) {
    decline(block);
    return 0;
  }
  return <i64>micros + EPOCH;
}

/** Seconds since 1970 as a double. */
export function timestampSeconds(timestamp: i64): f64 {
  if (isInfinite(timestamp)) return timestamp < 0 ? -Infinity : Infinity;
  return <f64>timestamp / 1000000;
}

function rounded(value: i64, unit: i64): i64 {
  return value < 0 ? ((value - (unit >> 1)) / unit) * unit : ((value + (unit >> 1)) / unit) * unit;
}

/** To a multiple of `unit` µs, halves away from the year 2000. */
export function timestampRound(timestamp: i64, unit: i32): i64 {
  return isInfinite(timestamp) ? timestamp : rounded(timestamp - EPOCH, unit) + EPOCH;
}

export function timeRound(value: i64, unit: i32): i64 {
  return rounded(value, unit);
}

export function intervalRound(interval: v128, unit: i32): v128 {
  return makeInterval(months(interval), days(interval), rounded(time(interval), unit));
}

/** The last day of a month. */
export function dateLastOfMonth(date: i32): i32 {
  if (isInfiniteDate(date)) return date;
  const civil = civilFromDays(date);
  return <i32>(date - (civil & 31) + daysInMonth(civil >> 9, (civil >> 5) & 15));
}

/** A date some months later; the last of a month stays no last of a month. Declines what leaves the calendar. */
export function dateAddMonths(block: usize, date: i32, count: i32): i32 {
  if (isInfiniteDate(date)) return date;
  const civil = civilFromDays(date);
  const total = (civil >> 9) * 12 + ((civil >> 5) & 15) - 1 + count;
  const year = floorDivide(total, 12);
  const month = total - year * 12 + 1;
  const result = daysFromCivil(year, month, min(civil & 31, daysInMonth(year, month)));
  if (result < FIRST_DAY || result > LAST_DAY) decline(block);
  return <i32>result;
}

/** How many starts of a unit lie between two timestamps. Declines other units, and infinity. */
export function timestampBoundaries(block: usize, unit: v128, from: i64, to: i64): i64 {
  const number = unitNumber(unit);
  let size: i64 = 0;
  if (number == 2) size = DAY;
  else if (number == 3) size = 3600000000;
  else if (number == 4) size = 60000000;
  else if (number == 5) size = 1000000;
  if (!isInfinite(from) && !isInfinite(to)) {
    if (size > 0) return floorDivide(to, size) - floorDivide(from, size);
    const first = civilFromDays(floorDivide(from, DAY));
    const last = civilFromDays(floorDivide(to, DAY));
    const monthCount = ((last >> 9) - (first >> 9)) * 12 + ((last >> 5) & 15) - ((first >> 5) & 15);
    if (number == 0) return (last >> 9) - (first >> 9);
    if (number == 1) return monthCount;
    if (number == 8) {
      const quarters = floorDivide((last >> 9) * 12 + ((last >> 5) & 15) - 1, 3);
      return quarters - floorDivide((first >> 9) * 12 + ((first >> 5) & 15) - 1, 3);
    }
    if (number == 12) return floorDivide(floorDivide(to, DAY) + 3, 7) - floorDivide(floorDivide(from, DAY) + 3, 7);
  }
  decline(block);
  return 0;
}
