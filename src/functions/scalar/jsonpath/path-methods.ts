import { parseValue } from '../../casts/parse-value.js';
import { type Json, plainDigits } from '../json/json-text.js';
import { objectOfJson } from '../json/json-tree.js';
import { pathError } from './path-error.js';
import { absolute, digitsOfDouble, rounded, roundedDown, roundedUp } from './path-numbers.js';
import type { PathMethod } from './path-syntax.js';

const NOWHERE = { start: 0, end: 0 };
export const numberOf = (digits: string): Json => ({ kind: 'number', digits, ...NOWHERE });
export const stringOf = (value: string): Json => ({ kind: 'string', value, ...NOWHERE });
export const booleanOf = (value: boolean | undefined): Json =>
  value === undefined ? { kind: 'null', ...NOWHERE } : { kind: 'boolean', value, ...NOWHERE };

const BITS: Readonly<Record<'integer' | 'bigint', bigint>> = { integer: 31n, bigint: 63n };

/** What a method makes of an item; arrays have been unwrapped in lax mode, but for type and size. */
export function applyMethod(name: PathMethod, item: Json, lax: boolean): readonly Json[] {
  const onlyTo = (what: string, code = '22036'): Error =>
    pathError(code, `jsonpath item method .${name}() can only be applied to ${what}`);
  switch (name) {
    case 'type':
      return [stringOf(item.kind)];
    case 'size':
      if (item.kind === 'array') return [numberOf(String(item.items.length))];
      if (lax) return [numberOf('1')];
      throw onlyTo('an array', '22039');
    case 'abs':
    case 'floor':
    case 'ceiling': {
      if (item.kind !== 'number') throw onlyTo('a numeric value');
      const change = name === 'abs' ? absolute : name === 'floor' ? roundedDown : roundedUp;
      return [numberOf(change(item.digits))];
    }
    case 'double':
    case 'number':
    case 'integer':
    case 'bigint':
      if (item.kind !== 'number' && item.kind !== 'string') throw onlyTo('a string or numeric value');
      return [numberOf(item.kind === 'number' ? ofNumber(name, item.digits) : ofText(name, item.value))];
    case 'boolean':
      if (item.kind !== 'boolean' && item.kind !== 'number' && item.kind !== 'string') {
        throw onlyTo('a boolean, string, or numeric value');
      }
      return [item.kind === 'boolean' ? item : truthOf(item.kind === 'number' ? item.digits : item.value)];
    case 'string':
      if (item.kind === 'string') return [item];
      if (item.kind === 'number') return [stringOf(item.digits)];
      if (item.kind === 'boolean') return [stringOf(String(item.value))];
      throw onlyTo('a boolean, string, numeric, or datetime value');
    case 'keyvalue':
      if (item.kind !== 'object') throw onlyTo('an object', '2203C');
      return item.entries.map(([key, value]) =>
        objectOfJson([
          ['id', numberOf('0')],
          ['key', stringOf(key)],
          ['value', value],
        ]),
      );
  }
}

const TYPE_NAMES = { double: 'double precision', number: 'numeric', integer: 'integer', bigint: 'bigint' } as const;

type Conversion = keyof typeof TYPE_NAMES;

const invalid = (name: Conversion, text: string): Error =>
  pathError('22036', `argument "${text}" of jsonpath item method .${name}() is invalid for type ${TYPE_NAMES[name]}`);

function ofNumber(name: Conversion, digits: string): string {
  if (name === 'integer' || name === 'bigint') return whole(name, digits, rounded(digits));
  // No JSON has an infinite number, and one that is a double stays what it is.
  if (name === 'double' && !Number.isFinite(Number(digits))) throw invalid(name, digits);
  return digits;
}

/** White space is ASCII's. */
function ofText(name: Conversion, text: string): string {
  const trimmed = text.replace(/^[ \t-\r]+|[ \t-\r]+$/g, '');
  if (name === 'integer' || name === 'bigint') {
    if (!/^[-+]?\d+$/.test(trimmed)) throw invalid(name, text);
    return whole(name, text, BigInt(trimmed.replace('+', '')));
  }
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(trimmed)) {
    if (!/^[-+]?(?:nan|inf(?:inity)?)$/i.test(trimmed)) throw invalid(name, text);
    throw pathError('22036', `NaN or Infinity is not allowed for jsonpath item method .${name}()`);
  }
  if (name === 'double') {
    const value = Number(trimmed);
    if (!Number.isFinite(value) || (value === 0 && /^[^e]*[1-9]/i.test(trimmed))) throw invalid(name, text);
    return digitsOfDouble(value);
  }
  try {
    return plainDigits(trimmed.replace(/^\+/, ''));
  } catch {
    throw invalid(name, text);
  }
}

function whole(name: 'integer' | 'bigint', text: string, value: bigint): string {
  const limit = 1n << BITS[name];
  if (value >= limit || value < -limit) throw invalid(name, text);
  return String(value);
}

function truthOf(text: string): Json {
  try {
    const value = /^-?\d+$/.test(text) ? Number(text) !== 0 : parseValue(text, { kind: 'boolean' });
    return booleanOf(value as boolean);
  } catch {
    throw pathError('22036', `argument "${text}" of jsonpath item method .boolean() is invalid for type boolean`);
  }
}
