import type { CallExpression, Expression } from '../../planner/expression.js';
import { caseBranch, isNullOf } from '../../planner/logical/expression-tree.js';
import { fittingText, lengthOfText } from '../../planner/logical/fitting-text.js';
import { callOf, elementAt, fieldAt, overElements, rowOf } from '../../planner/logical/nested-parts.js';
import {
  type ArrayType,
  arrayOf,
  BOOLEAN,
  isNestedType,
  type MapType,
  type SqlType,
  type StructType,
  TEXT,
} from '../../types/sql-type.js';

const JSON_TYPE: SqlType = { kind: 'json' };

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
  const name = text(call.overload.slice(0, call.overload.indexOf('(')));
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
    const member = callOf(`->(${json.type.kind},text)`, json.type, [json, text(field.name)]);
    return choose(field.type, [[isNullOf(member), fieldAt(base, index)]], value);
  });
  return rowOf(type, fields);
}

/** Of JSON as it is written if the type is nested or JSON, else of what it says. */
function valueAs(written: Expression, type: SqlType, where: string): Expression {
  if (!isNestedType(type)) return type.kind === 'text' ? written : castToFit(type, written);
  const json = castTo(JSON_TYPE, written);
  const slowly = callOf('json_value_as(any,text,text)', type, [nullOf(type), written, text(where)]);
  if (type.kind === 'array') return choose(type, [[beginsWith(written, '['), elementsOf(json, type, where)]], slowly);
  const value = type.kind === 'struct' ? objectAs(json, type, where) : entriesOf(json, type, where);
  return choose(type, [[beginsWith(written, '{'), value]], slowly);
}

function castToFit(type: SqlType, written: Expression): Expression {
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
  const raw = isRaw(type.value);
  const entry: StructType = {
    kind: 'struct',
    fields: [
      { name: 'key', type: TEXT },
      { name: 'value', type: raw ? JSON_TYPE : TEXT },
    ],
  };
  const entries = callOf(raw ? 'json_each(json)' : 'json_each_text(json)', arrayOf(entry), [json]);
  const ofValue = raw ? partAs : valueAs;
  return callOf('map(array,array)', type, [
    overElements(entries, arrayOf(type.key), (part) => valueAs(fieldAt(part, 0), type.key, `a key of ${where}`)),
    overElements(entries, arrayOf(type.value), (part) => ofValue(fieldAt(part, 1), type.value, `a value of ${where}`)),
  ]);
}

/** Are values of the type read from JSON as it is written? */
const isRaw = (type: SqlType): boolean => isNestedType(type) || type.kind === 'json' || type.kind === 'jsonb';

/** Of JSON that may be null. */
function partAs(part: Expression, type: SqlType, where: string): Expression {
  const written = castTo(TEXT, part);
  const isNullWord: Expression = {
    kind: 'comparison',
    type: BOOLEAN,
    operator: '<>',
    left: written,
    right: text('null'),
  };
  return choose(type, [[isNullWord, valueAs(written, type, where)]]);
}

function choose(
  type: SqlType,
  branches: readonly (readonly [Expression, Expression])[],
  otherwise?: Expression,
): Expression {
  return { kind: 'case', type, branches: branches.map(([when, result]) => caseBranch(when, result)), otherwise };
}

const isKind = (prefix: string, json: Expression, kind: string): Expression => ({
  kind: 'comparison',
  type: BOOLEAN,
  operator: '=',
  left: callOf(`${prefix}_typeof(${prefix})`, TEXT, [json]),
  right: text(kind),
});

const beginsWith = (written: Expression, start: string): Expression =>
  callOf('starts_with(text,text)', BOOLEAN, [written, text(start)]);

const castTo = (type: SqlType, input: Expression): Expression => ({ kind: 'cast', type, input });
const nullOf = (type: SqlType): Expression => ({ kind: 'constant', type, value: null });
const text = (value: string): Expression => ({ kind: 'constant', type: TEXT, value });
