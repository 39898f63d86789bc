import { userError } from '../../../common/errors.js';
import { canonicalEntries, compareTexts, type Json } from './json-text.js';

type JsonOf<Kind extends Json['kind']> = Extract<Json, { kind: Kind }>;

const NOWHERE = { start: 0, end: 0 };

export const arrayOfJson = (items: readonly Json[]): Json => ({ kind: 'array', items, ...NOWHERE });
export const objectOfJson = (entries: readonly (readonly [string, Json])[]): Json => ({
  kind: 'object',
  entries,
  ...NOWHERE,
});

/** An element of an array (from the end, if negative) or a field of an object; undefined where there is none. */
export function memberOf(value: Json, key: string | number): Json | undefined {
  if (typeof key === 'number') {
    return value.kind === 'array' ? value.items[key < 0 ? value.items.length + key : key] : undefined;
  }
  return value.kind === 'object' ? value.entries.findLast(([name]) => name === key)?.[1] : undefined;
}

/** A step of a path as an index of 32 bits. */
function indexOf(step: string): number | undefined {
  const index = /^[ \t\n\v\f\r]*[-+]?\d+$/.test(step) ? Number(step) : Number.NaN;
  return index >= -(2 ** 31) && index < 2 ** 31 ? index : undefined;
}

/** A step of a path given as texts: arrays take numbers. */
function stepOf(value: Json, step: string): Json | undefined {
  if (value.kind !== 'array') return memberOf(value, step);
  const index = indexOf(step);
  return index === undefined ? undefined : memberOf(value, index);
}

export function partAt(value: Json, path: readonly (string | null)[]): Json | undefined {
  let part: Json | undefined = value;
  for (const step of path) part = part === undefined || step === null ? undefined : stepOf(part, step);
  return part;
}

/** PostgreSQL's order: null < string < number < boolean < array < object; an empty array is below all. */
const RANKS: Readonly<Record<Json['kind'], number>> = {
  null: 0,
  string: 1,
  number: 2,
  boolean: 3,
  array: 4,
  object: 5,
};

export function compareJson(left: Json, right: Json): number {
  return compareParts(left, right, true);
}

function compareParts(left: Json, right: Json, top: boolean): number {
  const rankOf = (value: Json): number =>
    top && value.kind === 'array' && value.items.length === 0 ? -1 : RANKS[value.kind];
  if (left.kind !== right.kind) return rankOf(left) - rankOf(right);
  switch (left.kind) {
    case 'null':
      return 0;
    case 'boolean':
      return Number(left.value) - Number((right as JsonOf<'boolean'>).value);
    case 'number':
      return compareNumbers(left.digits, (right as JsonOf<'number'>).digits);
    case 'string':
      return compareTexts(left.value, (right as JsonOf<'string'>).value);
    case 'array': {
      const { items } = right as JsonOf<'array'>;
      return (
        left.items.length - items.length || firstDifference(left.items, items, (a, b) => compareParts(a, b, false))
      );
    }
    case 'object': {
      const [a, b] = [left, right as JsonOf<'object'>].map(({ entries }) => canonicalEntries(entries));
      return (
        a!.length - b!.length ||
        firstDifference(a!, b!, (x, y) => compareTexts(x[0], y[0]) || compareParts(x[1], y[1], false))
      );
    }
  }
}

