import { BOOLEAN } from '../../../types/sql-type.js';
import type { ComparisonOperator, Expression, LogicalExpression } from '../../expression.js';
import {
  andOf,
  conjunctsOf,
  expressionKey,
  FALSE,
  isConstant,
  mapOperands,
  notOf,
  orOf,
  TRUE,
} from '../../logical/expression-tree.js';
import type { LogicalNode } from '../../logical/logical-plan.js';
import { mapExpressions } from '../../logical/plan-tree.js';
import type { NodeRule } from '../rule.js';

/**
 * Brings conditions into a form that other rules can take apart: constants drop out of AND and OR, NOT moves inwards,
 * filters become lists of conjuncts, and what every branch of an OR demands is asked once, outside:
 *
 *     (p = l and a) or (p = l and b)   →   p = l and (a or b)
 *
 * so that `p = l` can become a join key (TPC-H Q19).
 */
export const simplifyBoolean: NodeRule = {
  name: 'simplify-boolean',
  description: 'Simplifies AND, OR and NOT, and takes common factors out of OR.',
  traversal: 'up',
  rewrite: (node) => splitConjuncts(mapExpressions(node, simplify)),
};

/** Conjunct lists hold no ANDs, no TRUEs and no repetitions. */
function splitConjuncts(node: LogicalNode): LogicalNode | undefined {
  switch (node.kind) {
    case 'filter': {
      const conjuncts = flatten(node.conjuncts);
      if (conjuncts.length === 0) return node.input;
      return conjuncts === node.conjuncts ? node : { ...node, conjuncts };
    }
    case 'scan': {
      const filters = flatten(node.filters);
      return filters === node.filters ? node : { ...node, filters };
    }
    case 'join':
    case 'apply': {
      // For these a condition that is NULL is not one that is false.
      if (node.nullAware || node.joinKind === 'nullAwareAnti') return node;
      const conditions = flatten(node.conditions);
      return conditions === node.conditions ? node : { ...node, conditions };
    }
    default:
      return node;
  }
}

function flatten(conjuncts: readonly Expression[]): readonly Expression[] {
  const seen = new Set<string>();
  const flat = conjuncts.flatMap(conjunctsOf).filter((conjunct) => {
    const key = expressionKey(conjunct);
    return !seen.has(key) && seen.add(key);
  });
  const never = flat.find((conjunct) => conjunct.kind === 'constant' && conjunct.value !== true);
  if (never) return conjuncts.length === 1 && isConstant(conjuncts[0]!, false) ? conjuncts : [FALSE];
  return flat.length === conjuncts.length && flat.every((conjunct, i) => conjunct === conjuncts[i]) ? conjuncts : flat;
}

const settled = new WeakSet<Expression>();

export function simplify(expression: Expression): Expression {
  if (settled.has(expression)) return expression;
  const simplified = simplifyOne(mapOperands(expression, simplify));
  settled.add(simplified);
  return simplified;
}

function simplifyOne(expression: Expression): Expression {
  switch (expression.kind) {
    case 'and':
      return simplifyAnd(expression);
    case 'or':
      return simplifyOr(expression);
    case 'not':
      return negate(expression.input) ?? expression;
    default:
      return expression;
  }
}

function uniqueOperands(expression: LogicalExpression): Expression[] {
  const seen = new Set<string>();
  return expression.operands
    .flatMap((operand) => (operand.kind === expression.kind ? operand.operands : [operand]))
    .filter((operand) => {
      const key = expressionKey(operand);
      return !seen.has(key) && seen.add(key);
    });
}

function simplifyAnd(expression: LogicalExpression): Expression {
  const operands = uniqueOperands(expression).filter((operand) => !isConstant(operand, true));
  if (operands.some((operand) => isConstant(operand, false))) return FALSE;
  return operands.length === expression.operands.length ? expression : andOf(operands);
}

function simplifyOr(expression: LogicalExpression): Expression {
  const operands = uniqueOperands(expression).filter((operand) => !isConstant(operand, false));
  if (operands.some((operand) => isConstant(operand, true))) return TRUE;
  return factored(operands) ?? (operands.length === expression.operands.length ? expression : orOf(operands));
}

/** `(f and a) or (f and b)` → `f and (a or b)`; `f or (f and b)` → `f`. */
function factored(disjuncts: readonly Expression[]): Expression | undefined {
  const [first, ...others] = disjuncts;
  if (!first || others.length === 0) return undefined;
  const keySets = others.map((disjunct) => new Set(conjunctsOf(disjunct).map(expressionKey)));
  const factors = conjunctsOf(first).filter((conjunct) => keySets.every((keys) => keys.has(expressionKey(conjunct))));
  if (factors.length === 0) return undefined;
  const taken = new Set(factors.map(expressionKey));
  const rests = disjuncts.map((disjunct) =>
    andOf(conjunctsOf(disjunct).filter((conjunct) => !taken.has(expressionKey(conjunct)))),
  );
  const rest = rests.some((operand) => isConstant(operand, true)) ? TRUE : orOf(rests);
  return andOf([...factors, ...conjunctsOf(rest)]);
}

const NEGATED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  'is distinct from': 'is not distinct from',
  'is not distinct from': 'is distinct from',
};

/** NOT of an expression without the NOT, where there is a form for it. NULL stays NULL in each. */
export function negate(input: Expression): Expression | undefined {
  switch (input.kind) {
    case 'constant':
      return input.value === null ? input : input.value ? FALSE : TRUE;
    case 'not':
      return input.input;
    case 'comparison':
      return { ...input, operator: NEGATED[input.operator] };
    case 'isNull':
    case 'inList':
    case 'booleanTest':
      return { ...input, negated: !input.negated };
    case 'and':
    case 'or':
      return {
        kind: input.kind === 'and' ? 'or' : 'and',
        type: BOOLEAN,
        operands: input.operands.map((operand) => negate(operand) ?? notOf(operand)),
      };
    default:
      return undefined;
  }
}
