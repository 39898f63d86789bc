import { BOOLEAN } from '../../../types/sql-type.js';
import type { CaseExpression, Expression } from '../../expression.js';
import { expressionKey, isConstant, rewriteBottomUp } from '../../logical/expression-tree.js';
import { mapExpressions } from '../../logical/plan-tree.js';
import type { NodeRule } from '../rule.js';
import { isVolatile } from '../volatility.js';

/**
 * A CASE that only says whether a condition is true is that condition; one that gives the same whatever happens is what
 * it gives; a branch whose condition was asked before, or that gives what ELSE gives, goes.
 *
 *     case when a > 1 then true else false end   →   (a > 1) is true
 */
export const simplifyCase: NodeRule = {
  name: 'simplify-case',
  description: 'Simplifies CASE where it states a condition or always gives the same.',
  traversal: 'up',
  rewrite: (node) => mapExpressions(node, simplify),
};

const settled = new WeakSet<Expression>();

function simplify(expression: Expression): Expression {
  if (settled.has(expression)) return expression;
  const simplified = rewriteBottomUp(expression, (part) => (part.kind === 'case' ? simplifyOne(part) : part));
  settled.add(simplified);
  return simplified;
}

const NULL_KEY = 'null';

function simplifyOne(expression: CaseExpression): Expression {
  if (expression.branches.some(({ when }) => isVolatile(when))) return expression;
  const defaultKey = resultKey(expression.otherwise);
  const asked = new Set<string>();
  const branches = expression.branches.filter(({ when }) => {
    const key = expressionKey(when);
    return !asked.has(key) && asked.add(key);
  });
  while (branches.length > 0 && resultKey(branches.at(-1)!.then) === defaultKey) branches.pop();
  if (branches.length === 0) return expression.otherwise ?? { kind: 'constant', type: expression.type, value: null };
  const [first] = branches;
  if (branches.length === 1 && expression.type.kind === 'boolean' && expression.otherwise) {
    const { otherwise } = expression;
    const states = isConstant(first!.then, true) && isConstant(otherwise, false);
    const denies = isConstant(first!.then, false) && isConstant(otherwise, true);
    if (states || denies) {
      return { kind: 'booleanTest', type: BOOLEAN, input: first!.when, value: true, negated: denies };
    }
  }
  return branches.length === expression.branches.length ? expression : { ...expression, branches };
}

/** Without ELSE the result is NULL. */
function resultKey(result: Expression | undefined): string {
  return result === undefined || isConstant(result, null) ? NULL_KEY : expressionKey(result);
}
