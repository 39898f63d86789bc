import { notSupportedError, userError } from '../../common/errors.js';
import type { ExplainStatement, Query, Statement } from '../../parser/index.js';
import { assertNoModification } from '../../planner/binder/bind-common-tables.js';
import { explainPlanAsJson } from '../../planner/explain/explain-json.js';
import { explainPlan } from '../../planner/explain/explain-text.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { formatStep } from '../../planner/optimizer/format-step.js';
import type { PlannerContext } from '../../planner/plan-query.js';
import { type ConstantRows, textColumns } from '../constant-rows.js';
import type { StatementResult } from '../statement-result.js';
import { assertNotHidden, knowingTables, statementClause, withoutClause } from './common-tables.js';
import { formatOf } from './explain-format.js';
import { joinOfMerge } from './merge-statement.js';
import { modifiedRows } from './modify-statement.js';
import { statementToExecute } from './prepared-statements.js';
import { planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';
import { withoutPositions } from './without-positions.js';

/** Those that have no effect yet are accepted, for clients that send them. */
const KNOWN_OPTIONS: readonly string[] = [
  'analyze',
  'verbose',
  'trace',
  'costs',
  'buffers',
  'timing',
  'summary',
  'settings',
  'format',
];

export async function explain(
  context: StatementContext,
  statement: ExplainStatement,
  parameters: readonly ConstantExpression[],
): Promise<StatementResult> {
  const inner = statement.statement;
  if (inner.kind === 'execute') {
    const executed = await statementToExecute(context, inner, parameters);
    const explained = { ...statement, statement: executed.statement };
    return await withoutPositions(() => explain(executed.context, explained, executed.parameters));
  }
  const clause = statementClause(inner);
  if (clause !== undefined && inner.kind !== 'queryStatement') {
    assertNoModification(clause);
    assertNotHidden(inner, clause);
    const knowing = knowingTables(context, clause, clause.tables);
    return await explain(knowing, { ...statement, statement: withoutClause(inner) }, parameters);
  }
  const explained = await queryIn(context, inner);
  if (explained === undefined) {
    throw notSupportedError(`there is no plan of this statement`, {
      position: inner.position,
      hint: 'EXPLAIN explains queries, and those of INSERT, UPDATE, DELETE, MERGE, CREATE TABLE … AS, CREATE VIEW, COPY and DECLARE.',
    });
  }
  for (const { name, position } of statement.options) {
    if (KNOWN_OPTIONS.includes(name)) continue;
    throw userError('42601', `unrecognized EXPLAIN option "${name}"`, {
      position,
      hint: `Options are ${KNOWN_OPTIONS.join(', ')}.`,
    });
  }
  const isOn = (name: string): boolean =>
    statement.options.some((option) => option.name === name && optionIsOn(option.value));
  const verbose = isOn('verbose');
  const isJson = formatOf(statement) === 'json';
  const steps: string[] = [];
  const trace: PlannerContext['trace'] = (rule, before, after) => steps.push(...formatStep(rule, before, after));
  const start = performance.now();
  if (explained.writes && isOn('analyze')) {
    throw notSupportedError('EXPLAIN ANALYZE of a statement that writes is not supported', {
      position: inner.position,
      hint: 'EXPLAIN ANALYZE its query, which writes nothing.',
    });
  }
  const { plan } = await planQueryOf(context, explained.query, parameters, isOn('trace') ? { trace } : {});
  const planningMs = performance.now() - start;
  if (!isOn('analyze')) {
    if (isJson)
      return { kind: 'constant', rows: jsonRows([{ Plan: explainPlanAsJson(plan, { verbose }) }]), command: 'EXPLAIN' };
    return { kind: 'constant', rows: planRows([...steps, ...explainPlan(plan, { verbose })]), command: 'EXPLAIN' };
  }
  return {
    kind: 'analyze',
    plan,
    report: (counters, executionMs) =>
      isJson
        ? jsonRows([
            {
              Plan: explainPlanAsJson(plan, { counters, verbose }),
              'Planning Time': planningMs,
              'Execution Time': executionMs,
            },
          ])
        : planRows([
            ...steps,
            ...explainPlan(plan, { counters, verbose }),
            `Planning Time: ${planningMs.toFixed(3)} ms`,
            `Execution Time: ${executionMs.toFixed(3)} ms`,
          ]),
    command: 'EXPLAIN',
  };
}

/** The query whose rows a statement writes, keeps or gives. */
async function queryIn(
  context: StatementContext,
  statement: Statement,
): Promise<{ readonly query: Query; readonly writes: boolean } | undefined> {
  switch (statement.kind) {
    case 'queryStatement':
    case 'declareCursor':
    case 'createView':
      return { query: statement.query, writes: false };
    case 'createTableAs':
      return { query: statement.query, writes: true };
    case 'delete':
    case 'update':
      return { query: await modifiedRows(context, statement), writes: true };
    case 'merge':
      return { query: await joinOfMerge(context, statement), writes: true };
    case 'insert':
      return statement.source && { query: statement.source, writes: true };
    case 'copy':
      return statement.source.kind === 'query' ? { query: statement.source, writes: true } : undefined;
    default:
      return undefined;
  }
}

/** One value, as PostgreSQL has it: tools parse it whole. */
function jsonRows(value: unknown): ConstantRows {
  return { columns: [{ name: 'QUERY PLAN', type: { kind: 'json' } }], rows: [[JSON.stringify(value, undefined, 2)]] };
}

function planRows(lines: readonly string[]): ConstantRows {
  return { columns: textColumns('QUERY PLAN'), rows: lines.map((line) => [line]) };
}

function optionIsOn(value: ExplainStatement['options'][number]['value']): boolean {
  if (value === undefined) return true;
  if (value.kind === 'booleanLiteral') return value.value;
  return value.kind === 'identifier' && ['on', 'true'].includes(value.name);
}
