import { bugError } from '../../common/errors.js';
import type { SqlType } from '../../types/sql-type.js';
import { civilDate } from './dates.js';

/** A value of any type as JavaScript holds it; strings, bytea and uuid are their bytes. */
export type ReferenceValue = boolean | number | bigint | ReferenceInterval | Uint8Array;

export interface ReferenceInterval {
  readonly months: number;
  readonly days: number;
  readonly microseconds: bigint;
}

const MICROSECONDS_PER_DAY = 86_400_000_000n;

/** Twin of the formatters of `assembly/format.ts`: a value as PostgreSQL prints it. */
export function formatValue(type: SqlType, value: ReferenceValue): string {
  switch (type.kind) {
    case 'boolean':
      return value ? 't' : 'f';
    case 'smallint':
    case 'integer':
    case 'bigint':
      return String(value);
    case 'real':
      return formatFloat(value as number, 24);
    case 'double':
      return formatFloat(value as number, 53);
    case 'decimal':
      return formatDecimal(value as bigint, type.scale);
    case 'date':
      return formatDate(value as number);
    case 'time':
      return formatTime(value as bigint);
    case 'timestamp':
      return formatTimestamp(value as bigint, '');
    case 'timestamptz':
      return formatTimestamp(value as bigint, '+00');
    case 'interval':
      return formatInterval(value as ReferenceInterval);
    case 'uuid':
      return toHex(value as Uint8Array).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    case 'bytea':
      return `\\x${toHex(value as Uint8Array)}`;
    default:
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(value as Uint8Array);
  }
}

