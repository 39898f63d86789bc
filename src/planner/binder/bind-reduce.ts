import { commonType } from '../../types/coercion.js';
import { decimal, INTEGER, MAX_DECIMAL_PRECISION, type SqlType, sameType } from '../../types/sql-type.js';
import type { Expression, LambdaExpression } from '../expression.js';
import { atPosition } from './bind-context.js';
import { builtCall } from './built-call.js';
import { coerce, resolveUnknown } from './coerce.js';
import { foldIfConstant } from './fold.js';
import {
  arrayAt,
  type BoundLambda,
  bindLambda,
  closed,
  type LambdaCall,
  lambdaAt,
  lambdaError,
  valueAt,
  withParameters,
} from './lambda-body.js';

/**
 * Spark's `reduce(array, start, (result, x) -> …[, result -> …])`, and DuckDB's `list_reduce(array, (result, x[, i]) -> …[,
 * start])`, which begins with the first element where no start is given.
 */
export function bindReduce(of: LambdaCall): Expression {
  const { call, at } = of;
  const array = arrayAt(of, 0);
  if (call.args[1]?.value.kind !== 'lambda') {
    if (call.args.length > 4) throw lambdaError(of);
    const reduced = reduction(of, array, valueAt(of, 1), 2, 0);
    return call.args.length < 4 ? reduced : finished(of, reduced);
  }
  if (call.args.length === 3) return reduction(of, array, valueAt(of, 2), 1, 1);
  if (call.args.length > 3) throw lambdaError(of);
  const number = (value: number): Expression => ({ kind: 'constant', type: INTEGER, value });
  const built = (name: string, ...args: readonly Expression[]): Expression =>
    builtCall(at.context, name, args, call.position);
  const rest = built('array_slice', array, number(2), built('array_size', array));
  const first = built('array_subscript', array, number(1));
  return reduction(of, { ...rest, type: array.type }, first, 1, 2);
}

/** What the result is when it is the parameter of another lambda. */
function finished(of: LambdaCall, reduced: Expression): Expression {
  const ast = lambdaAt(of, 3);
  const finish = withParameters(bindLambda(of, ast, [reduced.type]), [reduced]);
  return resolveUnknown(of.at.context, finish, ast.body.position);
}

function reduction(
  of: LambdaCall,
  array: Expression & { type: { kind: 'array' } },
  begin: Expression,
  place: number,
  firstIndex: LambdaExpression['firstIndex'],
): LambdaExpression {
  const ast = lambdaAt(of, place);
  const { context } = of.at;
  const { position } = ast.body;
  const bind = (accumulator: SqlType): BoundLambda =>
    bindLambda(of, ast, [accumulator, array.type.element, ...(firstIndex > 0 ? [INTEGER] : [])]);
  const start = resolveUnknown(context, begin, of.call.position);
  const type = atPosition(position, () => resultType(start.type, (given) => bind(given).body.type));
  const lambda = bind(type);
  const [accumulator, element, index] = lambda.parameters;
  if (!accumulator || !element) throw lambdaError(of);
  return {
    kind: 'lambda',
    type,
    form: 'reduce',
    array,
    start: foldIfConstant(context, coerce(context, start, type, of.call.position), of.call.position),
    accumulator,
    element,
    index,
    firstIndex,
    body: coerce(context, closed(lambda), type, position, 'assignment'),
  };
}

/** The type that holds the start and what the body makes of it. A decimal gets all digits: each round may need one more. */
function resultType(start: SqlType, bodyOf: (accumulator: SqlType) => SqlType): SqlType {
  const widened = (type: SqlType): SqlType =>
    type.kind === 'decimal' ? decimal(MAX_DECIMAL_PRECISION, type.scale) : type;
  const first = commonType([start, bodyOf(start)], 'the lambda');
  if (sameType(first, start) && first.kind !== 'decimal') return first;
  return widened(commonType([first, bodyOf(widened(first))], 'the lambda'));
}
