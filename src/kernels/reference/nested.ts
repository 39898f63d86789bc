import type { NestedValue } from '../../types/nested-codec.js';
import { type ArrayType, isNestedType, physicalTypeOf, type SqlType } from '../../types/sql-type.js';

/*
 * Twins of the kernels of nested values, over values as JavaScript has them: arrays for arrays and structs, pairs for
 * maps. `undefined` is a result that is NULL.
 */
type Values = readonly NestedValue[];

const encoder = new TextEncoder();

/** Negative, 0 or positive: part by part, NULL above everything, then the shorter array first. */
export function compareNested(a: NestedValue, b: NestedValue, type: SqlType): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (isNestedType(type)) return compareParts(a as Values, b as Values, type);
  switch (physicalTypeOf(type)) {
    case 'string': {
      const bytes = (value: NestedValue) => (value instanceof Uint8Array ? value : encoder.encode(value as string));
      return Buffer.compare(bytes(a), bytes(b));
    }
    case 'interval':
      return order(intervalLength(a), intervalLength(b));
    default:
      if (Number.isNaN(a) || Number.isNaN(b)) return order(Number(Number.isNaN(a)), Number(Number.isNaN(b)));
      return order(a, b);
  }
}

function order<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function intervalLength(value: NestedValue): bigint {
  const { months, days, microseconds } = value as { months: number; days: number; microseconds: bigint };
  return (BigInt(months) * 30n + BigInt(days)) * 86_400_000_000n + microseconds;
}

function compareParts(a: Values, b: Values, type: SqlType): number {
  if (type.kind === 'map') {
    const side = (value: Values, index: number) => (value as readonly Values[]).map((pair) => pair[index]!);
    return (
      compareParts(side(a, 0), side(b, 0), { kind: 'array', element: type.key }) ||
      compareParts(side(a, 1), side(b, 1), { kind: 'array', element: type.value })
    );
  }
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const part = type.kind === 'struct' ? type.fields[i]!.type : (type as { element: SqlType }).element;
    const result = compareNested(a[i]!, b[i]!, part);
    if (result !== 0) return result;
  }
  return order(a.length, b.length);
}

const same = (a: NestedValue, b: NestedValue, element: SqlType): boolean => compareNested(a, b, element) === 0;

export function subscript(array: Values, index: number): NestedValue {
  return array[index - 1] ?? null;
}

export function slice(array: Values, from: number, to: number): Values {
  return array.slice(Math.max(from, 1) - 1, Math.max(to, 0));
}

/** Of all dimensions. */
export function elementCount(array: NestedValue, type: SqlType): number {
  if (array === null) return 0;
  const { element } = type as ArrayType;
  const values = array as Values;
  if (element.kind !== 'array') return values.length;
  return values.reduce<number>((sum, value) => sum + elementCount(value, element), 0);
}

export function position(array: Values, value: NestedValue, element: SqlType, from = 1): number | null {
  const index = array.findIndex((item, i) => i + 1 >= from && same(item, value, element));
  return index < 0 ? null : index + 1;
}

export function positions(array: Values, value: NestedValue, element: SqlType): Values {
  return array.flatMap((item, i) => (same(item, value, element) ? [i + 1] : []));
}

export function remove(array: Values, value: NestedValue, element: SqlType): Values {
  return array.filter((item) => !same(item, value, element));
}

export function replace(array: Values, value: NestedValue, by: NestedValue, element: SqlType): Values {
  return array.map((item) => (same(item, value, element) ? by : item));
}

export function containsValue(array: Values, value: NestedValue, element: SqlType): boolean {
  return value !== null && array.some((item) => same(item, value, element));
}

export function contains(array: Values, parts: Values, element: SqlType): boolean {
  return parts.every((part) => containsValue(array, part, element));
}

export function overlap(a: Values, b: Values, element: SqlType): boolean {
  return a.some((item) => containsValue(b, item, element));
}

export function sorted(array: Values, element: SqlType, descending: boolean, nullsFirst: boolean): Values {
  const present = array.filter((item) => item !== null);
  const nulls = array.filter((item) => item === null);
  present.sort((a, b) => compareNested(a, b, element) * (descending ? -1 : 1));
  return nullsFirst ? [...nulls, ...present] : [...present, ...nulls];
}

export function distinct(array: Values, element: SqlType): Values {
  return array.filter((item, i) => item !== null && position(array, item, element) === i + 1);
}

export function extremum(array: Values, element: SqlType, sign: 1 | -1): NestedValue {
  return array.reduce(
    (best, item) => (item !== null && (best === null || compareNested(item, best, element) * sign < 0) ? item : best),
    null,
  );
}

const TESTS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** x <operator> ANY or ALL (array); null where that depends on a NULL. */
export function quantified(
  value: NestedValue,
  operator: string,
  array: Values,
  element: SqlType,
  isAll: boolean,
): boolean | null {
  if (array.length === 0) return isAll;
  if (value === null) return null;
  const answers = array.map((item) => (item === null ? null : TESTS[operator]!(compareNested(value, item, element))));
  if (answers.includes(!isAll)) return !isAll;
  return answers.includes(null) ? null : isAll;
}
