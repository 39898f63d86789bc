import type { EngineProcess } from '../engines/engine-process.js';
import { median } from '../report/statistics.js';
import { readQuery } from './tpch-queries.js';

export interface QueryMedians {
  readonly query: number;
  /** Milliseconds, one an engine. */
  readonly medians: readonly number[];
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
