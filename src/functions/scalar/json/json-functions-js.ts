import { userError } from '../../../common/errors.js';
import { decodeNested, encodeNested, type NestedValue } from '../../../types/nested-codec.js';
import { isNestedType, type NestedType, type SqlType } from '../../../types/sql-type.js';
import { formatValue } from '../../format-value.js';
import type { FunctionValue, VectorCreate } from '../../function-types.js';
import { jsonSortKey } from './json-sort-key.js';
import { canonicalEntries, checkedText, formatJsonb, type Json, parseJsonText, quoteJson } from './json-text.js';
import * as tree from './json-tree.js';

const read = (value: FunctionValue | undefined): Json => parseJsonText(value as string);

/** text[] as JavaScript has it. */
const texts = (value: FunctionValue | undefined): readonly (string | null)[] =>
  decodeNested(value as Uint8Array, { kind: 'array', element: { kind: 'text' } }) as (string | null)[];
const presentTexts = (value: FunctionValue | undefined): string[] => texts(value).filter((text) => text !== null);

/** A part as it is written: json keeps the text that it was read from. */
const partText = (source: string, part: Json | undefined, type: SqlType): string | null => {
  if (part === undefined) return null;
  return type.kind === 'jsonb' ? formatJsonb(part) : source.slice(part.start, part.end);
};

/** The same as text: strings without quotes, and NULL for null. */
const plainText = (source: string, part: Json | undefined, type: SqlType): string | null => {
  if (part === undefined || part.kind === 'null') return null;
  return part.kind === 'string' ? checkedText(part.value) : partText(source, part, type);
};

type Find = (value: Json, args: readonly FunctionValue[], type: SqlType) => Json | undefined;

function extracting(find: Find, asText: boolean): VectorCreate {
  const write = asText ? plainText : partText;
  return ([type]) =>
    ([value, ...args]) =>
      write(value as string, find(read(value), args, type!), type!);
}

/** To PostgreSQL a scalar is also the only element of itself, as jsonb. */
const member: Find = (value, [key], type) => {
  const isScalar = value.kind !== 'array' && value.kind !== 'object';
  if (isScalar && type.kind === 'jsonb') return key === 0 || key === -1 ? value : undefined;
  return tree.memberOf(value, key as string | number);
};
const pathOfArray: Find = (value, [path]) => tree.partAt(value, texts(path));
const pathOfTexts: Find = (value, path) => tree.partAt(value, path as string[]);

/** `$.a.b[0]`, `/a/b/0` or a name, as DuckDB has paths. */
function stepsOf(path: string): (string | number)[] {
  if (path.startsWith('/'))
    return path
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (!path.startsWith('$')) return [path];
  const steps: (string | number)[] = [];
  const step =
    /\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|\."((?:[^"\\]|\\.)*)"|\[(-?\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (!found) {
      throw userError('22023', `cannot read the JSON path "${path}"`, {
        hint: 'A path is $ and steps such as .name, ."any name" or [0].',
      });
    }
    steps.push(found[3] === undefined ? (found[1] ?? found[2] ?? found[4])! : Number(found[3]));
  }
  return steps;
}

const dollarPath: Find = (value, [path]) => {
  let part: Json | undefined = value;
  for (const step of stepsOf(path as string)) part = part && tree.memberOf(part, step);
  return part;
};

export const arrow: VectorCreate = extracting(member, false);
export const arrowText: VectorCreate = extracting(member, true);
export const path: VectorCreate = extracting(pathOfArray, false);
export const pathText: VectorCreate = extracting(pathOfArray, true);
export const extractPath: VectorCreate = extracting(pathOfTexts, false);
export const extractPathText: VectorCreate = extracting(pathOfTexts, true);
export const dollar: VectorCreate = extracting(dollarPath, false);
export const dollarText: VectorCreate = extracting(dollarPath, true);

/** Of jsonb in, jsonb out. */
const changing =
  (change: (value: Json, args: readonly FunctionValue[]) => Json): VectorCreate =>
  () =>
  ([value, ...args]) =>
    formatJsonb(change(read(value), args));

