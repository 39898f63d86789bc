import type { DecimalType, SqlType } from '../types/sql-type.js';
import { formatNested } from './casts/nested-text.js';
import type { FunctionValue } from './function-types.js';
import { civilFromDays } from './scalar/dates/calendar.js';

type Interval = { readonly months: number; readonly days: number; readonly microseconds: bigint };

const DAY = 86_400_000_000n;

/** A value as PostgreSQL's text output has it (casts to text: booleans are `true` and `false`). */
export function formatValue(value: Exclude<FunctionValue, null>, type: SqlType): string {
  switch (type.kind) {
    case 'decimal':
      return formatDecimal(value as bigint, (type as DecimalType).scale);
    case 'real':
      return formatFloat(Math.fround(value as number), true);
    case 'double':
      return formatFloat(value as number, false);
    case 'date':
      return formatDate(value as number);
    case 'time':
      return formatTime(value as bigint);
    case 'timestamp':
      return formatTimestampText(value as bigint, '');
    case 'timestamptz':
      return formatTimestampText(value as bigint, '+00');
    case 'interval':
      return formatInterval(value as Interval);
    case 'bytea':
      return `\\x${Array.from(value as Uint8Array, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    case 'array':
    case 'struct':
    case 'map':
      return formatNested(value as Uint8Array, type, formatValue);
    default:
      return String(value);
  }
}

export function formatDecimal(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const sign = value < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The shortest digits that read back the same; exponents from 1e+15 (1e+06 for real) and below 1e-04, as in C's %g. */
export function formatFloat(value: number, single: boolean): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa, exponentText] = (single ? shortestSingle(value) : shortestDouble(value)).split('e') as [
    string,
    string,
  ];
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= (single ? 6 : 15)) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const sign = value < 0 ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}

/** From here on halves between neighbours may be written in fewer digits than the number. */
const LEAST_WITH_SHORT_HALVES = 2 ** 53;

function shortestDouble(value: number): string {
  const shortest = value.toExponential();
  if (Math.abs(value) < LEAST_WITH_SHORT_HALVES || !isBetween(shortest, value)) return shortest;
  for (let digits = shortest.replace(/e.*|[-.]/g, '').length; digits < 17; digits++) {
    const text = nearestEven(value, digits);
    if (Number(text) === value && !isBetween(text, value)) return text;
  }
  return shortest;
}

/** Is the whole number that is written as near to a neighbour as to the value? */
function isBetween(written: string, value: number): boolean {
  const [mantissa, exponent] = written.split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  const zeros = Number(exponent) - (digits.replace('-', '').length - 1);
  if (zeros < 0) return false;
  const twice = 2n * BigInt(digits) * 10n ** BigInt(zeros);
  const [bits] = new BigUint64Array(Float64Array.of(value).buffer);
  const neighbours = new Float64Array(BigUint64Array.of(bits! - 1n, bits! + 1n).buffer);
  return neighbours.some((other) => Number.isFinite(other) && twice === BigInt(value) + BigInt(other));
}

function shortestSingle(value: number): string {
  for (let digits = 0; digits < 9; digits++) {
    const text = nearestEven(value, digits);
    if (readsBackAs(Number(text), value)) return text;
  }
  return value.toExponential(9);
}

/** Is the single nearest, and no other as near: PostgreSQL does not count on how a reader rounds halves. */
function readsBackAs(written: number, value: number): boolean {
  if (Math.fround(written) !== value) return false;
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  return [bits[0]! - 1, bits[0]! + 1].every((neighbour) => {
    const [other] = new Float32Array(Uint32Array.of(neighbour).buffer);
    return written !== (value + other!) / 2;
  });
}

/** As `toExponential`, which rounds half up: 3210447.25 is 3.2104472e+6. */
function nearestEven(value: number, digits: number): string {
  const exact = value.toExponential(60);
  const [mantissa, exponent] = exact.split('e') as [string, string];
  const kept = mantissa.length - 60 + digits;
  const isHalf = /^50*$/.test(mantissa.slice(kept));
  if (!isHalf || digits === 0 || Number(mantissa[kept - 1]) % 2 !== 0) return value.toExponential(digits);
  return `${mantissa.slice(0, kept)}e${exponent}`;
}

const pad = (value: number | bigint, width = 2): string => String(value).padStart(width, '0');

export function formatDate(days: number): string {
  if (days === 2147483647) return 'infinity';
  if (days === -2147483648) return '-infinity';
  const { year, month, day } = civilFromDays(days);
  const suffix = year <= 0 ? ' BC' : '';
  return `${pad(year <= 0 ? 1 - year : year, 4)}-${pad(month)}-${pad(day)}${suffix}`;
}

export function formatTime(microseconds: bigint): string {
  const seconds = microseconds / 1_000_000n;
  const fraction = microseconds % 1_000_000n;
  const text = `${pad(seconds / 3600n)}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}`;
  return fraction === 0n ? text : `${text}.${pad(fraction, 6).replace(/0+$/, '')}`;
}

function formatTimestampText(timestamp: bigint, zone: string): string {
  if (timestamp === 2n ** 63n - 1n) return 'infinity';
  if (timestamp === -(2n ** 63n)) return '-infinity';
  let days = timestamp / DAY;
  if (timestamp % DAY < 0n) days -= 1n;
  const [date, era] = formatDate(Number(days)).split(' ');
  return `${date} ${formatTime(timestamp - days * DAY)}${zone}${era ? ` ${era}` : ''}`;
}

/** PostgreSQL's intervalstyle `postgres`: `1 year 2 mons 3 days 04:05:06`. */
export function formatInterval({ months, days, microseconds }: Interval): string {
  const parts: string[] = [];
  let previousNegative = false;
  const add = (amount: number, unit: string): void => {
    if (amount === 0) return;
    const plus = previousNegative && amount > 0 ? '+' : '';
    parts.push(`${plus}${amount} ${unit}${amount === 1 ? '' : 's'}`);
    previousNegative = amount < 0;
  };
  add(Math.trunc(months / 12), 'year');
  add(months % 12, 'mon');
  add(days, 'day');
  if (microseconds !== 0n || parts.length === 0) {
    const negative = microseconds < 0n;
    const sign = negative ? '-' : previousNegative ? '+' : '';
    parts.push(sign + formatTime(negative ? -microseconds : microseconds));
  }
  return parts.join(' ');
}
