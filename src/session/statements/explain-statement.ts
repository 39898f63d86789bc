import { notSupportedError, userError } from '../../common/errors.js';
import type { ExplainStatement } from '../../parser/index.js';
import { explainPlan, explainPlanAsJson } from '../../planner/explain.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { formatStep } from '../../planner/optimizer/format-step.js';
import type { PlannerContext } from '../../planner/plan-query.js';
import { type ConstantRows, textColumns } from '../constant-rows.js';
import type { StatementResult } from '../statement-result.js';
import { planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';

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
  if (inner.kind !== 'queryStatement') {
    throw notSupportedError('EXPLAIN explains queries only', {
      position: inner.position,
      hint: 'EXPLAIN the SELECT of the statement.',
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
  const { plan } = await planQueryOf(context, inner.query, parameters, isOn('trace') ? { trace } : {});
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

/** One value, as PostgreSQL has it: tools parse it whole. */
function jsonRows(value: unknown): ConstantRows {
  return { columns: [{ name: 'QUERY PLAN', type: { kind: 'json' } }], rows: [[JSON.stringify(value, undefined, 2)]] };
}

/** TEXT or JSON. */
export function formatOf({ options }: ExplainStatement): 'text' | 'json' {
  const option = options.findLast(({ name }) => name === 'format');
  const value = option?.value;
  const word =
    value?.kind === 'identifier' ? value.name : value?.kind === 'stringLiteral' ? value.value.toLowerCase() : 'text';
  if (word === 'text' || word === 'json') return word;
  const position = option!.position;
  if (word === 'xml' || word === 'yaml') {
    throw notSupportedError(`EXPLAIN in format ${word} is not supported`, { position, hint: 'Use text or json.' });
  }
  throw userError('22023', `unrecognized value for EXPLAIN option "format": "${word}"`, {
    position,
    hint: 'Use text or json.',
  });
}

function planRows(lines: readonly string[]): ConstantRows {
  return { columns: textColumns('QUERY PLAN'), rows: lines.map((line) => [line]) };
}

function optionIsOn(value: ExplainStatement['options'][number]['value']): boolean {
  if (value === undefined) return true;
  if (value.kind === 'booleanLiteral') return value.value;
  return value.kind === 'identifier' && ['on', 'true'].includes(value.name);
}
