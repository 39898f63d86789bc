import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Engine } from '../../src/session/engine.js';
import { measureOperators, type OperatorRows, qError, runScript } from '../estimates/run-statement.js';
import { createSkewedLake, SKEWED_QUERIES } from '../estimates/skewed-lake.js';
import { printTable } from '../report/print-table.js';
import { median, percentile } from '../report/statistics.js';
import type { Suite, SuiteReport } from '../suite.js';
import { requireLake } from '../tpch/tpch-lake.js';
import { parseQueryNumbers, readQuery } from '../tpch/tpch-queries.js';

const MEMORY_LIMIT = 3 * 2 ** 30;

interface Options {
  /** Where it is not by default. */
  readonly lake: string | undefined;
  readonly scale: number;
  readonly threads: number;
  readonly sets: readonly string[];
  readonly showsOperators: boolean;
}

function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: 'string', default: '1' },
      lake: { type: 'string' },
      threads: { type: 'string', default: '2' },
      sets: { type: 'string', default: 'tpch,skewed' },
      operators: { type: 'boolean', default: false },
    },
  });
  const scale = Number(values.scale);
  return {
    lake: values.lake,
    scale,
    threads: Number(values.threads),
    sets: values.sets.split(','),
    showsOperators: values.operators,
  };
}

/** The operators of each query. */
type Measured = ReadonlyMap<string, readonly OperatorRows[]>;

interface SetFigures {
  readonly name: string;
  readonly footers: Measured;
  readonly analyzed: Measured;
  readonly analyzeMs: number;
}

async function measureAll(engine: Engine, queries: ReadonlyMap<string, string>): Promise<Measured> {
  const measured = new Map<string, OperatorRows[]>();
  for (const [name, sql] of queries) measured.set(name, await measureOperators(engine, sql));
  return measured;
}

/** Each query with what footers tell, then again after ANALYZE, in a lake of its own. */
async function measureSet(
  name: string,
  queries: ReadonlyMap<string, string>,
  threads: number,
  fill: (folder: string, engine: Engine) => Promise<void>,
): Promise<SetFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-estimates-'));
  try {
    const engine = await Engine.open({ lake: folder, threads, memoryLimit: MEMORY_LIMIT });
    try {
      await fill(folder, engine);
      const footers = await measureAll(engine, queries);
      const started = performance.now();
      await runScript(engine, 'analyze');
      const analyzeMs = performance.now() - started;
      return { name, footers, analyzed: await measureAll(engine, queries), analyzeMs };
    } finally {
      await engine.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The tables of a lake by links, so that its own statistics are left alone. */
async function linkTables(lake: string, folder: string): Promise<void> {
  for (const entry of await readdir(lake, { withFileTypes: true })) {
    const isTable = entry.isDirectory() && !entry.name.startsWith('_');
    if (isTable) await symlink(join(lake, entry.name), join(folder, entry.name));
  }
}

async function measureTpch({ lake: folder, threads, scale }: Options): Promise<SetFigures> {
  const lake = requireLake(scale, folder);
  const queries = new Map<string, string>();
  for (const query of parseQueryNumbers('all')) queries.set(`Q${query}`, await readQuery(query));
  return await measureSet(`TPC-H, scale ${scale}`, queries, threads, (copy) => linkTables(lake, copy));
}

const errorsOf = (operators: readonly OperatorRows[]): number[] => operators.map(qError);

function summary(errors: readonly number[]): string[] {
  return [median(errors), percentile(errors, 0.9), Math.max(...errors)].map(formatError);
}

function formatError(error: number): string {
  return error < 100 ? error.toFixed(2) : Math.round(error).toLocaleString('en');
}

function printSet({ name, footers, analyzed, analyzeMs }: SetFigures): void {
  const header = [name, 'operators', 'median', 'p90', 'max', 'ANALYZE: median', 'p90', 'max'];
  const rows = [...footers].map(([query, operators]) => [
    query,
    String(operators.length),
    ...summary(errorsOf(operators)),
    ...summary(errorsOf(analyzed.get(query)!)),
  ]);
  const all = [footers, analyzed].map((measured) => [...measured.values()].flatMap(errorsOf));
  const worst = [footers, analyzed].map((measured) => [...measured.values()].map((one) => Math.max(...errorsOf(one))));
  rows.push(['all operators', String(all[0]!.length), ...summary(all[0]!), ...summary(all[1]!)]);
  rows.push(['worst of each query', String(footers.size), ...summary(worst[0]!), ...summary(worst[1]!)]);
  printTable(header, rows);
  console.log(`\nANALYZE took ${(analyzeMs / 1000).toFixed(1)} s\n`);
}

function printOperators({ footers, analyzed }: SetFigures): void {
  for (const [query, operators] of analyzed) {
    const before = footers.get(query)!;
    const rows = operators.map((operator, index) => [
      `${query} ${operator.kind}`,
      before[index]?.kind === operator.kind ? String(before[index]!.estimated) : '-',
      String(operator.estimated),
      String(operator.actual),
      formatError(qError(operator)),
    ]);
    printTable(['operator', 'footers', 'ANALYZE', 'actual', 'q-error'], rows);
    console.log();
  }
}

async function runEstimates(args: readonly string[]): Promise<SuiteReport> {
  const options = parseOptions(args);
  const figures: Record<string, unknown> = { scale: options.scale, threads: options.threads };
  for (const set of options.sets) {
    const measured =
      set === 'tpch'
        ? await measureTpch(options)
        : await measureSet('skewed', new Map(Object.entries(SKEWED_QUERIES)), options.threads, (_, engine) =>
            createSkewedLake(engine),
          );
    if (options.showsOperators) printOperators(measured);
    printSet(measured);
    const errors = (all: Measured): unknown =>
      Object.fromEntries([...all].map(([query, one]) => [query, errorsOf(one)]));
    figures[set] = {
      footers: errors(measured.footers),
      analyzed: errors(measured.analyzed),
      analyzeMs: measured.analyzeMs,
    };
  }
  return { figures, failures: [] };
}

export const estimatesSuite: Suite = {
  description:
    'how far estimates are off (q-error), with and without ANALYZE: --scale 1 --sets tpch,skewed [--operators] [--lake DIR]',
  run: runEstimates,
};
