import { parseArgs } from 'node:util';
import { compareResults } from '../compare/compare-results.js';
import { findSortColumns } from '../compare/find-sort-columns.js';
import type { EngineResult } from '../engines/engine.js';
import { EngineProcess } from '../engines/engine-process.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { geometricMean, median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { requireLake } from '../tpch/tpch-lake.js';
import { parseQueryNumbers, readQuery } from '../tpch/tpch-queries.js';

interface Options {
  readonly lake: string;
  readonly scale: number;
  readonly queries: readonly number[];
  readonly threads: number;
  readonly runs: number;
  readonly timeoutMs: number;
  /** Of each engine, as both understand it. */
  readonly memoryLimit: string;
  /** The first is what is measured, the second what it is measured against. */
  readonly engines: readonly string[];
}

/** What a suite built on this one takes for granted. */
interface Defaults {
  readonly scale: string;
  readonly runs: string;
  readonly memoryLimit: string;
  readonly timeout: string;
}

function parseOptions(args: readonly string[], defaults: Defaults): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: defaults.scale },
      lake: { type: 'string' },
      queries: { type: 'string', default: 'all' },
      threads: { type: 'string', default: '2' },
      runs: { type: 'string', default: defaults.runs },
      timeout: { type: 'string', default: defaults.timeout },
      'memory-limit': { type: 'string', default: defaults.memoryLimit },
      engines: { type: 'string', default: 'millrace,duckdb' },
    },
  });
  const scale = Number(values.scale);
  return {
    lake: requireLake(scale, values.lake),
    scale,
    queries: parseQueryNumbers(values.queries),
    threads: Number(values.threads),
    runs: Number(values.runs),
    timeoutMs: Number(values.timeout) * 1000,
    memoryLimit: values['memory-limit'],
    engines: values.engines.split(','),
  };
}

interface QueryFigures {
  readonly query: number;
  rowCount?: number;
  /** Milliseconds by engine, in the order of the runs. */
  readonly times: Record<string, number[]>;
  failure?: string;
}

function compareAnswers(sql: string, answers: readonly EngineResult[]): string | undefined {
  const [actual, expected] = answers;
  if (!actual || !expected) return undefined;
  return compareResults(actual, expected, { orderedBy: findSortColumns(sql, expected.columns) });
}

/** A first run to warm up and to compare the answers, then `runs` of each engine, in turns. Of 0 runs, the first counts. */
async function measureQuery(query: number, engines: readonly EngineProcess[], runs: number): Promise<QueryFigures> {
  const figures: QueryFigures = { query, times: {} };
  const sql = await readQuery(query);
  try {
    const answers: EngineResult[] = [];
    for (const engine of engines) {
      const answer = await engine.run(sql);
      answers.push(answer);
      figures.times[engine.name] = runs === 0 ? [answer.elapsedMs] : [];
    }
    figures.rowCount = answers[0]!.rows.length;
    const difference = compareAnswers(sql, answers);
    if (difference !== undefined) figures.failure = `Q${query}: the answers differ: ${difference}`;
    for (let run = 0; run < runs; run++) {
      for (const engine of run % 2 === 0 ? engines : engines.toReversed()) {
        figures.times[engine.name]!.push((await engine.run(sql)).elapsedMs);
      }
    }
  } catch (error) {
    figures.failure = `Q${query}: ${error instanceof Error ? error.message : error}`;
  }
  return figures;
}

function summarise(all: readonly QueryFigures[], engines: readonly EngineProcess[]): Record<string, unknown>[] {
  return all.map(({ query, rowCount, times, failure }) => {
    const medians = engines.map(({ name }) => (times[name]?.length ? median(times[name]) : undefined));
    const [measured, reference] = medians;
    const ratio = measured !== undefined && reference !== undefined ? measured / reference : undefined;
    const mediansMs = Object.fromEntries(engines.map(({ name }, index) => [name, medians[index]]));
    return { query, rowCount, mediansMs, ratio, times, agrees: engines.length < 2 ? undefined : !failure, failure };
  });
}

function printSummary(summaries: readonly Record<string, unknown>[], engines: readonly EngineProcess[]): void {
  const compared = engines.length > 1;
  const header = [
    'query',
    ...engines.map(({ name }) => `${name} ms`),
    ...(compared ? ['ratio', 'answers'] : []),
    'rows',
  ];
  const rows = summaries.map((summary) => {
    const mediansMs = summary.mediansMs as Record<string, number | undefined>;
    const times = engines.map(({ name }) =>
      mediansMs[name] === undefined ? '-' : formatMilliseconds(mediansMs[name]),
    );
    const ratio = typeof summary.ratio === 'number' ? summary.ratio.toFixed(2) : '-';
    const verdict = summary.failure ? 'FAILED' : 'agree';
    return [`Q${summary.query}`, ...times, ...(compared ? [ratio, verdict] : []), String(summary.rowCount ?? '-')];
  });
  printTable(header, rows);
}

/** Runs the queries on both engines, and prints what is found. */
export async function compareOnTpch(args: readonly string[], defaults: Defaults): Promise<SuiteReport> {
  const options = parseOptions(args, defaults);
  const engines = options.engines.map((kind, index, kinds) => {
    const name = kinds.indexOf(kind) === index ? kind : `${kind} ${index + 1}`;
    return new EngineProcess(kind, { name, timeoutMs: options.timeoutMs });
  });
  try {
    for (const engine of engines) await engine.open(options.lake, options.threads, options.memoryLimit);
    const figures: QueryFigures[] = [];
    for (const query of options.queries) figures.push(await measureQuery(query, engines, options.runs));
    const queries = summarise(figures, engines);
    printSummary(queries, engines);
    const ratios = queries.map(({ ratio }) => ratio).filter((ratio) => typeof ratio === 'number');
    const geometricMeanRatio = ratios.length > 0 ? geometricMean(ratios) : undefined;
    if (geometricMeanRatio !== undefined) {
      console.log(
        `\ngeometric mean of the ratios: ${geometricMeanRatio.toFixed(2)} (${options.threads} threads, ${options.runs === 0 ? 'first runs' : `medians of ${options.runs} runs`})`,
      );
    }
    const peakMemoryBytes = Object.fromEntries(engines.map(({ name, peakMemoryBytes }) => [name, peakMemoryBytes]));
    for (const { name, peakMemoryBytes } of engines) {
      console.log(`${name}: at most ${Math.round(peakMemoryBytes / 2 ** 20)} MiB resident, of ${options.memoryLimit}`);
    }
    const { scale, threads, runs, memoryLimit } = options;
    return {
      figures: { scale, threads, runs, memoryLimit, geometricMeanRatio, peakMemoryBytes, queries },
      failures: figures.flatMap(({ failure }) => failure ?? []),
    };
  } finally {
    for (const engine of engines) await engine.close().catch(() => engine.kill());
  }
}

export const tpchSuite: Suite = {
  description:
    'Millrace beside DuckDB on TPC-H: --scale 1 --queries 1,6,12 --threads 2 --runs 5 [--memory-limit 3GB] [--lake DIR] [--engines …]',
  run: (args) => compareOnTpch(args, { scale: '1', runs: '5', memoryLimit: '3GB', timeout: '120' }),
};
