import { clockReads } from '../../functions/casts/datetime/parse-timestamp.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { isVolatile } from '../../planner/optimizer/volatility.js';
import type { PhysicalNode } from '../../planner/physical/physical-plan.js';
import type { PlannedQuery, PlannerContext, QueryDescription } from '../../planner/plan-query.js';
import type { StatementContext } from '../statements/statement-context.js';
import { ObservedCatalog } from './observed-catalog.js';
import { planKey } from './plan-cache.js';

/** The plan of a statement that is a query: one that was made before, if it still holds. */
export async function planWithCache(
  context: StatementContext,
  parameters: readonly ConstantExpression[],
  settings: PlannerContext,
  plan: (settings: PlannerContext) => Promise<PlannedQuery>,
): Promise<PhysicalNode> {
  const { plans } = context.engine;
  const key = keyOf(context, parameters);
  if (key === undefined) return (await plan(settings)).plan;
  const kept = await plans.find(key, settings.catalog);
  if (kept) return kept.plan;
  const catalog = new ObservedCatalog(settings.catalog);
  const watch = new ConstantsWatch(settings);
  const planned = await plan({ ...settings, catalog, ...watch.settings });
  const observations = watch.holdLater ? catalog.observations : undefined;
  if (observations) {
    const { columns, parameterTypes } = planned;
    plans.keep(key, { plan: planned.plan, columns, parameterTypes, observations });
  }
  return planned.plan;
}

/** What is known of the columns of a query without parameters that was planned before. */
export async function describeWithCache(context: StatementContext): Promise<QueryDescription | undefined> {
  const key = keyOf(context, []);
  return key === undefined ? undefined : await context.engine.plans.describe(key, context.session.catalog);
}

function keyOf(
  { engine, session, sql, sqlOffset, commonTables }: StatementContext,
  parameters: readonly ConstantExpression[],
): string | undefined {
  // Tables of a WITH that writes are its own.
  if (commonTables !== undefined || session.settings.get('millrace.plan_cache') === 'off') return undefined;
  const { user, database, settings } = session;
  return planKey({
    text: sql,
    offset: sqlOffset,
    session: [['', user], ['', database], ['', String(engine.functions.revision)], ...settings.ofPlans],
    parameters,
  });
}

/** Notes whether constants of a plan were computed from what differs from one execution to the next. */
class ConstantsWatch {
  private readonly given: Pick<PlannerContext, 'evaluateConstant' | 'sessionValue'>;
  private readonly clockReads = clockReads();
  private usesSession = false;

  constructor(given: Pick<PlannerContext, 'evaluateConstant' | 'sessionValue'>) {
    this.given = given;
  }

  get settings(): Pick<PlannerContext, 'evaluateConstant' | 'sessionValue'> {
    const { evaluateConstant, sessionValue } = this.given;
    return {
      evaluateConstant: (expression) => {
        this.usesSession ||= isVolatile(expression);
        return evaluateConstant(expression);
      },
      sessionValue: (name, args) => {
        const value = sessionValue(name, args);
        this.usesSession ||= value !== undefined;
        return value;
      },
    };
  }

  /** Would they be computed the same again? */
  get holdLater(): boolean {
    return !this.usesSession && clockReads() === this.clockReads;
  }
}
