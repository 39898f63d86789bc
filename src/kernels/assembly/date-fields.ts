// Fields of dates, timestamps, times and intervals, for generated code: EXTRACT, date_part, date_trunc.
import {
  civilFromDays,
  days,
  daysFromCivil,
  floorDivide,
  isInfinite,
  isInfiniteDate,
  isoWeekday,
  makeInterval,
  months,
  time,
} from './calendar';
import { JULIAN, TIMEZONE, UNKNOWN_UNIT, unitNumber } from './date-units';
import { decline, fail, INTERVAL_OVERFLOW, reject } from './status';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
// @ts-ignore: decorator
@inline const LAST_TIMESTAMP_DAY: i32 = 106751982;
/** The number of the Julian day that began on 1970-01-01, as PostgreSQL counts them. */
// @ts-ignore: decorator
@inline const JULIAN_1970: i64 = 2440588;

function isoWeekYear(date: i64): i64 {
  const weekday = isoWeekday(date);
  return civilFromDays(date - weekday + 3) >> 9;
}

/** Fields that grow with time, which are infinite of infinity; the others it has not. */
function isGrowing(field: i32): bool {
  return field == 0 || (field >= 13 && field <= 17) || field == JULIAN;
}

/** What is infinite is declined, and what infinity does not have rejected: it is NULL. */
function refuseInfinity(block: usize, field: i32): void {
  if (isGrowing(field)) decline(block);
  else reject(block);
}

/** Fields by the numbers of `extractFields` (functions/scalar/dates/date-fields.ts), scaled as their types say. */
export function timestampField(block: usize, timestamp: i64, field: i32): i64 {
  if (isInfinite(timestamp)) refuseInfinity(block, field);
  return finiteField(timestamp, field);
}

function finiteField(timestamp: i64, field: i32): i64 {
  if (field == 17) return timestamp;
  const date = floorDivide(timestamp, DAY);
  if ((field >= 3 && field <= 7) || field == 20) return timeField(timestamp - date * DAY, field);
  return civilField(date, field);
}

