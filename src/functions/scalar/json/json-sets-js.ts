import { userError } from '../../../common/errors.js';
import { encodeNested, type NestedValue } from '../../../types/nested-codec.js';
import type { ArrayType, SqlType, StructType } from '../../../types/sql-type.js';
import type { VectorCreate } from '../../function-types.js';
import { populated } from './json-record.js';
import { checkedText, type Json, parseJsonText } from './json-text.js';

/** A part as it was written; jsonb is kept as it is printed. */
const textOf = (source: string, { start, end }: Json): string => source.slice(start, end);

/** Strings without quotes, and NULL for null. */
const plainTextOf = (source: string, part: Json): string | null => {
  if (part.kind === 'null') return null;
  return part.kind === 'string' ? checkedText(part.value) : textOf(source, part);
};

const isScalar = ({ kind }: Json): boolean => kind !== 'array' && kind !== 'object';

function itemsOf(value: Json, type: SqlType, name: string): readonly Json[] {
  if (value.kind === 'array') return value.items;
  if (type.kind === 'json') {
    throw userError('22023', `cannot call ${name} on a ${isScalar(value) ? 'scalar' : 'non-array'}`);
  }
  throw userError('22023', `cannot extract elements from ${isScalar(value) ? 'a scalar' : 'an object'}`);
}

type Entries = readonly (readonly [key: string, value: Json])[];

function entriesOf(value: Json, type: SqlType, name: string): Entries {
  if (value.kind === 'object') return value.entries;
  if (type.kind === 'jsonb') throw userError('22023', `cannot call ${name} on a non-object`);
  throw userError(
    '22023',
    isScalar(value) ? 'cannot deconstruct a scalar' : 'cannot deconstruct an array as an object',
  );
}

/** The elements of an array, as an array of SQL. */
export const elements =
  (name: string, asText: boolean): VectorCreate =>
  ([type], returns) =>
  ([value]) => {
    const source = value as string;
    const write = asText ? plainTextOf : textOf;
    const items = itemsOf(parseJsonText(source), type!, name).map((item) => write(source, item));
    return encodeNested(items, returns as ArrayType);
  };

/** The fields of an object, as an array of rows of key and value. */
export const fields =
  (name: string, asText: boolean): VectorCreate =>
  ([type], returns) =>
  ([value]) => {
    const source = value as string;
    const write = asText ? plainTextOf : textOf;
    const entries = entriesOf(parseJsonText(source), type!, name);
    const rows = entries.map(([key, part]): NestedValue => [checkedText(key), write(source, part)]);
    return encodeNested(rows, returns as ArrayType);
  };

export const objectKeys =
  (name: string): VectorCreate =>
  (_, returns) =>
  ([text]) => {
    const value = parseJsonText(text as string);
    if (value.kind !== 'object') {
      throw userError('22023', `cannot call ${name} on ${value.kind === 'array' ? 'an array' : 'a scalar'}`);
    }
    return encodeNested(
      value.entries.map(([key]) => checkedText(key)),
      returns as ArrayType,
    );
  };

/** A row of the fields of an object, by their names; of a NULL none. */
export const record: VectorCreate =
  (_, returns) =>
  ([text]) =>
    text === null ? null : recordOf(text as string, returns as StructType, undefined);

/** The same, where what the object lacks comes from a row. */
export const populatedRecord: VectorCreate =
  (_, returns) =>
  ([base, text]) =>
    text === null ? (base ?? null) : recordOf(text as string, returns as StructType, base as Uint8Array | null);

function recordOf(text: string, type: StructType, base: Uint8Array | null | undefined): Uint8Array {
  const value = parseJsonText(text);
  if (value.kind === 'object') return encodeNested(populated(value, type, text, base), type);
  throw userError('22023', `cannot call populate_composite on ${isScalar(value) ? 'a scalar' : 'an array'}`);
}

/** An array of such rows, of an array of objects. */
export const recordSet =
  (name: string): VectorCreate =>
  ([type], returns) =>
  ([text]) =>
    recordsOf(text as string, type!, returns as ArrayType, undefined, name);

export const populatedRecordSet =
  (name: string): VectorCreate =>
  ([, type], returns) =>
  ([base, text]) =>
    text === null ? null : recordsOf(text as string, type!, returns as ArrayType, base as Uint8Array | null, name);

const nonArray = (value: Json, { kind }: SqlType): string =>
  kind === 'jsonb' ? 'a non-array' : isScalar(value) ? 'a scalar' : 'an object';

export function recordsOf(
  text: string,
  type: SqlType,
  returns: ArrayType,
  base: Uint8Array | null | undefined,
  name: string,
): Uint8Array {
  const value = parseJsonText(text);
  if (value.kind !== 'array') {
    throw userError('22023', `cannot call ${name} on ${nonArray(value, type)}`);
  }
  const rows = value.items.map((item) => {
    if (item.kind === 'object') return populated(item, returns.element as StructType, text, base);
    throw userError('22023', `argument of ${name} must be an array of objects`);
  });
  return encodeNested(rows, returns);
}
