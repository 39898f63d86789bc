import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { OpenStatement } from '../../src/api/open-statement.js';
import { Engine } from '../../src/session/engine.js';
import type { EngineSession } from '../../src/session/engine-session.js';
import { decodeDataRows } from '../../test/support/decode-data-rows.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';

const MEMORY_BYTES = 3 * 2 ** 30;
const KEYS = 100_000;

/** Both have as many rows; in `skewed` one key has half of them, and the others follow Zipf's law. */
const tables = (rowCount: number): readonly string[] =>
  `
  create table dimension as select i::bigint as k, i % 100 as class from generate_series(1, ${KEYS}) as g (i);
  create table uniform as select 1 + (i::bigint * 7919) % ${KEYS} as k, i % 1000 as v from generate_series(1, ${rowCount}) as g (i);
  create table skewed as select case when i % 2 = 0 then 1 else least(${KEYS}, floor(${KEYS}.0::float8 ^ (((i::bigint * 7919) % ${KEYS}) / ${KEYS}.0::float8)))::bigint end as k,
    i % 1000 as v from generate_series(1, ${rowCount}) as g (i)`.split(';');

const QUERIES: Readonly<Record<string, { readonly sql: string; readonly distribution?: string }>> = {
  'join, one table': {
    sql: 'select class, count(*), sum(v) from $t join dimension using (k) group by class',
    distribution: 'broadcast',
  },
  'join, partitioned': {
    sql: 'select class, count(*), sum(v) from $t join dimension using (k) group by class',
    distribution: 'shuffle',
  },
  groups: { sql: 'select count(*), max(s) from (select k, sum(v) as s, count(*) as n from $t group by k) as x' },
  'distinct values of groups': {
    sql: 'select count(*), max(n) from (select k, count(distinct v) as n from $t group by k) as x',
  },
  windows: {
    sql: 'select max(r), sum(s) from (select row_number() over (partition by k order by v) as r, sum(v) over (partition by k) as s from $t) as x',
  },
};

/** The texts of a result's first column. */
async function run(session: EngineSession, sql: string): Promise<string[]> {
  const texts: string[] = [];
  const [statement] = session.parse(sql);
  const opened = await OpenStatement.open(session, statement!, [], (columns) => ({
    kind: 'postgres',
    formatCodes: columns.map(() => 0),
  }));
  for await (const chunk of opened) texts.push(...decodeDataRows(chunk.bytes).map(([text]) => text!));
  return texts;
}

/** The most rows of a worker over their mean, of the operator of the plan where that is greatest. */
function busiest(plan: Record<string, unknown>, rowCount: number): number {
  const rows = plan['Worker Rows'] as readonly number[] | undefined;
  const total = rows?.reduce((sum, count) => sum + count, 0) ?? 0;
  const own = rows !== undefined && total > rowCount / 2 ? (Math.max(...rows) * rows.length) / total : 1;
  const inputs = (plan.Plans ?? []) as Record<string, unknown>[];
  return Math.max(own, ...inputs.map((input) => busiest(input, rowCount)));
}

async function runSkew(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '6000000' },
      runs: { type: 'string', default: '5' },
      threads: { type: 'string', default: '2' },
    },
  });
  const rowCount = Number(values.rows);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-skew-'));
  const engine = await Engine.open({
    lake: join(folder, 'lake'),
    create: true,
    threads: Number(values.threads),
    memoryLimit: MEMORY_BYTES,
  });
  const session = engine.openSession();
  const figures: Record<string, unknown> = {};
  const lines: string[][] = [];
  try {
    for (const statement of tables(rowCount)) await run(session, statement);
    for (const [name, { sql, distribution = 'auto' }] of Object.entries(QUERIES)) {
      await run(session, `set millrace.join_distribution = ${distribution}`);
      const times: Record<string, number[]> = { uniform: [], skewed: [] };
      for (let round = 0; round <= Number(values.runs); round++) {
        for (const table of round % 2 === 0 ? ['uniform', 'skewed'] : ['skewed', 'uniform']) {
          const started = performance.now();
          await run(session, sql.replaceAll('$t', table));
          if (round > 0) times[table]!.push(performance.now() - started);
        }
      }
      // Which worker is held up by what else the machine does differs from run to run.
      const shares: number[] = [];
      for (let round = 0; round < Number(values.runs); round++) {
        const explained = await run(session, `explain (analyze, format json) ${sql.replaceAll('$t', 'skewed')}`);
        const [first] = JSON.parse(explained.join('\n'));
        shares.push(busiest(first.Plan, rowCount));
      }
      const share = median(shares);
      const [uniform, skewed] = [median(times.uniform!), median(times.skewed!)];
      figures[name] = { uniform, skewed, ratio: skewed / uniform, busiest: share };
      lines.push([
        name,
        formatMilliseconds(uniform),
        formatMilliseconds(skewed),
        (skewed / uniform).toFixed(2),
        share.toFixed(2),
      ]);
    }
    printTable(['query', 'uniform ms', 'skewed ms', 'ratio', 'busiest worker'], lines);
    return { figures, failures: [] };
  } finally {
    await session.close();
    await engine.close();
    await rm(folder, { recursive: true });
  }
}

export const skewSuite: Suite = {
  description: 'keys of which one has half of the rows, beside uniform ones: --rows 6000000 --threads 2 --runs 5',
  run: runSkew,
};
