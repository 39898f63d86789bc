import type * as Ast from '../parser/ast/index.js';
import { type SqlType, TEXT } from '../types/sql-type.js';
import type { BindContext, BindSettings, BoundQuery } from './binder/bind-context.js';
import { type BoundStatement, bindQuery } from './binder/bind-query.js';
import { coerceColumns } from './binder/coerce-columns.js';
import { outputPosition } from './binder/output-position.js';
import type { CatalogView } from './catalog-view.js';
import type { ConstantExpression } from './expression.js';
import type { LogicalNode } from './logical/logical-plan.js';
import type { JoinDistributionOptions } from './lower/join-distribution.js';
import { addJoinFilters } from './lower/join-filters.js';
import { lowerPlan } from './lower/lower.js';
import { addSortBounds } from './lower/sort-bounds.js';
import { openScans } from './open-scans.js';
import { type OptimizerOptions, runPhases } from './optimizer/optimize.js';
import { COST_PHASES, LOGICAL_PHASES } from './optimizer/phases.js';
import type { PhysicalNode } from './physical/physical-plan.js';

export type PlanningStep = 'bind' | 'rewrite' | 'open scans' | 'join order' | 'lower';

/** What the planner needs from the session. */
export interface PlannerContext extends BindSettings {
  readonly catalog: CatalogView;
  /** Types that the client gave to `$1 …`; holes are inferred. */
  readonly parameterTypes?: readonly (SqlType | undefined)[] | undefined;
  /** Values of the parameters; without them the query can be described but its plan not run. */
  readonly parameterValues?: readonly ConstantExpression[] | undefined;
  /** Names of optimizer rules that are switched off. */
  readonly disabledRules?: ReadonlySet<string> | undefined;
  /** Names of those that do what they can, whether or not it pays: for tests. */
  readonly forcedRules?: ReadonlySet<string> | undefined;
  /** How joins are distributed. */
  readonly joinDistribution?: JoinDistributionOptions | undefined;
  /** Whether scans are filtered by joins above them; they are, unless it says `false`. */
  readonly joinFilters?: boolean | undefined;
  /** Lanes that will run the plan; 1 where it is not said. */
  readonly laneCount?: number | undefined;
  /** Checks the plan after each rule: for tests. */
  readonly verify?: boolean | undefined;
  /** Called for each rule that changed the plan: EXPLAIN (TRACE) and tests. */
  readonly trace?: ((rule: string, before: LogicalNode, after: LogicalNode) => void) | undefined;
  /** Called at the end of each step, for those who measure them. */
  readonly stepDone?: ((step: PlanningStep) => void) | undefined;
  /** Casts the columns to these types, as INSERT needs it (assignment casts; 42804 where there is none). */
  readonly targetTypes?: readonly SqlType[] | undefined;
  /** Their names, for errors. */
  readonly targetNames?: readonly string[] | undefined;
}

export interface QueryDescription {
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  readonly parameterTypes: readonly SqlType[];
}

export interface PlannedQuery extends QueryDescription {
  readonly plan: PhysicalNode;
  /** Before lowering: for EXPLAIN and tests. */
  readonly logicalPlan: LogicalNode;
}

/** Types of a query's columns and parameters, without planning it: what Describe asks. */
export async function describeQuery(query: Ast.Query, context: PlannerContext): Promise<QueryDescription> {
  const bound = await bind(query, context);
  return description(bound, bound.context);
}

/** From a query's syntax tree to the physical plan that answers it. */
export async function planQuery(query: Ast.Query, context: PlannerContext): Promise<PlannedQuery> {
  const { stepDone } = context;
  const bound = await bind(query, context);
  stepDone?.('bind');
  const options: OptimizerOptions = {
    ids: bound.context.ids,
    evaluateConstant: context.evaluateConstant,
    disabledRules: context.disabledRules,
    forcedRules: context.forcedRules,
    verify: context.verify,
    trace: context.trace,
  };
  const root = onlyReturned(bound);
  const rewritten = runPhases(root, LOGICAL_PHASES, options);
  stepDone?.('rewrite');
  const opened = await openScans(rewritten, options);
  stepDone?.('open scans');
  const logicalPlan = runPhases(opened, COST_PHASES, options);
  stepDone?.('join order');
  const columns = bound.columns.map(({ column }) => column);
  const names = bound.columns.map(({ name }) => name);
  const lowered = lowerPlan(logicalPlan, columns, names, context.joinDistribution, context.laneCount);
  const plan = addSortBounds(context.joinFilters === false ? lowered : addJoinFilters(lowered));
  stepDone?.('lower');
  return { ...description(bound, bound.context), logicalPlan, plan };
}

async function bind(query: Ast.Query, context: PlannerContext): Promise<BoundStatement> {
  const {
    catalog,
    evaluateConstant,
    sessionValue,
    userFunctions,
    targetTypes,
    targetNames = [],
    parameterValues,
  } = context;
  const bound = await bindQuery(query, {
    catalog,
    evaluateConstant,
    sessionValue,
    userFunctions,
    timeZone: context.timeZone,
    parameters: { types: [...(context.parameterTypes ?? [])], values: parameterValues },
    keepUnknown: targetTypes !== undefined,
  });
  if (!targetTypes) return bound;
  return {
    ...coerceColumns(bound, targetTypes, bound.context, (i) => outputPosition(query, i), targetNames),
    context: bound.context,
  };
}

/** The plan may carry columns beyond those the query returns, and in another order. */
function onlyReturned(bound: BoundQuery): LogicalNode {
  return {
    kind: 'project',
    input: bound.plan,
    items: bound.columns.map(({ column }) => ({
      column,
      expression: { kind: 'column', type: column.type, column: column.id },
    })),
  };
}

function description(bound: BoundQuery, { parameters }: BindContext): QueryDescription {
  return {
    columns: bound.columns.map(({ name, column }) => ({ name, type: column.type })),
    parameterTypes: parameters.values
      ? parameters.values.map((value) => value.type)
      : Array.from(parameters.types, (type) => type ?? TEXT),
  };
}