const testing =
  (test: (value: Json, args: readonly FunctionValue[]) => boolean): VectorCreate =>
  () =>
  ([value, ...args]) =>
    test(read(value), args);

export const contains: VectorCreate = testing((value, [wanted]) => tree.containsJson(value, read(wanted)));
export const isContained: VectorCreate = testing((wanted, [value]) => tree.containsJson(read(value), wanted));
export const hasKey: VectorCreate = testing((value, [key]) => tree.hasKey(value, key as string));
export const hasAnyKey: VectorCreate = testing((value, [keys]) =>
  presentTexts(keys).some((key) => tree.hasKey(value, key)),
);
export const hasAllKeys: VectorCreate = testing((value, [keys]) =>
  presentTexts(keys).every((key) => tree.hasKey(value, key)),
);

export const concatenated: VectorCreate = changing((value, [other]) => tree.concatenateJson(value, read(other)));
export const withoutKey: VectorCreate = changing((value, [key]) => tree.withoutKeys(value, [key as string]));
export const withoutKeys: VectorCreate = changing((value, [keys]) => tree.withoutKeys(value, presentTexts(keys)));
export const withoutIndex: VectorCreate = changing((value, [index]) => tree.withoutIndex(value, index as number));

/** A path without NULLs. */
function pathOf(value: FunctionValue | undefined): string[] {
  return texts(value).map((step, index) => {
    if (step !== null) return step;
    throw userError('22004', `path element at position ${index + 1} is null`);
  });
}

export const withoutPath: VectorCreate = changing((value, [path]) =>
  tree.changeAt(value, pathOf(path), { remove: true, create: false }),
);
export const set: VectorCreate = changing((value, [path, replacement, create]) =>
  tree.changeAt(value, pathOf(path), { replace: read(replacement), create: create !== false }),
);
export const insert: VectorCreate = changing((value, [path, added, after]) =>
  tree.changeAt(value, pathOf(path), { insert: { value: read(added), after: after === true }, create: true }),
);

export const stripNulls: VectorCreate =
  ([type]) =>
  ([value]) => {
    const stripped = tree.withoutNulls(read(value));
    return type!.kind === 'jsonb' ? formatJsonb(stripped) : compact(stripped, value as string);
  };

/** Without spaces, as json_strip_nulls writes; numbers as they were. */
function compact(value: Json, source: string): string {
  if (value.kind === 'array') return `[${value.items.map((item) => compact(item, source)).join(',')}]`;
  if (value.kind === 'object') {
    return `{${value.entries.map(([key, part]) => `${quoteJson(key)}:${compact(part, source)}`).join(',')}}`;
  }
  return value.kind === 'string' ? quoteJson(value.value) : source.slice(value.start, value.end);
}

export const pretty: VectorCreate = () => {
  const write = (value: Json, indent: string): string => {
    const inner = `${indent}    `;
    const block = (open: string, parts: readonly string[], close: string): string =>
      `${open}\n${parts.map((part) => inner + part).join(',\n')}${parts.length > 0 ? '\n' : ''}${indent}${close}`;
    if (value.kind === 'array')
      return block(
        '[',
        value.items.map((item) => write(item, inner)),
        ']',
      );
    if (value.kind !== 'object') return formatJsonb(value);
    const parts = canonicalEntries(value.entries).map(([key, part]) => `${quoteJson(key)}: ${write(part, inner)}`);
    return block('{', parts, '}');
  };
  return ([value]) => write(read(value), '');
};

export const arrayLength: VectorCreate =
  () =>
  ([value]) => {
    const { kind, ...rest } = read(value);
    if (kind === 'array') return (rest as { items: readonly Json[] }).items.length;
    throw userError('22023', `cannot get array length of a ${kind === 'object' ? 'non-array' : 'scalar'}`);
  };

export const typeOf: VectorCreate =
  () =>
  ([value]) =>
    read(value).kind;

export const sortKey: VectorCreate =
  () =>
  ([value, descending]) =>
    jsonSortKey(read(value), descending as boolean);

