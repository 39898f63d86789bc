import { parseArgs } from 'node:util';
import { EngineProcess } from '../engines/engine-process.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { geometricMean } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { measureInTurns } from '../tpch/measure-in-turns.js';
import { requireLake } from '../tpch/tpch-lake.js';
import { parseQueryNumbers } from '../tpch/tpch-queries.js';

/** The same queries on one thread and on several, by one engine, in turns. */
async function run(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: '1' },
      threads: { type: 'string', default: '2' },
      engine: { type: 'string', default: 'millrace' },
      queries: { type: 'string', default: 'all' },
      runs: { type: 'string', default: '5' },
      'memory-limit': { type: 'string', default: '3GB' },
    },
  });
  const threadCounts = [1, Number(values.threads)];
  const lake = requireLake(Number(values.scale));
  const engines = threadCounts.map((count) => new EngineProcess(values.engine, { name: `${count} threads` }));
  try {
    for (const [index, engine] of engines.entries()) {
      await engine.open(lake, threadCounts[index]!, values['memory-limit']);
    }
    const measured = await measureInTurns(engines, parseQueryNumbers(values.queries), Number(values.runs));
    const gains = measured.map(({ query, medians: [one, several] }) => ({
      query,
      one,
      several,
      gain: one! / several!,
    }));
    const rows = gains.map(({ query, one, several, gain }) => [
      `Q${query}`,
      formatMilliseconds(one!),
      formatMilliseconds(several!),
      gain.toFixed(2),
    ]);
    printTable(['query', ...engines.map(({ name }) => `${name} ms`), 'times as fast'], rows);
    const mean = geometricMean(gains.map(({ gain }) => gain));
    console.log(`\ngeometric mean ${mean.toFixed(2)}`);
    return { figures: { threadCounts, gains, geometricMean: mean }, failures: [] };
  } finally {
    for (const engine of engines) await engine.close().catch(() => engine.kill());
  }
}

export const threadsSuite: Suite = {
  description: 'TPC-H on one thread and on several, in turns: --scale 1 --threads 2 --runs 5 [--queries 1,9]',
  run,
};
