import { type MillraceError, userError } from '../../common/errors.js';
import { type DecimalType, formatType, type SqlType } from '../../types/sql-type.js';
import type { FunctionValue } from '../function-types.js';
import { daysFromCivil, daysInMonth } from '../scalar/dates/calendar.js';

type Interval = { readonly months: number; readonly days: number; readonly microseconds: bigint };

/**
 * A text read as a value of a type, as PostgreSQL's input functions do. Throws 22P02 or 22007 (malformed), 22003 or
 * 22008 (out of range); the message quotes the text.
 */
export function parseValue(text: string, type: SqlType): Exclude<FunctionValue, null> {
  switch (type.kind) {
    case 'boolean':
      return parseBoolean(text);
    case 'smallint':
      return Number(parseInteger(text, type, 15n));
    case 'integer':
      return Number(parseInteger(text, type, 31n));
    case 'bigint':
      return parseInteger(text, type, 63n);
    case 'real':
    case 'double':
      return parseFloatText(text, type);
    case 'decimal':
      return parseDecimal(text, type);
    case 'date':
      return parseDate(text);
    case 'time':
      return parseTime(text, text, 'time');
    case 'timestamp':
    case 'timestamptz':
      return parseTimestamp(text, type);
    case 'interval':
      return parseInterval(text);
    case 'uuid':
      return parseUuid(text);
    case 'bytea':
      return parseBytea(text);
    case 'json':
    case 'jsonb':
      return parseJson(text, type);
    default:
      return text;
  }
}

/** As PostgreSQL's input functions call their types. */
function inputName(type: SqlType): string {
  if (type.kind === 'decimal') return 'numeric';
  return type.kind === 'time' || type.kind === 'timestamp' ? type.kind : formatType(type);
}

function invalid(text: string, type: SqlType | string, code = '22P02'): MillraceError {
  const name = typeof type === 'string' ? type : inputName(type);
  return userError(code, `invalid input syntax for type ${name}: "${text}"`);
}

function parseBoolean(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (word.length > 0) {
    if (['true', 'yes'].some((name) => name.startsWith(word)) || word === 'on' || word === '1') return true;
    if (['false', 'no'].some((name) => name.startsWith(word)) || word === 'off' || word === 'of' || word === '0') {
      return false;
    }
  }
  throw invalid(text, 'boolean');
}

function parseInteger(text: string, type: SqlType, bits: bigint): bigint {
  const trimmed = text.trim();
  if (!/^[-+]?\d+$/.test(trimmed)) throw invalid(text, type);
  const value = BigInt(trimmed.replace(/^\+/, ''));
  const limit = 1n << bits;
  if (value >= limit || value < -limit) {
    throw userError('22003', `value "${text}" is out of range for type ${type.kind}`);
  }
  return value;
}

function parseFloatText(text: string, type: SqlType): number {
  const word = text.trim();
  const special = /^([-+]?)(inf|infinity|nan)$/i.exec(word);
  if (special) return special[2]!.toLowerCase() === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word)) throw invalid(text, type);
  const value = type.kind === 'real' ? Math.fround(Number(word)) : Number(word);
  if (!Number.isFinite(value) || (value === 0 && /[1-9]/.test(word.replace(/e.*/i, '')))) {
    throw userError('22003', `"${text}" is out of range for type ${formatType(type)}`);
  }
  return value;
}

function parseDecimal(text: string, type: DecimalType): bigint {
  const match = /^\s*([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d{1,5}))?\s*$/.exec(text);
  if (!match || (!match[2] && !match[3])) throw invalid(text, type);
  const digits = (match[2] ?? '') + (match[3] ?? '');
  const shift = type.scale - (match[3]?.length ?? 0) + Number(match[4] ?? 0);
  if (shift > 1000 && !/^0*$/.test(digits)) throw fieldOverflow(type);
  let value = BigInt(digits);
  if (shift >= 0) value *= 10n ** BigInt(Math.min(shift, 1000));
  else {
    const divisor = 10n ** BigInt(-shift);
    value = (value + divisor / 2n) / divisor;
  }
  if (value >= 10n ** BigInt(type.precision)) throw fieldOverflow(type);
  return match[1] === '-' ? -value : value;
}

function fieldOverflow({ precision, scale }: DecimalType): MillraceError {
  return userError('22003', 'numeric field overflow', {
    detail: `A field with precision ${precision}, scale ${scale} must round to an absolute value less than 10^${precision - scale}.`,
  });
}

