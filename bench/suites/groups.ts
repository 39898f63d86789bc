import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareResults } from '../compare/compare-results.js';
import type { EngineResult } from '../engines/engine.js';
import { EngineProcess } from '../engines/engine-process.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';

/** Group-bys over a series of `rows` numbers, each with one row for an answer. */
const queriesOf = (rows: number): Readonly<Record<string, string>> => ({
  'every number': `select count(*) as n, sum(c) as s from
    (select g % ${rows} as k, count(*) as c from generate_series(1, ${rows}) as t(g) group by 1) as q`,
  'distinct, a half': `select count(*) as n from (select distinct g - g % 2 as h from generate_series(1, ${rows}) as t(g)) as q`,
  'a tenth, at random': `select count(*) as n, sum(c) as s from
    (select g * 7919 % ${Math.ceil(rows / 10)} as k, count(*) as c, min(g) as m
      from generate_series(1, ${rows}::bigint) as t(g) group by 1) as q`,
  'a tenth, as text': `select count(*) as n, sum(c) as s from
    (select 'number ' || (g % ${Math.ceil(rows / 10)})::text as k, count(*) as c, max(g) as m
      from generate_series(1, ${rows}) as t(g) group by 1) as q`,
});

interface Figures {
  readonly query: string;
  readonly times: Record<string, number[]>;
  readonly peakMemoryBytes: Record<string, number>;
  failure?: string;
}

/** Each engine gets a process of its own for each query, so that the peak is that of the query. */
async function measure(
  query: string,
  sql: string,
  options: { lake: string; memory: string; threads: number; runs: number },
): Promise<Figures> {
  const figures: Figures = { query, times: {}, peakMemoryBytes: {} };
  const answers: EngineResult[] = [];
  for (const kind of ['millrace', 'duckdb']) {
    const engine = new EngineProcess(kind, { timeoutMs: 900_000 });
    figures.times[kind] = [];
    try {
      await engine.open(options.lake, options.threads, options.memory);
      for (let run = 0; run < options.runs; run++) {
        const answer = await engine.run(sql);
        figures.times[kind].push(answer.elapsedMs);
        if (run === 0) answers.push(answer);
      }
    } catch (error) {
      // That the other one fails is a figure as well.
      const message = `${query}: ${kind}: ${error instanceof Error ? error.message : error}`;
      if (kind === 'millrace') figures.failure = message;
      else console.error(message);
    } finally {
      figures.peakMemoryBytes[kind] = engine.peakMemoryBytes;
      await engine.close().catch(() => engine.kill());
    }
  }
  const difference = answers.length === 2 ? compareResults(answers[0]!, answers[1]!, { orderedBy: [] }) : undefined;
  if (difference !== undefined) figures.failure = `${query}: the answers differ: ${difference}`;
  return figures;
}

async function runGroups(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '60000000' },
      memory: { type: 'string', default: '512MB' },
      threads: { type: 'string', default: '2' },
      runs: { type: 'string', default: '1' },
      only: { type: 'string' },
    },
  });
  const lake = await mkdtemp(join(tmpdir(), 'millrace-groups-'));
  try {
    const options = { lake, memory: values.memory, threads: Number(values.threads), runs: Number(values.runs) };
    const all: Figures[] = [];
    for (const [query, sql] of Object.entries(queriesOf(Number(values.rows)))) {
      if (values.only === undefined || query.includes(values.only)) all.push(await measure(query, sql, options));
    }
    const cells = (figures: Figures, kind: string): string[] => {
      const times = figures.times[kind]!;
      const mebibytes = Math.round(figures.peakMemoryBytes[kind]! / 2 ** 20);
      return [times.length > 0 ? formatMilliseconds(median(times)) : 'failed', String(mebibytes)];
    };
    printTable(
      ['groups', 'millrace ms', 'peak MiB', 'duckdb ms', 'peak MiB'],
      all.map((figures) => [figures.query, ...cells(figures, 'millrace'), ...cells(figures, 'duckdb')]),
    );
    const { rows, memory, threads, runs } = values;
    return { figures: { rows, memory, threads, runs, all }, failures: all.flatMap(({ failure }) => failure ?? []) };
  } finally {
    await rm(lake, { recursive: true, force: true });
  }
}

export const groupsSuite: Suite = {
  description:
    'group-bys beyond the memory, beside DuckDB: --rows 60000000 --memory 512MB --threads 2 --runs 1 [--only PART]',
  run: runGroups,
};
