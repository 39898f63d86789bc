import { Engine } from '../../src/session/engine.js';
import { requireLake } from '../tpch/tpch-lake.js';

/** An engine of this process over the TPC-H data of a scale, for suites that need more of it than its API. */
export async function openEngine(scale: string, threads: string, memoryLimit: number): Promise<Engine> {
  return await Engine.open({ lake: requireLake(Number(scale)), threads: Number(threads), memoryLimit });
}
