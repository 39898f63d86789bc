import { notSupportedError, userError } from '../../../common/errors.js';
import type { SqlType } from '../../../types/sql-type.js';
import type { FunctionValue } from '../../function-types.js';
import { civilFromDays, daysFromCivil, daysInMonth } from './calendar.js';
import { isUnit, unitError, unitOf } from './date-units.js';

type Interval = { readonly months: number; readonly days: number; readonly microseconds: bigint };
type Implementation = (args: readonly FunctionValue[]) => FunctionValue;

const DAY = 86_400_000_000n;

/** µs since 1970 as a day number and the µs into that day. */
function splitTimestamp(timestamp: bigint): { days: number; time: bigint } {
  let days = timestamp / DAY;
  if (timestamp % DAY < 0n) days -= 1n;
  return { days: Number(days), time: timestamp - days * DAY };
}

/** 1 = Monday … 7 = Sunday. */
function isoWeekday(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

function isoWeek(days: number): { isoYear: number; week: number } {
  const thursday = days - isoWeekday(days) + 4;
  const isoYear = civilFromDays(thursday).year;
  return { isoYear, week: Math.floor((thursday - daysFromCivil(isoYear, 1, 1)) / 7) + 1 };
}

/** The values that stand for infinity. */
const infinities: Readonly<Record<'date' | 'timestamp', readonly bigint[]>> = {
  date: [2n ** 31n - 1n, -(2n ** 31n)],
  timestamp: [2n ** 63n - 1n, -(2n ** 63n)],
};

/** Is it the value that stands for infinity or -infinity? */
export function isInfinite(kind: 'date' | 'timestamp', value: bigint): boolean {
  return infinities[kind].includes(value);
}

function timeField(unit: string, time: bigint): number | undefined {
  switch (unit) {
    case 'hour':
      return Number(time / 3_600_000_000n);
    case 'minute':
      return Number((time / 60_000_000n) % 60n);
    case 'second':
      return Number(time % 60_000_000n) / 1e6;
    case 'milliseconds':
      return Number(time % 60_000_000n) / 1e3;
    case 'microseconds':
      return Number(time % 60_000_000n);
    default:
      return undefined;
  }
}

function timestampField(unit: string, timestamp: bigint): number | undefined {
  const { days, time } = splitTimestamp(timestamp);
  const { year, month, day } = civilFromDays(days);
  switch (unit) {
    case 'year':
      return year > 0 ? year : year - 1;
    case 'month':
      return month;
    case 'day':
      return day;
    case 'quarter':
      return Math.floor((month - 1) / 3) + 1;
    case 'dow':
      return isoWeekday(days) % 7;
    case 'isodow':
      return isoWeekday(days);
    case 'doy':
      return days - daysFromCivil(year, 1, 1) + 1;
    case 'week':
      return isoWeek(days).week;
    case 'isoyear':
      return isoWeek(days).isoYear > 0 ? isoWeek(days).isoYear : isoWeek(days).isoYear - 1;
    case 'decade':
      return Math.floor(year / 10);
    case 'century':
      return year > 0 ? Math.floor((year + 99) / 100) : -Math.floor((100 - year) / 100);
    case 'millennium':
      return year > 0 ? Math.floor((year + 999) / 1000) : -Math.floor((1000 - year) / 1000);
    case 'epoch':
      return Number(timestamp) / 1e6;
    default:
      return timeField(unit, time);
  }
}

function intervalField(unit: string, { months, days, microseconds }: Interval): number | undefined {
  const years = Math.trunc(months / 12);
  switch (unit) {
    case 'year':
      return years;
    case 'month':
      return months % 12;
    case 'quarter':
      // The negative of what the negated interval has.
      return months < 0 ? -(Math.trunc(-(months % 12) / 3) + 1) : Math.trunc((months % 12) / 3) + 1;
    case 'day':
      return days;
    case 'week':
      return Math.trunc(days / 7);
    case 'decade':
      return Math.trunc(years / 10);
    case 'century':
      return Math.trunc(years / 100);
    case 'millennium':
      return Math.trunc(years / 1000);
    case 'epoch':
      return years * 365.25 * 86400 + (months % 12) * 30 * 86400 + days * 86400 + Number(microseconds) / 1e6;
    default:
      return timeField(unit, microseconds);
  }
}

/** Fields that grow with time. */
export const growingFields: readonly string[] = [
  ...['year', 'isoyear', 'decade', 'century', 'millennium', 'epoch', 'julian'],
];

/** Of infinity: fields that grow with time are infinite, the others NULL. */
function infinityField(unit: string, negative: boolean): number | null {
  if (!growingFields.includes(unit)) return null;
  return negative ? -Infinity : Infinity;
}

/** date_part(field, value). */
export function datePart(args: readonly SqlType[]): Implementation {
  const kind = args[1]!.kind;
  return ([field, value]) => {
    const unit = unitOf(field!);
    if (kind === 'timestamptz' && unit.startsWith('timezone')) return 0;
    let result: number | null | undefined;
    if (kind === 'interval') result = intervalField(unit, value as Interval);
    else if (kind === 'time') result = unit === 'epoch' ? Number(value) / 1e6 : timeField(unit, value as bigint);
    else {
      result = timestampField(unit, kind === 'date' ? BigInt(value as number) * DAY : (value as bigint));
      const isInfinite = infinities[kind === 'date' ? 'date' : 'timestamp'].includes(BigInt(value as number));
      if (isInfinite && result !== undefined) result = infinityField(unit, Number(value) < 0);
    }
    if (result === undefined) throw unitError(field!, args[1]!, isUnit(unit));
    return result;
  };
}

const truncatingUnits = [
  ...['microseconds', 'milliseconds', 'second', 'minute', 'hour', 'day', 'week'],
  ...['month', 'quarter', 'year', 'decade', 'century', 'millennium'],
];

/** Is a unit of date_trunc a day or longer? */
export function truncatesDays(unit: string): boolean {
  return !timeUnits[unit];
}

/** date_trunc(unit, timestamp). */
export function truncateTimestamp(args: readonly SqlType[]): Implementation {
  return ([field, value]) => {
    const unit = unitOf(field!);
    if (infinities.timestamp.includes(value as bigint) && truncatingUnits.includes(unit)) return value!;
    const { days, time } = splitTimestamp(value as bigint);
    const floor = (size: bigint): bigint => BigInt(days) * DAY + (time / size) * size;
    const { year, month } = civilFromDays(days);
    const startOf = (y: number, m: number): bigint => BigInt(daysFromCivil(y, m, 1)) * DAY;
    switch (unit) {
      case 'microseconds':
        return value!;
      case 'milliseconds':
        return floor(1000n);
      case 'second':
        return floor(1_000_000n);
      case 'minute':
        return floor(60_000_000n);
      case 'hour':
        return floor(3_600_000_000n);
      case 'day':
        return BigInt(days) * DAY;
      case 'week':
        return BigInt(days - isoWeekday(days) + 1) * DAY;
      case 'month':
        return startOf(year, month);
      case 'quarter':
        return startOf(year, Math.floor((month - 1) / 3) * 3 + 1);
      case 'year':
        return startOf(year, 1);
      case 'decade':
        return startOf(Math.floor(year / 10) * 10, 1);
      case 'century':
        return startOf(Math.floor((year - 1) / 100) * 100 + 1, 1);
      case 'millennium':
        return startOf(Math.floor((year - 1) / 1000) * 1000 + 1, 1);
      default:
        throw unitError(field!, args[1]!, truncatingUnits.includes(unit));
    }
  };
}

const monthUnits: Readonly<Record<string, number>> = {
  month: 1,
  quarter: 3,
  year: 12,
  decade: 120,
  century: 1200,
  millennium: 12000,
};

const timeUnits: Readonly<Record<string, bigint>> = {
  microseconds: 1n,
  milliseconds: 1000n,
  second: 1_000_000n,
  minute: 60_000_000n,
  hour: 3_600_000_000n,
};

/** date_trunc(unit, interval). */
export function truncateInterval(args: readonly SqlType[]): Implementation {
  return ([field, value]) => {
    const unit = unitOf(field!);
    const { months, days, microseconds } = value as Interval;
    const monthUnit = monthUnits[unit];
    if (monthUnit) return { months: Math.trunc(months / monthUnit) * monthUnit, days: 0, microseconds: 0n };
    if (unit === 'day') return { months, days, microseconds: 0n };
    const size = timeUnits[unit];
    if (!size) throw unitError(field!, args[1]!, truncatingUnits.includes(unit));
    return { months, days, microseconds: (microseconds / size) * size };
  };
}

/** make_date(year, month, day); negative years are BC. */
export function makeDate(): Implementation {
  return ([year, month, day]) => {
    const [y, m, d] = [Number(year), Number(month), Number(day)];
    const astronomical = y < 0 ? y + 1 : y;
    if (y === 0 || m < 1 || m > 12 || d < 1 || d > daysInMonth(astronomical, m)) {
      throw userError('22008', `date field value out of range: ${y}-${pad(m)}-${pad(d)}`);
    }
    return daysFromCivil(astronomical, m, d);
  };
}

/** age(a, b): field by field, borrowing days from the month of the earlier one. */
export function ageBetween(): Implementation {
  return ([first, second]) => {
    const negative = (first as bigint) < (second as bigint);
    const [late, early] = (negative ? [second, first] : [first, second]) as [bigint, bigint];
    const [a, b] = [splitTimestamp(late), splitTimestamp(early)];
    const [from, to] = [civilFromDays(b.days), civilFromDays(a.days)];
    let microseconds = a.time - b.time;
    let days = to.day - from.day;
    let months = (to.year - from.year) * 12 + to.month - from.month;
    if (microseconds < 0n) {
      microseconds += DAY;
      days--;
    }
    if (days < 0) {
      days += daysInMonth(from.year, from.month);
      months--;
    }
    return negative ? { months: -months, days: -days, microseconds: -microseconds } : { months, days, microseconds };
  };
}

const pad = (value: number | bigint, width = 2): string => String(value).padStart(width, '0');
const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');

/** Parts of a to_char pattern, longest first. */
const patternParts =
  /FM|"[^"]*"|HH24|HH12|YYYY|IYYY|Month|MONTH|month|IDDD|SSSS|Mon|MON|mon|DDD|Day|DAY|day|YYY|HH|MI|SS|MS|US|YY|MM|DD|Dy|DY|dy|IW|WW|ID|CC|Q|Y|D|AM|PM|am|pm|./gs;

