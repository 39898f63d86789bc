import { parseArgs } from 'node:util';
import { EngineProcess } from '../engines/engine-process.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { geometricMean, median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { requireLake } from '../tpch/tpch-lake.js';
import { parseQueryNumbers, readQuery } from '../tpch/tpch-queries.js';

/** What a process has run before a run counts as warm. */
const WARM_UP_RUNS = 2;

/** Times of one query in ms: of the first run of processes, and medians of later runs. */
interface ColdFigures {
  readonly first: number;
  readonly warm: number;
  /** Of later runs that keep nothing of the files, and read what the first run reads. */
  readonly reading: number;
}

interface KindFigures {
  readonly queries: Record<string, ColdFigures>;
  readonly geometricMean: number;
  /** The same to `reading`. */
  readonly toReading: number;
}

/**
 * The first query of a process, whose code no JIT has seen and whose modules nobody has compiled, beside later runs of
 * the same one: of a process that has run nothing, of one that warmed up when it opened, and of one that is set up as a server's is. The files
 * are in the page cache for all of them.
 */
async function run(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: '1' },
      threads: { type: 'string', default: '2' },
      engines: { type: 'string', default: 'millrace,millrace-warmed-up,millrace-served' },
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
  const figures: Record<string, KindFigures> = {};
  const readings = new Map<number, number>();
  for (const query of parseQueryNumbers(values.queries)) {
    readings.set(query, (await measureCold(() => open('millrace-uncached'), await readQuery(query), runs, 1)).warm);
  }
  for (const kind of values.engines.split(',')) {
    const queries: Record<string, ColdFigures> = {};
    for (const query of parseQueryNumbers(values.queries)) {
      const times = await measureCold(() => open(kind), await readQuery(query), runs, runs);
      queries[`Q${query}`] = { ...times, reading: kind.startsWith('millrace') ? readings.get(query)! : times.warm };
    }
    const rows = Object.entries(queries).map(([query, { first, warm, reading }]) => {
      const ratios = [warm, reading].map((later) => (first / later).toFixed(2));
      return [query, ...[first, warm, reading].map(formatMilliseconds), ...ratios];
    });
    const ratiosTo = (later: 'warm' | 'reading'): number =>
      geometricMean(Object.values(queries).map((times) => times.first / times[later]));
    const [mean, toReading] = [ratiosTo('warm'), ratiosTo('reading')];
    console.log(`\n${kind}`);
    printTable(['query', 'first ms', 'warm ms', 'reading ms', 'to warm', 'to reading'], rows);
    console.log(
      `\ngeometric mean ${mean.toFixed(2)} of warm runs, ${toReading.toFixed(2)} of those that read the files again`,
    );
    figures[kind] = { queries, geometricMean: mean, toReading };
  }
  return { figures, failures: [] };
}

async function measureCold(
  open: () => Promise<EngineProcess>,
  sql: string,
  runs: number,
  processes: number,
): Promise<Omit<ColdFigures, 'reading'>> {
  const first: number[] = [];
  const warm: number[] = [];
  for (let process = 0; process <= processes; process++) {
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
