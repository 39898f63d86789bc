import { castOf } from '../../functions/casts/casts.js';
import type { CallExpression, CastExpression, Expression } from '../../planner/expression.js';
import {
  callOf,
  elementAt,
  overElements,
  overEntries,
  overFields,
  overPlaces,
  rowOf,
  whenPresent,
} from '../../planner/logical/nested-parts.js';
import {
  type ArrayType,
  arrayOf,
  isNestedType,
  type SqlType,
  type StructType,
  sameType,
  TEXT,
  typeIsText,
} from '../../types/sql-type.js';

/**
 * Casts of nested values, compiled as casts of what they consist of: of arrays as loops over the elements, of rows field by
 * field. Arrays and rows are read from text as arrays of texts.
 */
export function byWayOfParts(cast: CastExpression): Expression {
  const { type, input } = cast;
  const from = input.type;
  if (!isNestedType(type) || (cast.zone === undefined && isOfKernel(from, type))) return cast;
  if (typeIsText(from)) return readFromText(cast);
  const to = (part: SqlType) => (value: Expression) => castTo(part, value);
  if (type.kind === 'array' && from.kind === 'array') return overElements(input, type, to(type.element));
  if (type.kind === 'map' && from.kind === 'map') return overEntries(input, type, to(type.key), to(type.value));
  if (type.kind !== 'struct' || from.kind !== 'struct' || type.fields.length === 0) return cast;
  return overFields(input, type, (field, place) => castTo(type.fields[place]!.type, field));
}

/** Is the whole value cast at once? */
export const isOfKernel = (from: SqlType, type: SqlType): boolean =>
  castOf(from, type).implementation.kind !== 'vector';

function castTo(type: SqlType, input: Expression): Expression {
  return sameType(input.type, type) ? input : { kind: 'cast', type, input };
}

/** A kernel takes the text apart; maps are not read. */
function readFromText(cast: CastExpression): Expression {
  const { type, input } = cast;
  if (type.kind === 'array') return byWayOfParts({ ...cast, input: castTo(textsLike(type), input) });
  if (type.kind !== 'struct' || type.fields.length === 0) return cast;
  return fieldsOfText(input, type);
}

/** The type of an array with texts in place of what is no array. */
export function textsLike({ element }: ArrayType): ArrayType {
  return arrayOf(element.kind === 'array' ? textsLike(element) : TEXT);
}

/** The fields as texts, each cast to its type. */
function fieldsOfText(written: Expression, type: StructType): Expression {
  const texts = textsOfRow('record_fields(any,text)', written, type);
  return whenPresent(
    written,
    rowOf(
      type,
      type.fields.map((field, index) => castTo(field.type, elementAt(texts, index + 1))),
    ),
  );
}

/** The fields of a row that is written as text, as texts, by one of the overloads that take it apart. */
export function textsOfRow(overload: string, written: Expression, type: StructType): Expression {
  const row: Expression = { kind: 'constant', type, value: null };
  return callOf(overload, arrayOf(TEXT), [row, castTo(TEXT, written)]);
}

/** posexplode: the elements, each in a row with its place. */
export function withPlaces({ type, args: [array] }: CallExpression): Expression {
  const row = (type as ArrayType).element as StructType;
  return overPlaces(array!, type as ArrayType, (element, place) => rowOf(row, [place, element]));
}
