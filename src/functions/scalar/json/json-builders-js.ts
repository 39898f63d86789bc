import { userError } from '../../../common/errors.js';
import { decodeNested, type NestedValue } from '../../../types/nested-codec.js';
import { isNestedType, type NestedType, type SqlType } from '../../../types/sql-type.js';
import { formatValue } from '../../format-value.js';
import type { FunctionValue, VectorCreate } from '../../function-types.js';
import { formatJsonb, parseJsonText, quoteJson } from './json-text.js';

const NUMBERS: ReadonlySet<SqlType['kind']> = new Set(['smallint', 'integer', 'bigint', 'decimal', 'real', 'double']);

/** Any value as JSON text. */
export function jsonOf(value: NestedValue, type: SqlType): string {
  if (value === null) return 'null';
  if (type.kind === 'json' || type.kind === 'jsonb') return value as string;
  if (type.kind === 'boolean') return String(value);
  if (isNestedType(type)) {
    return nestedJson(partsOf(value, type), type);
  }
  const text = formatValue(value as Exclude<FunctionValue, null>, type);
  if (NUMBERS.has(type.kind)) return /[aif]/.test(text) ? quoteJson(text) : text;
  if (type.kind === 'timestamp') return quoteJson(text.replace(' ', 'T'));
  if (type.kind === 'timestamptz') return quoteJson(text.replace(' ', 'T').replace(/([+-]\d\d)( BC)?$/, '$1:00$2'));
  return quoteJson(text);
}

const partsOf = (value: NestedValue, type: NestedType): readonly NestedValue[] =>
  (value instanceof Uint8Array ? decodeNested(value, type) : value) as readonly NestedValue[];

function nestedJson(parts: readonly NestedValue[], type: NestedType, separator = ','): string {
  switch (type.kind) {
    case 'array':
      return `[${parts.map((part) => jsonOf(part, type.element)).join(separator)}]`;
    case 'struct':
      return `{${parts.map((part, i) => `${quoteJson(type.fields[i]!.name)}:${jsonOf(part, type.fields[i]!.type)}`).join(separator)}}`;
    case 'map': {
      const pairs = parts as readonly (readonly NestedValue[])[];
      return `{${pairs.map(([key, part]) => `${quoteJson(keyText(key!, type.key))}:${jsonOf(part!, type.value)}`).join(', ')}}`;
    }
  }
}

function keyText(value: NestedValue, type: SqlType): string {
  if (value === null) throw userError('22004', 'null value not allowed for object key');
  if (isNestedType(type) || type.kind === 'json' || type.kind === 'jsonb') {
    throw userError('22023', 'key value must be scalar, not array, composite, or json');
  }
  return formatValue(value as Exclude<FunctionValue, null>, type);
}

export const finished = (text: string, returns: SqlType): string =>
  returns.kind === 'jsonb' ? formatJsonb(parseJsonText(text)) : text;

export const toJson: VectorCreate =
  ([type], returns) =>
  ([value]) =>
    finished(jsonOf(value!, type!), returns);

/** The same with a line for each element or field of the outermost array or row, where the second argument is true. */
export const toPrettyJson: VectorCreate =
  ([type]) =>
  ([value, pretty]) =>
    pretty ? nestedJson(partsOf(value!, type as NestedType), type as NestedType, ',\n ') : jsonOf(value!, type!);

export const entryText = (key: FunctionValue, value: FunctionValue, [keyType, valueType]: readonly SqlType[]): string =>
  `${quoteJson(keyText(key, keyType!))} : ${jsonOf(value, valueType!)}`;

/** An entry of json_object_agg. */
export const entry: VectorCreate =
  (types) =>
  ([key, value]) =>
    entryText(key!, value!, types);

/** An entry of jsonb_object_agg. */
export const entryOfJsonb: VectorCreate =
  (types) =>
  ([key, value]) => {
    if (key === null) throw userError('22023', 'field name must not be null');
    return entryText(key!, value!, types);
  };

export const buildArray: VectorCreate = (types, returns) => (args) =>
  finished(`[${args.map((arg, i) => jsonOf(arg, types[i]!)).join(', ')}]`, returns);

export const buildObject: VectorCreate = (types, returns) => (args) => {
  if (args.length % 2 === 1) {
    throw userError('22023', 'argument list must have even number of elements', {
      hint: `The arguments of ${returns.kind}_build_object() must consist of alternating keys and values.`,
    });
  }
  const entries: string[] = [];
  for (let i = 0; i < args.length; i += 2) {
    if (args[i] === null && returns.kind === 'jsonb')
      throw userError('22023', `argument ${i + 1}: key must not be null`);
    entries.push(entryText(args[i]!, args[i + 1]!, types.slice(i, i + 2)));
  }
  return finished(`{${entries.join(', ')}}`, returns);
};
