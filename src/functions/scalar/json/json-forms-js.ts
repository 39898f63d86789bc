import { MillraceError, userError } from '../../../common/errors.js';
import { decodeNested, type NestedValue } from '../../../types/nested-codec.js';
import { type ArrayType, isNestedType, type SqlType } from '../../../types/sql-type.js';
import { parseValue } from '../../casts/parse-value.js';
import type { FunctionValue, VectorCreate } from '../../function-types.js';
import { itemsOfPath } from '../jsonpath/evaluate-path.js';
import { parseJsonPath } from '../jsonpath/parse-path.js';
import { JsonPathError, pathError } from '../jsonpath/path-error.js';
import { entryText, finished, jsonOf } from './json-builders-js.js';
import { checkedLength, valueOfType } from './json-record.js';
import { formatJsonb, type Json, parseJsonText } from './json-text.js';
import { arrayOfJson } from './json-tree.js';

// What the forms of SQL/JSON become: see parser/grammar/json-form-parser.ts.

/** `flags`, then keys and values: `absent` leaves entries out whose value is NULL, `unique` forbids repeated keys. */
export const objectOfEntries: VectorCreate = (types, returns) => (args) => {
  const flags = args[0] as string;
  const seen = new Set<string>();
  const entries: string[] = [];
  for (let i = 1; i < args.length; i += 2) {
    if (args[i] === null) throw userError('22004', 'null value not allowed for object key');
    if (args[i + 1] === null && flags.startsWith('absent')) continue;
    const text = entryText(args[i]!, args[i + 1]!, types.slice(i, i + 2));
    if (flags.endsWith('unique')) {
      const key = text.slice(0, /^"(?:[^"\\]|\\.)*"/.exec(text)![0].length);
      if (seen.has(key)) throw userError('22030', `duplicate JSON object key value: ${key}`);
      seen.add(key);
    }
    entries.push(text);
  }
  return finished(`{${entries.join(', ')}}`, returns);
};

export const arrayOfValues: VectorCreate = (types, returns) => (args) => {
  const texts: string[] = [];
  for (let i = 1; i < args.length; i++) {
    if (args[i] !== null || args[0] !== 'absent') texts.push(jsonOf(args[i]!, types[i]!));
  }
  return finished(`[${texts.join(', ')}]`, returns);
};

/** The elements that are not NULL; NULL of no elements, as an aggregate of no rows is. */
export const arrayOfElements: VectorCreate =
  ([type], returns) =>
  ([array]) => {
    const { element } = type as ArrayType;
    const values = decodeNested(array as Uint8Array, type as ArrayType);
    if (values.length === 0) return null;
    const texts = (values as readonly NestedValue[]).filter((value) => value !== null);
    return finished(`[${texts.map((value) => jsonOf(value, element)).join(', ')}]`, returns);
  };

const EMPTY: unique symbol = Symbol('nothing found');
type Outcome = FunctionValue | typeof EMPTY;
type Find = (items: readonly Json[], words: readonly string[], returns: SqlType) => Outcome;

/** target, path, variables, clauses, default on empty, default on error: see `queried` in the parser. */
const querying =
  (find: Find, ofEmpty: string, ofError: string): VectorCreate =>
  (_, returns) => {
    const read = parsedOnce(parseJsonPath);
    const clausesOf = parsedOnce((text: string) => text.split(', '));
    return ([target, path, variables, clauses, whenEmpty, whenError]) => {
      if (target === null || path === null) return null;
      const words = clausesOf(clauses as string);
      const behaviour = (event: 'empty' | 'error', otherwise: string): string =>
        words.find((word) => word.endsWith(` on ${event}`))?.slice(0, -` on ${event}`.length) ?? otherwise;
      const failed = (error: unknown): FunctionValue => {
        if (!(error instanceof JsonPathError) && !(error instanceof ConversionError)) throw error;
        const reaction = behaviour('error', ofError);
        if (reaction === 'error') throw error.reason;
        return reaction === 'default' ? whenError! : replacement(reaction, returns);
      };
      const parsed = read(path as string);
      const given = variables === null ? undefined : parseJsonText(variables as string);
      let found: Outcome;
      try {
        const items = itemsOfPath(parsed, parseJsonText(target as string), given);
        found = find(find === exists && !parsed.strict ? firstOf(items) : [...items], words, returns);
      } catch (error) {
        return failed(error);
      }
      if (found !== EMPTY) return found;
      const reaction = behaviour('empty', ofEmpty);
      if (reaction === 'error') throw userError('22035', 'no SQL/JSON item found for specified path');
      return reaction === 'default' ? whenEmpty! : replacement(reaction, returns);
    };
  };

