import type { Expression } from '../expression.js';
import { substituteColumns } from './expression-tree.js';
import type { LogicalNode, ProjectItem } from './logical-plan.js';

/** What projections compute, by column: substituted, an expression above one stands below it. */
export type ProjectedValues = ReadonlyMap<number, Expression>;

export function valuesOf(items: readonly ProjectItem[]): ProjectedValues {
  return new Map(items.map(({ column, expression }) => [column.id, expression]));
}

/** Of a projection over others, whose values are `below`. */
export function valuesOver(items: readonly ProjectItem[], below: ProjectedValues): ProjectedValues {
  const own = items.map(({ column, expression }): [number, Expression] => [
    column.id,
    substituteColumns(expression, below),
  ]);
  return new Map([...below, ...own]);
}

/** A plan without the projections at its top. */
export function belowProjections(node: LogicalNode): { readonly plan: LogicalNode; readonly values: ProjectedValues } {
  if (node.kind !== 'project') return { plan: node, values: new Map() };
  const { plan, values } = belowProjections(node.input);
  return { plan, values: valuesOver(node.items, values) };
}
