import { userError } from '../../common/errors.js';
import { lambdaUsage } from '../../functions/scalar/nested/lambda-functions.js';
import type * as Ast from '../../parser/ast/index.js';
import { isLambdaFunction } from '../../parser/tokens/lambda-arguments.js';
import { arrayOf, BOOLEAN, INTEGER } from '../../types/sql-type.js';
import type { Expression, LambdaExpression } from '../expression.js';
import type { ExpressionContext } from './bind-context.js';
import { bindMapFilter, bindTransformedMap, bindZip } from './bind-map-lambda.js';
import type { BindExpression } from './bind-operator.js';
import { bindReduce } from './bind-reduce.js';
import { coerceToBoolean, resolveUnknown } from './coerce.js';
import { arrayAt, bindLambda, closed, type LambdaCall, lambdaAt, lambdaError } from './lambda-body.js';

export function misplacedLambda(position: number): Error {
  return userError('42601', 'a lambda is only an argument of a function that takes one', {
    position,
    hint: 'Write the array before it: transform(array, x -> …). An arrow of JSON stands in parentheses here: f(a, (b -> c)).',
  });
}

/** A call of a function that takes lambdas, if one is among its arguments. */
export function bindLambdaCall(
  call: Ast.FunctionCall,
  name: string,
  at: ExpressionContext,
  bind: BindExpression,
): Expression | undefined {
  if (!isLambdaFunction(name) || !call.args.some(({ value }) => value.kind === 'lambda')) return undefined;
  const of: LambdaCall = { name, usage: lambdaUsage(name), call, at, bind };
  switch (name) {
    case 'transform':
      return overElements(of, 'transform', 0);
    case 'list_transform':
    case 'array_transform':
    case 'list_apply':
    case 'array_apply':
    case 'apply':
      return overElements(of, 'transform', 1);
    case 'filter':
      return overElements(of, 'filter', 0);
    case 'list_filter':
    case 'array_filter':
      return overElements(of, 'filter', 1);
    case 'exists':
    case 'any_match':
      return overElements(of, 'exists', 0);
    case 'forall':
    case 'all_match':
      return overElements(of, 'forall', 0);
    case 'aggregate':
    case 'reduce':
    case 'list_reduce':
    case 'array_reduce':
      return bindReduce(of);
    case 'zip_with':
      return bindZip(of);
    case 'map_filter':
      return bindMapFilter(of);
    case 'transform_keys':
    case 'transform_values':
      return bindTransformedMap(of);
  }
}

/** Spark counts places from 0, DuckDB from 1. */
function overElements(
  of: LambdaCall,
  form: Exclude<LambdaExpression['form'], 'reduce'>,
  firstIndex: 0 | 1,
): LambdaExpression {
  if (of.call.args.length !== 2) throw lambdaError(of);
  const array = arrayAt(of, 0);
  const ast = lambdaAt(of, 1);
  const { position } = ast.body;
  const { context } = of.at;
  const takesPlace = form === 'transform' || form === 'filter';
  const lambda = bindLambda(of, ast, takesPlace ? [array.type.element, INTEGER] : [array.type.element]);
  const [element, index] = lambda.parameters;
  const value = closed(lambda);
  const body =
    form === 'transform'
      ? resolveUnknown(context, value, position)
      : coerceToBoolean(context, value, `the lambda of ${of.name}`, position);
  const type = form === 'transform' ? arrayOf(body.type) : form === 'filter' ? array.type : BOOLEAN;
  return { kind: 'lambda', type, form, array, element: element!, index, firstIndex, body };
}
