import { type MillraceError, userError } from '../../common/errors.js';
import { type DecimalType, formatType, type SqlType } from '../../types/sql-type.js';
import type { FunctionValue } from '../function-types.js';
import { formatJsonb, parseJsonText } from '../scalar/json/json-text.js';
import { parseInterval } from './datetime/parse-interval.js';
import { parseDate, parseTime, parseTimestamp } from './datetime/parse-timestamp.js';
import { nearestReal } from './nearest-real.js';
import { parseNested } from './nested-text.js';
import { trimSpaces } from './trim-spaces.js';

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
      return parseTime(text);
    case 'timestamp':
    case 'timestamptz':
      return parseTimestamp(text, type.kind);
    case 'interval':
      return parseInterval(text);
    case 'uuid':
      return parseUuid(text);
    case 'bytea':
      return parseBytea(text);
    case 'json':
    case 'jsonb':
      return parseJson(text, type);
    case 'array':
    case 'struct':
    case 'map':
      return parseNested(text, type, parseValue);
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
  const word = trimSpaces(text).toLowerCase();
  if (word.length > 0) {
    if (['true', 'yes'].some((name) => name.startsWith(word)) || word === 'on' || word === '1') return true;
    if (['false', 'no'].some((name) => name.startsWith(word)) || word === 'off' || word === 'of' || word === '0') {
      return false;
    }
  }
  throw invalid(text, 'boolean');
}

function parseInteger(text: string, type: SqlType, bits: bigint): bigint {
  const trimmed = trimSpaces(text);
  if (!/^[-+]?\d+$/.test(trimmed)) throw invalid(text, type);
  const value = BigInt(trimmed.replace(/^\+/, ''));
  const limit = 1n << bits;
  if (value >= limit || value < -limit) {
    throw userError('22003', `value "${text}" is out of range for type ${type.kind}`);
  }
  return value;
}

function parseFloatText(text: string, type: SqlType): number {
  const word = trimSpaces(text);
  const special = /^([-+]?)(inf|infinity|nan)$/i.exec(word);
  if (special) return special[2]!.toLowerCase() === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word)) throw invalid(text, type);
  const value = type.kind === 'real' ? nearestReal(word) : Number(word);
  if (!Number.isFinite(value) || (value === 0 && /[1-9]/.test(word.replace(/e.*/i, '')))) {
    throw userError('22003', `"${text}" is out of range for type ${formatType(type)}`);
  }
  return value;
}

function parseDecimal(text: string, type: DecimalType): bigint {
  const match = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d{1,5}))?$/.exec(trimSpaces(text));
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

/** Hyphens may stand behind any four digits. */
const UUID = /^([0-9a-f]{4}(?:-?[0-9a-f]{4}){7}|\{[0-9a-f]{4}(?:-?[0-9a-f]{4}){7}\})$/i;

function parseUuid(text: string): string {
  if (!UUID.test(text)) throw invalid(text, 'uuid');
  const digits = text.replace(/[{}-]/g, '').toLowerCase();
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
}

/** `\\x` and hexadecimal digits, or PostgreSQL's escape format: `\\134` and `\\\\` stand for bytes. */
function parseBytea(text: string): Uint8Array {
  if (text.startsWith('\\x')) return parseHexadecimal(text);
  const bytes: number[] = [];
  const source = new TextEncoder().encode(text);
  const BACKSLASH = 0x5c;
  for (let at = 0; at < source.length; at++) {
    if (source[at] !== BACKSLASH) bytes.push(source[at]!);
    else if (source[at + 1] === BACKSLASH) {
      bytes.push(BACKSLASH);
      at++;
    } else {
      const octal = /^[0-3][0-7]{2}$/.exec(String.fromCharCode(...source.subarray(at + 1, at + 4)));
      if (octal === null) throw userError('22P02', 'invalid input syntax for type bytea');
      bytes.push(Number.parseInt(octal[0], 8));
      at += 3;
    }
  }
  return Uint8Array.from(bytes);
}

/** Spaces, tabs and ends of lines may stand between two bytes. */
function parseHexadecimal(text: string): Uint8Array {
  const pairs = text.slice(2).match(/[^ \t\n\r].?/gsu) ?? [];
  for (const pair of pairs) {
    const wrong = /[^0-9a-f]/iu.exec(pair);
    if (wrong !== null) throw userError('22023', `invalid hexadecimal digit: "${wrong[0]}"`);
    if (pair.length === 1) throw userError('22023', 'invalid hexadecimal data: odd number of digits');
  }
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

function parseJson(text: string, type: SqlType): string {
  const value = parseJsonText(text);
  return type.kind === 'jsonb' ? formatJsonb(value) : text;
}
