import type { Expression } from '../../expression.js';
import { operandsOf, refer, substituteColumns, visitExpression } from '../../logical/expression-tree.js';
import type { LogicalNode, LogicalProject } from '../../logical/logical-plan.js';
import { outputOf } from '../../logical/plan-tree.js';
import { valuesOf } from '../../logical/projections.js';
import type { NodeRule } from '../rule.js';
import { isVolatile } from '../volatility.js';

/**
 * Two projections on top of each other become one, unless that would compute something twice; a projection that hands
 * on just what it gets goes away.
 *
 *     project a + 1 as b over project x * 2 as a   →   project x * 2 + 1 as b
 */
export const mergeProjects: NodeRule = {
  name: 'merge-projects',
  description: 'Makes one projection of two, and drops those that change nothing.',
  traversal: 'down',
  rewrite(node) {
    if (node.kind !== 'project') return undefined;
    if (node.input.kind === 'project') return merged(node, node.input);
    return isIdentity(node) ? node.input : undefined;
  },
};

function merged(outer: LogicalProject, inner: LogicalProject): LogicalNode | undefined {
  const expressions = valuesOf(inner.items);
  const uses = new Map<number, number>();
  for (const item of outer.items) {
    visitExpression(item.expression, (part) => {
      if (part.kind === 'column') uses.set(part.column, (uses.get(part.column) ?? 0) + 1);
    });
  }
  for (const [id, count] of uses) {
    const expression = expressions.get(id);
    if (expression && (isVolatile(expression) || (count > 1 && !isCheap(expression)))) return undefined;
  }
  const items = outer.items.map((item) => ({ ...item, expression: substituteColumns(item.expression, expressions) }));
  return { kind: 'project', input: inner.input, items };
}

function isCheap(expression: Expression): boolean {
  return operandsOf(expression).length === 0;
}

function isIdentity(project: LogicalProject): boolean {
  const columns = outputOf(project.input);
  return (
    columns.length === project.items.length &&
    project.items.every(({ column, expression }, i) => {
      const same = refer(columns[i]!);
      return (
        column.id === columns[i]!.id &&
        expression.kind === 'column' &&
        same.kind === 'column' &&
        expression.column === same.column
      );
    })
  );
}
