import { MillraceError } from '../../../common/errors.js';
import { OCCURRENCES } from '../../../functions/aggregate/occurrences.js';
import { scalarOverload } from '../../../functions/registry.js';
import { isUserFunctionId } from '../../../functions/user/user-function.js';
import { compareConstants, compareTruth } from '../../compare-constants.js';
import type { CaseExpression, Expression } from '../../expression.js';
import { functionOf } from '../../format-expression.js';
import { FALSE, mapOperands, operandsOf, TRUE } from '../../logical/expression-tree.js';
import { mapExpressions } from '../../logical/plan-tree.js';
import type { NodeRule, RuleContext } from '../rule.js';

/**
 * Whatever depends on nothing but constants is computed once, when planning. An expression whose evaluation fails stays
 * as it is: it may never be reached (`CASE WHEN x <> 0 THEN 1 / 0 END`), and if it is, it fails at run time.
 *
 *     o_orderdate < date '1995-01-01' + interval '3' month   →   o_orderdate < timestamp '1995-04-01'
 */
export const constantFolding: NodeRule = {
  name: 'constant-folding',
  description: 'Computes expressions that depend only on constants.',
  traversal: 'up',
  rewrite: (node, context) =>
    mapExpressions(node, (expression) =>
      node.kind === 'unnest' && isSeries(expression)
        ? mapOperands(expression, (operand) => foldConstants(operand, context))
        : foldConstants(expression, context),
    ),
};

/** A series of millions is counted once where it is taken apart, and is no text of a plan. */
const isSeries = (expression: Expression): boolean =>
  expression.kind === 'call' && functionOf(expression.overload) === 'series_array';

/** Expressions that were folded before and did not change: rules run again and again. */
const settled = new WeakSet<Expression>();

export function foldConstants(expression: Expression, context: RuleContext): Expression {
  if (settled.has(expression)) return expression;
  const folded = foldOne(
    mapOperands(expression, (operand) => foldConstants(operand, context)),
    context,
  );
  settled.add(folded);
  return folded;
}

function foldOne(expression: Expression, context: RuleContext): Expression {
  switch (expression.kind) {
    case 'column':
    case 'constant':
    case 'parameter':
    case 'variable':
    case 'and':
    case 'or':
      return expression;
    case 'case':
      return foldCase(expression);
    case 'coalesce':
      return foldCoalesce(expression);
    default:
      return evaluated(expression, context);
  }
}

function evaluated(expression: Expression, context: RuleContext): Expression {
  const operands = operandsOf(expression);
  if (expression.kind === 'call') {
    const { strict, volatility } = scalarOverload(expression.overload);
    if (volatility === 'volatile' || isUserFunctionId(expression.overload)) return expression;
    // What it is of is a constant, and how many rows there are is not known yet.
    if (expression.overload === OCCURRENCES) return expression;
    if (strict && operands.some((operand) => operand.kind === 'constant' && operand.value === null)) {
      return { kind: 'constant', type: expression.type, value: null };
    }
  }
  if (expression.kind === 'comparison' && !expression.operator.startsWith('is')) {
    const isNull = operands.some((operand) => operand.kind === 'constant' && operand.value === null);
    if (isNull) return { kind: 'constant', type: expression.type, value: null };
  }
  if (!operands.every((operand) => operand.kind === 'constant')) return expression;
  const truth = evaluatedHere(expression);
  if (truth !== undefined) return truth ? TRUE : FALSE;
  try {
    return context.evaluateConstant(expression);
  } catch (thrown) {
    if (thrown instanceof MillraceError && thrown.kind === 'user') return expression;
    throw thrown;
  }
}

/** Comparisons of plain constants need no evaluator, which matters where thousands of partitions are tested. */
function evaluatedHere(expression: Expression): boolean | undefined {
  switch (expression.kind) {
    case 'comparison': {
      const { left, right, operator } = expression;
      if (left.kind !== 'constant' || right.kind !== 'constant') return undefined;
      const order = compareConstants(left, right);
      return order === undefined ? undefined : compareTruth(operator, order);
    }
    case 'inList': {
      const { input, items, negated } = expression;
      if (input.kind !== 'constant') return undefined;
      const orders = items.map((item) => compareConstants(input, item));
      if (orders.includes(0)) return !negated;
      return orders.includes(undefined) ? undefined : negated;
    }
    case 'isNull':
      return expression.input.kind === 'constant'
        ? (expression.input.value === null) !== expression.negated
        : undefined;
    default:
      return undefined;
  }
}

/** Branches that cannot be taken go; a branch that is always taken ends the list. */
function foldCase(expression: CaseExpression): Expression {
  if (expression.branches.every(({ when }) => when.kind !== 'constant')) return expression;
  const branches: CaseExpression['branches'][number][] = [];
  let otherwise = expression.otherwise;
  for (const branch of expression.branches) {
    if (branch.when.kind !== 'constant') branches.push(branch);
    else if (branch.when.value === true) {
      otherwise = branch.then;
      break;
    }
  }
  if (branches.length > 0) return { ...expression, branches, otherwise };
  return otherwise ?? { kind: 'constant', type: expression.type, value: null };
}

function foldCoalesce(expression: Expression & { kind: 'coalesce' }): Expression {
  const operands = expression.operands.filter((operand) => operand.kind !== 'constant' || operand.value !== null);
  const sure = operands.findIndex((operand) => operand.kind === 'constant');
  const needed = sure < 0 ? operands : operands.slice(0, sure + 1);
  if (needed.length === 0) return { kind: 'constant', type: expression.type, value: null };
  if (needed.length === 1) return needed[0]!;
  return needed.length === expression.operands.length ? expression : { ...expression, operands: needed };
}
