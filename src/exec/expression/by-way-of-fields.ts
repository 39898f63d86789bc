import type { CallExpression, Expression, VariableExpression } from '../../planner/expression.js';
import { caseBranch } from '../../planner/logical/expression-tree.js';
import { fittingText, lengthOfText } from '../../planner/logical/fitting-text.js';
import {
  type ArrayType,
  arrayOf,
  BOOLEAN,
  INTEGER,
  isNestedType,
  type SqlType,
  type StructType,
  TEXT,
} from '../../types/sql-type.js';

/** As many arguments as a call may have. */
const MAX_FIELDS = 100;
const JSON_TYPE: SqlType = { kind: 'json' };

/**
 * Rows out of JSON, compiled as casts of the texts of their fields, which a kernel finds in one pass: json_to_record,
 * json_to_recordset, and json_populate_record and json_populate_recordset where the row is NULL. Arrays within are loops.
 */
export function byWayOfFields(call: CallExpression): Expression {
  const match = /^(jsonb?)_(to|populate)_record(set)?\(/.exec(call.overload);
  if (match === null) return call;
  const [, prefix, , set] = match;
  const json = call.args.at(-1)!;
  const isFilled = call.args.length > 1 && !isNull(call.args[0]!);
  const row = set === undefined ? call.type : (call.type as ArrayType).element;
  if (isFilled || row.kind !== 'struct' || !isReadable(row)) return call;
  if (set === undefined) return whenPresent(json, rowOf(json, row, ''));
  return rowsOf(json, row, call, prefix!);
}

/** A NULL, perhaps cast. */
function isNull(expression: Expression): boolean {
  if (expression.kind === 'cast') return isNull(expression.input);
  return expression.kind === 'constant' && expression.value === null;
}

/** Maps are not read, but left to TypeScript. */
function isReadable(type: SqlType): boolean {
  switch (type.kind) {
    case 'array':
      return isReadable(type.element);
    case 'struct':
      return type.fields.length > 0 && type.fields.length <= MAX_FIELDS && type.fields.every((f) => isReadable(f.type));
    case 'map':
      return false;
    default:
      return true;
  }
}

/** Of an array of objects. */
function rowsOf(json: Expression, row: StructType, call: CallExpression, prefix: string): Expression {
  const type = arrayOf(row);
  const name = text(call.overload.slice(0, call.overload.indexOf('(')));
  // What is no array, or has something else than objects in it, is an error.
  const slowly = callOf('json_records(any,any,text)', type, [nullOf(row), json, name]);
  const elements = callOf(`${prefix}_array_elements(${prefix})`, arrayOf(json.type), [json]);
  const first = callOf('array_subscript(array,integer)', row, [slowly, integer(1)]);
  const body = (element: Expression): Expression =>
    choose(row, [[isKind(prefix, element, 'object'), rowOf(element, row, '')]], first);
  const rows = loop(elements, type, body, depthOf(type));
  return choose(type, [[isKind(prefix, json, 'array'), rows]], slowly);
}

/** Of an object; `within` is for messages. */
function rowOf(json: Expression, type: StructType, within: string): Expression {
  const texts = callOf('json_fields(any,any)', arrayOf(TEXT), [nullOf(type), json]);
  const fields = type.fields.map((field, index) => {
    const written = callOf('array_subscript(array,integer)', TEXT, [texts, integer(index + 1)]);
    return valueAs(written, field.type, within === '' ? `key "${field.name}"` : within);
  });
  return callOf('row(any...)', type, fields);
}

/** Of JSON as it is written if the type is nested or JSON, else of what it says. */
function valueAs(written: Expression, type: SqlType, where: string): Expression {
  if (!isNestedType(type)) return type.kind === 'text' ? written : castToFit(type, written);
  const json = castTo(JSON_TYPE, written);
  const slowly = callOf('json_value_as(any,text,text)', type, [nullOf(type), written, text(where)]);
  if (type.kind === 'struct') return choose(type, [[beginsWith(written, '{'), rowOf(json, type, where)]], slowly);
  if (type.kind !== 'array') return slowly;
  return choose(type, [[beginsWith(written, '['), elementsOf(json, type, where)]], slowly);
}

function castToFit(type: SqlType, written: Expression): Expression {
  const length = lengthOfText(type);
  return length === undefined ? castTo(type, written) : fittingText(written, type, length);
}

function elementsOf(json: Expression, type: ArrayType, where: string): Expression {
  const { element } = type;
  const place = `an element of ${where}`;
  if (!isNestedType(element) && element.kind !== 'json' && element.kind !== 'jsonb') {
    const texts = callOf('json_array_elements_text(json)', arrayOf(TEXT), [json]);
    return loop(texts, type, (value) => valueAs(value, element, place), depthOf(type));
  }
  const parts = callOf('json_array_elements(json)', arrayOf(JSON_TYPE), [json]);
  return loop(
    parts,
    type,
    (part) => {
      const written = castTo(TEXT, part);
      const isNullWord: Expression = {
        kind: 'comparison',
        type: BOOLEAN,
        operator: '<>',
        left: written,
        right: text('null'),
      };
      return choose(element, [[isNullWord, valueAs(written, element, place)]]);
    },
    depthOf(type),
  );
}

/** Parameters of loops within each other have numbers of their own, which no parameter of the plan has. */
function loop(
  array: Expression,
  type: ArrayType,
  body: (element: Expression) => Expression,
  depth: number,
): Expression {
  const element = { variable: -depth, name: 'element' };
  const value: VariableExpression = { kind: 'variable', type: (array.type as ArrayType).element, ...element };
  return { kind: 'lambda', type, form: 'transform', array, element, firstIndex: 1, body: body(value) };
}

function depthOf(type: SqlType): number {
  if (type.kind === 'array') return 1 + depthOf(type.element);
  return type.kind === 'struct' ? 1 + Math.max(0, ...type.fields.map((field) => depthOf(field.type))) : 0;
}

function choose(
  type: SqlType,
  branches: readonly (readonly [Expression, Expression])[],
  otherwise?: Expression,
): Expression {
  return { kind: 'case', type, branches: branches.map(([when, result]) => caseBranch(when, result)), otherwise };
}

const whenPresent = (input: Expression, value: Expression): Expression =>
  choose(value.type, [[{ kind: 'isNull', type: BOOLEAN, input, negated: true }, value]]);

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
const integer = (value: number): Expression => ({ kind: 'constant', type: INTEGER, value });
const callOf = (overload: string, type: SqlType, args: readonly Expression[]): CallExpression => ({
  kind: 'call',
  type,
  overload,
  args,
});
