import { notSupportedError, userError } from '../../common/errors.js';
import type { ExplainStatement, Query, Statement } from '../../parser/index.js';
import { assertNoModification } from '../../planner/binder/bind-common-tables.js';
import type { ReportOptions } from '../../planner/explain/explain-options.js';
import { type ExplainFormat, explainReport } from '../../planner/explain/explain-report.js';
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

type Execute = (
  context: StatementContext,
  statement: Statement,
  parameters: readonly ConstantExpression[],
) => Promise<StatementResult>;

/** `execute` begins what is to be explained, where EXPLAIN ANALYZE is asked for of a statement that writes. */
export async function explain(
  context: StatementContext,
  statement: ExplainStatement,
  parameters: readonly ConstantExpression[],
  execute: Execute,
): Promise<StatementResult> {
  const inner = statement.statement;
  if (inner.kind === 'execute') {
    const executed = await statementToExecute(context, inner, parameters);
    const explained = { ...statement, statement: executed.statement };
    return await withoutPositions(() => explain(executed.context, explained, executed.parameters, execute));
  }
  const clause = statementClause(inner);
  if (clause !== undefined && inner.kind !== 'queryStatement') {
    if (clause.modifications.some(({ implied }) => implied === true)) {
      throw notSupportedError('EXPLAIN of REPLACE WHERE and of FROM … INSERT is not supported', {
        position: inner.position,
        hint: 'They are several statements: explain the SELECT, or one INSERT … SELECT … FROM.',
      });
    }
    assertNoModification(clause);
    assertNotHidden(inner, clause);
    const knowing = knowingTables(context, clause, clause.tables);
    return await explain(knowing, { ...statement, statement: withoutClause(inner) }, parameters, execute);
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
  const format = formatOf(statement);
  const steps: string[] = [];
  const trace: PlannerContext['trace'] = (rule, before, after) => steps.push(...formatStep(rule, before, after));
  const start = performance.now();
  const { plan } = await planQueryOf(context, explained.query, parameters, isOn('trace') ? { trace } : {});
  const planningMs = performance.now() - start;
  // Of what rules did there is only text.
  const report = (options: ReportOptions): ConstantRows =>
    reportRows(format, [...(format === 'text' ? steps : []), ...explainReport(format, plan, { ...options, verbose })]);
  if (!isOn('analyze')) return { kind: 'constant', rows: report({}), command: 'EXPLAIN' };
  if (explained.writes) {
    const result = await begunWrite(context, inner, parameters, execute);
    // Several queries, one after the other, have no plan in common: what is shown is that of their rows.
    if (result.kind === 'done') return { kind: 'constant', rows: report({ planningMs }), command: 'EXPLAIN' };
    const { plan: writing } = result;
    return {
      kind: 'analyze',
      plan: writing,
      report: (counters, executionMs) =>
        reportRows(format, explainReport(format, writing, { counters, planningMs, executionMs, verbose })),
      command: 'EXPLAIN',
      write: result,
    };
  }
  return {
    kind: 'analyze',
    plan,
    report: (counters, executionMs) => report({ counters, planningMs, executionMs }),
    command: 'EXPLAIN',
  };
}

type BegunWrite = Extract<StatementResult, { kind: 'write' | 'returning' | 'done' }>;

/** EXPLAIN ANALYZE writes what the statement does, as in PostgreSQL. */
async function begunWrite(
  context: StatementContext,
  statement: Statement,
  parameters: readonly ConstantExpression[],
  execute: Execute,
): Promise<BegunWrite> {
  context.session.assertMayRun(statement);
  const result = await execute(context, statement, parameters);
  if (result.kind === 'write' || result.kind === 'returning' || result.kind === 'done') return result;
  if (result.kind === 'copyOut') await result.file?.abort();
  throw notSupportedError('EXPLAIN ANALYZE of COPY TO is only there for Parquet files', {
    position: statement.position,
    hint: 'EXPLAIN ANALYZE its query, which writes nothing.',
  });
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

/** A row a line of text; JSON and pictures are one value, as PostgreSQL has it: tools read it whole. */
function reportRows(format: ExplainFormat, parts: readonly string[]): ConstantRows {
  const columns =
    format === 'json' ? [{ name: 'QUERY PLAN', type: { kind: 'json' } as const }] : textColumns('QUERY PLAN');
  return { columns, rows: parts.map((part) => [part]) };
}

function optionIsOn(value: ExplainStatement['options'][number]['value']): boolean {
  if (value === undefined) return true;
  if (value.kind === 'booleanLiteral') return value.value;
  return value.kind === 'identifier' && ['on', 'true'].includes(value.name);
}
