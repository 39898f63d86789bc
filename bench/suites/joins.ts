import { parseArgs } from 'node:util';
import { OpenStatement } from '../../src/api/open-statement.js';
import type { EngineSession } from '../../src/session/engine-session.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { openEngine } from './open-engine.js';

const MODES = ['broadcast', 'shuffle'] as const;
const MEMORY_BYTES = 3 * 2 ** 30;

/** Joins of build sides of several sizes, with much or little to carry through. */
const queries: Readonly<Record<string, string>> = {
  'customer (150 k rows a scale)':
    'select count(*), sum(o_totalprice) from orders join customer on o_custkey = c_custkey',
  'part (200 k)': 'select count(*), sum(l_quantity) from lineitem join part on l_partkey = p_partkey',
  'partsupp (800 k)':
    'select count(*), sum(l_quantity) from lineitem join partsupp on l_partkey = ps_partkey and l_suppkey = ps_suppkey',
  'orders (1.5 M)': 'select count(*), sum(l_quantity) from lineitem join orders on l_orderkey = o_orderkey',
  'orders, with text': `select count(*), sum(l_quantity), max(o_comment), max(l_shipmode) from lineitem
    join orders on l_orderkey = o_orderkey where o_totalprice > l_extendedprice`,
  'orders, few matches': `select count(*), sum(l_quantity) from lineitem
    join orders on l_orderkey = o_orderkey and o_orderdate = l_shipdate`,
};

async function time(session: EngineSession, sql: string): Promise<number> {
  const started = performance.now();
  const [statement] = session.parse(sql);
  const opened = await OpenStatement.open(session, statement!, [], () => ({ kind: 'arrow' }));
  for await (const chunk of opened) void chunk;
  return performance.now() - started;
}

/** What one table for all workers costs beside partitions of both sides, in turns. */
async function runJoins(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: '1' },
      runs: { type: 'string', default: '5' },
      threads: { type: 'string', default: '2' },
    },
  });
  const engine = await openEngine(values.scale, values.threads, MEMORY_BYTES);
  const session = engine.openSession();
  const figures: Record<string, unknown> = {};
  const rows: string[][] = [];
  try {
    for (const [name, sql] of Object.entries(queries)) {
      const times: Record<string, number[]> = { broadcast: [], shuffle: [] };
      for (let run = 0; run <= Number(values.runs); run++) {
        for (const mode of run % 2 === 0 ? MODES : MODES.toReversed()) {
          await time(session, `set millrace.join_distribution = ${mode}`);
          const elapsed = await time(session, sql);
          if (run > 0) times[mode]!.push(elapsed);
        }
      }
      const [broadcast, shuffle] = MODES.map((mode) => median(times[mode]!)) as [number, number];
      figures[name] = { broadcast, shuffle };
      rows.push([name, formatMilliseconds(broadcast), formatMilliseconds(shuffle), (shuffle / broadcast).toFixed(2)]);
    }
    printTable(['build side', 'broadcast ms', 'shuffle ms', 'ratio'], rows);
    return { figures, failures: [] };
  } finally {
    await session.close();
    await engine.close();
  }
}

export const joinsSuite: Suite = {
  description: 'joins by one table for all workers, and by partitions: --scale 1 --threads 2 --runs 5',
  run: runJoins,
};
