// What the fields of a template stand for together: the twin of src/functions/formatting/assemble-datetime.ts.
import { civilFromDays, daysFromCivil, daysInMonth } from './calendar';

// @ts-ignore: decorator
@inline const DAY: i64 = 86400000000;
/** 2000-01-01, where halves of a fraction that is rounded go up, and before which they go down. */
// @ts-ignore: decorator
@inline const FIRST_DAY_OF_2000: i64 = 10957;
// @ts-ignore: decorator
@inline export const GREGORIAN: u32 = 1;
// @ts-ignore: decorator
@inline export const ISO: u32 = 2;

/** What was read of a text, field by field, where 0 is what is not there; and what it makes. All zeros before. */
@unmanaged
export class TemplateFields {
  year: i64;
  century: i64;
  month: i64;
  day: i64;
  dayOfYear: i64;
  /** 1 is Sunday. */
  weekday: i64;
  week: i64;
  weekOfMonth: i64;
  julian: i64;
  hour: i64;
  minute: i64;
  second: i64;
  daySecond: i64;
  milliseconds: i64;
  micros: i64;
  zoneHour: i64;
  zoneMinute: i64;
  /** Seconds east of Greenwich, where `hasOffset`; first of an abbreviation, in the end of any zone. */
  offset: i64;
  /** The results: days since 1970-01-01, and µs since midnight, by the clocks of wherever it was. */
  days: i64;
  time: i64;
  /** How many digits of the year the template has; 0 of a whole one. */
  yearDigits: u32;
  /** FF1 to FF6 round what is read; 0 without them. */
  fractionDigits: u32;
  convention: u32;
  zoneSign: i32;
  isTwelveHours: bool;
  isAfternoon: bool;
  isBeforeChrist: bool;
  hasOffset: bool;
  hasZone: bool;
}

/** Fills in the results; false where there are none. What is missing is that of 1 BC-01-01 00:00. */
export function assembleDatetime(fields: TemplateFields): bool {
  return assembleDate(fields) && assembleTime(fields) && assembleOffset(fields);
}

/** 0 where none is given, which is also the year before 1. */
function yearOf(fields: TemplateFields): i64 {
  const year = fields.year;
  const isBefore = fields.isBeforeChrist;
  const century = isBefore ? -fields.century : fields.century;
  if (year != 0) {
    if (century == 0 || fields.yearDigits == 0 || fields.yearDigits > 2) {
      const signed = isBefore ? -year : year;
      return signed < 0 ? signed + 1 : signed;
    }
    const short = year % 100;
    if (short == 0) return century * 100 + i64(century < 0);
    return century >= 0 ? short + (century - 1) * 100 : (century + 1) * 100 - short + 1;
  }
  if (century == 0) return 0;
  return century > 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
}

/** The Monday of the first ISO week of a year. */
function startOfIsoYear(year: i64): i64 {
  const fourth = daysFromCivil(year, 1, 4);
  return fourth - ((((fourth + 3) % 7) + 7) % 7);
}

function assembleDate(fields: TemplateFields): bool {
  const year = yearOf(fields);
  if (fields.julian != 0) {
    fields.days = fields.julian - 2440588;
    return true;
  }
  let dayOfYear = fields.dayOfYear;
  const isIso = fields.convention == ISO;
  if (fields.week != 0) {
    if (isIso) {
      const weekday = fields.weekday;
      const behind: i64 = weekday == 0 ? 0 : weekday == 1 ? 6 : weekday - 2;
      fields.days = startOfIsoYear(year) + (fields.week - 1) * 7 + behind;
      return true;
    }
    dayOfYear = (fields.week - 1) * 7 + 1;
  }
  let day = fields.weekOfMonth == 0 ? fields.day : (fields.weekOfMonth - 1) * 7 + 1;
  let month = fields.month;
  if (dayOfYear != 0 && (month <= 1 || day <= 1)) {
    if (fields.year == 0 && fields.century == 0 && !fields.isBeforeChrist) return false;
    if (isIso) {
      fields.days = startOfIsoYear(year) + dayOfYear - 1;
      return true;
    }
    const civil = civilFromDays(daysFromCivil(year, 1, 1) + dayOfYear - 1);
    if (dayOfYear < 0 || civil >> 9 != year) return false;
    if (month <= 1) month = (civil >> 5) & 15;
    if (day <= 1) day = civil & 31;
  }
  if (month < 0 || month > 12 || day < 0) return false;
  // What was not given, or given as 0, is the first.
  if (month == 0) month = 1;
  if (day == 0) day = 1;
  if (day > daysInMonth(year, month)) return false;
  fields.days = daysFromCivil(year, month, day);
  return true;
}

function assembleTime(fields: TemplateFields): bool {
  const ofDay = fields.daySecond;
  let hour = fields.hour;
  let minute = fields.minute;
  let second = fields.second;
  if (hour == 0) hour = ofDay / 3600;
  if (minute == 0) minute = (ofDay / 60) % 60;
  if (second == 0) second = ofDay % 60;
  if (fields.isTwelveHours) {
    if (hour < 1 || hour > 12) return false;
    if (fields.isAfternoon && hour < 12) hour += 12;
    else if (!fields.isAfternoon && hour == 12) hour = 0;
  }
  if (<u64>hour > 23 || <u64>minute > 59 || <u64>second > 59) return false;
  let micros = fields.milliseconds * 1000 + fields.micros;
  if (<u64>micros > 999999) return false;
  if (fields.fractionDigits - 1 < 5) {
    let unit: i64 = 10;
    for (let digits = fields.fractionDigits; digits < 5; digits++) unit *= 10;
    micros = ((micros + unit / 2 - i64(fields.days < FIRST_DAY_OF_2000)) / unit) * unit;
  }
  const time = ((hour * 60 + minute) * 60 + second) * 1000000 + micros;
  fields.days += i64(time == DAY);
  fields.time = time == DAY ? 0 : time;
  return true;
}

function assembleOffset(fields: TemplateFields): bool {
  if (fields.hasOffset || !fields.hasZone) return true;
  const hours = fields.zoneHour;
  const minutes = fields.zoneMinute;
  if (<u64>hours > 15 || <u64>minutes > 59) return false;
  fields.hasOffset = true;
  fields.offset = (hours * 3600 + minutes * 60) * (fields.zoneSign < 0 ? -1 : 1);
  return true;
}
