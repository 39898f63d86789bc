import { equal, ok } from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatLogicalPlan } from '../../src/planner/logical/format-logical-plan.js';
import { planSql } from './support/plan-sql.js';
import { TPCH_CATALOG } from './support/tpch-catalog.js';

/*
 * Plan tests: test/plans/cases/*.plan. A case is a line `plan`, with options, the SQL, `----`, and the optimised logical
 * plan over TPC-H's tables; an empty line ends it. UPDATE=1 rewrites the plans.
 *
 *   plan expect=outer-to-inner expect-not=join-order disable=constant-folding force=eager-aggregation
 *   plan tpch=03                  the SQL is bench/tpch/queries/q03.sql
 */
const root = new URL('../../../test/plans/cases/', import.meta.url);
const queries = new URL('../../../bench/tpch/queries/', import.meta.url);

interface PlanCase {
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly sql: string;
  readonly expected: string;
}

function parseCase(block: string): PlanCase {
  const [head, expected = ''] = block.split('\n----\n');
  const [directive = '', ...sql] = head!.split('\n').filter((line) => !line.startsWith('#'));
  const options = new Map(
    directive
      .split(' ')
      .slice(1)
      .map((option) => [option.split('=')[0]!, option.split('=')[1]?.split(',') ?? []]),
  );
  const tpch = options.get('tpch')?.[0];
  const text = tpch ? readFileSync(new URL(`q${tpch}.sql`, queries), 'utf8') : sql.join('\n');
  return { options, sql: text, expected: expected.trimEnd() };
}

async function actualPlan({ options, sql }: PlanCase): Promise<string> {
  const fired = new Set<string>();
  const planned = await planSql(sql, TPCH_CATALOG, {
    disabledRules: new Set(options.get('disable')),
    forcedRules: new Set(options.get('force')),
    trace: (rule) => fired.add(rule),
  });
  for (const rule of options.get('expect') ?? []) ok(fired.has(rule), `${rule} did not change the plan of ${sql}`);
  for (const rule of options.get('expect-not') ?? []) ok(!fired.has(rule), `${rule} changed the plan of ${sql}`);
  return formatLogicalPlan(planned.logicalPlan);
}

for (const file of readdirSync(root).filter((name) => name.endsWith('.plan'))) {
  test(`plans in ${file}`, async () => {
    const path = new URL(file, root);
    const blocks = readFileSync(path, 'utf8').trimEnd().split(/\n\n+/);
    const rewritten: string[] = [];
    for (const block of blocks) {
      const planCase = parseCase(block);
      const actual = await actualPlan(planCase);
      rewritten.push(`${block.split('\n----')[0]}\n----\n${actual}`);
      if (process.env.UPDATE !== '1') equal(actual, planCase.expected, planCase.sql);
    }
    if (process.env.UPDATE === '1') writeFileSync(path, `${rewritten.join('\n\n')}\n`);
  });
}
