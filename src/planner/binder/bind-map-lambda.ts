import { userError } from '../../common/errors.js';
import { arrayOf, formatType, INTEGER, type MapType } from '../../types/sql-type.js';
import type { Expression, LambdaExpression } from '../expression.js';
import { caseBranch, isNullOf, orOf } from '../logical/expression-tree.js';
import { builtCall } from './built-call.js';
import { coerceToBoolean, resolveUnknown } from './coerce.js';
import { foldIfConstant } from './fold.js';
import {
  arrayAt,
  type BoundLambda,
  bindLambda,
  type LambdaCall,
  lambdaAt,
  lambdaError,
  valueAt,
  withParameters,
} from './lambda-body.js';

/*
 * Lambdas over two things at once are lambdas over the places of their elements.
 */

const ONE: Expression = { kind: 'constant', type: INTEGER, value: 1 };

/** Elements that a lambda's parameters stand for, in order, by their place. */
interface Places {
  readonly of: LambdaCall;
  /** Array of places, from 1. */
  readonly array: Expression;
  readonly sources: readonly Expression[];
}

function at({ of }: Places, source: Expression, place: Expression): Expression {
  return builtCall(of.at.context, 'array_subscript', [source, place], of.call.position);
}

/** `body` for each of the places. */
function overPlaces(
  places: Places,
  form: 'transform' | 'filter',
  body: (elements: readonly Expression[]) => Expression,
): LambdaExpression {
  const variable = places.of.at.context.ids.create();
  const place: Expression = { kind: 'variable', type: INTEGER, variable, name: 'i' };
  const value = body(places.sources.map((source) => at(places, source, place)));
  const type = form === 'filter' ? arrayOf(INTEGER) : arrayOf(value.type);
  const element = { variable, name: 'i' };
  return { kind: 'lambda', type, form, array: places.array, element, firstIndex: 1, body: value };
}

function placesUpTo(of: LambdaCall, length: Expression): Expression {
  const { context } = of.at;
  const { position } = of.call;
  return foldIfConstant(context, builtCall(context, 'series_array', [ONE, length], position), position);
}

function bodyOf(of: LambdaCall, lambda: BoundLambda, place: number, elements: readonly Expression[]): Expression {
  return resolveUnknown(of.at.context, withParameters(lambda, elements), lambdaAt(of, place).body.position);
}

/** The shorter array is filled up with NULLs. */
export function bindZip(of: LambdaCall): Expression {
  if (of.call.args.length !== 3) throw lambdaError(of);
  const arrays = [arrayAt(of, 0), arrayAt(of, 1)];
  const { context } = of.at;
  const { position } = of.call;
  const lambda = bindLambda(
    of,
    lambdaAt(of, 2),
    arrays.map(({ type }) => type.element),
  );
  const lengths = arrays.map((array) => builtCall(context, 'array_size', [array], position));
  const array = placesUpTo(of, builtCall(context, 'greatest', lengths, position));
  const zipped = overPlaces({ of, array, sources: arrays }, 'transform', (elements) => bodyOf(of, lambda, 2, elements));
  const isNull = orOf(arrays.map((operand) => isNullOf(operand)));
  const none: Expression = { kind: 'constant', type: zipped.type, value: null };
  return { kind: 'case', type: zipped.type, branches: [caseBranch(isNull, none)], otherwise: zipped };
}

interface MapLambda {
  readonly keys: Expression;
  readonly values: Expression;
  readonly places: Places;
  readonly lambda: BoundLambda;
}

function mapLambda(of: LambdaCall): MapLambda {
  const { context } = of.at;
  const { position } = of.call;
  if (of.call.args.length !== 2) throw lambdaError(of);
  const map = valueAt(of, 0);
  if (map.type.kind !== 'map') {
    throw userError('42804', `argument of ${of.name} must be a map, not type ${formatType(map.type)}`, {
      position: of.call.args[0]!.position,
      hint: `Write ${of.usage}.`,
    });
  }
  const { key, value }: MapType = map.type;
  const keys = builtCall(context, 'map_keys', [map], position);
  const values = builtCall(context, 'map_values', [map], position);
  const array = placesUpTo(of, builtCall(context, 'array_size', [map], position));
  const lambda = bindLambda(of, lambdaAt(of, 1), [key, value]);
  return { keys, values, places: { of, array, sources: [keys, values] }, lambda };
}

export function bindMapFilter(of: LambdaCall): Expression {
  const { keys, values, places, lambda } = mapLambda(of);
  const { context } = of.at;
  const { position } = of.call;
  const chosen = overPlaces(places, 'filter', (elements) =>
    coerceToBoolean(context, withParameters(lambda, elements), `the lambda of ${of.name}`, position),
  );
  const [keptKeys, keptValues] = [keys, values].map((source) =>
    overPlaces({ of, array: chosen, sources: [source] }, 'transform', ([element]) => element!),
  );
  return builtCall(context, 'map', [keptKeys!, keptValues!], position);
}

export function bindTransformedMap(of: LambdaCall): Expression {
  const { keys, values, places, lambda } = mapLambda(of);
  const made = overPlaces(places, 'transform', (elements) => bodyOf(of, lambda, 1, elements));
  const parts = of.name === 'transform_keys' ? [made, values] : [keys, made];
  return builtCall(of.at.context, 'map', parts, of.call.position);
}
