import type * as Ast from '../../parser/ast/index.js';
import { decimal, MAX_DECIMAL_PRECISION, type SqlType } from '../../types/sql-type.js';
import type { ConstantExpression, Expression } from '../expression.js';
import { andOf, caseBranch } from '../logical/expression-tree.js';
import { type BindContext, type ExpressionContext, unsupported } from './bind-context.js';
import { applyOperator, type BindExpression, compare } from './bind-operator.js';
import { coerce, resolveUnknown } from './coerce.js';

const OPERATORS: Readonly<Record<string, string>> = { try_add: '+', try_subtract: '-', try_multiply: '*' };

const BITS: Readonly<Record<string, bigint>> = { smallint: 15n, integer: 31n, bigint: 63n };

/** Holds the sum, the difference and the product of any two bigints. */
const EXACT: SqlType = decimal(MAX_DECIMAL_PRECISION, 0);

/** Spark's try_add, try_subtract and try_multiply: NULL where the result does not fit the type of integers. */
export function bindTryArithmetic(
  call: Ast.FunctionCall,
  name: string,
  at: ExpressionContext,
  bind: BindExpression,
): Expression | undefined {
  const operator = OPERATORS[name];
  if (operator === undefined || call.args.length !== 2) return undefined;
  const { context } = at;
  const { position } = call;
  const [left, right] = call.args.map(({ value }) => resolveUnknown(context, bind(value, at), value.position));
  const plain = applyOperator(context, operator, left, right!, position);
  const bits = BITS[plain.type.kind];
  if (bits === undefined) {
    throw unsupported(
      `${name} of other types than integers`,
      position,
      'Decimals and doubles overflow rarely: write the operator.',
    );
  }
  const exactly = (operand: Expression): Expression => coerce(context, operand, EXACT, position);
  const exact = exactly(applyOperator(context, operator, exactly(left!), exactly(right!), position));
  const limits = [
    compareWith(context, '>=', exact, -(2n ** bits), position),
    compareWith(context, '<=', exact, 2n ** bits - 1n, position),
  ];
  return { kind: 'case', type: plain.type, branches: [caseBranch(andOf(limits), plain)] };
}

function compareWith(
  context: BindContext,
  operator: '>=' | '<=',
  exact: Expression,
  value: bigint,
  position: number,
): Expression {
  const limit: ConstantExpression = { kind: 'constant', type: EXACT, value };
  return compare(context, operator, exact, limit, position);
}
