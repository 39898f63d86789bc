import type { CallExpression, Expression } from '../../planner/expression.js';
import { callByName } from '../../planner/logical/call-by-name.js';
import { equals, isNullOf, textConstant } from '../../planner/logical/expression-tree.js';
import { callOf, whenPresent } from '../../planner/logical/nested-parts.js';
import { isNestedType, type SqlType, TEXT } from '../../types/sql-type.js';
import { castToFit, choose, partsOfJson } from './by-way-of-fields.js';
import { tryCastToFit, tryPartsOfJson } from './try-by-way-of-fields.js';

/*
 * JSON_VALUE and JSON_QUERY with RETURNING, compiled as casts of the text that a kernel finds: casts where errors are asked
 * for, else TRY_CAST.
 */

/** What the kernel gives in place of DEFAULT and its like: no text out of JSON, which has no \0. */
const EMPTY = '\0empty';
const ERROR = '\0error';

/** How what was found becomes a value: `tried`, NULL of what is an error. */
interface Conversion {
  readonly strict: (found: Expression) => Expression;
  readonly tried: (found: Expression) => Expression;
}

/** Undefined for what the kernel gives itself, and for what is no such call. */
export function byWayOfPath(call: CallExpression): Expression | undefined {
  const form = /^json_(value|query)_of_path\(/.exec(call.overload)?.[1];
  const clauses = call.args[3];
  if (form === undefined || clauses?.kind !== 'constant' || typeof clauses.value !== 'string') return undefined;
  const words = clauses.value.split(', ');
  const { type } = call;
  const isOfText = form === 'value' || words.includes('omit quotes');
  if (type.kind === 'text' || (isJson(type) && !words.includes('omit quotes'))) return undefined;
  // No text is a map.
  if (isOfText && type.kind === 'map') return undefined;
  return converted(call, words, isOfText ? ofText(type) : ofJson(type));
}

function converted(call: CallExpression, words: readonly string[], conversion: Conversion): Expression {
  const { type, overload, args } = call;
  const { strict, tried } = conversion;
  const reactionTo = (event: string): string =>
    words.find((word) => word.endsWith(event))?.slice(0, -event.length) ?? 'null';
  const [onEmpty, onError] = [reactionTo(' on empty'), reactionTo(' on error')];
  const ofKernel = (reaction: string): string => (reaction === 'null' || reaction === 'error' ? reaction : 'default');
  const kept = words.filter((word) => !/ on (?:empty|error)$/.test(word));
  const asked = [...kept, `${ofKernel(onEmpty)} on empty`, `${ofKernel(onError)} on error`].join(', ');
  const found = callOf(overload, TEXT, [
    ...args.slice(0, 3),
    textConstant(asked),
    textConstant(EMPTY),
    textConstant(ERROR),
  ]);
  const replacement = (reaction: string, given: Expression): Expression => {
    if (reaction === 'default') return given;
    return ofJson(type).strict(textConstant(reaction === 'empty object' ? '{}' : '[]'));
  };
  const isPlain = (reaction: string): boolean => ofKernel(reaction) !== 'default';
  const ofError = isPlain(onError) ? undefined : replacement(onError, args[5]!);
  const value = onError === 'error' ? strict(found) : orElse(found, tried(found), ofError);
  const branches: (readonly [Expression, Expression])[] = [];
  if (!isPlain(onEmpty)) branches.push([equals(found, textConstant(EMPTY)), replacement(onEmpty, args[4]!)]);
  if (ofError !== undefined) branches.push([equals(found, textConstant(ERROR)), ofError]);
  return branches.length === 0 ? value : choose(type, branches, value);
}

/** What was tried; `otherwise` where that is NULL although something was found. */
function orElse(found: Expression, tried: Expression, otherwise: Expression | undefined): Expression {
  if (otherwise === undefined) return tried;
  return choose(tried.type, [
    [isNullOf(tried, true), tried],
    [isNullOf(found, true), otherwise],
  ]);
}

const ofText = (type: SqlType): Conversion => ({
  strict: (found) => castToFit(type, found),
  tried: (found) => tryCastToFit(type, found),
});

/** Of JSON as it is written. */
function ofJson(type: SqlType): Conversion {
  if (type.kind === 'bytea') {
    const bytes = (found: Expression): Expression => callByName('convert_to', [found, textConstant('UTF8')]);
    return { strict: bytes, tried: bytes };
  }
  if (!isNestedType(type)) return ofText(type);
  return {
    strict: (found) => whenPresent(found, partsOfJson(found, type, 'the result')),
    tried: (found) => whenPresent(found, tryPartsOfJson(found, type)),
  };
}

const isJson = ({ kind }: SqlType): boolean => kind === 'json' || kind === 'jsonb';
