import { readdir } from 'node:fs/promises';
import type { MicroBenchmark } from '../micro/micro-benchmark.js';
import type { Suite, SuiteReport } from '../suite.js';

const folder = new URL('../micro/', import.meta.url);
const SUFFIX = '.bench.js';

/** Runs bench/micro/<name>.bench.ts, all of them or those named. */
async function runMicro(args: readonly string[]): Promise<SuiteReport> {
  const names = (await readdir(folder))
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length));
  const unknown = args.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no micro-benchmark ${unknown.join(', ')}: there are ${names.join(', ')}`);
  const figures: Record<string, unknown> = {};
  for (const name of args.length > 0 ? args : names) {
    const module = (await import(new URL(name + SUFFIX, folder).href)) as { readonly benchmark: MicroBenchmark };
    console.log(`# ${name}`);
    figures[name] = await module.benchmark();
  }
  return { figures, failures: [] };
}

export const microSuite: Suite = {
  description: 'kernels and layouts side by side, ns per row: [name …], see bench/micro',
  run: runMicro,
};
