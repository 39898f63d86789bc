import { userError } from '../../../common/errors.js';
import { encodeNested } from '../../../types/nested-codec.js';
import type { SqlType } from '../../../types/sql-type.js';
import type { FunctionValue, VectorCreate } from '../../function-types.js';
import { textsOf } from './json-arguments.js';
import { jsonSortKey } from './json-sort-key.js';
import { canonicalEntries, checkedText, formatJsonb, type Json, parseJsonText, quoteJson } from './json-text.js';
import * as tree from './json-tree.js';

const read = (value: FunctionValue | undefined): Json => parseJsonText(value as string);

const presentTexts = (value: FunctionValue | undefined): string[] => textsOf(value).filter((text) => text !== null);

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
const pathOfArray: Find = (value, [path]) => tree.partAt(value, textsOf(path));
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
  const isPointer = (path as string).startsWith('/');
  for (const step of stepsOf(path as string)) {
    const isIndex: boolean = isPointer && part?.kind === 'array' && /^\d+$/.test(step as string);
    part = part && tree.memberOf(part, isIndex ? Number(step) : step);
  }
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
  return textsOf(value).map((step, index) => {
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
  ([value, inArrays]) => {
    const stripped = tree.withoutNulls(read(value), inArrays === true);
    return type!.kind === 'jsonb' ? formatJsonb(stripped) : compact(stripped, value as string);
  };

/** Without spaces, as json_strip_nulls writes; numbers as they were. */
function compact(value: Json, source: string): string {
  if (value.kind === 'array') return `[${value.items.map((item) => compact(item, source)).join(',')}]`;
  if (value.kind === 'object') {
    return `{${value.entries.map(([key, part]) => `${quoteJson(checkedText(key))}:${compact(part, source)}`).join(',')}}`;
  }
  return value.kind === 'string' ? quoteJson(checkedText(value.value)) : source.slice(value.start, value.end);
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

/** Is the text JSON, of a kind, without repeated keys if they are to be unique? */
export const isJson: VectorCreate =
  () =>
  ([text, kind, unique]) => {
    let value: Json;
    try {
      value = read(text);
      if (unique === true) checkUniqueKeys(value);
    } catch {
      return false;
    }
    const isScalar = value.kind !== 'array' && value.kind !== 'object';
    return kind === 'value' || kind === (isScalar ? 'scalar' : value.kind);
  };

/** Keys are compared as texts, so that all strings have to be texts, as in PostgreSQL. */
function checkUniqueKeys(value: Json): void {
  if (value.kind === 'string') checkedText(value.value);
  else if (value.kind === 'array') value.items.forEach(checkUniqueKeys);
  else if (value.kind === 'object') {
    for (const [key] of value.entries) checkedText(key);
    if (tree.firstRepeated(value.entries) !== undefined) throw userError('22030', 'duplicate JSON object key value');
    for (const [, part] of value.entries) checkUniqueKeys(part);
  }
}

/** A text, which may be no JSON; the objects of one that is must have unique keys. */
export const documentWithUniqueKeys: VectorCreate =
  () =>
  ([text]) => {
    let value: Json;
    try {
      value = read(text);
    } catch {
      return text ?? null;
    }
    checkUniqueKeys(value);
    return text ?? null;
  };

/** The text of an object whose keys must differ; jsonb does not say which do not. */
export const withUniqueKeys =
  (saysWhich: boolean): VectorCreate =>
  () =>
  ([text]) => {
    const { entries } = read(text) as Extract<Json, { kind: 'object' }>;
    const repeated = tree.firstRepeated(entries);
    if (repeated === undefined) return text ?? null;
    throw userError('22030', `duplicate JSON object key value${saysWhich ? `: ${quoteJson(repeated)}` : ''}`);
  };

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

/** The keys of an object, in order, as text[]. */
export const keys: VectorCreate =
  ([type]) =>
  ([value]) => {
    const object = read(value);
    if (object.kind !== 'object') throw userError('22023', `cannot call json_keys on a ${object.kind}`);
    const entries = type!.kind === 'jsonb' ? canonicalEntries(object.entries) : object.entries;
    return encodeNested(
      entries.map(([key]) => checkedText(key)),
      { kind: 'array', element: { kind: 'text' } },
    );
  };
