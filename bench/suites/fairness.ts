import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { OpenStatement } from '../../src/api/open-statement.js';
import type { Engine } from '../../src/session/engine.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { median, percentile } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { openEngine } from './open-engine.js';

const MEMORY_BYTES = 512 * 2 ** 20;
const SMALL = 'select n_name, r_name from nation join region on n_regionkey = r_regionkey where n_nationkey = 3';
const LONG =
  'select l_returnflag, sum(l_extendedprice * l_discount), max(l_comment), count(*) from lineitem group by 1';
const LARGE = 'select l_orderkey, l_partkey, max(l_shipdate) from lineitem group by 1, 2 order by 3 limit 9';
/** Queries at a time. */
const COMPANIES = [1, 2, 4];
/** Between two small queries. */
const PAUSE_MS = 20;

async function timeQuery(engine: Engine, sql: string): Promise<number> {
  const session = engine.openSession();
  try {
    const started = performance.now();
    const opened = await OpenStatement.open(session, session.parse(sql)[0]!, [], () => ({ kind: 'arrow' }));
    for await (const chunk of opened) void chunk;
    return performance.now() - started;
  } finally {
    await session.close();
  }
}

/** The times of queries that are all started at once. */
async function timeTogether(engine: Engine, sql: string, count: number): Promise<number[]> {
  return await Promise.all(Array.from({ length: count }, () => timeQuery(engine, sql)));
}

/** Times of small queries, one after the other, beside so many long ones that begin again when they end. */
async function timeBeside(engine: Engine, longOnes: number, runs: number): Promise<number[]> {
  let isOver = false;
  const company = Array.from({ length: longOnes }, async () => {
    while (!isOver) await timeQuery(engine, LONG);
  });
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    await delay(PAUSE_MS);
    times.push(await timeQuery(engine, SMALL));
  }
  isOver = true;
  await Promise.all(company);
  return times;
}

async function runFairness(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: '1' },
      runs: { type: 'string', default: '100' },
      threads: { type: 'string', default: '2' },
    },
  });
  const engine = await openEngine(values.scale, values.threads, MEMORY_BYTES);
  const figures: Record<string, unknown> = {};
  try {
    await timeTogether(engine, LONG, 2);
    const shares: string[][] = [];
    for (const [name, sql] of Object.entries({ 'scan and aggregate': LONG, 'group by, on disk': LARGE })) {
      const alone = median([await timeQuery(engine, sql), await timeQuery(engine, sql), await timeQuery(engine, sql)]);
      for (const count of COMPANIES) {
        const times = await timeTogether(engine, sql, count);
        const [first, last] = [Math.min(...times), Math.max(...times)];
        figures[`${name}, ${count} at once`] = { alone, times };
        shares.push([name, String(count), ...[alone, first, last].map(formatMilliseconds)]);
        shares.at(-1)!.push((first / last).toFixed(2), (last / (alone * count)).toFixed(2));
      }
    }
    printTable(
      ['equal queries', 'at once', 'alone ms', 'first ends ms', 'last ends ms', 'first/last', 'last/(alone × n)'],
      shares,
    );
    const small: string[][] = [];
    for (const count of [0, ...COMPANIES]) {
      const times = await timeBeside(engine, count, Number(values.runs));
      figures[`small beside ${count}`] = times;
      small.push([
        String(count),
        ...[median(times), percentile(times, 0.95), Math.max(...times)].map(formatMilliseconds),
      ]);
    }
    console.log();
    printTable(['small query beside long ones', 'median ms', 'p95 ms', 'most ms'], small);
    return { figures, failures: [] };
  } finally {
    await engine.close();
  }
}

export const fairnessSuite: Suite = {
  description: 'equal queries at once, and small ones beside long ones: --scale 1 --threads 2 --runs 100',
  run: runFairness,
};
