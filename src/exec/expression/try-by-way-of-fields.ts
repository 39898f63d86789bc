import type { Expression } from '../../planner/expression.js';
import { andOf, equals, isNullOf, textConstant } from '../../planner/logical/expression-tree.js';
import { fitsText, lengthOfText } from '../../planner/logical/fitting-text.js';
import { callOf, elementAt, fieldAt, overElements, rowOf, whenPresent } from '../../planner/logical/nested-parts.js';
import { triedCast } from '../../planner/logical/tried-cast.js';
import {
  type ArrayType,
  arrayOf,
  isNestedType,
  type MapType,
  type NestedType,
  type SqlType,
  type StructType,
  TEXT,
} from '../../types/sql-type.js';
import { beginsWith, castTo, choose, entriesOfObject, isRaw, JSON_TYPE, nullOf, unquoted } from './by-way-of-fields.js';
import { nullsIn, onlyIf, tryMap } from './try-by-way-of-parts.js';

/*
 * What by-way-of-fields.ts makes of JSON, where errors are NULLs: NULL where a part becomes NULL that is not null in JSON.
 */

/** JSON as a value of a nested type; a string is none. */
export function tryPartsOfJson(written: Expression, type: NestedType): Expression {
  const json = castTo(JSON_TYPE, written);
  if (type.kind === 'array') return choose(type, [[beginsWith(written, '['), tryElements(json, type)]]);
  const value = type.kind === 'struct' ? tryFields(json, type) : tryEntries(json, type);
  return choose(type, [[beginsWith(written, '{'), value]]);
}

export function tryCastToFit(type: SqlType, written: Expression): Expression {
  const length = lengthOfText(type);
  const cast = triedCast(type, written);
  return length === undefined ? cast : onlyIf(fitsText(written, length), cast);
}

/** Of JSON as it is written if the type is nested or JSON, else of what it says. */
function tryValue(written: Expression, type: SqlType): Expression {
  if (!isNestedType(type)) return tryCastToFit(type, written);
  const value = tryPartsOfJson(written, type);
  if (type.kind === 'map') return value;
  return choose(type, [[beginsWith(written, '"'), triedCast(type, unquoted(written))]], value);
}

function tryElements(json: Expression, type: ArrayType): Expression {
  const texts = isRaw(type.element)
    ? overElements(callOf('json_array_elements(json)', arrayOf(JSON_TYPE), [json]), arrayOf(TEXT), presentText)
    : callOf('json_array_elements_text(json)', arrayOf(TEXT), [json]);
  return tryAll(texts, type);
}

/** Of texts, where null is NULL. */
function tryAll(texts: Expression, type: ArrayType): Expression {
  const tried = overElements(texts, type, (part) => whenPresent(part, tryValue(part, type.element)));
  return onlyIf(equals(nullsIn(tried), nullsIn(texts)), tried);
}

function tryFields(json: Expression, type: StructType): Expression {
  const texts = callOf('json_fields(any,any)', arrayOf(TEXT), [nullOf(type), json]);
  const parts = type.fields.map((_, index) => elementAt(texts, index + 1));
  const values = parts.map((part, index) => whenPresent(part, tryValue(part, type.fields[index]!.type)));
  return onlyIf(
    andOf(parts.map((part, index) => equals(isNullOf(part), isNullOf(values[index]!)))),
    rowOf(type, values),
  );
}

function tryEntries(json: Expression, type: MapType): Expression {
  const entries = entriesOfObject(json, type.value);
  const ofEntry = (place: number) => (entry: Expression) => {
    const part = fieldAt(entry, place);
    return part.type.kind === 'json' ? presentText(part) : part;
  };
  const keys = overElements(entries, arrayOf(TEXT), ofEntry(0));
  const values = overElements(entries, arrayOf(TEXT), ofEntry(1));
  return tryMap(type, keys, tryAll(keys, arrayOf(type.key)), tryAll(values, arrayOf(type.value)));
}

/** The text of JSON; NULL of null. */
function presentText(json: Expression): Expression {
  const written = castTo(TEXT, json);
  return choose(TEXT, [[equals(written, textConstant('null'), '<>'), written]]);
}
