import { scalarOverload } from '../../../functions/registry.js';
import { type SqlType, sameType } from '../../../types/sql-type.js';
import type { CallExpression, Expression } from '../../expression.js';
import { functionOf } from '../../format-expression.js';
import { rewriteBottomUp } from '../../logical/expression-tree.js';
import { mapExpressions } from '../../logical/plan-tree.js';
import type { NodeRule } from '../rule.js';

/**
 * Operations that leave every value as it is, NULL included, are left out, where the result has the operand's type.
 * Queries that programs write are full of them, and they hide columns from statistics and partitions.
 *
 *     (a + 0) * 1 = 7   →   a = 7
 *
 * `a * 0` stays, for it is NULL where `a` is; so does `-(-a)`, which may overflow; and `a + 0` of floats, for it makes
 * 0 of -0.
 */
export const arithmeticIdentities: NodeRule = {
  name: 'arithmetic-identities',
  description: 'Leaves out operations that change nothing: adding zero, multiplying by one.',
  traversal: 'up',
  rewrite: (node) => mapExpressions(node, simplify),
};

const settled = new WeakSet<Expression>();

function simplify(expression: Expression): Expression {
  if (settled.has(expression)) return expression;
  const simplified = rewriteBottomUp(expression, (part) => (part.kind === 'call' ? (operandOf(part) ?? part) : part));
  settled.add(simplified);
  return simplified;
}

/** Of other types the operators do other things: `jsonb - 0` deletes an element, and `text[] || ''` appends one. */
const ARITHMETIC: ReadonlySet<SqlType['kind']> = new Set<SqlType['kind']>([
  ...(['smallint', 'integer', 'bigint', 'decimal', 'real', 'double'] as const),
  ...(['date', 'interval', 'text'] as const),
]);

/** The operand that the call hands on. */
function operandOf(call: CallExpression): Expression | undefined {
  const [left, right] = call.args;
  if (!left || !right || call.args.length !== 2 || !scalarOverload(call.overload).strict) return undefined;
  const kept = keptOperand(functionOf(call.overload), left, right);
  return kept && sameType(kept.type, call.type) && ARITHMETIC.has(kept.type.kind) ? kept : undefined;
}

function keptOperand(operator: string, left: Expression, right: Expression): Expression | undefined {
  const isFloat = left.type.kind === 'real' || left.type.kind === 'double';
  switch (operator) {
    case '+':
      if (isFloat) return undefined;
      return isNumber(right, 0) ? left : isNumber(left, 0) ? right : undefined;
    case '-':
      return !isFloat && isNumber(right, 0) ? left : undefined;
    case '*':
      return isNumber(right, 1) ? left : isNumber(left, 1) ? right : undefined;
    case '/':
      return isNumber(right, 1) ? left : undefined;
    case '||':
      return isEmptyText(right) ? left : isEmptyText(left) ? right : undefined;
    default:
      return undefined;
  }
}

function isNumber(expression: Expression, value: 0 | 1): boolean {
  if (expression.kind !== 'constant') return false;
  const { type, value: actual } = expression;
  if (typeof actual === 'number') return actual === value;
  if (typeof actual !== 'bigint') return false;
  return actual === (type.kind === 'decimal' ? BigInt(value) * 10n ** BigInt(type.scale) : BigInt(value));
}

function isEmptyText(expression: Expression): boolean {
  return expression.kind === 'constant' && expression.type.kind === 'text' && expression.value === '';
}
