import type { Query } from '../../../src/parser/ast/index.js';
import { parseStatement } from '../../../src/parser/index.js';
import type { CatalogView } from '../../../src/planner/catalog-view.js';
import type { ConstantExpression } from '../../../src/planner/expression.js';
import { type PlannedQuery, type PlannerContext, planQuery } from '../../../src/planner/plan-query.js';
import { DATE, TEXT } from '../../../src/types/sql-type.js';
import { evaluateConstant } from './naive-evaluator.js';

const SESSION: Readonly<Record<string, ConstantExpression>> = {
  current_date: { kind: 'constant', type: DATE, value: 20_000 },
  current_user: { kind: 'constant', type: TEXT, value: 'tester' },
};

/** A planner context for tests: every rule is verified. */
export function testContext(catalog: CatalogView, more: Partial<PlannerContext> = {}): PlannerContext {
  return { catalog, evaluateConstant, sessionValue: (name) => SESSION[name], verify: true, ...more };
}

export function parseQuery(sql: string): Query {
  const statement = parseStatement(sql);
  if (statement.kind !== 'queryStatement') throw new Error(`not a query: ${sql}`);
  return statement.query;
}

export function planSql(sql: string, catalog: CatalogView, more: Partial<PlannerContext> = {}): Promise<PlannedQuery> {
  return planQuery(parseQuery(sql), testContext(catalog, more));
}
