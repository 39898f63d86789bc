import { userError } from '../../common/errors.js';
import { civilFromDays, daysFromCivil } from '../scalar/dates/calendar.js';
import { floorDays, type Interval } from '../scalar/dates/interval-arithmetic.js';
import { DAY_NAMES, inCaseOf, MONTH_NAMES, ordinalOf, ROMAN_MONTHS } from './calendar-names.js';
import type { TemplateNode } from './datetime-template.js';

/** What templates print, of a timestamp or of an interval. */
export interface PrintedTime {
  readonly isInterval: boolean;
  /** Of a timestamp, 0 is 1 BC. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
  /** Days since 1970-01-01, of a timestamp. */
  readonly date: number;
  /** Seconds east of Greenwich, and the name of the zone; undefined for a timestamp without one. */
  readonly offset: number | undefined;
  readonly zoneName: string;
}

type Field = Extract<TemplateNode, { kind: 'field' }>;

export function printedTimestamp(local: bigint, offset?: number, zoneName = ''): PrintedTime {
  const date = floorDays(local);
  const { year, month, day } = civilFromDays(date);
  const time = Number(local - BigInt(date) * 86_400_000_000n);
  return {
    isInterval: false,
    year,
    month,
    day,
    hour: Math.floor(time / 3_600_000_000),
    minute: Math.floor(time / 60_000_000) % 60,
    second: Math.floor(time / 1_000_000) % 60,
    micros: time % 1_000_000,
    date,
    offset,
    zoneName,
  };
}

export function printedInterval({ months, days, microseconds }: Interval): PrintedTime {
  const part = (unit: bigint, modulus?: bigint): number => {
    const whole = microseconds / unit;
    return Number(modulus === undefined ? whole : whole % modulus);
  };
  return {
    isInterval: true,
    year: Math.trunc(months / 12),
    month: months % 12,
    day: days,
    hour: part(3_600_000_000n),
    minute: part(60_000_000n, 60n),
    second: part(1_000_000n, 60n),
    micros: part(1n, 1_000_000n),
    date: dateOfInterval(Math.trunc(months / 12), months % 12, days),
    offset: undefined,
    zoneName: '',
  };
}

export function formatDatetime(template: readonly TemplateNode[], time: PrintedTime): string {
  let result = '';
  for (const node of template) {
    if (node.kind !== 'field') result += node.text;
    else if (node.name !== 'FX') result += formatField(node, time);
  }
  return result;
}

const TIMESTAMPS_ONLY = /^(A\.?D\.?|B\.?C\.?|TZ|TZH|TZM|OF|MONTH|MON|DAY|DY|D|ID)$/;

/** Fields whose sign takes the place of a digit; and those of which it does so unless the year itself has a sign. */
const SIGN_WITHIN = /^(DD|DDD|WW|IW|ID+)$/;
const ISO_YEAR = /^IY*$/;

function formatField(field: Field, time: PrintedTime): string {
  const { name, written, fill, ordinal } = field;
  if (time.isInterval && TIMESTAMPS_ONLY.test(name)) {
    throw userError('22007', `invalid format specification for an interval value`, {
      hint: 'Intervals are not tied to specific calendar dates.',
    });
  }
  const number = numberOf(name, time);
  if (number !== undefined) {
    const { value, width } = number;
    // Fractions of a second keep their zeros.
    const padded = fill && !/^(MS|US|FF\d)$/.test(name) ? 0 : width;
    const isWithin = SIGN_WITHIN.test(name) || (ISO_YEAR.test(name) && time.year >= 0);
    const places = isWithin && value < 0 ? padded - 1 : padded;
    return withOrdinal((value < 0 ? '-' : '') + String(Math.abs(value)).padStart(places, '0'), ordinal);
  }
  const text = textOf(name, written, time);
  if (text === undefined) return '';
  if (name === 'Y,YYY') return withOrdinal(text, ordinal);
  if (name === 'OF' && fill) return text.replace(/^([-+])0/, '$1');
  return fill ? text.trimEnd() : text;
}

function withOrdinal(text: string, ordinal: string | undefined): string {
  if (ordinal === undefined) return text;
  return text + (ordinal === 'TH' ? ordinalOf(text).toUpperCase() : ordinalOf(text));
}

function numberOf(name: string, time: PrintedTime): { readonly value: number; readonly width: number } | undefined {
  const { hour, minute, second, micros, month, day, isInterval } = time;
  const year = isInterval || time.year > 0 ? time.year : 1 - time.year;
  switch (name) {
    case 'HH':
    case 'HH12':
      return { value: hour % 12 === 0 ? 12 : hour % 12, width: 2 };
    case 'HH24':
      return { value: hour, width: 2 };
    case 'MI':
      return { value: minute, width: 2 };
    case 'SS':
      return { value: second, width: 2 };
    case 'MS':
      return { value: Math.trunc(micros / 1000), width: 3 };
    case 'US':
      return { value: micros, width: 6 };
    case 'SSSS':
    case 'SSSSS':
      return { value: hour * 3600 + minute * 60 + second, width: 1 };
    case 'MM':
      return { value: month, width: 2 };
    case 'DD':
      return { value: day, width: 2 };
    case 'DDD':
      return { value: dayOfYear(time), width: 3 };
    case 'WW':
      return { value: Math.trunc((dayOfYear(time) - 1) / 7) + 1, width: 2 };
    case 'Q':
      return month === 0 ? undefined : { value: Math.trunc((month - 1) / 3) + 1, width: 1 };
    case 'J':
      return { value: time.date + 2_440_588, width: 1 };
    case 'CC':
      return { value: centuryOf(time), width: 2 };
    case 'YYYY':
      return { value: year, width: 4 };
    case 'YYY':
      return { value: year % 1000, width: 3 };
    case 'YY':
      return { value: year % 100, width: 2 };
    case 'Y':
      return { value: year % 10, width: 1 };
    case 'W':
      return { value: Math.trunc((day - 1) / 7) + 1, width: 1 };
    default:
      return name.startsWith('FF') ? fractionOf(Number(name[2]), micros) : numberOfWeek(name, time);
  }
}

