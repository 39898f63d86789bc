import { userError } from '../../../common/errors.js';
import { encodeNested } from '../../../types/nested-codec.js';
import { type ArrayType, arrayOf, isNestedType, type SqlType, type StructType, TEXT } from '../../../types/sql-type.js';
import type { FunctionValue, ScalarFunction, VectorCreate } from '../../function-types.js';
import { valueOfType } from './json-record.js';
import { recordsOf } from './json-sets-js.js';
import { checkedText, type Json, parseJsonText } from './json-text.js';

/*
 * What json_populate_record and its like are compiled as (exec/expression/by-way-of-fields.ts). The first argument of each
 * is a NULL that says the type.
 */

/** Are values of the type read from JSON as it is written? */
const isRaw = (type: SqlType): boolean => type.kind === 'json' || type.kind === 'jsonb' || isNestedType(type);

/** The names of the fields, as the kernel reads them: src/kernels/assembly/json-fields.ts. */
function fieldTable([row]: readonly SqlType[]): Uint8Array {
  const FIELD_BYTES = 12;
  const { fields } = row as StructType;
  const names = fields.map(({ name }) => new TextEncoder().encode(name));
  const table = new Uint8Array(names.reduce((sum, name) => sum + name.length, 4 + fields.length * FIELD_BYTES));
  const words = new DataView(table.buffer);
  words.setUint32(0, fields.length, true);
  let at = 4 + fields.length * FIELD_BYTES;
  names.forEach((name, index) => {
    const entry = 4 + index * FIELD_BYTES;
    words.setUint32(entry, at, true);
    words.setUint32(entry + 4, name.length, true);
    words.setUint32(entry + 8, isRaw(fields[index]!.type) ? 1 : 0, true);
    table.set(name, at);
    at += name.length;
  });
  return table;
}

const fields: VectorCreate =
  ([row]) =>
  ([, json]) => {
    if (json === null) return null;
    const source = json as string;
    const value = parseJsonText(source);
    if (value.kind !== 'object') {
      const what = value.kind === 'array' ? 'an array' : 'a scalar';
      throw userError('22023', `cannot call populate_composite on ${what}`);
    }
    const byName = new Map<string, Json>(value.entries);
    const texts = (row as StructType).fields.map(({ name, type }) => {
      const part = byName.get(name);
      if (part === undefined || part.kind === 'null') return null;
      return part.kind === 'string' && !isRaw(type) ? checkedText(part.value) : source.slice(part.start, part.end);
    });
    return encodeNested(texts, arrayOf(TEXT));
  };

/** JSON that is not of the kind which the type mostly comes as: a text that its type reads, or an error. */
const valueAs: VectorCreate =
  (_, returns) =>
  ([, json, where]) =>
    json === null
      ? null
      : (valueOfType(parseJsonText(json as string), returns, json as string, where as string) as FunctionValue);

const records: VectorCreate =
  ([, type], returns) =>
  ([, json, name]) =>
    json === null ? null : recordsOf(json as string, type!, returns as ArrayType, undefined, name as string);

export const jsonFieldFunctions: readonly ScalarFunction[] = [
  {
    name: 'json_fields',
    internal: true,
    doc: 'The values of the fields of a row in a JSON object, as texts.',
    overloads: [
      {
        args: ['any', 'any'],
        returns: arrayOf(TEXT),
        strict: false,
        fallible: true,
        implementation: { kind: 'memory', kernel: 'jsonFields', constant: fieldTable, fallback: fields },
      },
    ],
  },
  {
    name: 'json_value_as',
    internal: true,
    doc: 'A JSON text as a value of a type.',
    overloads: [
      {
        args: ['any', 'text', 'text'],
        returns: ([type]) => type!,
        strict: false,
        fallible: true,
        implementation: { kind: 'vector', create: valueAs },
      },
    ],
  },
  {
    name: 'json_records',
    internal: true,
    doc: 'The rows of a JSON array of objects.',
    overloads: [
      {
        args: ['any', 'any', 'text'],
        returns: ([row]) => arrayOf(row!),
        strict: false,
        fallible: true,
        implementation: { kind: 'vector', create: records },
      },
    ],
  },
];
