import type { Query, QueryStatement } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import type { JoinDistribution } from '../../planner/physical/physical-plan.js';
import {
  describeQuery,
  type PlannedQuery,
  type PlannerContext,
  planQuery,
  type QueryDescription,
} from '../../planner/plan-query.js';
import type { SqlType } from '../../types/sql-type.js';
import { evaluateConstant } from '../evaluate-constant.js';
import { sessionValue } from '../session-values.js';
import type { StatementResult } from '../statement-result.js';
import type { StatementContext } from './statement-context.js';

export async function runQuery(
  context: StatementContext,
  statement: QueryStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const { plan } = await planQueryOf(context, statement.query, parameters);
  return { kind: 'rows', plan, command: 'SELECT' };
}

/** Plans a query; with `targetTypes`, its columns are cast to them as INSERT does. */
export async function planQueryOf(
  context: StatementContext,
  query: Query,
  parameters: readonly ConstantExpression[],
  options: Pick<PlannerContext, 'targetTypes' | 'targetNames' | 'trace'> = {},
): Promise<PlannedQuery> {
  return await planQuery(query, { ...plannerContext(context), ...options, parameterValues: parameters });
}

/** The columns and parameters of a query, without planning it. */
export async function describeQueryOf(
  context: StatementContext,
  query: Query,
  parameterTypes: readonly (SqlType | undefined)[],
  options: Pick<PlannerContext, 'targetTypes' | 'targetNames'> = {},
): Promise<QueryDescription> {
  return await describeQuery(query, { ...plannerContext(context), parameterTypes, ...options });
}

function plannerContext({ engine, session }: StatementContext): PlannerContext {
  const now = new Date();
  const disabled = session.settings.get('millrace.disabled_rules') ?? '';
  return {
    catalog: engine.catalog,
    evaluateConstant: (expression) => evaluateConstant(engine, expression),
    sessionValue: (name, args) => sessionValue(session, name, args, now),
    joinDistribution: {
      mode: session.settings.get('millrace.join_distribution') as JoinDistribution | 'auto',
      memoryBytes: engine.executor.shared.capacityBytes,
    },
    disabledRules: new Set(disabled.split(',').map((rule) => rule.trim())),
  };
}
