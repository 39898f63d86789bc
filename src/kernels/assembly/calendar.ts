// The calendar: days since 1970-01-01 and civil dates, after Howard Hinnant, "chrono-compatible low-level date algorithms".

// @ts-ignore: decorator
@inline export function floorDivide(a: i64, b: i64): i64 {
  const quotient = a / b;
  return quotient - i64(a % b < 0);
}

export function daysFromCivil(year: i64, month: i64, day: i64): i64 {
  const y = month <= 2 ? year - 1 : year;
  const era = floorDivide(y, 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

/** year * 512 + month * 32 + day, so that one i64 carries all. */
export function civilFromDays(date: i64): i64 {
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

export function daysInMonth(year: i64, month: i64): i64 {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

export function civilIsValid(year: i64, month: i64, day: i64): bool {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** 0 = Monday … 6 = Sunday. */
export function isoWeekday(date: i64): i64 {
  return (((date + 3) % 7) + 7) % 7;
}

/** The largest and smallest value of a type stand for PostgreSQL's infinity and -infinity. */
// @ts-ignore: decorator
@inline export function isInfiniteDate(date: i32): bool {
  return date == i32.MAX_VALUE || date == i32.MIN_VALUE;
}

// @ts-ignore: decorator
@inline export function isInfinite(timestamp: i64): bool {
  return timestamp == i64.MAX_VALUE || timestamp == i64.MIN_VALUE;
}

/** Intervals are v128: i32 months, i32 days, i64 µs. */
// @ts-ignore: decorator
@inline export function months(interval: v128): i32 {
  return i32x4.extract_lane(interval, 0);
}

// @ts-ignore: decorator
@inline export function days(interval: v128): i32 {
  return i32x4.extract_lane(interval, 1);
}

// @ts-ignore: decorator
@inline export function time(interval: v128): i64 {
  return i64x2.extract_lane(interval, 1);
}

// @ts-ignore: decorator
@inline export function makeInterval(m: i32, d: i32, t: i64): v128 {
  return i64x2.replace_lane(i64x2.splat((<i64>d << 32) | (<i64>m & 0xffffffff)), 1, t);
}

/** Whole days of a time, rounded down. */
// @ts-ignore: decorator
@inline export function floorDays(microseconds: i64): i64 {
  const days = microseconds / 86400000000;
  return days - i64(microseconds % 86400000000 < 0);
}