const datePattern = /^\s*(\d{1,6})-(\d{1,2})-(\d{1,2})(?:[ T]+(?!BC)(.*?))?(\s*BC)?\s*$/i;

/** Also takes a timestamp, whose time is dropped. */
function parseDate(text: string): number {
  const word = text.trim().toLowerCase();
  if (word === 'epoch') return 0;
  if (word === 'infinity') return 2147483647;
  if (word === '-infinity') return -2147483648;
  const compact = /^\s*(\d{4})(\d{2})(\d{2})\s*$/.exec(text);
  const match = compact ?? datePattern.exec(text);
  if (!match) throw invalid(text, 'date', '22007');
  if (match[4] !== undefined && !compact) parseTime(match[4], text, 'date');
  return dayNumber(match, text);
}

function dayNumber(match: RegExpExecArray, text: string): number {
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const astronomical = match[5] ? 1 - year : year;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(astronomical, month) || year === 0) {
    throw userError('22008', `date/time field value out of range: "${text}"`);
  }
  return daysFromCivil(astronomical, month, day);
}

const timePattern = /^\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s*(am|pm)?\s*(z|utc|[-+]\d{1,2}(?::?\d{2})?)?\s*$/i;

function timeParts(text: string): { microseconds: bigint; zone: string | undefined } | undefined {
  const match = timePattern.exec(text);
  if (!match) return undefined;
  let hour = Number(match[1]);
  const [minute, second] = [Number(match[2]), Number(match[3] ?? 0)];
  if (match[5]) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (match[5].toLowerCase() === 'pm' ? 12 : 0);
  }
  const fraction = match[4] ? Math.round(Number(`0.${match[4]}`) * 1e6) : 0;
  if (hour > 24 || minute > 59 || second > 60) return undefined;
  const microseconds = BigInt((hour * 60 + minute) * 60 + second) * 1_000_000n + BigInt(fraction);
  return microseconds > 86_400_000_000n ? undefined : { microseconds, zone: match[6] };
}

function parseTime(part: string, text: string, type: string): bigint {
  const parts = timeParts(part);
  if (parts) return parts.microseconds;
  if (timePattern.test(part)) throw userError('22008', `date/time field value out of range: "${text}"`);
  throw invalid(text, type, '22007');
}

/** Times without a zone are UTC. For `timestamp` a zone is ignored, as in PostgreSQL. */
function parseTimestamp(text: string, type: SqlType): bigint {
  const word = text.trim().toLowerCase();
  if (word === 'epoch') return 0n;
  if (word === 'infinity') return 2n ** 63n - 1n;
  if (word === '-infinity') return -(2n ** 63n);
  const match = datePattern.exec(text) ?? /^\s*(\d{4})(\d{2})(\d{2})(?:[ T](.*?))?(\s*BC)?\s*$/i.exec(text);
  if (!match) throw invalid(text, type, '22007');
  const midnight = BigInt(dayNumber(match, text)) * 86_400_000_000n;
  if (match[4] === undefined) return midnight;
  const time = timeParts(match[4]);
  if (!time) {
    parseTime(match[4], text, formatType(type));
    throw invalid(text, type, '22007');
  }
  const local = midnight + time.microseconds;
  return type.kind === 'timestamptz' && time.zone ? local - zoneOffset(time.zone) : local;
}

function zoneOffset(zone: string): bigint {
  const match = /^([-+])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (!match) return 0n;
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60;
  return BigInt(match[1] === '-' ? -seconds : seconds) * 1_000_000n;
}

const intervalUnits: readonly (readonly [RegExp, 'months' | 'days' | 'microseconds', number])[] = [
  [/^(millenni(um|a)|mil|mils)$/, 'months', 12_000],
  [/^(century|centuries|cent|c)$/, 'months', 1200],
  [/^(decades?|decs?)$/, 'months', 120],
  [/^(years?|yrs?|y)$/, 'months', 12],
  [/^(months?|mons?)$/, 'months', 1],
  [/^(weeks?|w)$/, 'days', 7],
  [/^(days?|d)$/, 'days', 1],
  [/^(hours?|hrs?|h)$/, 'microseconds', 3_600_000_000],
  [/^(minutes?|mins?|m)$/, 'microseconds', 60_000_000],
  [/^(seconds?|secs?|s)$/, 'microseconds', 1_000_000],
  [/^(milliseconds?|msecs?|ms)$/, 'microseconds', 1000],
  [/^(microseconds?|usecs?|us)$/, 'microseconds', 1],
];

