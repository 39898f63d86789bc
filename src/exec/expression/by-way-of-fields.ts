import type { CallExpression, Expression } from '../../planner/expression.js';
import { caseBranch, equals, isNullOf, textConstant } from '../../planner/logical/expression-tree.js';
import { fittingText, lengthOfText } from '../../planner/logical/fitting-text.js';
import { callOf, elementAt, fieldAt, overElements, rowOf, whenPresent } from '../../planner/logical/nested-parts.js';
import { encodeNested } from '../../types/nested-codec.js';
import {
  type ArrayType,
  arrayOf,
  BOOLEAN,
  isNestedType,
  type MapType,
  type NestedType,
  type SqlType,
  type StructType,
  TEXT,
} from '../../types/sql-type.js';

export const JSON_TYPE: SqlType = { kind: 'json' };

/**
 * Rows out of JSON, compiled as casts of the texts of their fields, which a kernel finds in one pass: json_to_record,
 * json_to_recordset, json_populate_record and json_populate_recordset. Arrays and maps within are loops.
 */
export function byWayOfFields(call: CallExpression): Expression {
  const match = /^(jsonb?)_(to|populate)_record(set)?\(/.exec(call.overload);
  if (match === null) return call;
  const [, prefix, , set] = match;
  const json = call.args.at(-1)!;
  const base = call.args.length > 1 && !isNull(call.args[0]!) ? call.args[0] : undefined;
  const row = set === undefined ? call.type : (call.type as ArrayType).element;
  if (row.kind !== 'struct' || row.fields.length === 0) return call;
  if (set !== undefined) return rowsOf(json, row, call, prefix!, base);
  const ofObject = objectAs(json, row, '');
  if (base === undefined) return choose(row, [[isNullOf(json, true), ofObject]]);
  const filled = objectAs(json, row, '', base);
  // What is no object is an error.
  return choose(
    row,
    [
      [isNullOf(json), base],
      [isKind(prefix!, json, 'object'), filled],
    ],
    ofObject,
  );
}

/** A NULL, perhaps cast. */
function isNull(expression: Expression): boolean {
  if (expression.kind === 'cast') return isNull(expression.input);
  return expression.kind === 'constant' && expression.value === null;
}

/** Of an array of objects. */
function rowsOf(
  json: Expression,
  row: StructType,
  call: CallExpression,
  prefix: string,
  base: Expression | undefined,
): Expression {
  const type = arrayOf(row);
  const name = textConstant(call.overload.slice(0, call.overload.indexOf('(')));
  // What is no array, or has something else than objects in it, is an error.
  const slowly = callOf('json_records(any,any,text)', type, [nullOf(row), json, name]);
  const elements = callOf(`${prefix}_array_elements(${prefix})`, arrayOf(json.type), [json]);
  const body = (element: Expression): Expression =>
    choose(row, [[isKind(prefix, element, 'object'), objectAs(element, row, '', base)]], elementAt(slowly, 1));
  const rows = overElements(elements, type, body);
  return choose(type, [[isKind(prefix, json, 'array'), rows]], slowly);
}

/** Of an object; `within` is for messages. What it lacks is that of `base`, or NULL. */
function objectAs(json: Expression, type: StructType, within: string, base?: Expression): Expression {
  const texts = callOf('json_fields(any,any)', arrayOf(TEXT), [nullOf(type), json]);
  const fields = type.fields.map((field, index) => {
    const value = valueAs(elementAt(texts, index + 1), field.type, within === '' ? `key "${field.name}"` : within);
    if (base === undefined) return value;
    const member = callOf(`->(${json.type.kind},text)`, json.type, [json, textConstant(field.name)]);
    return choose(field.type, [[isNullOf(member), fieldAt(base, index)]], value);
  });
  return rowOf(type, fields);
}

/** Of JSON as it is written if the type is nested or JSON, else of what it says. */
function valueAs(written: Expression, type: SqlType, where: string): Expression {
  if (!isNestedType(type)) return type.kind === 'text' ? written : castToFit(type, written);
  const value = partsOfJson(written, type, where);
  return type.kind === 'map'
    ? value
    : choose(type, [[beginsWith(written, '"'), castTo(type, unquoted(written))]], value);
}

/** JSON as a value of a nested type; an error where it is of another kind, a string, too. */
export function partsOfJson(written: Expression, type: NestedType, where: string): Expression {
  const json = castTo(JSON_TYPE, written);
  const [bracket, value] =
    type.kind === 'array'
      ? ['[', elementsOf(json, type, where)]
      : ['{', type.kind === 'struct' ? objectAs(json, type, where) : entriesOf(json, type, where)];
  // An array, or what is as little of the kind as a string.
  const other = choose(TEXT, [[beginsWith(written, '['), written]], textConstant('true'));
  const error = callOf('json_value_as(any,text,text)', type, [nullOf(type), other, textConstant(where)]);
  return choose(type, [[beginsWith(written, bracket), value]], whenPresent(written, error));
}

/** What a JSON text says that is a string. */
export function unquoted(written: Expression): Expression {
  const path: Expression = { kind: 'constant', type: arrayOf(TEXT), value: encodeNested([], arrayOf(TEXT)) };
  return callOf('#>>(json,array)', TEXT, [castTo(JSON_TYPE, written), path]);
}

/** Texts that are too long for the type are errors. */
export function castToFit(type: SqlType, written: Expression): Expression {
  const length = lengthOfText(type);
  return length === undefined ? castTo(type, written) : fittingText(written, type, length);
}

function elementsOf(json: Expression, type: ArrayType, where: string): Expression {
  const place = `an element of ${where}`;
  if (isRaw(type.element)) {
    const parts = callOf('json_array_elements(json)', arrayOf(JSON_TYPE), [json]);
    return overElements(parts, type, (part) => partAs(part, type.element, place));
  }
  const texts = callOf('json_array_elements_text(json)', arrayOf(TEXT), [json]);
  return overElements(texts, type, (value) => valueAs(value, type.element, place));
}

/** The keys and the values of an object as those of a map. */
function entriesOf(json: Expression, type: MapType, where: string): Expression {
  const entries = entriesOfObject(json, type.value);
  const ofValue = isRaw(type.value) ? partAs : valueAs;
  return callOf('map(array,array)', type, [
    overElements(entries, arrayOf(type.key), (part) => valueAs(fieldAt(part, 0), type.key, `a key of ${where}`)),
    overElements(entries, arrayOf(type.value), (part) => ofValue(fieldAt(part, 1), type.value, `a value of ${where}`)),
  ]);
}

/** The keys as texts, and the values as texts or JSON, by how those of a type are read. */
export function entriesOfObject(json: Expression, type: SqlType): Expression {
  const raw = isRaw(type);
  const entry: StructType = {
    kind: 'struct',
    fields: [
      { name: 'key', type: TEXT },
      { name: 'value', type: raw ? JSON_TYPE : TEXT },
    ],
  };
  return callOf(raw ? 'json_each(json)' : 'json_each_text(json)', arrayOf(entry), [json]);
}

/** Are values of the type read from JSON as it is written? */
export const isRaw = (type: SqlType): boolean => isNestedType(type) || type.kind === 'json' || type.kind === 'jsonb';

/** Of JSON that may be null. */
function partAs(part: Expression, type: SqlType, where: string): Expression {
  const written = castTo(TEXT, part);
  return choose(type, [[equals(written, textConstant('null'), '<>'), valueAs(written, type, where)]]);
}

export function choose(
  type: SqlType,
  branches: readonly (readonly [Expression, Expression])[],
  otherwise?: Expression,
): Expression {
  return { kind: 'case', type, branches: branches.map(([when, result]) => caseBranch(when, result)), otherwise };
}

const isKind = (prefix: string, json: Expression, kind: string): Expression =>
  equals(callOf(`${prefix}_typeof(${prefix})`, TEXT, [json]), textConstant(kind));

export const beginsWith = (written: Expression, start: string): Expression =>
  callOf('starts_with(text,text)', BOOLEAN, [written, textConstant(start)]);

export const castTo = (type: SqlType, input: Expression): Expression => ({ kind: 'cast', type, input });
export const nullOf = (type: SqlType): Expression => ({ kind: 'constant', type, value: null });
