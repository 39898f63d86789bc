import { userError } from '../../common/errors.js';
import type * as Ast from '../../parser/ast/index.js';
import { arrayOf, formatTypeName, TEXT } from '../../types/sql-type.js';
import type { Expression } from '../expression.js';
import { textConstant } from '../logical/expression-tree.js';
import { elementsOfConstant } from '../nested-constants.js';
import { flattened } from './array-dimensions.js';
import { type BindContext, type ExpressionContext, unsupported } from './bind-context.js';
import type { BindExpression } from './bind-operator.js';
import { coerce } from './coerce.js';
import { foldIfConstant } from './fold.js';
import { elementTypeOf } from './set-functions.js';

type CallOf = (name: string, args: readonly Expression[]) => Expression;

const EMPTY: Expression = textConstant('');

/** A function of many arguments: how many stand before the array, and what it is of the array as a whole. */
interface VariadicFunction {
  readonly fixed: number;
  /** Undefined where there is none for such an array. */
  readonly ofArray: (
    array: Expression,
    before: readonly Expression[],
    call: CallOf,
    context: BindContext,
  ) => Expression | undefined;
}

const functions: Readonly<Record<string, VariadicFunction>> = {
  concat: { fixed: 0, ofArray: (array, _, call) => call('array_to_string', [array, EMPTY]) },
  concat_ws: { fixed: 1, ofArray: (array, [separator], call) => call('array_to_string', [array, separator!]) },
  format: {
    fixed: 1,
    ofArray: (array, [template], call, context) => {
      // As output functions write it, a boolean is no word.
      if (elementTypeOf(array).kind === 'boolean') return undefined;
      return call('format_array', [template!, coerce(context, array, arrayOf(TEXT), 0, 'explicit')]);
    },
  },
  jsonb_build_array: { fixed: 0, ofArray: (array, _, call) => call('to_jsonb', [array]) },
  jsonb_build_object: { fixed: 0, ofArray: (array, _, call) => call('jsonb_object_of_elements', [array]) },
  json_build_array: { fixed: 0, ofArray: (array, _, call) => call('json_array_of_elements', [array]) },
  json_build_object: { fixed: 0, ofArray: (array, _, call) => call('json_object_of_elements', [array]) },
  num_nulls: { fixed: 0, ofArray: (array, _, call) => call('count_null_elements', [array]) },
  num_nonnulls: { fixed: 0, ofArray: (array, _, call) => call('count_filled_elements', [array]) },
};

/**
 * `f(a, VARIADIC array)`: the elements of an array that is written out, or known, become arguments; of another array it is
 * a function of the whole. Undefined for a call without VARIADIC.
 */
export function spreadVariadic(
  call: Ast.FunctionCall,
  name: string,
  at: ExpressionContext,
  bind: BindExpression,
  callOf: CallOf,
): Expression | undefined {
  const last = call.args.at(-1);
  if (!call.args.some((argument) => argument.variadic)) return undefined;
  if (!last?.variadic) {
    throw userError('42601', 'VARIADIC must stand before the last argument', { position: call.position });
  }
  const before = call.args.slice(0, -1).map(({ value }) => bind(value, at));
  const bound = bind(last.value, at);
  const known = Object.hasOwn(functions, name) ? functions[name]! : undefined;
  if (known === undefined || known.fixed !== before.length) {
    const types = [...before, bound].map(({ type }) => formatTypeName(type)).join(', ');
    throw userError('42883', `function ${name}(${types}) does not exist`, {
      position: call.position,
      hint: 'VARIADIC gives all arguments of a function that takes any number of them.',
    });
  }
  if (bound.type.kind !== 'array') {
    throw userError('42804', 'VARIADIC argument must be an array', { position: last.value.position });
  }
  const array = foldIfConstant(at.context, innermost(bound), last.position);
  const elements = elementsOf(array) ?? elementsOf(bound);
  if (elements !== undefined && elements.length > 0) return callOf(name, [...before, ...elements]);
  const ofArray = known.ofArray(array, before, callOf, at.context);
  if (ofArray !== undefined) return ofArray;
  throw unsupported(
    `VARIADIC of ${name} and an array that is not written out`,
    last.position,
    'Give the arguments one by one.',
  );
}

/** An array of the elements of all arrays within it. */
function innermost(array: Expression): Expression {
  let inner = array;
  for (let flat = flattened(inner); flat; flat = flattened(inner)) inner = flat;
  return inner;
}

function elementsOf(array: Expression): readonly Expression[] | undefined {
  if (array.kind === 'constant') return array.value === null ? undefined : elementsOfConstant(array);
  if (array.kind !== 'call' || array.overload !== 'list_value(any...)') return undefined;
  if (elementTypeOf(array).kind !== 'array') return array.args;
  const parts = array.args.map(elementsOf).filter((part) => part !== undefined);
  return parts.length === array.args.length ? parts.flat() : undefined;
}
