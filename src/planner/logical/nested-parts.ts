import {
  type ArrayType,
  arrayOf,
  BOOLEAN,
  INTEGER,
  type MapType,
  type SqlType,
  type StructType,
} from '../../types/sql-type.js';
import type { CallExpression, Expression, LambdaParameter, VariableExpression } from '../expression.js';
import { caseBranch } from './expression-tree.js';

/*
 * Expressions over what nested values consist of. Their loops have parameters that no other expression has, by how deep
 * what they go through is nested: those of loops within each other differ.
 */

/** Makes an expression over a part. */
type OfPart = (part: Expression) => Expression;

/** Deeper than types are nested. */
const PLACES = 1_000_000;

const elementOf = (from: SqlType, to: SqlType): LambdaParameter => ({
  variable: -Math.max(depthOf(from), depthOf(to)),
  name: 'element',
});

/** Of a map that of the rows that it consists of. */
function depthOf(type: SqlType): number {
  if (type.kind === 'array') return 1 + depthOf(type.element);
  if (type.kind === 'struct') return 1 + Math.max(0, ...type.fields.map((field) => depthOf(field.type)));
  return type.kind === 'map' ? 2 + Math.max(depthOf(type.key), depthOf(type.value)) : 0;
}

/** The array of type `type` that has `body` of each element; or, as a `filter`, the elements where it is true. */
export function overElements(
  array: Expression,
  type: ArrayType,
  body: OfPart,
  form: 'transform' | 'filter' = 'transform',
): Expression {
  const from = array.type as ArrayType;
  const element = elementOf(from, type);
  const value: VariableExpression = { kind: 'variable', type: from.element, ...element };
  return { kind: 'lambda', type, form, array, element, firstIndex: 1, body: body(value) };
}

/** The array of type `type` that has `body` of each element and its place, which begins with 0. */
export function overPlaces(
  array: Expression,
  type: ArrayType,
  body: (element: Expression, place: Expression) => Expression,
): Expression {
  const from = array.type as ArrayType;
  const element = elementOf(from, type);
  const index = { variable: element.variable - PLACES, name: 'place' };
  const value = body(
    { kind: 'variable', type: from.element, ...element },
    { kind: 'variable', type: INTEGER, ...index },
  );
  return { kind: 'lambda', type, form: 'transform', array, element, index, firstIndex: 0, body: value };
}

/** The row of type `type` that has `body` of each field, by its place; NULL of NULL. */
export function overFields(
  row: Expression,
  type: StructType,
  body: (field: Expression, place: number) => Expression,
): Expression {
  const fields = type.fields.map((_, index) => body(fieldAt(row, index), index));
  return whenPresent(row, rowOf(type, fields));
}

/** The map of type `type` that has `ofKey` of each key and `ofValue` of each value. */
export function overEntries(map: Expression, type: MapType, ofKey: OfPart, ofValue: OfPart): Expression {
  const { key, value } = map.type as MapType;
  return callOf('map(array,array)', type, [
    overElements(callOf('map_keys(map)', arrayOf(key), [map]), arrayOf(type.key), ofKey),
    overElements(callOf('map_values(map)', arrayOf(value), [map]), arrayOf(type.value), ofValue),
  ]);
}

/** The field of a row at a place, which begins with 0. */
export function fieldAt(row: Expression, place: number): Expression {
  const { type } = (row.type as StructType).fields[place]!;
  return callOf('struct_field(struct,integer)', type, [row, integer(place + 1)]);
}

/** The element of an array at a place, which begins with 1. */
export function elementAt(array: Expression, place: number): Expression {
  return callOf('array_subscript(array,integer)', (array.type as ArrayType).element, [array, integer(place)]);
}

const integer = (value: number): Expression => ({ kind: 'constant', type: INTEGER, value });

export const rowOf = (type: StructType, fields: readonly Expression[]): Expression =>
  callOf('row(any...)', type, fields);

/** `value`; NULL where `input` is NULL. */
export const whenPresent = (input: Expression, value: Expression): Expression => ({
  kind: 'case',
  type: value.type,
  branches: [caseBranch({ kind: 'isNull', type: BOOLEAN, input, negated: true }, value)],
});

/** A call of an overload by its id. */
export const callOf = (overload: string, type: SqlType, args: readonly Expression[]): CallExpression => ({
  kind: 'call',
  type,
  overload,
  args,
});