/** To know that there are any, lax paths are followed no further. */
function firstOf(items: Generator<Json>): readonly Json[] {
  const { value: item, done } = items.next();
  return done === true ? [] : [item];
}

/** What was found is no value of the type that is asked for. */
class ConversionError extends Error {
  readonly reason: MillraceError;

  constructor(reason: MillraceError) {
    super(reason.message);
    this.reason = reason;
  }
}

function converted(convert: () => FunctionValue): FunctionValue {
  try {
    return convert();
  } catch (error) {
    throw error instanceof MillraceError ? new ConversionError(error) : error;
  }
}

/** What was made of the last text. */
function parsedOnce<T>(parse: (text: string) => T): (text: string) => T {
  let known: { readonly text: string; readonly parsed: T } | undefined;
  return (text) => {
    if (known?.text !== text) known = { text, parsed: parse(text) };
    return known.parsed;
  };
}

function replacement(reaction: string, returns: SqlType): FunctionValue {
  switch (reaction) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'empty':
    case 'empty array':
      return typedJson(parseJsonText('[]'), returns);
    case 'empty object':
      return typedJson(parseJsonText('{}'), returns);
    default:
      return null;
  }
}

function typedJson(item: Json, type: SqlType): FunctionValue {
  const text = formatJsonb(item);
  if (isText(type)) return checkedLength(text, type) as FunctionValue;
  if (type.kind === 'json' || type.kind === 'jsonb') return text;
  if (type.kind === 'bytea') return new TextEncoder().encode(text);
  if (!isNestedType(type)) return parseValue(text, type);
  // Neither a string nor null is an array or a row.
  const whole = item.kind === 'string' || item.kind === 'null' ? 'true' : text;
  return valueOfType(parseJsonText(whole), type, whole, 'the result') as FunctionValue;
}

/** A scalar as SQL has it: text and numbers as what they say, booleans as t and f. */
function typedScalar(item: Json, type: SqlType): FunctionValue {
  if (item.kind === 'null') return null;
  if (type.kind === 'jsonb' || type.kind === 'json') return formatJsonb(item);
  if (item.kind === 'boolean') return parseValue(item.value ? 't' : 'f', type);
  const text = item.kind === 'string' ? item.value : formatJsonb(item);
  return checkedLength(parseValue(text, type) as NestedValue, type) as FunctionValue;
}

const isText = ({ kind }: SqlType): boolean => kind === 'text' || kind === 'varchar' || kind === 'char';

const value: Find = (items, _, returns) => {
  if (items.length === 0) return EMPTY;
  const [item] = items as [Json];
  if (items.length > 1 || item.kind === 'array' || item.kind === 'object') {
    throw pathError('2203F', 'JSON path expression in JSON_VALUE must return single scalar item');
  }
  return converted(() => typedScalar(item, returns));
};

const query: Find = (items, words, returns) => {
  if (items.length === 0) return EMPTY;
  const wrapper = words.find((word) => word.endsWith('wrapper') && !word.startsWith('without'));
  const isWrapped = wrapper !== undefined && (!wrapper.startsWith('conditional') || items.length > 1);
  if (!isWrapped && items.length > 1) {
    throw pathError('22034', 'JSON path expression in JSON_QUERY must return single item when no wrapper is requested');
  }
  const [item] = items as [Json];
  if (isWrapped) return converted(() => typedJson(arrayOfJson(items), returns));
  if (words.includes('omit quotes')) {
    const text = item.kind === 'string' ? item.value : formatJsonb(item);
    return converted(() => checkedLength(parseValue(text, returns) as NestedValue, returns) as FunctionValue);
  }
  return converted(() => typedJson(item, returns));
};

const exists: Find = (items) => items.length > 0;

export const valueOfPath: VectorCreate = querying(value, 'null', 'null');
export const queryOfPath: VectorCreate = querying(query, 'null', 'null');
export const existsPath: VectorCreate = querying(exists, 'false', 'false');
