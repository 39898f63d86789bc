import { resolveOperator } from '../../../functions/registry.js';
import { type DecimalType, decimal, MAX_DECIMAL_PRECISION, sameType } from '../../../types/sql-type.js';
import type { CallExpression, ConstantExpression, Expression } from '../../expression.js';
import { functionOf } from '../../format-expression.js';
import { rewriteBottomUp } from '../../logical/expression-tree.js';
import { mapExpressions } from '../../logical/plan-tree.js';
import type { NodeRule } from '../rule.js';

/**
 * A decimal divided by a constant that has a finite reciprocal, as halves, tenths and per cents do, is multiplied by that:
 * the product has few digits and is computed in 64 bits, a quotient always has 16 after the point and is computed in 128.
 * The cast to the quotient's type appends zeros, and comparisons do without it (`unwrap-casts`).
 *
 *     price / 2 > cost   →   (price * 0.5)::numeric(38,16) > cost
 *
 * Only where the product holds every digit: else it would fail, or be rounded, where the quotient is not.
 */
export const exactQuotients: NodeRule = {
  name: 'exact-quotients',
  description: 'Multiplies decimals by the reciprocals of constants such as 2 or 100.',
  traversal: 'up',
  rewrite: (node) => mapExpressions(node, multiply),
};

const settled = new WeakSet<Expression>();

function multiply(expression: Expression): Expression {
  if (settled.has(expression)) return expression;
  const multiplied = rewriteBottomUp(expression, (part) => (part.kind === 'call' ? (productOf(part) ?? part) : part));
  settled.add(multiplied);
  return multiplied;
}

function productOf(call: CallExpression): Expression | undefined {
  const [dividend, divisor] = call.args;
  if (functionOf(call.overload) !== '/' || call.type.kind !== 'decimal') return undefined;
  if (dividend?.type.kind !== 'decimal' || dividend.kind === 'constant' || divisor?.kind !== 'constant')
    return undefined;
  const reciprocal = reciprocalOf(divisor);
  if (!reciprocal) return undefined;
  const factor = reciprocal.type as DecimalType;
  if (dividend.type.precision + factor.precision > MAX_DECIMAL_PRECISION) return undefined;
  if (dividend.type.scale + factor.scale > call.type.scale) return undefined;
  const { overload, returns, argTypes } = resolveOperator('*', dividend.type, factor);
  if (!argTypes.every((type, index) => sameType(type, [dividend, reciprocal][index]!.type))) return undefined;
  const product: CallExpression = { kind: 'call', type: returns, overload, args: [dividend, reciprocal] };
  return { kind: 'cast', type: call.type, input: product };
}

/** 1 divided by the constant, where that has an end: where the divisor has no prime factors but 2 and 5. */
function reciprocalOf({ type, value }: ConstantExpression): ConstantExpression | undefined {
  if (type.kind !== 'decimal' || typeof value !== 'bigint' || value === 0n) return undefined;
  let rest = value < 0n ? -value : value;
  const count = (prime: bigint): number => {
    let times = 0;
    for (; rest % prime === 0n; rest /= prime) times++;
    return times;
  };
  const digits = Math.max(count(2n), count(5n));
  if (rest !== 1n) return undefined;
  // The divisor is value / 10^type.scale.
  const scale = Math.max(0, digits - type.scale);
  const reciprocal = 10n ** BigInt(type.scale + scale) / value;
  const precision = Math.max(scale, String(reciprocal < 0n ? -reciprocal : reciprocal).length);
  if (precision > MAX_DECIMAL_PRECISION) return undefined;
  return { kind: 'constant', type: decimal(precision, scale), value: reciprocal };
}
