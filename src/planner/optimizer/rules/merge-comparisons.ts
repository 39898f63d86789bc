import type { Expression } from '../../expression.js';
import { andOf, columnsOf, conjunctsOf, expressionKey, FALSE, isNullOf, orOf } from '../../logical/expression-tree.js';
import type { LogicalNode } from '../../logical/logical-plan.js';
import { mergedConstraints } from '../column-constraints.js';
import type { NodeRule } from '../rule.js';
import { isVolatile } from '../volatility.js';

/**
 * All that a filter demands of one expression is taken together: bounds that follow from others go, equal bounds become
 * an equality, lists lose what other conditions rule out, and what contradicts itself is false, so that nothing is read.
 * A comparison of something with itself only asks whether it is NULL.
 *
 *     a > 3 and a >= 5 and a in (4, 6)   →   a = 6
 *     a = 1 and a > 2                     →   false
 *
 * Only where a condition that is NULL does what a false one does: in filters and join conditions.
 */
export const mergeComparisons: NodeRule = {
  name: 'merge-comparisons',
  description: 'Merges comparisons of one expression with constants, and finds contradictions.',
  traversal: 'up',
  rewrite(node) {
    switch (node.kind) {
      case 'filter':
        return changed(node, 'conjuncts', node.conjuncts);
      case 'scan':
        return changed(node, 'filters', node.filters);
      case 'join':
      case 'apply':
        if (node.nullAware || node.joinKind === 'nullAwareAnti') return undefined;
        return changed(node, 'conditions', node.conditions);
      default:
        return undefined;
    }
  },
};

function changed(node: LogicalNode, property: string, conjuncts: readonly Expression[]): LogicalNode | undefined {
  const merged = mergeConjuncts(conjuncts);
  return merged === conjuncts ? undefined : ({ ...node, [property]: merged } as LogicalNode);
}

const settled = new WeakSet<readonly Expression[]>();

function mergeConjuncts(conjuncts: readonly Expression[]): readonly Expression[] {
  if (settled.has(conjuncts)) return conjuncts;
  const simpler = mapAll(conjuncts, simplifyTruth);
  const merged = mergedConstraints(simpler.flatMap(conjunctsOf));
  const same = merged.length === conjuncts.length && merged.every((conjunct, i) => conjunct === conjuncts[i]);
  const result = same ? conjuncts : merged;
  settled.add(result);
  return result;
}

/** A condition of which only the truth matters. */
function simplifyTruth(condition: Expression): Expression {
  switch (condition.kind) {
    case 'comparison':
      return withItself(condition) ?? condition;
    case 'and': {
      const operands = mergeConjuncts(condition.operands);
      return operands === condition.operands ? condition : andOf(operands);
    }
    case 'or': {
      const operands = mapAll(condition.operands, simplifyTruth);
      return operands === condition.operands ? condition : orOf(operands);
    }
    default:
      return condition;
  }
}

/** NaN equals itself, as in PostgreSQL. */
function withItself(condition: Expression & { kind: 'comparison' }): Expression | undefined {
  const { left, right, operator } = condition;
  if (columnsOf(left).size === 0 || expressionKey(left) !== expressionKey(right) || isVolatile(left)) return undefined;
  switch (operator) {
    case '=':
    case '<=':
    case '>=':
      return isNullOf(left, true);
    case 'is not distinct from':
      return { ...FALSE, value: true };
    default:
      return FALSE;
  }
}

function mapAll(
  expressions: readonly Expression[],
  change: (expression: Expression) => Expression,
): readonly Expression[] {
  const changedExpressions = expressions.map(change);
  return changedExpressions.every((expression, i) => expression === expressions[i]) ? expressions : changedExpressions;
}
