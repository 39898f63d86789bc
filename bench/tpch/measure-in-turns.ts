import { existsSync } from 'node:fs';
import type { EngineProcess } from '../engines/engine-process.js';
import { median } from '../report/statistics.js';
import { defaultLakePath } from './tpch-lake.js';
import { QUERY_COUNT, readQuery } from './tpch-queries.js';

export interface QueryMedians {
  readonly query: number;
  /** Milliseconds, one an engine. */
  readonly medians: readonly number[];
}

/** The numbers that an option names: `all`, or a list. */
export function parseQueryNumbers(text: string): number[] {
  return text === 'all' ? Array.from({ length: QUERY_COUNT }, (_, index) => index + 1) : text.split(',').map(Number);
}

/** The folder of a generated lake, which must be there. */
export function requireLake(scale: number): string {
  const lake = defaultLakePath(scale);
  if (!existsSync(lake)) throw new Error(`there is no data at ${lake}: run npm run bench:data -- --scale ${scale}`);
  return lake;
}

/** Runs each query once on every engine to warm up, and then `runs` times in turns. */
export async function measureInTurns(
  engines: readonly EngineProcess[],
  queries: readonly number[],
  runs: number,
): Promise<QueryMedians[]> {
  const found: QueryMedians[] = [];
  for (const query of queries) {
    const sql = await readQuery(query);
    const times = engines.map((): number[] => []);
    for (const engine of engines) await engine.run(sql);
    for (let turn = 0; turn < runs; turn++) {
      for (const [index, engine] of engines.entries()) times[index]!.push((await engine.run(sql)).elapsedMs);
    }
    found.push({ query, medians: times.map(median) });
  }
  return found;
}
