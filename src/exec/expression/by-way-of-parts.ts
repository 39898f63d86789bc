import { castOf } from '../../functions/casts/casts.js';
import type { CallExpression, CastExpression, Expression, VariableExpression } from '../../planner/expression.js';
import { caseBranch } from '../../planner/logical/expression-tree.js';
import {
  type ArrayType,
  arrayOf,
  BOOLEAN,
  INTEGER,
  isNestedType,
  type MapType,
  type SqlType,
  type StructType,
  sameType,
  TEXT,
  typeIsText,
} from '../../types/sql-type.js';

/** As many arguments as a call may have. */
const MAX_FIELDS = 100;

/**
 * Casts of nested values, compiled as casts of what they consist of: of arrays as loops over the elements, of rows field by
 * field. An array is read from text as one of texts.
 */
export function byWayOfParts(cast: CastExpression): Expression {
  const { type, input } = cast;
  const from = input.type;
  if (!isNestedType(type) || castOf(from, type).implementation.kind !== 'vector') return cast;
  if (type.kind === 'array') {
    if (from.kind === 'array') return overElements(input, type);
    const readsTexts = typeIsText(from) && !isNestedType(type.element);
    return readsTexts ? overElements(castTo(arrayOf(TEXT), input), type) : cast;
  }
  if (type.kind === 'map') return from.kind === 'map' ? overEntries(input, from, type) : cast;
  const isCastable = from.kind === 'struct' && type.fields.length > 0 && type.fields.length <= MAX_FIELDS;
  return isCastable ? overFields(input, from, type) : cast;
}

function castTo(type: SqlType, input: Expression): Expression {
  return sameType(input.type, type) ? input : { kind: 'cast', type, input };
}

/** Deeper than types are nested. */
const PLACES = 1_000_000;

/** A number that no parameter of the plan has; those of loops within each other differ. */
const variableOf = (array: ArrayType): number => -depthOf(array);

function depthOf(type: SqlType): number {
  if (type.kind === 'array') return 1 + depthOf(type.element);
  if (type.kind === 'struct') return 1 + Math.max(0, ...type.fields.map((field) => depthOf(field.type)));
  return type.kind === 'map' ? 1 + Math.max(depthOf(type.key), depthOf(type.value)) : 0;
}

function overElements(array: Expression, type: ArrayType): Expression {
  const from = array.type as ArrayType;
  if (sameType(from, type)) return array;
  const element = { variable: variableOf(from), name: 'element' };
  const value: VariableExpression = { kind: 'variable', type: from.element, ...element };
  return { kind: 'lambda', type, form: 'transform', array, element, firstIndex: 1, body: castTo(type.element, value) };
}

/** posexplode: the elements, each in a row with its place. */
export function withPlaces({ type, args: [array] }: CallExpression): Expression {
  const from = array!.type as ArrayType;
  const variable = variableOf(from);
  // Two parameters: none of the loops around or within has as many.
  const [element, index] = [
    { variable, name: 'element' },
    { variable: variable - PLACES, name: 'place' },
  ];
  const body = call('row(any...)', (type as ArrayType).element, [
    { kind: 'variable', type: INTEGER, ...index },
    { kind: 'variable', type: from.element, ...element },
  ]);
  return { kind: 'lambda', type, form: 'transform', array: array!, element, index, firstIndex: 0, body };
}

function overFields(row: Expression, from: StructType, type: StructType): Expression {
  const fields = type.fields.map((field, index): Expression => {
    const place: Expression = { kind: 'constant', type: INTEGER, value: index + 1 };
    return castTo(field.type, call('struct_field(struct,integer)', from.fields[index]!.type, [row, place]));
  });
  return {
    kind: 'case',
    type,
    branches: [
      caseBranch({ kind: 'isNull', type: BOOLEAN, input: row, negated: true }, call('row(any...)', type, fields)),
    ],
  };
}

function overEntries(map: Expression, from: MapType, type: MapType): Expression {
  return call('map(array,array)', type, [
    overElements(call('map_keys(map)', arrayOf(from.key), [map]), arrayOf(type.key)),
    overElements(call('map_values(map)', arrayOf(from.value), [map]), arrayOf(type.value)),
  ]);
}

const call = (overload: string, type: SqlType, args: readonly Expression[]): CallExpression => ({
  kind: 'call',
  type,
  overload,
  args,
});