function firstDifference<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): number {
  for (const [index, item] of left.entries()) {
    const difference = compare(item, right[index]!);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function compareNumbers(left: string, right: string): number {
  const scaleOf = (digits: string): number => digits.split('.')[1]?.length ?? 0;
  const scale = Math.max(scaleOf(left), scaleOf(right));
  const scaled = (digits: string): bigint => BigInt(digits.replace('.', '') + '0'.repeat(scale - scaleOf(digits)));
  const [a, b] = [scaled(left), scaled(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

const isScalar = (value: Json): boolean => value.kind !== 'array' && value.kind !== 'object';

/** The operator @>. An array contains a scalar that is one of its elements, at the top only. */
export function containsJson(value: Json, wanted: Json, top = true): boolean {
  if (value.kind === 'object' && wanted.kind === 'object') {
    return canonicalEntries(wanted.entries).every(([key, part]) => {
      const own = memberOf(value, key);
      return own !== undefined && containsJson(own, part, false);
    });
  }
  if (value.kind === 'array') {
    if (wanted.kind === 'array') return wanted.items.every((item) => value.items.some((own) => matches(own, item)));
    return top && isScalar(wanted) && value.items.some((own) => compareParts(own, wanted, false) === 0);
  }
  return isScalar(value) && isScalar(wanted) && compareParts(value, wanted, false) === 0;
}

const matches = (own: Json, item: Json): boolean =>
  isScalar(item) ? compareParts(own, item, false) === 0 : own.kind === item.kind && containsJson(own, item, false);

/** The operator ?: is the text a key, an element, or the value itself? */
export function hasKey(value: Json, key: string): boolean {
  if (value.kind === 'object') return memberOf(value, key) !== undefined;
  if (value.kind === 'array') return value.items.some((item) => item.kind === 'string' && item.value === key);
  return value.kind === 'string' && value.value === key;
}

export function concatenateJson(left: Json, right: Json): Json {
  if (left.kind === 'object' && right.kind === 'object') return objectOfJson([...left.entries, ...right.entries]);
  const itemsOf = (value: Json): readonly Json[] => (value.kind === 'array' ? value.items : [value]);
  return arrayOfJson([...itemsOf(left), ...itemsOf(right)]);
}

export function withoutKeys(value: Json, keys: readonly string[]): Json {
  if (value.kind === 'object') return objectOfJson(value.entries.filter(([key]) => !keys.includes(key)));
  if (value.kind !== 'array') throw userError('22023', 'cannot delete from scalar');
  return arrayOfJson(value.items.filter((item) => item.kind !== 'string' || !keys.includes(item.value)));
}

export function withoutIndex(value: Json, index: number): Json {
  if (value.kind === 'object') throw userError('22023', 'cannot delete from object using integer index');
  if (value.kind !== 'array') throw userError('22023', 'cannot delete from scalar');
  const at = index < 0 ? value.items.length + index : index;
  return arrayOfJson(value.items.filter((_, i) => i !== at));
}

/** Without fields that are null; those in arrays stay unless `inArrays`. */
export function withoutNulls(value: Json, inArrays = false): Json {
  if (value.kind === 'array') {
    const kept = inArrays ? value.items.filter(({ kind }) => kind !== 'null') : value.items;
    return arrayOfJson(kept.map((item) => withoutNulls(item, inArrays)));
  }
  if (value.kind !== 'object') return value;
  const entries = value.entries.filter(([, part]) => part.kind !== 'null');
  return objectOfJson(entries.map(([key, part]) => [key, withoutNulls(part, inArrays)]));
}

/** The first key that has come before. */
export function firstRepeated(entries: readonly (readonly [string, Json])[]): string | undefined {
  const known = new Set<string>();
  return entries.find(([key]) => known.size === known.add(key).size)?.[0];
}

/** What happens at the end of a path: `undefined` removes. */
export interface JsonChange {
  readonly replace?: Json | undefined;
  readonly remove?: boolean;
  /** jsonb_insert: before or after an element; keys must not exist. */
  readonly insert?: { readonly value: Json; readonly after: boolean };
  /** What is not there may be created, if all but the last step exist. */
  readonly create: boolean;
}

/** There is nothing at any path in it, also at one that is no path of an array. */
const isEmpty = (value: Json): boolean =>
  (value.kind === 'array' && value.items.length === 0) || (value.kind === 'object' && value.entries.length === 0);

export function changeAt(value: Json, path: readonly string[], change: JsonChange, level = 0): Json {
  const [step, ...rest] = path;
  if (step === undefined || (level === 0 && !change.create && isEmpty(value))) return value;
  if (value.kind === 'object') return changeObject(value, step, rest, change, level);
  if (value.kind === 'array') return changeArray(value, step, rest, change, level);
  if (level === 0)
    throw userError('22023', change.remove ? 'cannot delete path in scalar' : 'cannot set path in scalar');
  return value;
}

function changeObject(
  value: JsonOf<'object'>,
  step: string,
  rest: readonly string[],
  change: JsonChange,
  level: number,
): Json {
  const entries = canonicalEntries(value.entries);
  const at = entries.findIndex(([key]) => key === step);
  if (at < 0) {
    const added = change.insert?.value ?? change.replace;
    return rest.length > 0 || !change.create || added === undefined ? value : objectOfJson([...entries, [step, added]]);
  }
  if (rest.length > 0)
    return objectOfJson(entries.with(at, [step, changeAt(entries[at]![1], rest, change, level + 1)]));
  if (change.insert) {
    throw userError('22023', 'cannot replace existing key', {
      hint: 'Try using the function jsonb_set to replace key value.',
    });
  }
  return objectOfJson(change.remove ? entries.toSpliced(at, 1) : entries.with(at, [step, change.replace!]));
}

function changeArray(
  { items }: JsonOf<'array'>,
  step: string,
  rest: readonly string[],
  change: JsonChange,
  level: number,
): Json {
  const index = indexOf(step);
  if (index === undefined) {
    throw userError('22P02', `path element at position ${level + 1} is not an integer: "${step}"`);
  }
  const at = index < 0 ? items.length + index : index;
  const exists = at >= 0 && at < items.length;
  if (rest.length > 0) {
    return arrayOfJson(exists ? items.with(at, changeAt(items[at]!, rest, change, level + 1)) : items);
  }
  if (change.remove) return arrayOfJson(exists ? items.toSpliced(at, 1) : items);
  const added = change.insert?.value ?? change.replace!;
  if (!exists) return arrayOfJson(change.create ? (at < 0 ? [added, ...items] : [...items, added]) : items);
  if (change.insert) return arrayOfJson(items.toSpliced(change.insert.after ? at + 1 : at, 0, added));
  return arrayOfJson(items.with(at, added));
}
