import { userError } from '../../../common/errors.js';
import type { SqlType } from '../../../types/sql-type.js';
import type { FunctionValue } from '../../function-types.js';
import { civilFromDays, daysFromCivil, daysInMonth, FIRST_DAY, isTimestamp, LAST_DAY } from './calendar.js';
import { isUnit, unitError, unitOf } from './date-units.js';

type Interval = { readonly months: number; readonly days: number; readonly microseconds: bigint };
type Implementation = (args: readonly FunctionValue[]) => FunctionValue;

const DAY = 86_400_000_000n;
const JULIAN_1970 = 2_440_588;

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
    case 'julian':
      return days + JULIAN_1970 + Number(time) / Number(DAY);
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
      // In the order in which PostgreSQL adds them.
      return Number(microseconds) / 1e6 + 31_557_600 * years + 2_592_000 * (months % 12) + 86_400 * days;
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
    if (kind === 'timestamptz' && unit.startsWith('timezone')) {
      return isInfinite('timestamp', value as bigint) ? null : 0;
    }
    let result: number | null | undefined;
    if (kind === 'interval') result = intervalField(unit, value as Interval);
    else if (kind === 'time') result = unit === 'epoch' ? Number(value) / 1e6 : timeField(unit, value as bigint);
    else {
      const isDay = kind === 'date';
      const infinite = isInfinite(isDay ? 'date' : 'timestamp', BigInt(value as number));
      if (isDay && !infinite && !isTimestamp(BigInt(value as number) * DAY)) {
        throw userError('22008', 'date out of range for timestamp');
      }
      result = timestampField(unit, kind === 'date' ? BigInt(value as number) * DAY : (value as bigint));
      if (infinite && result !== undefined) result = infinityField(unit, Number(value) < 0);
    }
    if (result === undefined) throw unitError(field!, args[1]!, isUnit(unit));
    // Never -0.
    return result === null ? null : result + 0;
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
    if (monthUnit) return { months: months - (months % monthUnit), days: 0, microseconds: 0n };
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
      throw userError('22008', `date field value out of range: ${astronomical}-${pad(m)}-${pad(d)}`);
    }
    const date = daysFromCivil(astronomical, m, d);
    if (date < FIRST_DAY || date > LAST_DAY)
      throw userError('22008', `date out of range: ${astronomical}-${pad(m)}-${pad(d)}`);
    return date;
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
    return negative
      ? { months: 0 - months, days: 0 - days, microseconds: -microseconds }
      : { months, days, microseconds };
  };
}

const pad = (value: number | bigint, width = 2): string => String(value).padStart(width, '0');
