import { decodeTextRows, type TextRow } from '../../exec/result/decode-text-rows.js';
import type * as Ast from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import { planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';

/** The rows of a query that a statement has to know before it goes on; few, and as text. */
export async function queryRows(
  context: StatementContext,
  query: Ast.Query,
  parameters: readonly ConstantExpression[] = [],
): Promise<readonly TextRow[]> {
  const { plan } = await planQueryOf(context, query, parameters);
  return await rowsOf(context, plan);
}

export async function rowsOf(context: StatementContext, plan: PhysicalNode): Promise<readonly TextRow[]> {
  const formatCodes = plan.columns.map((): 0 => 0);
  const running = context.engine.executor.start(plan, { format: { kind: 'postgres', formatCodes } });
  context.onCancel?.((reason) => running.cancel(reason));
  const rows: TextRow[] = [];
  for await (const { bytes } of running.chunks()) rows.push(...decodeTextRows(bytes));
  return rows;
}

/** The number that a query gives. */
export async function countRows(
  context: StatementContext,
  query: Ast.Query,
  parameters: readonly ConstantExpression[] = [],
): Promise<number> {
  const [row] = await queryRows(context, query, parameters);
  return Number(row?.[0]);
}
