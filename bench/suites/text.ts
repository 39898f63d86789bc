import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EngineProcess } from '../engines/engine-process.js';
import { formatMilliseconds, printTable } from '../report/print-table.js';
import { median } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';

const queries: Readonly<Record<string, (path: string) => string>> = {
  'count rows': (path) => `select count(*) as n from '${path}'`,
  'six columns': (path) =>
    `select count(l_quantity) as a, count(l_extendedprice) as b, min(l_shipdate) as c, max(l_comment) as d,
       sum(l_orderkey) as e, max(l_shipmode) as f from '${path}'`,
  'all columns': (path) =>
    `select sum(l_orderkey) as a, sum(l_partkey) as b, sum(l_suppkey) as c, sum(l_linenumber) as d,
       count(l_quantity) as e, count(l_extendedprice) as f, count(l_discount) as g, count(l_tax) as h,
       max(l_returnflag) as i, max(l_linestatus) as j, max(l_shipdate) as k, max(l_commitdate) as l,
       max(l_receiptdate) as m, max(l_shipinstruct) as n, max(l_shipmode) as o, max(l_comment) as p from '${path}'`,
};

async function runText(args: readonly string[]): Promise<SuiteReport> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string', default: 'bench/data/tpch-sf1' },
      rows: { type: 'string', default: '6100000' },
      threads: { type: 'string', default: '2' },
      runs: { type: 'string', default: '3' },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'millrace-text-'));
  const figures: Record<string, unknown>[] = [];
  const failures: string[] = [];
  const kinds = ['millrace', 'duckdb'] as const;
  const engines = kinds.map((kind) => new EngineProcess(kind, { timeoutMs: 600_000 }));
  try {
    for (const engine of engines) await engine.open(values.data, Number(values.threads), '2GB');
    for (const format of ['csv', 'json']) {
      const path = join(folder, `lineitem.${format}`);
      const rows = `select * from '${values.data}/lineitem/*.parquet' limit ${values.rows}`;
      await engines[1]!.run(`copy (${rows}) to '${path}' (format ${format})`);
      for (const [name, makeSql] of Object.entries(queries)) {
        const times: number[][] = [[], []];
        const answers = new Set<string>();
        for (let run = 0; run < Number(values.runs); run++) {
          for (const [index, engine] of engines.entries()) {
            const { rows: answer, elapsedMs } = await engine.run(makeSql(path));
            times[index]!.push(elapsedMs);
            answers.add(
              JSON.stringify(answer, (_, value) =>
                typeof value === 'bigint' || typeof value === 'number' ? String(value) : value,
              ),
            );
          }
        }
        if (answers.size > 1) failures.push(`${format}, ${name}: the answers differ: ${[...answers].join(', ')}`);
        const [own, other] = times.map((list) => median(list)) as [number, number];
        figures.push({ query: `${format}: ${name}`, millraceMs: own, duckdbMs: other, ratio: own / other });
      }
    }
    for (const engine of engines) await engine.close();
  } catch (error) {
    for (const engine of engines) engine.kill();
    failures.push(error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(folder, { recursive: true });
  }
  printTable(
    ['lineitem as text', 'millrace ms', 'duckdb ms', 'ratio'],
    figures.map(({ query, millraceMs, duckdbMs, ratio }) => [
      String(query),
      formatMilliseconds(millraceMs as number),
      formatMilliseconds(duckdbMs as number),
      (ratio as number).toFixed(2),
    ]),
  );
  return { figures: { rows: Number(values.rows), queries: figures }, failures };
}

export const textSuite: Suite = {
  description: 'CSV and JSON lines of lineitem beside DuckDB: --rows 6100000 --runs 3',
  run: runText,
};
