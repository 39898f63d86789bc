import { compareResults } from '../compare/compare-results.js';
import { findSortColumns } from '../compare/find-sort-columns.js';
import type { EngineResult } from '../engines/engine.js';
import { EngineProcess } from '../engines/engine-process.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { geometricMean, median } from '../report/statistics.js';
import type { SuiteReport } from '../suite.js';
import type { ComparisonQuery } from './comparison-query.js';

export const COMPARISON_OPTIONS = {
  threads: { type: 'string', default: '2' },
  runs: { type: 'string', default: '3' },
  'memory-limit': { type: 'string', default: '3GB' },
  timeout: { type: 'string', default: '120' },
  only: { type: 'string', default: '' },
  engine: { type: 'string', default: 'millrace' },
} as const;

export type ComparisonOptions = Readonly<Record<keyof typeof COMPARISON_OPTIONS, string>>;

type Engines = readonly [own: EngineProcess, other: EngineProcess];

interface QueryFigures {
  readonly name: string;
  /** Of each engine, own first: milliseconds by the clock, and of all threads of its process. */
  readonly elapsedMs: readonly [number[], number[]];
  readonly cpuMs: readonly [number[], number[]];
  failure?: string;
}

/** A first run to warm up and to compare the answers, then `runs` of each engine, in turns. */
async function measureQuery(query: ComparisonQuery, engines: Engines, runs: number): Promise<QueryFigures> {
  const figures: QueryFigures = { name: query.name, elapsedMs: [[], []], cpuMs: [[], []] };
  const texts = [query.sql, query.duckdb ?? query.sql] as const;
  const ask = async (index: 0 | 1): Promise<EngineResult> => {
    try {
      return await engines[index].run(texts[index]);
    } catch (error) {
      throw new Error(`${engines[index].name}: ${error instanceof Error ? error.message : error}`);
    }
  };
  try {
    const actual = await ask(0);
    const expected = await ask(1);
    const difference = compareResults(actual, expected, { orderedBy: findSortColumns(query.sql, expected.columns) });
    if (difference !== undefined) figures.failure = `the answers differ: ${difference}`;
    for (let run = 0; run < runs; run++) {
      for (const index of run % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const { elapsedMs, cpuMs } = await ask(index);
        figures.elapsedMs[index].push(elapsedMs);
        figures.cpuMs[index].push(cpuMs!);
      }
    }
  } catch (error) {
    figures.failure = error instanceof Error ? error.message : String(error);
  }
  return figures;
}

const ratioOf = ([own, other]: readonly [number[], number[]]): number | undefined =>
  own.length > 0 && other.length > 0 ? median(own) / median(other) : undefined;

const formatRatio = (ratio: number | undefined): string => (ratio === undefined ? '-' : ratio.toFixed(2));

const formatTime = (times: readonly number[]): string => (times.length > 0 ? formatMilliseconds(median(times)) : '-');

/**
 * Runs queries on both engines in turns, and prints medians and ratios. The ratio of processor times says more where
 * other processes take part of the machine.
 */
export async function compareOnQueries(
  queries: readonly ComparisonQuery[],
  lakePath: string,
  options: ComparisonOptions,
): Promise<SuiteReport> {
  const make = (kind: string): EngineProcess => new EngineProcess(kind, { timeoutMs: Number(options.timeout) * 1000 });
  const engines: Engines = [make(options.engine), make('duckdb')];
  try {
    for (const engine of engines) await engine.open(lakePath, Number(options.threads), options['memory-limit']);
    const all: QueryFigures[] = [];
    for (const query of queries) {
      if (query.name.includes(options.only)) all.push(await measureQuery(query, engines, Number(options.runs)));
    }
    const rows = all.map(({ name, elapsedMs, cpuMs, failure }) => [
      name,
      formatTime(elapsedMs[0]),
      formatTime(elapsedMs[1]),
      failure ? 'FAILED' : formatRatio(ratioOf(elapsedMs)),
      formatRatio(ratioOf(cpuMs)),
    ]);
    printTable(['query', 'millrace ms', 'duckdb ms', 'ratio', 'of cpu'], rows);
    const compared = all.filter(({ failure }) => failure === undefined);
    const ratios = compared.map(({ elapsedMs }) => ratioOf(elapsedMs)!);
    const cpuRatios = compared.map(({ cpuMs }) => ratioOf(cpuMs)!);
    if (ratios.length > 0) {
      const slow = ratios.filter((ratio) => ratio > 1.5).length;
      console.log(
        `\n${ratios.length} queries, geometric mean of the ratios ${geometricMean(ratios).toFixed(2)} ` +
          `(of processor time ${geometricMean(cpuRatios).toFixed(2)}), ${slow} above 1.5`,
      );
    }
    const geometricMeanRatio = ratios.length > 0 ? geometricMean(ratios) : undefined;
    return {
      figures: { ...options, geometricMeanRatio, queries: all },
      failures: all.flatMap(({ name, failure }) => (failure === undefined ? [] : [`${name}: ${failure}`])),
    };
  } finally {
    for (const engine of engines) await engine.close().catch(() => engine.kill());
  }
}