/** The first of the equal ones. */
const extremum =
  (isBetter: (order: number) => boolean): VectorCreate =>
  () =>
  (args) => {
    let best: { readonly text: FunctionValue; readonly value: Json } | undefined;
    for (const text of args) {
      if (text === null) continue;
      const value = read(text);
      if (best === undefined || isBetter(tree.compareJson(value, best.value))) best = { text, value };
    }
    return best?.text ?? null;
  };

export const greatest: VectorCreate = extremum((order) => order > 0);
export const least: VectorCreate = extremum((order) => order < 0);

export const valid: VectorCreate =
  () =>
  ([text]) => {
    try {
      read(text);
      return true;
    } catch {
      return false;
    }
  };

const NUMBERS: ReadonlySet<SqlType['kind']> = new Set(['smallint', 'integer', 'bigint', 'decimal', 'real', 'double']);

/** Any value as JSON text. */
function jsonOf(value: NestedValue, type: SqlType): string {
  if (value === null) return 'null';
  if (type.kind === 'json' || type.kind === 'jsonb') return value as string;
  if (type.kind === 'boolean') return String(value);
  if (isNestedType(type)) {
    const parts = (value instanceof Uint8Array ? decodeNested(value, type) : value) as readonly NestedValue[];
    return nestedJson(parts, type);
  }
  const text = formatValue(value as Exclude<FunctionValue, null>, type);
  if (NUMBERS.has(type.kind)) return /[aif]/.test(text) ? quoteJson(text) : text;
  if (type.kind === 'timestamp') return quoteJson(text.replace(' ', 'T'));
  if (type.kind === 'timestamptz') return quoteJson(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  return quoteJson(text);
}

function nestedJson(parts: readonly NestedValue[], type: NestedType): string {
  switch (type.kind) {
    case 'array':
      return `[${parts.map((part) => jsonOf(part, type.element)).join(',')}]`;
    case 'struct':
      return `{${parts.map((part, i) => `${quoteJson(type.fields[i]!.name)}:${jsonOf(part, type.fields[i]!.type)}`).join(',')}}`;
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

const finished = (text: string, returns: SqlType): string =>
  returns.kind === 'jsonb' ? formatJsonb(parseJsonText(text)) : text;

export const toJson: VectorCreate =
  ([type], returns) =>
  ([value]) =>
    finished(jsonOf(value!, type!), returns);

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
    if (args[i] === null)
      throw userError('22004', `argument ${i + 1} cannot be null`, { hint: 'Object keys should be text.' });
    entries.push(`${quoteJson(keyText(args[i]!, types[i]!))} : ${jsonOf(args[i + 1]!, types[i + 1]!)}`);
  }
  return finished(`{${entries.join(', ')}}`, returns);
};

/** A JSON string or null of each text. */
const quoted = (text: string | null): string => (text === null ? 'null' : quoteJson(text));

export const objectOfTexts: VectorCreate =
  (_, returns) =>
  ([first, second]) => {
    const [keys, values] = second === undefined ? alternating(texts(first)) : ([texts(first), texts(second)] as const);
    if (keys.length !== values.length) throw userError('2202E', 'mismatched array dimensions');
    const entries = keys.map((key, i) => `${quoteJson(keyText(key, { kind: 'text' }))} : ${quoted(values[i]!)}`);
    return finished(`{${entries.join(', ')}}`, returns);
  };

function alternating(
  all: readonly (string | null)[],
): readonly [keys: readonly (string | null)[], values: readonly (string | null)[]] {
  if (all.length % 2 === 1) throw userError('2202E', 'array must have even number of elements');
  return [all.filter((_, i) => i % 2 === 0), all.filter((_, i) => i % 2 === 1)];
}

/** The keys of an object, in order, as text[]. */
export const keys: VectorCreate =
  ([type]) =>
  ([value]) => {
    const object = read(value);
    if (object.kind !== 'object') throw userError('22023', `cannot call json_keys on a ${object.kind}`);
    const entries = type!.kind === 'jsonb' ? canonicalEntries(object.entries) : object.entries;
    return encodeNested(
      entries.map(([key]) => key),
      { kind: 'array', element: { kind: 'text' } },
    );
  };
