import { type MillraceError, notSupportedError, userError } from '../common/errors.js';
import { parseDate as readDate, parseTimestamp as readTimestamp } from '../functions/casts/datetime/parse-timestamp.js';
import { formatDate, formatValue } from '../functions/format-value.js';
import { BIGINT, DATE, formatType, INTEGER, type SqlType, TEXT, TIMESTAMP } from '../types/sql-type.js';
import type { PartitionValue } from './table-snapshot.js';

const MICROSECONDS_PER_DAY = 86_400_000_000n;
const MILLISECONDS_PER_DAY = 86_400_000;
const MAX_INTEGER = 2n ** 31n - 1n;
const MAX_BIGINT = 2n ** 63n - 1n;

/** The text of a partition folder (unescaped) as a value of the column's type; `undefined` if it is none. */
export function parsePartitionValue(text: string | null, type: SqlType): PartitionValue | undefined {
  if (text === null) return null;
  switch (type.kind) {
    case 'text':
    case 'varchar':
    case 'char':
      return text;
    case 'boolean':
      return /^(true|t)$/i.test(text) ? true : /^(false|f)$/i.test(text) ? false : undefined;
    case 'smallint':
      return parseInteger(text, 2n ** 15n - 1n, Number);
    case 'integer':
      return parseInteger(text, MAX_INTEGER, Number);
    case 'bigint':
      return parseInteger(text, MAX_BIGINT, (value) => value);
    case 'real':
    case 'double':
      return parseDouble(text);
    case 'decimal':
      return parseDecimal(text, type.precision, type.scale);
    case 'date':
      return parseDate(text);
    case 'timestamp':
      return parseTimestamp(text);
    default:
      return undefined;
  }
}

/** The text that Millrace writes for a value; `parsePartitionValue` gives the value back. */
export function formatPartitionValue(value: PartitionValue, type: SqlType): string | null {
  if (value === null) return null;
  switch (type.kind) {
    case 'decimal':
    case 'timestamp':
      return formatValue(BigInt(value), type);
    case 'date':
      return formatDate(Number(value));
    default:
      return String(value);
  }
}

/** Fails (0A000) for types that cannot be folder names. */
export function assertPartitionType(column: string, type: SqlType): void {
  if (SUPPORTED.has(type.kind)) return;
  throw notSupportedError(`column "${column}" of type ${formatType(type)} cannot be a partition column`, {
    hint: 'Partition by a text, integer, date, timestamp, numeric or boolean column.',
  });
}

const SUPPORTED: ReadonlySet<SqlType['kind']> = new Set<SqlType['kind']>([
  ...(['text', 'varchar', 'char', 'boolean', 'smallint', 'integer', 'bigint'] as const),
  ...(['real', 'double', 'decimal', 'date', 'timestamp'] as const),
]);

/** For tables that were never created: the first of integer, bigint and date that fits all values, else text. */
export function inferPartitionType(values: readonly (string | null)[]): SqlType {
  if (values.every((value) => value === null)) return TEXT;
  const fitsAll = (type: SqlType) => values.every((value) => parsePartitionValue(value, type) !== undefined);
  return [INTEGER, BIGINT, DATE].find(fitsAll) ?? TEXT;
}

export function partitionValueError(text: string, type: SqlType, where: string): MillraceError {
  return userError('22P02', `invalid input syntax for type ${formatType(type)}: "${text}"`, {
    detail: `It is the value of the partition folder "${where}".`,
    hint: 'Rename the folder, or declare the partition column as text.',
  });
}

function parseInteger<Value>(text: string, max: bigint, convert: (value: bigint) => Value): Value | undefined {
  if (!/^-?\d{1,19}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value > max || value < -max - 1n ? undefined : convert(value);
}

function parseDouble(text: string): number | undefined {
  if (/^(NaN|-?Infinity)$/.test(text)) return Number(text);
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function parseDecimal(text: string, precision: number, scale: number): bigint | undefined {
  const match = /^(-?)(\d*)\.?(\d*)$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', written = ''] = match;
  const fraction = written.replace(/0+$/, '');
  if (whole + written === '' || fraction.length > scale) return undefined;
  const digits = BigInt(whole + fraction.padEnd(scale, '0') || '0');
  if (digits >= 10n ** BigInt(precision)) return undefined;
  return sign === '-' ? -digits : digits;
}

/** Days since 1970-01-01. */
function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text.startsWith('0000')) return parseRare(text, DATE, readDate);
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  const days = milliseconds / MILLISECONDS_PER_DAY;
  return formatDate(days) === text ? days : undefined;
}

/** Infinity, years before Christ and after 9999, as PostgreSQL writes them and in no other way: `epoch` is none. */
function parseRare<Value extends number | bigint>(
  text: string,
  type: SqlType,
  read: (text: string) => Value,
): Value | undefined {
  if (!/^(-?infinity|\d{4,7}-\d\d-\d\d[\d:. ]*( BC)?)$/.test(text)) return undefined;
  try {
    const value = read(text);
    return formatValue(value, type) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Microseconds since 1970-01-01. */
function parseTimestamp(text: string): bigint | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?)?$/.exec(text);
  const days = parseDate(match?.[1] ?? '');
  if (match === null || days === undefined) {
    return parseRare(text, TIMESTAMP, (rare) => readTimestamp(rare, 'timestamp'));
  }
  const [hours, minutes, seconds] = [match[2] ?? 0, match[3] ?? 0, match[4] ?? 0].map(Number) as [
    number,
    number,
    number,
  ];
  const microseconds = BigInt((match[5] ?? '').padEnd(6, '0'));
  return (
    BigInt(days) * MICROSECONDS_PER_DAY + BigInt(hours * 3600 + minutes * 60 + seconds) * 1_000_000n + microseconds
  );
}
