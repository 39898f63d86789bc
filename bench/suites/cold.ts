import { parseArgs } from 'node:util';
import { EngineProcess } from '../engines/engine-process.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { geometricMean, median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { requireLake } from '../tpch/tpch-lake.js';
import { parseQueryNumbers, readQuery } from '../tpch/tpch-queries.js';

/** What a process has run before a run counts as warm. */
const WARM_UP_RUNS = 2;

/** Times of one query: of the first run of processes, and the median of their later runs. */
interface ColdFigures {
  readonly first: number;
  readonly warm: number;
}

/**
 * The first query of a process, whose code no JIT has seen and whose modules nobody has compiled, beside later runs of
 * the same one: of a process that has run nothing, and of one that warmed up when it opened, as servers do. The files
 * are in the page cache for all of them.
 */
async function run(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: '1' },
      threads: { type: 'string', default: '2' },
      engines: { type: 'string', default: 'millrace,millrace-warmed-up' },
      queries: { type: 'string', default: 'all' },
      runs: { type: 'string', default: '3' },
      'memory-limit': { type: 'string', default: '3GB' },
    },
  });
  const lake = requireLake(Number(values.scale));
  const runs = Number(values.runs);
  const open = async (kind: string): Promise<EngineProcess> => {
    const engine = new EngineProcess(kind);
    await engine.open(lake, Number(values.threads), values['memory-limit']);
    return engine;
  };
  const figures: Record<string, { readonly queries: Record<string, ColdFigures>; readonly geometricMean: number }> = {};
  for (const kind of values.engines.split(',')) {
    const queries: Record<string, ColdFigures> = {};
    for (const query of parseQueryNumbers(values.queries)) {
      queries[`Q${query}`] = await measureCold(() => open(kind), await readQuery(query), runs);
    }
    const rows = Object.entries(queries).map(([query, { first, warm }]) => {
      return [query, formatMilliseconds(first), formatMilliseconds(warm), (first / warm).toFixed(2)];
    });
    const mean = geometricMean(Object.values(queries).map(({ first, warm }) => first / warm));
    console.log(`\n${kind}`);
    printTable(['query', 'first ms', 'warm ms', 'ratio'], rows);
    console.log(`\ngeometric mean ${mean.toFixed(2)}`);
    figures[kind] = { queries, geometricMean: mean };
  }
  return { figures, failures: [] };
}

async function measureCold(open: () => Promise<EngineProcess>, sql: string, runs: number): Promise<ColdFigures> {
  const first: number[] = [];
  const warm: number[] = [];
  for (let process = 0; process <= runs; process++) {
    const engine = await open();
    try {
      const times: number[] = [];
      for (let turn = 0; turn < 1 + WARM_UP_RUNS + runs; turn++) times.push((await engine.run(sql)).elapsedMs);
      // The first process fills the page cache.
      if (process === 0) continue;
      first.push(times[0]!);
      warm.push(...times.slice(1 + WARM_UP_RUNS));
    } finally {
      await engine.close().catch(() => engine.kill());
    }
  }
  return { first: median(first), warm: median(warm) };
}

export const coldSuite: Suite = {
  description:
    'the first query of a process beside later runs, without and with warm-up: --scale 1 --runs 3 [--queries 1,9] [--engines duckdb]',
  run,
};