function fractionOf(digits: number, micros: number): { readonly value: number; readonly width: number } {
  return { value: Math.trunc(micros / 10 ** (6 - digits)), width: digits };
}

function numberOfWeek(
  name: string,
  { date, isInterval }: PrintedTime,
): { readonly value: number; readonly width: number } | undefined {
  const weekday = (((date + 4) % 7) + 7) % 7;
  const isoWeekday = weekday === 0 ? 7 : weekday;
  const thursday = date - isoWeekday + 4;
  const { year: weekYear } = civilFromDays(thursday);
  const week = Math.floor((thursday - daysFromCivil(weekYear, 1, 1)) / 7) + 1;
  const isoYear = isInterval || weekYear > 0 ? weekYear : 1 - weekYear;
  switch (name) {
    case 'D':
      return { value: weekday + 1, width: 1 };
    case 'ID':
      return { value: isoWeekday, width: 1 };
    case 'IW':
      return { value: week, width: 2 };
    case 'IDDD':
      return { value: (week - 1) * 7 + isoWeekday, width: 3 };
    case 'IYYY':
      return { value: isoYear, width: 4 };
    case 'IYY':
      return { value: isoYear % 1000, width: 3 };
    case 'IY':
      return { value: isoYear % 100, width: 2 };
    case 'I':
      return { value: isoYear % 10, width: 1 };
    default:
      return undefined;
  }
}

function dayOfYear({ isInterval, year, month, day, date }: PrintedTime): number {
  return isInterval ? (year * 12 + month) * 30 + day : date - daysFromCivil(year, 1, 1) + 1;
}

/** The date that the fields of an interval would be: what PostgreSQL counts weeks and Julian days of. */
function dateOfInterval(year: number, month: number, day: number): number {
  const total = year * 12 + month - 1;
  const carried = Math.floor(total / 12);
  return daysFromCivil(carried, total - carried * 12 + 1, 1) + day - 1;
}

function centuryOf({ isInterval, year }: PrintedTime): number {
  if (isInterval) return Math.trunc(year / 100);
  return year > 0 ? Math.trunc((year - 1) / 100) + 1 : Math.trunc(year / 100) - 1;
}

function textOf(name: string, written: string, time: PrintedTime): string | undefined {
  const { month, hour, year, offset, date } = time;
  const weekday = (((date + 4) % 7) + 7) % 7;
  const two = (value: number): string => String(value).padStart(2, '0');
  switch (name) {
    case 'AM':
    case 'PM':
      return inCaseOf(written, hour % 24 >= 12 ? 'PM' : 'AM');
    case 'A.M.':
    case 'P.M.':
      return inCaseOf(written, hour % 24 >= 12 ? 'P.M.' : 'A.M.');
    case 'AD':
    case 'BC':
      return inCaseOf(written, year <= 0 ? 'BC' : 'AD');
    case 'A.D.':
    case 'B.C.':
      return inCaseOf(written, year <= 0 ? 'B.C.' : 'A.D.');
    case 'MONTH':
      return inCaseOf(written, MONTH_NAMES[month - 1]!).padEnd(9);
    case 'MON':
      return inCaseOf(written, MONTH_NAMES[month - 1]!.slice(0, 3));
    case 'DAY':
      return inCaseOf(written, DAY_NAMES[weekday]!).padEnd(9);
    case 'DY':
      return inCaseOf(written, DAY_NAMES[weekday]!.slice(0, 3));
    case 'RM':
      return romanMonth(written, time);
    case 'Y,YYY': {
      const shown = time.isInterval || year > 0 ? year : 1 - year;
      const thousands = Math.trunc(shown / 1000);
      return `${thousands},${String(shown - thousands * 1000).padStart(3, '0')}`;
    }
    case 'TZ':
      return inCaseOf(written, time.zoneName);
    case 'TZH':
      return (offset ?? 0) < 0 ? `-${two(Math.floor(-offset! / 3600))}` : `+${two(Math.floor((offset ?? 0) / 3600))}`;
    case 'TZM':
      return two(Math.floor(Math.abs(offset ?? 0) / 60) % 60);
    case 'OF': {
      const minutes = Math.floor(Math.abs(offset ?? 0) / 60) % 60;
      const hours = Math.floor(Math.abs(offset ?? 0) / 3600);
      return `${(offset ?? 0) < 0 ? '-' : '+'}${two(hours)}${minutes === 0 ? '' : `:${two(minutes)}`}`;
    }
    default:
      return undefined;
  }
}

function romanMonth(written: string, { month, year, isInterval }: PrintedTime): string | undefined {
  if (month === 0 && year === 0) return undefined;
  // An interval of whole years is said to be in December.
  const index = isInterval && month === 0 ? (year >= 0 ? 11 : 0) : month < 0 ? -month - 1 : month - 1;
  const numeral = ROMAN_MONTHS[isInterval && month < 0 ? 12 + month : index]!;
  return inCaseOf(written, numeral).padEnd(4);
}
