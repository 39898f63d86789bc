import type { Expression } from '../../planner/expression.js';
import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import { INTEGER } from '../../types/sql-type.js';

/** The rows of VALUES with their numbers in a last column; undefined for other plans. */
export function numberedPlan(plan: PhysicalNode): PhysicalNode | undefined {
  const number = { name: 'number', type: INTEGER };
  if (plan.kind === 'values') {
    const rows = plan.rows.map((row, value) => [...row, { kind: 'constant', type: INTEGER, value } as const]);
    return { ...plan, columns: [...plan.columns, number], rows };
  }
  const input = plan.kind === 'project' ? numberedPlan(plan.input) : undefined;
  if (plan.kind !== 'project' || input === undefined) return undefined;
  const last: Expression = { kind: 'column', type: INTEGER, column: input.columns.length - 1 };
  return { ...plan, input, columns: [...plan.columns, number], expressions: [...plan.expressions, last] };
}
