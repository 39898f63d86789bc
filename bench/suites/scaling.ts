import { parseArgs } from 'node:util';
import { EngineProcess } from '../engines/engine-process.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { geometricMean } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { measureInTurns } from '../tpch/measure-in-turns.js';
import { requireLake } from '../tpch/tpch-lake.js';
import { parseQueryNumbers } from '../tpch/tpch-queries.js';

/** Ten times the rows may take this many times as long. */
const TARGET = 12;

/** The same queries over little and much data, by one engine, in turns: does the time grow as the data does? */
async function run(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      small: { type: 'string', default: '1' },
      large: { type: 'string', default: '10' },
      engine: { type: 'string', default: 'millrace' },
      queries: { type: 'string', default: 'all' },
      runs: { type: 'string', default: '3' },
      threads: { type: 'string', default: '2' },
      'memory-limit': { type: 'string', default: '3GB' },
    },
  });
  const scales = [Number(values.small), Number(values.large)];
  const engines = scales.map((scale) => new EngineProcess(values.engine, { name: `scale ${scale}` }));
  try {
    for (const [index, engine] of engines.entries()) {
      await engine.open(requireLake(scales[index]!), Number(values.threads), values['memory-limit']);
    }
    const measured = await measureInTurns(engines, parseQueryNumbers(values.queries), Number(values.runs));
    const growths = measured.map(({ query, medians }) => ({ query, small: medians[0]!, large: medians[1]! }));
    const rows = growths.map(({ query, small, large }) => [
      `Q${query}`,
      formatMilliseconds(small),
      formatMilliseconds(large),
      (large / small).toFixed(1),
    ]);
    printTable(['query', ...engines.map(({ name }) => `${name} ms`), 'times'], rows);
    const mean = geometricMean(growths.map(({ small, large }) => large / small));
    const beyond = growths.filter(({ small, large }) => large / small > TARGET).map(({ query }) => `Q${query}`);
    console.log(`\ngeometric mean ${mean.toFixed(1)}; above ${TARGET}: ${beyond.join(', ') || 'none'}`);
    return { figures: { scales, growths, geometricMean: mean }, failures: [] };
  } finally {
    for (const engine of engines) await engine.close().catch(() => engine.kill());
  }
}

export const scalingSuite: Suite = {
  description: 'TPC-H at two scales, in turns: --small 1 --large 10 --runs 3 [--queries 4,5] [--engine duckdb]',
  run,
};
