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
import { UNKNOWN_UNIT, unitNumber } from './date-units';
import { decline, fail, INTERVAL_OVERFLOW } from './status';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
// @ts-ignore: decorator
@inline const LAST_TIMESTAMP_DAY: i32 = 106751982;

function isoWeekYear(date: i64): i64 {
  const weekday = isoWeekday(date);
  return civilFromDays(date - weekday + 3) >> 9;
}

/** Declines infinity. Fields by the numbers of `extractFields` (functions/scalar/dates/date-fields.ts), scaled as their types say. */
export function timestampField(block: usize, timestamp: i64, field: i32): i64 {
  if (isInfinite(timestamp)) decline(block);
  return finiteField(timestamp, field);
}

function finiteField(timestamp: i64, field: i32): i64 {
  if (field == 17) return timestamp;
  const date = floorDivide(timestamp, DAY);
  if ((field >= 3 && field <= 7) || field == 20) return timeField(timestamp - date * DAY, field);
  return civilField(date, field);
}

/** The fields of the calendar, and the epoch in seconds. Declines infinity. */
export function dateField(block: usize, date: i32, field: i32): i64 {
  if (isInfiniteDate(date)) decline(block);
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

/** date_part of a time: of its units hour, minute, second and epoch. Declines the others. */
export function timePart(block: usize, unit: v128, value: i64): f64 {
  const field = unitNumber(unit);
  if (field != 17 && (field < 3 || field > 5)) {
    decline(block);
    return 0;
  }
  const part = <f64>timeField(value, field);
  return field < 5 ? part : part / 1000000;
}

/** date_part of an interval. Declines units that it does not know or that intervals do not have, and long epochs. */
export function intervalPart(block: usize, unit: v128, interval: v128): f64 {
  const field = unitNumber(unit);
  const isOfDays = field >= 9 && field <= 13 && field != 12;
  if (field == UNKNOWN_UNIT || isOfDays || (field == 17 && abs(months(interval)) > 12000)) {
    decline(block);
    return 0;
  }
  const part = <f64>intervalField(block, interval, field);
  return field == 5 || field == 17 ? part / 1000000 : part;
}

/** date_part of a timestamp. Declines units that it does not know, and infinity. */
export function timestampPart(block: usize, unit: v128, timestamp: i64): f64 {
  const field = unitNumber(unit);
  if (field == UNKNOWN_UNIT || isInfinite(timestamp)) {
    decline(block);
    return 0;
  }
  const value = <f64>finiteField(timestamp, field);
  return field == 5 || field == 17 ? value / 1000000 : value;
}

/** date_part of a date. */
export function datePart(block: usize, unit: v128, date: i32): f64 {
  if (isInfiniteDate(date) || date > LAST_TIMESTAMP_DAY) {
    decline(block);
    return 0;
  }
  return timestampPart(block, unit, <i64>date * DAY);
}

// @ts-ignore: decorator
@inline function floorTo(timestamp: i64, size: i64): i64 {
  return floorDivide(timestamp, size) * size;
}

/** date_trunc of a timestamp. Declines units that it does not know, and infinity. */
export function timestampTruncate(block: usize, unit: v128, timestamp: i64): i64 {
  const field = unitNumber(unit);
  if (isInfinite(timestamp)) {
    decline(block);
    return timestamp;
  }
  switch (field) {
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
  if (field < 3 || field > 5) {
    decline(block);
    return interval;
  }
  const size: i64 = field == 3 ? 3600000000 : field == 4 ? 60000000 : 1000000;
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
    default:
      return 0;
  }
}
