import { type MillraceError, userError } from '../../common/errors.js';
import { civilFromDays, DAY_MICROSECONDS, daysFromCivil, daysInMonth } from '../scalar/dates/calendar.js';

/** A date and time read by a template. */
export interface ReadTime {
  /** µs since 1970-01-01 by the clocks of wherever it was. */
  readonly local: bigint;
  /** Seconds east of Greenwich, where the text gave it. */
  readonly offset: number | undefined;
}

/** What was read of a text, field by field. */
export interface DatetimeFields {
  readonly text: string;
  /** By meaning; not there is 0. */
  readonly values: ReadonlyMap<string, number>;
  readonly isTwelveHours: boolean;
  readonly isAfternoon: boolean;
  readonly isBeforeChrist: boolean;
  readonly convention: 'gregorian' | 'iso' | undefined;
  /** How many digits of the year the template has. */
  readonly yearDigits: number;
  /** FF1 to FF6 round what is read. */
  readonly fractionDigits: number;
  /** Of `zoneHour` and `zoneMinute`. */
  readonly zoneSign: number;
  /** Seconds, where the zone was an abbreviation. */
  readonly offset: number | undefined;
}

/** What the fields stand for together. What is missing is that of 1 BC-01-01 00:00. */
export function assembleDatetime(fields: DatetimeFields): ReadTime {
  const date = assembleDate(fields);
  const time = assembleTime(fields);
  const local = roundToDigits(BigInt(date) * DAY_MICROSECONDS + BigInt(time), fields.fractionDigits);
  return { local, offset: assembleOffset(fields) };
}

function get({ values }: DatetimeFields, meaning: string): number {
  return values.get(meaning) ?? 0;
}

function outOfRange({ text }: DatetimeFields): MillraceError {
  return userError('22008', `date/time field value out of range: "${text}"`);
}

function assembleYear(fields: DatetimeFields): number | undefined {
  const [year, century] = [get(fields, 'year'), get(fields, 'century') * (fields.isBeforeChrist ? -1 : 1)];
  if (year !== 0) {
    if (century === 0 || fields.yearDigits > 2) {
      const signed = fields.isBeforeChrist ? -year : year;
      return signed < 0 ? signed + 1 : signed;
    }
    const short = year % 100;
    if (short === 0) return century * 100 + (century >= 0 ? 0 : 1);
    return century >= 0 ? short + (century - 1) * 100 : (century + 1) * 100 - short + 1;
  }
  if (century === 0) return undefined;
  return century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
}

function assembleDate(fields: DatetimeFields): number {
  const given = assembleYear(fields);
  const year = given ?? 0;
  if (get(fields, 'julian') !== 0) return get(fields, 'julian') - 2_440_588;
  let dayOfYear = get(fields, 'dayOfYear');
  const week = get(fields, 'week');
  const isIso = fields.convention === 'iso';
  if (week !== 0) {
    if (isIso) {
      const weekday = get(fields, 'weekday');
      const offset = weekday === 0 ? 0 : weekday === 1 ? 6 : weekday - 2;
      return startOfIsoYear(year) + (week - 1) * 7 + offset;
    }
    dayOfYear = (week - 1) * 7 + 1;
  }
  let day = get(fields, 'weekOfMonth') === 0 ? get(fields, 'day') : (get(fields, 'weekOfMonth') - 1) * 7 + 1;
  let month = get(fields, 'month');
  if (dayOfYear !== 0 && (month <= 1 || day <= 1)) {
    if (given === undefined && !fields.isBeforeChrist) {
      throw userError('22007', 'cannot calculate day of year without year information');
    }
    if (isIso) return startOfIsoYear(year) + dayOfYear - 1;
    const civil = civilFromDays(daysFromCivil(year, 1, 1) + dayOfYear - 1);
    if (dayOfYear < 0 || civil.year !== year) throw outOfRange(fields);
    if (month <= 1) month = civil.month;
    if (day <= 1) day = civil.day;
  }
  if (month < 0 || month > 12 || day < 0) throw outOfRange(fields);
  // What was not given, or given as 0, is the first.
  month = month === 0 ? 1 : month;
  day = day === 0 ? 1 : day;
  if (day > daysInMonth(year, month)) throw outOfRange(fields);
  return daysFromCivil(year, month, day);
}

function assembleTime(fields: DatetimeFields): number {
  const ofDay = get(fields, 'daySecond');
  let hour = get(fields, 'hour') || Math.trunc(ofDay / 3600);
  const minute = get(fields, 'minute') || Math.trunc(ofDay / 60) % 60;
  const second = get(fields, 'second') || ofDay % 60;
  if (fields.isTwelveHours) {
    if (hour < 1 || hour > 12) {
      throw userError('22007', `hour "${hour}" is invalid for the 12-hour clock`, {
        hint: 'Use the 24-hour clock, or give an hour between 1 and 12.',
      });
    }
    if (fields.isAfternoon && hour < 12) hour += 12;
    else if (!fields.isAfternoon && hour === 12) hour = 0;
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) throw outOfRange(fields);
  const micros = get(fields, 'milliseconds') * 1000 + get(fields, 'micros');
  if (micros < 0 || micros >= 1_000_000) throw outOfRange(fields);
  return ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros;
}

function assembleOffset(fields: DatetimeFields): number | undefined {
  if (fields.offset !== undefined) return fields.offset;
  if (!fields.values.has('zoneHour') && !fields.values.has('zoneMinute')) return undefined;
  const [hours, minutes] = [get(fields, 'zoneHour'), get(fields, 'zoneMinute')];
  if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) throw outOfRange(fields);
  return (fields.zoneSign < 0 ? -1 : 1) * (hours * 3600 + minutes * 60);
}

/** The Monday of the first ISO week of a year. */
function startOfIsoYear(year: number): number {
  const fourth = daysFromCivil(year, 1, 4);
  return fourth - ((((fourth + 3) % 7) + 7) % 7);
}

const epoch2000 = 946_684_800_000_000n;

/** Rounded to digits of a second, away from the year 2000 where it is half of one. */
function roundToDigits(local: bigint, digits: number): bigint {
  const unit = 10n ** BigInt(6 - digits);
  const from2000 = local - epoch2000;
  const distance = from2000 < 0n ? -from2000 : from2000;
  const rounded = ((distance + unit / 2n) / unit) * unit;
  return epoch2000 + (from2000 < 0n ? -rounded : rounded);
}
