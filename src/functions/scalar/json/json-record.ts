import { userError } from '../../../common/errors.js';
import { decodeNested, encodeNested, type NestedValue } from '../../../types/nested-codec.js';
import { arrayOf, formatType, type SqlType, type StructType } from '../../../types/sql-type.js';
import { parseValue } from '../../casts/parse-value.js';
import { mapError } from '../nested/array-functions-js.js';
import { checkedText, formatJsonb, type Json } from './json-text.js';

type JsonObject = Extract<Json, { kind: 'object' }>;

/**
 * The fields of a row by their names in an object, each read as its type reads texts; of repeated names the last. What
 * the object lacks is that of `base`, or NULL.
 */
export function populated(
  { entries }: JsonObject,
  type: StructType,
  source: string,
  base?: Uint8Array | null,
): NestedValue[] {
  const byName = new Map(entries);
  const defaults = base ? (decodeNested(base, type) as readonly NestedValue[]) : undefined;
  return type.fields.map((field, i) => {
    const part = byName.get(field.name);
    return part === undefined ? (defaults?.[i] ?? null) : valueOfType(part, field.type, source, `key "${field.name}"`);
  });
}

/** JSON as a value of any type. `where` is for messages. */
export function valueOfType(part: Json, type: SqlType, source: string, where: string): NestedValue {
  if (part.kind === 'null') return null;
  if (type.kind === 'json') return source.slice(part.start, part.end);
  if (type.kind === 'jsonb') return formatJsonb(part);
  if (type.kind === 'array' && part.kind !== 'string') {
    if (part.kind !== 'array') throw expectedArray(where);
    const items = part.items.map((item, i) =>
      valueOfType(item, type.element, source, `array element [${i}] of ${where}`),
    );
    return encodeNested(items, type);
  }
  if (type.kind === 'struct' && part.kind !== 'string') {
    if (part.kind === 'object') return encodeNested(populated(part, type, source), type);
    throw userError('22023', `cannot call populate_composite on ${part.kind === 'array' ? 'an array' : 'a scalar'}`);
  }
  if (type.kind === 'map') {
    if (part.kind !== 'object') throw expectedObject(where);
    const keys = part.entries.map(([key]) =>
      checkedLength(parseValue(checkedText(key), type.key) as NestedValue, type.key),
    );
    const values = part.entries.map(([, value]) => valueOfType(value, type.value, source, where));
    const [ofKeys, ofValues] = [arrayOf(type.key), arrayOf(type.value)];
    return mapError(
      [ofKeys, ofValues],
      type,
    )([encodeNested(keys, ofKeys), encodeNested(values, ofValues)]) as Uint8Array;
  }
  const text = part.kind === 'string' ? checkedText(part.value) : source.slice(part.start, part.end);
  return checkedLength(parseValue(text, type) as NestedValue, type);
}

function expectedArray(where: string): Error {
  return userError('22P02', 'expected JSON array', { hint: `See the value of ${where}.` });
}

function expectedObject(where: string): Error {
  return userError('22P02', 'expected JSON object', { hint: `See the value of ${where}.` });
}

/** Assignment to varchar(n) does not cut, but for spaces; char(n) is filled up with them. */
export function checkedLength(value: NestedValue, type: SqlType): NestedValue {
  if ((type.kind !== 'varchar' && type.kind !== 'char') || type.length === undefined) return value;
  const characters = [...(value as string)];
  if (characters.slice(type.length).some((character) => character !== ' ')) {
    throw userError('22001', `value too long for type ${formatType(type)}`);
  }
  const kept = characters.slice(0, type.length).join('');
  return type.kind === 'char' ? kept.padEnd(kept.length + type.length - [...kept].length) : kept;
}