/** to_char(timestamp, pattern). */
export function formatTimestamp(): Implementation {
  let lastPattern: string | undefined;
  let parts: string[] = [];
  return ([value, pattern]) => {
    if (pattern === '' || infinities.timestamp.includes(value as bigint)) return null;
    if (pattern !== lastPattern) {
      lastPattern = pattern as string;
      parts = lastPattern.match(patternParts) ?? [];
    }
    const { days, time } = splitTimestamp(value as bigint);
    let fill = true;
    let result = '';
    for (const part of parts) {
      if (part === 'FM') {
        fill = false;
        continue;
      }
      const text = formatPart(part, days, time);
      result += fill ? text : text.replace(/^0+(?=\d)/, '').trimEnd();
      fill = true;
    }
    return result;
  };
}

/** 44 BC is written as 44. */
function yearOfEra(year: number): number {
  return year > 0 ? year : 1 - year;
}

function formatPart(part: string, days: number, time: bigint): string {
  const { year: astronomical, month, day } = civilFromDays(days);
  const year = yearOfEra(astronomical);
  const hour = Number(time / 3_600_000_000n);
  const microseconds = Number(time % 1_000_000n);
  switch (part) {
    case 'YYYY':
      return pad(year, 4);
    case 'YYY':
    case 'YY':
    case 'Y':
      return pad(year, 4).slice(-part.length);
    case 'IYYY':
      return pad(yearOfEra(isoWeek(days).isoYear), 4);
    case 'MM':
      return pad(month);
    case 'Month':
    case 'MONTH':
    case 'month':
      return inCaseOf(part, months[month - 1]!).padEnd(9);
    case 'Mon':
    case 'MON':
    case 'mon':
      return inCaseOf(part, months[month - 1]!.slice(0, 3));
    case 'DD':
      return pad(day);
    case 'DDD':
      return pad(days - daysFromCivil(astronomical, 1, 1) + 1, 3);
    case 'D':
      return String((isoWeekday(days) % 7) + 1);
    case 'ID':
      return String(isoWeekday(days));
    case 'Day':
    case 'DAY':
    case 'day':
      return inCaseOf(part, weekdays[isoWeekday(days) - 1]!).padEnd(9);
    case 'Dy':
    case 'DY':
    case 'dy':
      return inCaseOf(part, weekdays[isoWeekday(days) - 1]!.slice(0, 3));
    case 'IW':
      return pad(isoWeek(days).week);
    case 'WW':
      return pad(Math.floor((days - daysFromCivil(astronomical, 1, 1)) / 7) + 1);
    case 'Q':
      return String(Math.floor((month - 1) / 3) + 1);
    case 'CC':
      return pad(Math.floor((year + 99) / 100));
    case 'HH24':
      return pad(hour);
    case 'HH':
    case 'HH12':
      return pad(hour % 12 === 0 ? 12 : hour % 12);
    case 'MI':
      return pad((time / 60_000_000n) % 60n);
    case 'SS':
      return pad((time / 1_000_000n) % 60n);
    case 'SSSS':
      return String(time / 1_000_000n);
    case 'MS':
      return pad(Math.floor(microseconds / 1000), 3);
    case 'US':
      return pad(microseconds, 6);
    case 'AM':
    case 'PM':
      return hour < 12 ? 'AM' : 'PM';
    case 'am':
    case 'pm':
      return hour < 12 ? 'am' : 'pm';
    case 'IDDD':
      throw notSupportedError(`to_char does not know the pattern ${part}`, { hint: 'Use DDD, IW or ID.' });
    default:
      return part.startsWith('"') ? part.slice(1, -1) : part;
  }
}

function inCaseOf(part: string, name: string): string {
  if (part === part.toUpperCase()) return name.toUpperCase();
  return part === part.toLowerCase() ? name.toLowerCase() : name;
}
