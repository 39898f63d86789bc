import type { CallExpression, Expression } from '../../planner/expression.js';
import { callByName } from '../../planner/logical/call-by-name.js';
import { andOf, caseBranch, equals, isNullOf } from '../../planner/logical/expression-tree.js';
import { callOf, elementAt, overElements, overFields, rowOf } from '../../planner/logical/nested-parts.js';
import { triedCast } from '../../planner/logical/tried-cast.js';
import {
  type ArrayType,
  arrayOf,
  type MapType,
  type NestedType,
  type StructType,
  typeIsText,
} from '../../types/sql-type.js';
import { isOfKernel, textsLike, textsOfRow } from './by-way-of-parts.js';

/**
 * TRY_CAST to nested types, compiled as TRY_CAST of what the values consist of: NULL where that gives NULLs of what was
 * none, or equal keys. Left to TypeScript are texts as maps, which are never read.
 */
export function tryByWayOfParts(call: CallExpression, type: NestedType): Expression {
  const input = call.args[0]!;
  const from = input.type;
  if (call.zone === undefined && isOfKernel(from, type)) return call;
  if (type.kind === 'array') {
    if (from.kind === 'array') return triedElements(input, type);
    return typeIsText(from) ? triedElements(triedCast(textsLike(type), input), type) : call;
  }
  if (type.kind === 'map') return from.kind === 'map' ? triedEntries(input, type) : call;
  if (type.kind !== 'struct' || type.fields.length === 0) return call;
  if (from.kind === 'struct') return triedFields(input, type);
  return typeIsText(from) ? triedFieldsOfText(input, type) : call;
}

function triedElements(array: Expression, type: ArrayType): Expression {
  const tried = overElements(array, type, (element) => triedCast(type.element, element));
  return onlyIf(equals(nullsIn(tried), nullsIn(array)), tried);
}

/** How many elements of an array are NULL. */
export function nullsIn(array: Expression): Expression {
  const nulls = overElements(array, array.type as ArrayType, (element) => isNullOf(element), 'filter');
  return sizeOf(nulls);
}

function triedEntries(map: Expression, type: MapType): Expression {
  const from = map.type as MapType;
  const keys = callOf('map_keys(map)', arrayOf(from.key), [map]);
  const values = callOf('map_values(map)', arrayOf(from.value), [map]);
  const triedKeys = triedElements(keys, arrayOf(type.key));
  const triedValues = triedElements(values, arrayOf(type.value));
  return tryMap(type, keys, triedKeys, triedValues);
}

/** Of keys and what they and their values became, NULL where one of them is an error. */
export function tryMap(type: MapType, keys: Expression, triedKeys: Expression, triedValues: Expression): Expression {
  const areUnique = equals(sizeOf(callByName('array_distinct', [triedKeys])), sizeOf(keys));
  const tried = callOf('map(array,array)', type, [triedKeys, triedValues]);
  return onlyIf(andOf([areUnique, isNullOf(triedValues, true)]), tried);
}

const sizeOf = (array: Expression): Expression => callByName('array_size', [array]);

function triedFields(row: Expression, type: StructType): Expression {
  const tests: Expression[] = [];
  const tried = overFields(row, type, (field, place) => {
    const value = triedCast(type.fields[place]!.type, field);
    tests.push(equals(isNullOf(value), isNullOf(field)));
    return value;
  });
  return onlyIf(andOf(tests), tried);
}

function triedFieldsOfText(written: Expression, type: StructType): Expression {
  const texts = textsOfRow('try_record_fields(any,text)', written, type);
  const fields = type.fields.map((_, index) => elementAt(texts, index + 1));
  const values = fields.map((field, index) => triedCast(type.fields[index]!.type, field));
  const tests = fields.map((field, index) => equals(isNullOf(values[index]!), isNullOf(field)));
  return onlyIf(andOf([isNullOf(texts, true), ...tests]), rowOf(type, values));
}

export const onlyIf = (when: Expression, value: Expression): Expression => ({
  kind: 'case',
  type: value.type,
  branches: [caseBranch(when, value)],
});