/** Collects the parts of an interval: fractions of months become days, fractions of days become time. */
class IntervalSum {
  months = 0;
  days = 0;
  microseconds = 0n;

  add(amount: number, field: 'months' | 'days' | 'microseconds', size: number): void {
    if (field === 'microseconds') this.microseconds += BigInt(Math.round(amount * size));
    else if (field === 'days') this.addDays(amount * size);
    else {
      const months = Math.round(amount * size * 1e6) / 1e6;
      this.months += Math.trunc(months);
      // PostgreSQL drops the fraction of a month of units longer than a month.
      if (size === 1) this.addDays((months - Math.trunc(months)) * 30);
    }
  }

  private addDays(days: number): void {
    this.days += Math.trunc(days);
    this.microseconds += BigInt(Math.round((days - Math.trunc(days)) * 86_400_000_000));
  }
}

export function parseInterval(text: string): Interval {
  const sum = new IntervalSum();
  const iso =
    /^\s*P(?=.)(?:(-?[\d.]+)Y)?(?:(-?[\d.]+)M)?(?:(-?[\d.]+)W)?(?:(-?[\d.]+)D)?(?:T(?:(-?[\d.]+)H)?(?:(-?[\d.]+)M)?(?:(-?[\d.]+)S)?)?\s*$/.exec(
      text,
    );
  if (iso) {
    const units = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'];
    units.forEach((unit, index) => {
      if (iso[index + 1] !== undefined) addUnit(sum, Number(iso[index + 1]), unit, text);
    });
    return inRange(sum, 1, text);
  }
  let rest = text.trim().toLowerCase().replace(/^@\s*/, '');
  const ago = /\s+ago$/.test(rest);
  rest = rest.replace(/\s+ago$/, '');
  if (rest === '') throw invalid(text, 'interval', '22007');
  while (rest !== '') rest = takeIntervalPart(sum, rest, text);
  return inRange(sum, ago ? -1 : 1, text);
}

function inRange(sum: IntervalSum, sign: 1 | -1, text: string): Interval {
  const months = sum.months * sign || 0;
  const days = sum.days * sign || 0;
  const microseconds = sum.microseconds * BigInt(sign);
  if ((months | 0) !== months) throw userError('22008', 'interval out of range');
  if ((days | 0) === days && BigInt.asIntN(64, microseconds) === microseconds) return { months, days, microseconds };
  throw userError('22015', `interval field value out of range: "${text}"`);
}

function takeIntervalPart(sum: IntervalSum, rest: string, text: string): string {
  const clock = /^([-+]?)(\d+):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?(?:\s+|$)/.exec(rest);
  if (clock) {
    const seconds = Number(clock[2]) * 3600 + Number(clock[3]) * 60;
    const total = BigInt(seconds) * 1_000_000n + BigInt(Math.round(Number(clock[4] ?? 0) * 1e6));
    sum.microseconds += clock[1] === '-' ? -total : total;
    return rest.slice(clock[0].length);
  }
  const part = /^([-+]?\s*(?:\d+\.?\d*|\.\d+))\s*([a-z]+)?(?:[\s,]+|$|(?=[-+\d]))/.exec(rest);
  if (!part) throw invalid(text, 'interval', '22007');
  addUnit(sum, Number(part[1]!.replace(/\s/g, '')), part[2] ?? 'second', text);
  return rest.slice(part[0].length);
}

function addUnit(sum: IntervalSum, amount: number, unit: string, text: string): void {
  const entry = intervalUnits.find(([pattern]) => pattern.test(unit));
  if (!entry) throw invalid(text, 'interval', '22007');
  sum.add(amount, entry[1], entry[2]);
}

function parseUuid(text: string): string {
  const digits = text
    .trim()
    .replace(/^\{|\}$/g, '')
    .replaceAll('-', '')
    .toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) throw invalid(text, 'uuid');
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
}

function parseBytea(text: string): Uint8Array {
  if (!text.startsWith('\\x')) return new TextEncoder().encode(text.replaceAll('\\\\', '\\'));
  const digits = text.slice(2).replace(/\s/g, '');
  if (!/^([0-9a-f]{2})*$/i.test(digits)) throw userError('22023', `invalid hexadecimal data: "${text}"`);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function parseJson(text: string, type: SqlType): string {
  try {
    const value: unknown = JSON.parse(text);
    return type.kind === 'jsonb' ? JSON.stringify(value) : text;
  } catch {
    throw invalid(text, 'json');
  }
}
