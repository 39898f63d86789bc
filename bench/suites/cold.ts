import { parseArgs } from 'node:util';
import { EngineProcess } from '../engines/engine-process.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { geometricMean, median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { requireLake } from '../tpch/tpch-lake.js';
import { parseQueryNumbers, readQuery } from '../tpch/tpch-queries.js';

/** What a process has run before a run counts as warm. */
const WARM_UP_RUNS = 2;

/**
 * The first query of a process, whose code no JIT has seen and whose modules nobody has compiled, beside later runs of
 * the same one. The files are in the page cache for all of them.
 */
async function run(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: '1' },
      threads: { type: 'string', default: '2' },
      engine: { type: 'string', default: 'millrace' },
      queries: { type: 'string', default: 'all' },
      runs: { type: 'string', default: '3' },
      'memory-limit': { type: 'string', default: '3GB' },
    },
  });
  const lake = requireLake(Number(values.scale));
  const runs = Number(values.runs);
  const figures: { readonly query: number; readonly first: number; readonly warm: number }[] = [];
  for (const query of parseQueryNumbers(values.queries)) {
    const sql = await readQuery(query);
    const first: number[] = [];
    const warm: number[] = [];
    for (let process = 0; process <= runs; process++) {
      const engine = new EngineProcess(values.engine);
      try {
        await engine.open(lake, Number(values.threads), values['memory-limit']);
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
    figures.push({ query, first: median(first), warm: median(warm) });
  }
  const rows = figures.map(({ query, first, warm }) => [
    `Q${query}`,
    formatMilliseconds(first),
    formatMilliseconds(warm),
    (first / warm).toFixed(2),
  ]);
  printTable(['query', 'first ms', 'warm ms', 'ratio'], rows);
  const mean = geometricMean(figures.map(({ first, warm }) => first / warm));
  console.log(`\ngeometric mean ${mean.toFixed(2)}`);
  return { figures: { queries: figures, geometricMean: mean }, failures: [] };
}

export const coldSuite: Suite = {
  description: 'the first query of a process beside later runs: --scale 1 --runs 3 [--queries 1,9] [--engine duckdb]',
  run,
};
