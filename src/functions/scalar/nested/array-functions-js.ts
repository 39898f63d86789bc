import { userError } from '../../../common/errors.js';
import {
  decodeNested,
  encodeMap,
  encodeNested,
  NESTED_HEADER_BYTES,
  type NestedValue,
} from '../../../types/nested-codec.js';
import { type ArrayType, arrayOf, type MapType, type NestedType, type SqlType } from '../../../types/sql-type.js';
import { formatValue } from '../../format-value.js';
import type { FunctionValue, VectorCreate } from '../../function-types.js';
import { requiredZone } from '../../zones/zone-of.js';
import { fixedZone } from '../../zones/zone-table.js';
import { DAY_MICROSECONDS, isInfiniteTimestamp, isTimestamp } from '../dates/calendar.js';
import { addInterval, type Interval } from '../dates/interval-arithmetic.js';

type Present = Exclude<FunctionValue, null>;

/** An argument as JavaScript has it. */
function decoded(value: FunctionValue, type: SqlType): readonly NestedValue[] {
  return decodeNested(value as Uint8Array, type as NestedType);
}

/** What a part is as the argument of a function: nested values are bytes. */
function textOf(value: Exclude<NestedValue, null>, type: SqlType): string {
  if (type.kind === 'boolean') return value ? 't' : 'f';
  const whole = Array.isArray(value) ? encodeNested(value, type as NestedType) : (value as Present);
  return formatValue(whole, type);
}

/** Each element behind its place, from 0. */
export const withPlaces: VectorCreate =
  ([type], returns) =>
  ([array]) => {
    const rows = decoded(array!, type!).map((value, place): NestedValue => [place, value]);
    return encodeNested(rows, returns as ArrayType);
  };

/** array_to_string: elements as text; NULLs are left out, or written as the third argument. */
export const joined: VectorCreate =
  ([type]) =>
  ([array, separator, forNull]) => {
    if (array == null || separator == null) return null;
    const parts: string[] = [];
    const add = (values: readonly NestedValue[], element: SqlType): void => {
      for (const value of values) {
        if (value === null) {
          if (forNull != null) parts.push(forNull as string);
        } else if (element.kind === 'array') add(value as readonly NestedValue[], element.element);
        else parts.push(textOf(value, element));
      }
    };
    add(decoded(array, type!), (type as ArrayType).element);
    return parts.join(separator as string);
  };

/** The error of array_position(a, x, NULL). */
export const positionError: VectorCreate = () => () => {
  throw userError('22004', 'initial position must not be null');
};

export const trimError: VectorCreate =
  ([type]) =>
  ([array]) => {
    const count = decoded(array!, type!).length;
    throw userError('2202E', `number of elements to trim must be between 0 and ${count}`);
  };

/** The errors of map(keys, values); in the end the map. */
export const mapError: VectorCreate =
  ([keys, values]) =>
  ([a, b]) => {
    const names = decoded(a!, keys!);
    if (names.length !== decoded(b!, values!).length) {
      throw userError('22023', 'map needs as many keys as values');
    }
    if (names.includes(null)) throw userError('22004', 'a key of a map cannot be null');
    if (new Set(names.map((name) => JSON.stringify(name, replaceBigint))).size < names.length) {
      throw userError('22023', 'keys of a map must be unique');
    }
    return encodeMap(a as Uint8Array, b as Uint8Array);
  };

const replaceBigint = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);

/** map_from_entries: an array of (key, value) as a map. */
export const mapFromEntries: VectorCreate = ([type], returns) => {
  const { key, value } = returns as MapType;
  const build = mapError([arrayOf(key), arrayOf(value)], returns);
  return ([entries]) => {
    const pairs = decoded(entries!, type!) as readonly (readonly NestedValue[] | null)[];
    if (pairs.includes(null)) throw userError('22004', 'an entry of a map cannot be null');
    const side = (index: number, of: SqlType): Uint8Array =>
      encodeNested(
        pairs.map((pair) => pair![index]!),
        arrayOf(of),
      );
    return build([side(0, key), side(1, value)]);
  };
};

const UTC = fixedZone(0);

const MAX_ELEMENTS = 134_217_727;

/** generate_series of integers and decimals, whose values are scaled integers of one scale. */
export const series: VectorCreate = ([type], returns) => {
  const isNumber = type?.kind === 'integer';
  const one = type?.kind === 'decimal' ? 10n ** BigInt(type.scale) : 1n;
  return ([start, stop, step = isNumber ? 1 : one]) => {
    const by = BigInt(step as bigint);
    if (by === 0n) throw userError('22023', 'step size cannot equal zero');
    const values: NestedValue[] = [];
    const end = BigInt(stop as bigint);
    for (let value = BigInt(start as bigint); by > 0n ? value <= end : value >= end; value += by) {
      if (values.length === MAX_ELEMENTS) throw seriesTooLong();
      values.push(isNumber ? Number(value) : value);
    }
    return encodeNested(values, returns as ArrayType);
  };
};

function seriesTooLong(): Error {
  return userError('54000', `a series over columns may have ${MAX_ELEMENTS} elements at most`);
}

/** Points that lie equally far from each other, encoded as `encodeNested` does it. */
function evenSeries({ start, end, step }: Record<'start' | 'end' | 'step', bigint>, type: ArrayType): Uint8Array {
  const steps = (end - start) / step;
  const isEmpty = step > 0n ? end < start : end > start;
  if (!isEmpty && steps >= BigInt(MAX_ELEMENTS)) throw seriesTooLong();
  const count = isEmpty ? 0 : Number(steps) + 1;
  const validBytes = (count + 7) & ~7;
  const encoded = new Uint8Array(NESTED_HEADER_BYTES + validBytes + 8 * count);
  encoded.set(encodeNested([], type));
  new DataView(encoded.buffer).setUint32(0, count, true);
  encoded.fill(1, NESTED_HEADER_BYTES, NESTED_HEADER_BYTES + count);
  const values = new BigInt64Array(encoded.buffer, NESTED_HEADER_BYTES + validBytes, count);
  for (let index = 0, value = start; index < count; index++, value += step) values[index] = value;
  return encoded;
}

/** generate_series of points in time; each is the one before plus the interval, by the clocks of a zone if one is named. */
export const instantSeries: VectorCreate =
  (_, returns) =>
  ([start, stop, step, zoneName]) => {
    const interval = step as Interval;
    const { months, days, microseconds } = interval;
    const length = (BigInt(months) * 30n + BigInt(days)) * DAY_MICROSECONDS + microseconds;
    if (length === 0n) throw userError('22023', 'step size cannot equal zero');
    const zone = typeof zoneName === 'string' ? requiredZone(zoneName) : UTC;
    const values: NestedValue[] = [];
    const end = stop as bigint;
    let value = start as bigint;
    // The one behind it is itself.
    if (isInfiniteTimestamp(value)) throw userError('22008', 'timestamp out of range');
    const isEven = months === 0 && (days === 0 || zone === UTC);
    if (isEven && isTimestamp(end + length))
      return evenSeries({ start: value, end, step: length }, returns as ArrayType);
    while (length > 0n ? value <= end : value >= end) {
      if (values.length === MAX_ELEMENTS) throw seriesTooLong();
      values.push(value);
      value = addInterval(zone, value, interval, 1);
    }
    return encodeNested(values, returns as ArrayType);
  };
