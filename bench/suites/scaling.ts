import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EngineProcess } from '../engines/engine-process.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { geometricMean, median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { defaultLakePath } from '../tpch/tpch-lake.js';
import { QUERY_COUNT, readQuery } from '../tpch/tpch-queries.js';

/** Ten times the rows may take this many times as long. */
const TARGET = 12;

interface Growth {
  readonly query: number;
  readonly small: number;
  readonly large: number;
}

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
  const numbers = Array.from({ length: QUERY_COUNT }, (_, index) => index + 1);
  const queries = values.queries === 'all' ? numbers : values.queries.split(',').map(Number);
  const engines = scales.map((scale) => new EngineProcess(values.engine, { name: `scale ${scale}` }));
  try {
    for (const [index, engine] of engines.entries()) {
      const lake = defaultLakePath(scales[index]!);
      if (!existsSync(lake)) {
        throw new Error(`there is no data at ${lake}: run npm run bench:data -- --scale ${scales[index]}`);
      }
      await engine.open(lake, Number(values.threads), values['memory-limit']);
    }
    const growths: Growth[] = [];
    for (const query of queries) {
      const sql = await readQuery(query);
      const times = engines.map((): number[] => []);
      for (const engine of engines) await engine.run(sql);
      for (let turn = 0; turn < Number(values.runs); turn++) {
        for (const [index, engine] of engines.entries()) times[index]!.push((await engine.run(sql)).elapsedMs);
      }
      growths.push({ query, small: median(times[0]!), large: median(times[1]!) });
    }
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