function formatDecimal(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${unscaled < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}

/** The shortest decimal strictly between the midpoints to the neighbours, the nearest one if several; by exact arithmetic. */
export function formatFloat(value: number, significandBits: 24 | 53): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const magnitude = Math.abs(value);
  if (magnitude === Number.POSITIVE_INFINITY) return `${sign}Infinity`;
  if (magnitude === 0) return `${sign}0`;
  const [digits, exponent] = shortestDigits(magnitude, significandBits);
  if (exponent < -4 || exponent >= (significandBits === 53 ? 15 : 6)) {
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return digits.length > exponent + 1 ? `${sign}${whole}.${digits.slice(exponent + 1)}` : sign + whole;
}

/** d₁d₂… and e, for d₁.d₂… × 10^e. */
function shortestDigits(magnitude: number, significandBits: 24 | 53): [string, number] {
  const smallest = significandBits === 53 ? -1074 : -149;
  // magnitude = significand × 2^power
  let power = smallest;
  while (power < 1100 && magnitude / 2 ** (power + significandBits) >= 1) power++;
  // 2 ** −1074 is exact, but dividing by it may overflow: split the scaling.
  const significand = BigInt(power < -500 ? magnitude * 2 ** 500 * 2 ** (-power - 500) : magnitude / 2 ** power);
  const lowerIsCloser = significand === 1n << BigInt(significandBits - 1) && power > smallest;
  const scale = (units: bigint): bigint => (power >= 2 ? units << BigInt(power - 2) : units);
  const denominator = power >= 2 ? 1n : 1n << BigInt(2 - power);
  const exact = scale(4n * significand);
  const low = scale(4n * significand - (lowerIsCloser ? 1n : 2n));
  const high = scale(4n * significand + 2n);
  let exponent = Math.floor(Math.log10(magnitude));
  if (compareToPower(exact, denominator, exponent) < 0) exponent--;
  if (compareToPower(exact, denominator, exponent + 1) >= 0) exponent++;
  for (let count = 1; ; count++) {
    const unit = exponent - count + 1;
    const up = unit < 0 ? 10n ** BigInt(-unit) : 1n;
    const down = unit < 0 ? denominator : denominator * 10n ** BigInt(unit);
    const below = (exact * up) / down;
    const rest = exact * up - below * down;
    const inside = (digits: bigint): boolean => digits * down > low * up && digits * down < high * up;
    const nearest = rest * 2n > down || (rest * 2n === down && below % 2n === 1n) ? below + 1n : below;
    for (const candidate of [nearest, below, below + 1n]) {
      if (!inside(candidate)) continue;
      const text = candidate.toString();
      const stripped = text.replace(/0+$/, '');
      return [stripped, exponent + text.length - count];
    }
  }
}

function compareToPower(numerator: bigint, denominator: bigint, exponent: number): number {
  const left = exponent < 0 ? numerator * 10n ** BigInt(-exponent) : numerator;
  const right = exponent < 0 ? denominator : denominator * 10n ** BigInt(exponent);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** `[year-month-day, suffix]` of days since 1970-01-01. */
function splitDate(days: bigint): [string, string] {
  const { year, month, day } = civilDate(days);
  const shown = year > 0n ? year : 1n - year;
  const pad = (part: number): string => String(part).padStart(2, '0');
  return [`${String(shown).padStart(4, '0')}-${pad(month)}-${pad(day)}`, year > 0n ? '' : ' BC'];
}

export function formatDate(days: number): string {
  if (days === 0x7fff_ffff) return 'infinity';
  if (days === -0x8000_0000) return '-infinity';
  return splitDate(BigInt(days)).join('');
}

export function formatTime(microseconds: bigint): string {
  const seconds = microseconds / 1_000_000n;
  const pad = (part: bigint): string => String(part).padStart(2, '0');
  const fraction = String(microseconds % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${pad(seconds / 3600n)}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}${fraction && `.${fraction}`}`;
}

export function formatTimestamp(microseconds: bigint, zone: string): string {
  if (microseconds === 2n ** 63n - 1n) return 'infinity';
  if (microseconds === -(2n ** 63n)) return '-infinity';
  const ofDay = ((microseconds % MICROSECONDS_PER_DAY) + MICROSECONDS_PER_DAY) % MICROSECONDS_PER_DAY;
  const [date, era] = splitDate((microseconds - ofDay) / MICROSECONDS_PER_DAY);
  return `${date} ${formatTime(ofDay)}${zone}${era}`;
}

export function formatInterval({ months, days, microseconds }: ReferenceInterval): string {
  const parts: string[] = [];
  let plus = '';
  const fields: [number, string][] = [
    [Math.trunc(months / 12), 'year'],
    [months % 12, 'mon'],
    [days, 'day'],
  ];
  for (const [value, unit] of fields) {
    if (value === 0) continue;
    parts.push(`${value > 0 ? plus : ''}${value} ${unit}${value === 1 ? '' : 's'}`);
    plus = value < 0 ? '+' : '';
  }
  if (microseconds !== 0n || parts.length === 0) {
    const magnitude = microseconds < 0n ? -microseconds : microseconds;
    parts.push((microseconds < 0n ? '-' : plus) + formatTime(magnitude));
  }
  return parts.join(' ');
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Twin of the binary encoders: PostgreSQL's send functions. */
export function encodeBinary(type: SqlType, value: ReferenceValue): Uint8Array {
  const bytes = new Uint8Array(type.kind === 'decimal' ? 64 : 16);
  const view = new DataView(bytes.buffer);
  switch (type.kind) {
    case 'boolean':
      bytes[0] = value ? 1 : 0;
      return bytes.subarray(0, 1);
    case 'smallint':
      view.setInt16(0, value as number);
      return bytes.subarray(0, 2);
    case 'integer':
      view.setInt32(0, value as number);
      return bytes.subarray(0, 4);
    case 'real':
      view.setFloat32(0, value as number);
      return bytes.subarray(0, 4);
    case 'double':
      view.setFloat64(0, value as number);
      return bytes.subarray(0, 8);
    case 'bigint':
    case 'time':
      view.setBigInt64(0, value as bigint);
      return bytes.subarray(0, 8);
    case 'date': {
      const days = value as number;
      view.setInt32(0, days === 0x7fff_ffff || days === -0x8000_0000 ? days : days - 10_957);
      return bytes.subarray(0, 4);
    }
    case 'timestamp':
    case 'timestamptz': {
      const time = value as bigint;
      const infinite = time === 2n ** 63n - 1n || time === -(2n ** 63n);
      view.setBigInt64(0, infinite ? time : time - 946_684_800_000_000n);
      return bytes.subarray(0, 8);
    }
    case 'interval': {
      const interval = value as ReferenceInterval;
      view.setBigInt64(0, interval.microseconds);
      view.setInt32(8, interval.days);
      view.setInt32(12, interval.months);
      return bytes;
    }
    case 'decimal':
      return encodeNumeric(value as bigint, type.scale);
    case 'jsonb':
      return Uint8Array.of(1, ...(value as Uint8Array));
    default:
      if (value instanceof Uint8Array) return value;
      throw bugError(`no binary form of ${type.kind}`);
  }
}

function encodeNumeric(unscaled: bigint, scale: number): Uint8Array {
  const [whole = '', fraction = ''] = formatDecimal(unscaled < 0n ? -unscaled : unscaled, scale).split('.');
  const left = whole.padStart(Math.ceil(whole.length / 4) * 4, '0');
  const right = fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  const groups = (left + right).match(/.{4}/g)!.map(Number);
  let weight = left.length / 4 - 1;
  while (groups.length > 0 && groups[0] === 0) {
    groups.shift();
    weight--;
  }
  while (groups.length > 0 && groups.at(-1) === 0) groups.pop();
  const words = [groups.length, groups.length === 0 ? 0 : weight, unscaled < 0n ? 0x4000 : 0, scale, ...groups];
  const view = new DataView(new ArrayBuffer(words.length * 2));
  for (const [index, word] of words.entries()) view.setInt16(index * 2, word);
  return new Uint8Array(view.buffer);
}
