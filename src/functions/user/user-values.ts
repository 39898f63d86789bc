import { userError } from '../../common/errors.js';
import { decodeNested, encodeNested, type NestedValue } from '../../types/nested-codec.js';
import { formatTypeName, isNestedType, type NestedType, type SqlType } from '../../types/sql-type.js';
import { parseValue } from '../casts/parse-value.js';
import { formatValue } from '../format-value.js';
import type { FunctionValue } from '../function-types.js';

const MILLISECONDS_PER_DAY = 86_400_000;
const INTEGER_RANGE = 2 ** 31;

/**
 * A value as a function of the user gets it: numbers, bigints for bigint, Dates for dates and timestamps, parsed JSON,
 * bytes; arrays, objects of the fields of a row, Maps; text for all others, decimals among them, which are exact.
 */
export function toUserValue(value: NestedValue, type: SqlType): unknown {
  if (value === null) return null;
  switch (type.kind) {
    case 'boolean':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'text':
    case 'varchar':
    case 'char':
    case 'bytea':
      return value;
    case 'date':
      return new Date(Number(value) * MILLISECONDS_PER_DAY);
    case 'timestamp':
    case 'timestamptz':
      return new Date(Number((value as bigint) / 1000n));
    case 'json':
    case 'jsonb':
      return JSON.parse(String(value));
    case 'array':
    case 'struct':
    case 'map':
      return toUserParts(partsOf(value, type), type);
    default:
      return formatValue(value as Exclude<FunctionValue, null>, type);
  }
}

function partsOf(value: NestedValue, type: NestedType): readonly NestedValue[] {
  return value instanceof Uint8Array ? decodeNested(value, type) : (value as readonly NestedValue[]);
}

function toUserParts(parts: readonly NestedValue[], type: NestedType): unknown {
  switch (type.kind) {
    case 'array':
      return parts.map((part) => toUserValue(part, type.element));
    case 'struct':
      return Object.fromEntries(type.fields.map((field, i) => [field.name, toUserValue(parts[i]!, field.type)]));
    case 'map':
      return new Map(
        (parts as readonly (readonly NestedValue[])[]).map(([key, value]) => [
          toUserValue(key!, type.key),
          toUserValue(value!, type.value),
        ]),
      );
  }
}

/** What a function gave, as a value of the type that it was registered with. Fails (42804, 22…) where it is none. */
export function fromUserValue(given: unknown, type: SqlType, name: string): FunctionValue {
  const value = partFromUser(given, type, name);
  return value !== null && isNestedType(type) ? encodeNested(value as NestedValue[], type) : (value as FunctionValue);
}

/** The same for what may be a part of another value. */
export function partFromUser(given: unknown, type: SqlType, name: string): NestedValue {
  if (given === null || given === undefined) return null;
  switch (type.kind) {
    case 'boolean':
      if (typeof given === 'boolean') return given;
      break;
    case 'integer':
      if (Number.isInteger(given) && (given as number) >= -INTEGER_RANGE && (given as number) < INTEGER_RANGE) {
        return given as number;
      }
      break;
    case 'real':
    case 'double':
      if (typeof given === 'number') return type.kind === 'real' ? Math.fround(given) : given;
      break;
    case 'text':
      if (typeof given === 'string') return given;
      break;
    case 'bytea':
      if (given instanceof Uint8Array) return given;
      break;
    case 'json':
    case 'jsonb': {
      const text = JSON.stringify(given) as string | undefined;
      return text === undefined ? null : parseValue(text, type);
    }
    case 'array':
    case 'struct':
    case 'map':
      return nestedFromUser(given, type, name);
    default:
      break;
  }
  const text = textOf(given, type);
  if (text !== undefined) return parseValue(text, type);
  throw mismatchError(given, type, name);
}

function nestedFromUser(given: unknown, type: NestedType, name: string): NestedValue {
  if (typeof given !== 'object' || given === null) throw mismatchError(given, type, name);
  switch (type.kind) {
    case 'array':
      if (!(Symbol.iterator in given)) break;
      return Array.from(given as Iterable<unknown>, (element) => partFromUser(element, type.element, name));
    case 'struct':
      return rowFromUser(given, type.fields, name);
    case 'map': {
      const pairs = given instanceof Map ? [...given] : Object.entries(given);
      return pairs.map(([key, value]) => [partFromUser(key, type.key, name), partFromUser(value, type.value, name)]);
    }
  }
  throw mismatchError(given, type, name);
}

/** A row: an object with properties of the fields' names, or an array of as many values. What is left out is NULL. */
export function rowFromUser(
  given: object,
  fields: readonly { readonly name: string; readonly type: SqlType }[],
  name: string,
): NestedValue[] {
  if (Array.isArray(given)) {
    if (given.length > fields.length) {
      throw userError(
        '42804',
        `function ${name} returned a row of ${given.length} values instead of ${fields.length}`,
        {
          hint: 'Return as many values as it was registered with, or objects.',
        },
      );
    }
    return fields.map((field, i) => partFromUser(given[i], field.type, name));
  }
  return fields.map((field) => partFromUser((given as Record<string, unknown>)[field.name], field.type, name));
}

/** Numbers, dates and texts are read as the type reads them. */
function textOf(given: unknown, type: SqlType): string | undefined {
  if (typeof given === 'string') return given;
  const isTime = type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamptz';
  const time = isTime && typeof given === 'number' ? new Date(given) : given;
  if (time instanceof Date && !Number.isNaN(time.getTime())) {
    return type.kind === 'date' ? time.toISOString().slice(0, 10) : time.toISOString();
  }
  const isNumber = ['smallint', 'integer', 'bigint', 'decimal', 'real', 'double'].includes(type.kind);
  if (isNumber && (typeof given === 'bigint' || typeof given === 'number')) return String(given);
  return undefined;
}

function mismatchError(given: unknown, type: SqlType, name: string): Error {
  return userError('42804', `function ${name} returned ${describeValue(given)} instead of ${formatTypeName(type)}`, {
    hint: 'Return a value of the type it was registered with, or null.',
  });
}

export function describeValue(value: unknown): string {
  if (typeof value === 'object' || typeof value === 'function') {
    return `a value of ${value?.constructor?.name ?? 'no class'}`;
  }
  return `the ${typeof value} ${String(value)}`;
}
