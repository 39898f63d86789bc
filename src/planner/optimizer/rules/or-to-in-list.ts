import { BOOLEAN } from '../../../types/sql-type.js';
import type { ConstantExpression, Expression, InListExpression, LogicalExpression } from '../../expression.js';
import { equals, expressionKey, orOf, rewriteBottomUp } from '../../logical/expression-tree.js';
import { mapExpressions } from '../../logical/plan-tree.js';
import type { NodeRule } from '../rule.js';
import { isVolatile } from '../volatility.js';

/**
 * What is compared with several constants is looked up in a list, which scans, statistics and partitions understand,
 * and which costs one look-up however long it is. A list of one is a comparison.
 *
 *     a = 1 or a = 2 or a in (3, 4)   →   a in (1, 2, 3, 4)
 */
export const orToInList: NodeRule = {
  name: 'or-to-in-list',
  description: 'Makes IN lists of equalities joined by OR, and comparisons of lists of one.',
  traversal: 'up',
  rewrite: (node) => mapExpressions(node, gather),
};

const settled = new WeakSet<Expression>();

function gather(expression: Expression): Expression {
  if (settled.has(expression)) return expression;
  const gathered = rewriteBottomUp(expression, (part) => {
    if (part.kind === 'or') return gatherOr(part);
    return part.kind === 'inList' ? shortened(part) : part;
  });
  settled.add(gathered);
  return gathered;
}

interface Alternatives {
  readonly input: Expression;
  readonly items: readonly ConstantExpression[];
}

/** `input = constant` and `input IN (constants)`, which are NULL for the same rows. */
export function alternativesOf(expression: Expression): Alternatives | undefined {
  if (expression.kind === 'inList') {
    return expression.negated ? undefined : { input: expression.input, items: expression.items };
  }
  if (expression.kind !== 'comparison' || expression.operator !== '=') return undefined;
  const { left, right } = expression;
  if (right.kind === 'constant') return left.kind === 'constant' ? undefined : { input: left, items: [right] };
  return left.kind === 'constant' ? { input: right, items: [left] } : undefined;
}

function gatherOr(expression: LogicalExpression): Expression {
  const lists = new Map<string, Alternatives[]>();
  for (const operand of expression.operands) {
    const alternatives = alternativesOf(operand);
    if (!alternatives || isVolatile(alternatives.input)) continue;
    const key = expressionKey(alternatives.input);
    lists.set(key, [...(lists.get(key) ?? []), alternatives]);
  }
  if ([...lists.values()].every((found) => found.length < 2)) return expression;
  const done = new Set<string>();
  const operands = expression.operands.flatMap((operand) => {
    const alternatives = alternativesOf(operand);
    const key = alternatives && expressionKey(alternatives.input);
    const found = key === undefined ? undefined : lists.get(key);
    if (!found || found.length < 2) return [operand];
    if (done.has(key!)) return [];
    done.add(key!);
    return [
      shortened({
        kind: 'inList',
        type: BOOLEAN,
        input: found[0]!.input,
        items: found.flatMap(({ items }) => items),
        negated: false,
      }),
    ];
  });
  return orOf(operands);
}

/** Each item once; a list of one is a comparison. */
function shortened(list: InListExpression): Expression {
  const byKey = new Map(list.items.map((item) => [expressionKey(item), item]));
  const items = byKey.size === list.items.length ? list.items : [...byKey.values()];
  const [only] = items;
  if (items.length === 1) return { ...equals(list.input, only!), operator: list.negated ? '<>' : '=' } as Expression;
  return items === list.items ? list : { ...list, items };
}
