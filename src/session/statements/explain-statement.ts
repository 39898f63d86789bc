import { notSupportedError } from '../../common/errors.js';
import type { ExplainStatement } from '../../parser/index.js';
import { explainPlan, type NodeCounters } from '../../planner/explain.js';
import type { ConstantExpression } from '../../planner/expression.js';
import { collectCounters } from '../collect-counters.js';
import { textColumns } from '../constant-rows.js';
import type { StatementResult } from '../statement-result.js';
import { planQueryOf } from './query-statement.js';
import type { StatementContext } from './statement-context.js';

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
  const start = performance.now();
  const { plan } = await planQueryOf(context, inner.query, parameters);
  const planningMs = performance.now() - start;
  const isOn = (name: string): boolean =>
    statement.options.some((option) => option.name === name && optionIsOn(option.value));
  const verbose = isOn('verbose');
  const lines: string[] = [];
  if (isOn('analyze')) {
    const query = context.engine.executor.start(plan, { format: { kind: 'arrow' }, timed: true });
    const began = performance.now();
    let counters: ReadonlyMap<number, NodeCounters> = new Map();
    query.beforeRelease = () => {
      counters = collectCounters(query.block, plan);
    };
    for await (const _chunk of query.chunks());
    const executionMs = performance.now() - began;
    lines.push(...explainPlan(plan, { counters, verbose }));
    lines.push(`Planning Time: ${planningMs.toFixed(3)} ms`, `Execution Time: ${executionMs.toFixed(3)} ms`);
  } else {
    lines.push(...explainPlan(plan, { verbose }));
  }
  return {
    kind: 'constant',
    rows: { columns: textColumns('QUERY PLAN'), rows: lines.map((line) => [line]) },
    command: 'EXPLAIN',
  };
}

function optionIsOn(value: ExplainStatement['options'][number]['value']): boolean {
  if (value === undefined) return true;
  if (value.kind === 'booleanLiteral') return value.value;
  return value.kind === 'identifier' && ['on', 'true'].includes(value.name);
}