/** The fields of the calendar, and the epoch in seconds. */
export function dateField(block: usize, date: i32, field: i32): i64 {
  if (isInfiniteDate(date)) refuseInfinity(block, field);
  return field == 17 ? <i64>date * 86400 : civilField(date, field);
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
      return isoWeekday(date) + 1;
    case 11:
      return date - daysFromCivil(year, 1, 1) + 1;
    case 12: {
      const weekday = isoWeekday(date);
      return (date - weekday + 3 - daysFromCivil(isoWeekYear(date), 1, 1)) / 7 + 1;
    }
    case 13: {
      const weekYear = isoWeekYear(date);
      return weekYear > 0 ? weekYear : weekYear - 1;
    }
    case 18:
      // Sunday is 1.
      return ((((date + 4) % 7) + 7) % 7) + 1;
    case 19:
      // Monday is 0.
      return isoWeekday(date);
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
    case 20:
      return (value / 1000000) % 60;
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
    case 12:
      return days(interval) / 7;
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

/** date_part of a time. Declines units that it does not have. */
export function timePart(block: usize, unit: v128, value: i64): f64 {
  const field = unitNumber(unit);
  if (field != 17 && (field < 3 || field > 7)) {
    decline(block);
    return 0;
  }
  return scaled(timeField(value, field), field);
}

/** A field as it is. */
// @ts-ignore: decorator
@inline function scaled(value: i64, field: i32): f64 {
  const part = <f64>value;
  return field == 5 || field == 17 ? part / 1000000 : field == 6 ? part / 1000 : part;
}

/** date_part of an interval. Declines units that it does not know or that intervals do not have. */
export function intervalPart(block: usize, unit: v128, interval: v128): f64 {
  const field = unitNumber(unit);
  const isOfDays = field >= 9 && field <= 13 && field != 12;
  if (field == UNKNOWN_UNIT || isOfDays || field >= JULIAN) {
    decline(block);
    return 0;
  }
  return field == 17 ? epochOf(interval) : scaled(intervalField(block, interval, field), field);
}

/** A year counts as 365.25 days, a month as 30. In the order in which PostgreSQL adds them. */
function epochOf(interval: v128): f64 {
  const m = months(interval);
  const ofTime = <f64>time(interval) / 1000000;
  return ofTime + 31557600.0 * <f64>(m / 12) + 2592000.0 * <f64>(m % 12) + 86400.0 * <f64>days(interval);
}

/** date_part of a timestamp. Declines units that it does not know; rejects what infinity does not have, which is NULL. */
export function timestampPart(block: usize, unit: v128, timestamp: i64): f64 {
  const field = unitNumber(unit);
  if (field == UNKNOWN_UNIT || field >= TIMEZONE) {
    decline(block);
    return 0;
  }
  if (isInfinite(timestamp)) {
    if (!isGrowing(field)) reject(block);
    return timestamp < 0 ? -Infinity : Infinity;
  }
  if (field == JULIAN) {
    const date = floorDivide(timestamp, DAY);
    return <f64>(date + JULIAN_1970) + <f64>(timestamp - date * DAY) / <f64>DAY;
  }
  return scaled(finiteField(timestamp, field), field);
}

/** The same of one with a zone, which is UTC. */
export function instantPart(block: usize, unit: v128, instant: i64): f64 {
  if (unitNumber(unit) < TIMEZONE) return timestampPart(block, unit, instant);
  if (isInfinite(instant)) reject(block);
  return 0;
}

/** date_part of a date. */
export function datePart(block: usize, unit: v128, date: i32): f64 {
  if (isInfiniteDate(date)) return timestampPart(block, unit, date < 0 ? i64.MIN_VALUE : i64.MAX_VALUE);
  if (date > LAST_TIMESTAMP_DAY) {
    decline(block);
    return 0;
  }
  return timestampPart(block, unit, <i64>date * DAY);
}

// @ts-ignore: decorator
@inline function floorTo(timestamp: i64, size: i64): i64 {
  return floorDivide(timestamp, size) * size;
}

/** date_trunc of a timestamp. Declines units that it does not know. */
export function timestampTruncate(block: usize, unit: v128, timestamp: i64): i64 {
  const field = unitNumber(unit);
  if (isInfinite(timestamp)) {
    if (field < 0 || field > 16 || (field >= 9 && field <= 13 && field != 12)) decline(block);
    return timestamp;
  }
  switch (field) {
    case 7:
      return timestamp;
    case 6:
      return floorTo(timestamp, 1000);
    case 2:
      return floorTo(timestamp, DAY);
    case 3:
      return floorTo(timestamp, 3600000000);
    case 4:
      return floorTo(timestamp, 60000000);
    case 5:
      return floorTo(timestamp, 1000000);
  }
  const date = floorDivide(timestamp, DAY);
  if (field == 12) return (date - isoWeekday(date)) * DAY;
  const civil = civilFromDays(date);
  const year = civil >> 9;
  const month = (civil >> 5) & 15;
  switch (field) {
    case 0:
      return daysFromCivil(year, 1, 1) * DAY;
    case 1:
      return (date - (civil & 31) + 1) * DAY;
    case 8:
      return daysFromCivil(year, ((month - 1) / 3) * 3 + 1, 1) * DAY;
    case 14:
      return daysFromCivil(floorDivide(year, 10) * 10, 1, 1) * DAY;
    case 15:
      return daysFromCivil(floorDivide(year - 1, 100) * 100 + 1, 1, 1) * DAY;
    case 16:
      return daysFromCivil(floorDivide(year - 1, 1000) * 1000 + 1, 1, 1) * DAY;
  }
  decline(block);
  return timestamp;
}

/** date_trunc of an interval. Declines units that it does not know, and weeks. */
export function intervalTruncate(block: usize, unit: v128, interval: v128): v128 {
  const field = unitNumber(unit);
  const inMonths = monthsOf(field);
  if (inMonths != 0) return makeInterval((months(interval) / inMonths) * inMonths, 0, 0);
  if (field == 2) return makeInterval(months(interval), days(interval), 0);
  if (field < 3 || field > 7) {
    decline(block);
    return interval;
  }
  if (field == 7) return interval;
  const size: i64 = field == 3 ? 3600000000 : field == 4 ? 60000000 : field == 5 ? 1000000 : 1000;
  return makeInterval(months(interval), days(interval), (time(interval) / size) * size);
}

/** Months of a unit; 0 of those that are shorter. */
function monthsOf(field: i32): i32 {
  switch (field) {
    case 0:
      return 12;
    case 1:
      return 1;
    case 8:
      return 3;
    case 14:
      return 120;
    case 15:
      return 1200;
    case 16:
      return 12000;
    default:
      return 0;
  }
}
