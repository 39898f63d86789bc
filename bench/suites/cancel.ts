import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { OpenStatement } from '../../src/api/open-statement.js';
import type { Engine } from '../../src/session/engine.js';
import type { EngineSession } from '../../src/session/engine-session.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { openEngine } from './open-engine.js';

const MEMORY_BYTES = 256 * 2 ** 20;

/** Each keeps workers busy for seconds, in one kind of work after the other. */
const queries: Readonly<Record<string, string>> = {
  'scan and aggregate':
    'select l_returnflag, sum(l_extendedprice * l_discount), max(l_comment) from lineitem group by 1',
  'group by, on disk':
    'select l_orderkey, l_partkey, count(*), max(l_comment) from lineitem group by 1, 2 order by 3 limit 9',
  'join, on disk': `select count(*), max(a.l_comment) from lineitem a
    join lineitem b on a.l_orderkey = b.l_orderkey and a.l_partkey <> b.l_partkey where b.l_comment > a.l_comment`,
  'sort, on disk': 'select l_orderkey, l_comment from lineitem order by l_comment, l_extendedprice offset 5000000',
};

/** From the call until everything is freed; undefined where the query had ended before. */
async function timeCancel(
  engine: Engine,
  session: EngineSession,
  sql: string,
  afterMs: number,
): Promise<number | undefined> {
  const [statement] = session.parse(sql);
  const opened = await OpenStatement.open(session, statement!, [], () => ({ kind: 'arrow' }));
  let cancelled = 0;
  const timer = delay(afterMs).then(() => {
    cancelled = performance.now();
    session.cancel();
  });
  try {
    for await (const chunk of opened) void chunk;
    await timer;
    return undefined;
  } catch (error) {
    if ((error as { code?: unknown }).code !== '57014') throw error;
    const elapsed = performance.now() - cancelled;
    const { allocatedChunks, spilledBytes } = engine.executor.shared;
    if (allocatedChunks + spilledBytes > 0) throw new Error(`a cancelled query left ${allocatedChunks} chunks`);
    return elapsed;
  }
}

/** How long a cancellation takes, at moments spread over the length of the query. */
async function runCancel(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: '1' },
      runs: { type: 'string', default: '20' },
      threads: { type: 'string', default: '2' },
    },
  });
  const engine = await openEngine(values.scale, values.threads, MEMORY_BYTES);
  const session = engine.openSession();
  const figures: Record<string, unknown> = {};
  const rows: string[][] = [];
  try {
    for (const [name, sql] of Object.entries(queries)) {
      const started = performance.now();
      for await (const chunk of await OpenStatement.open(session, session.parse(sql)[0]!, [], () => ({
        kind: 'arrow',
      })))
        void chunk;
      const lengthMs = performance.now() - started;
      const times: number[] = [];
      for (let run = 0; run < Number(values.runs); run++) {
        const elapsed = await timeCancel(engine, session, sql, (lengthMs * (run + 0.5)) / Number(values.runs));
        if (elapsed !== undefined) times.push(elapsed);
      }
      const most = Math.max(...times);
      figures[name] = { lengthMs, medianMs: median(times), mostMs: most, times };
      rows.push([
        name,
        formatMilliseconds(lengthMs),
        String(times.length),
        formatMilliseconds(median(times)),
        formatMilliseconds(most),
      ]);
    }
    printTable(['query', 'its length ms', 'cancelled', 'median ms', 'most ms'], rows);
    return { figures, failures: [] };
  } finally {
    await session.close();
    await engine.close();
  }
}

export const cancelSuite: Suite = {
  description: 'how long it takes to cancel a query, at any moment of it: --scale 1 --threads 2 --runs 20',
  run: runCancel,
};
