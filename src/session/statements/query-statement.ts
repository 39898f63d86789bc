import { userFunctionsIn } from '../../functions/user/user-function.js';
import type { Query, QueryStatement } from '../../parser/index.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { substituteColumns } from '../../planner/logical/expression-tree.js';
import type { JoinDistribution, PhysicalNode } from '../../planner/physical/physical-plan.js';
import {
  describeQuery,
  type PlannedQuery,
  type PlannerContext,
  planQuery,
  type QueryDescription,
} from '../../planner/plan-query.js';
import type { SqlType } from '../../types/sql-type.js';
import { evaluateConstant } from '../evaluate-constant.js';
import { describeWithCache, planWithCache } from '../plan-cache/plan-with-cache.js';
import { sessionValue } from '../session-values.js';
import type { StatementResult } from '../statement-result.js';
import type { StatementContext } from './statement-context.js';

export async function runQuery(
  context: StatementContext,
  statement: QueryStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const query = knowing(statement.query, context);
  const plan = await planWithCache(context, parameters, plannerContext(context), (settings) =>
    planQuery(query, { ...settings, parameterValues: parameters }),
  );
  return { kind: 'rows', plan, command: 'SELECT' };
}

/** What `runQuery` will answer with. */
export async function describeResult(
  context: StatementContext,
  { query }: QueryStatement,
  parameterTypes: readonly (SqlType | undefined)[],
): Promise<QueryDescription> {
  const known = parameterTypes.length === 0 ? await describeWithCache(context) : undefined;
  return known ?? (await describeQueryOf(context, query, parameterTypes));
}

/** Plans a query; with `targetTypes`, its columns are cast to them as INSERT does. */
export async function planQueryOf(
  context: StatementContext,
  query: Query,
  parameters: readonly ConstantExpression[],
  options: Pick<PlannerContext, 'targetTypes' | 'targetNames' | 'trace'> = {},
): Promise<PlannedQuery> {
  return await planQuery(knowing(query, context), {
    ...plannerContext(context),
    ...options,
    parameterValues: parameters,
  });
}

/** The columns and parameters of a query, without planning it. */
export async function describeQueryOf(
  context: StatementContext,
  query: Query,
  parameterTypes: readonly (SqlType | undefined)[],
  options: Pick<PlannerContext, 'targetTypes' | 'targetNames'> = {},
): Promise<QueryDescription> {
  return await describeQuery(knowing(query, context), { ...plannerContext(context), parameterTypes, ...options });
}

/** A query of a statement with the tables of the WITH before it. */
function knowing(query: Query, { commonTables }: StatementContext): Query {
  if (commonTables === undefined) return query;
  if (query.with === undefined) return { ...query, with: commonTables };
  const outer = { orderBy: [], limit: undefined, offset: undefined };
  return { ...query, ...outer, with: commonTables, body: query };
}

/** The one row of a plan without scans and subqueries; undefined where it is not to be had without running it. */
export function constantRow(
  { engine }: Pick<StatementContext, 'engine'>,
  plan: PhysicalNode,
): readonly ConstantExpression[] | undefined {
  if (userFunctionsIn(plan).length > 0) return undefined;
  if (plan.kind === 'values') return plan.rows.length === 1 ? plan.rows[0] : undefined;
  if (plan.kind !== 'project') return undefined;
  const input = constantRow({ engine }, plan.input);
  if (input === undefined) return undefined;
  const columns = new Map(input.entries());
  return plan.expressions.map((expression) => {
    const value = substituteColumns(expression, columns);
    return value.kind === 'constant' ? value : evaluateConstant(engine, value);
  });
}

export function plannerContext({ engine, session }: StatementContext): PlannerContext {
  const now = new Date();
  const rulesOf = (setting: string): ReadonlySet<string> =>
    new Set((session.settings.get(setting) ?? '').split(',').map((rule) => rule.trim()));
  return {
    catalog: session.catalog,
    evaluateConstant: (expression) => evaluateConstant(engine, expression),
    userFunctions: engine.functions.overloads,
    sessionValue: (name, args) => sessionValue(session, name, args, now),
    timeZone: session.timeZone,
    joinDistribution: {
      mode: session.settings.get('millrace.join_distribution') as JoinDistribution | 'auto',
      memoryBytes: engine.executor.shared.capacityBytes,
    },
    laneCount: engine.executor.laneCount,
    joinFilters: session.settings.get('millrace.join_filters') !== 'off',
    disabledRules: rulesOf('millrace.disabled_rules'),
    forcedRules: rulesOf('millrace.forced_rules'),
  };
}
