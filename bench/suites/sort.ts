import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EngineProcess } from '../engines/engine-process.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';

/** Sorts of a shuffled series, of which all rows but a few are skipped: all are sorted, and few are sent. */
const queries: Readonly<Record<string, (rowCount: number) => string>> = {
  'a bigint': (rowCount) =>
    `select max(k) as k, count(*) as n from (select i::bigint * 2654435761 % 4294967291 as k
       from generate_series(1, ${rowCount}) as g(i) order by k offset ${rowCount - 1000}) as s`,
  'a text and a bigint': (rowCount) =>
    `select max(t) as t, count(*) as n from (select i, 'row ' || (i::bigint * 2654435761 % 4294967291) as t
       from generate_series(1, ${rowCount}) as g(i) order by t offset ${rowCount - 1000}) as s`,
};

async function runSort(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '10000000' },
      memory: { type: 'string', default: '512MB' },
      threads: { type: 'string', default: '2' },
      runs: { type: 'string', default: '3' },
      timeout: { type: 'string', default: '600' },
      engines: { type: 'string', default: 'millrace,duckdb' },
    },
  });
  const lake = mkdtempSync(join(tmpdir(), 'millrace-sort-'));
  const figures: Record<string, unknown>[] = [];
  const failures: string[] = [];
  try {
    for (const [name, makeSql] of Object.entries(queries)) {
      const answers = new Set<string>();
      for (const kind of values.engines.split(',')) {
        const engine = new EngineProcess(kind, { timeoutMs: Number(values.timeout) * 1000 });
        const times: number[] = [];
        try {
          await engine.open(lake, Number(values.threads), values.memory);
          for (let run = 0; run < Number(values.runs); run++) {
            const { rows, elapsedMs } = await engine.run(makeSql(Number(values.rows)));
            times.push(elapsedMs);
            answers.add(JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
          }
          await engine.close();
        } catch (error) {
          engine.kill();
          failures.push(`${kind}, ${name}: ${error instanceof Error ? error.message : String(error)}`);
        }
        const medianMs = times.length === 0 ? undefined : median(times);
        figures.push({ query: name, engine: kind, medianMs, peakMemoryBytes: engine.peakMemoryBytes });
      }
      if (answers.size > 1) failures.push(`${name}: the answers differ: ${[...answers].join(', ')}`);
    }
  } finally {
    rmSync(lake, { recursive: true });
  }
  printTable(
    [`${values.rows} rows, ${values.memory}`, 'engine', 'median ms', 'peak MB'],
    figures.map(({ query, engine, medianMs, peakMemoryBytes }) => [
      String(query),
      String(engine),
      medianMs === undefined ? 'failed' : formatMilliseconds(medianMs as number),
      String(Math.round((peakMemoryBytes as number) / 2 ** 20)),
    ]),
  );
  return { figures: { rows: Number(values.rows), memory: values.memory, queries: figures }, failures };
}

export const sortSuite: Suite = {
  description: 'sorts that do not fit: --rows 10000000 --memory 512MB --runs 3 --engines millrace,duckdb',
  run: runSort,
};
