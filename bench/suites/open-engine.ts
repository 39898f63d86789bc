import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Engine } from '../../src/session/engine.js';
import { defaultLakePath } from '../tpch/tpch-lake.js';

/** An engine of this process over the TPC-H data of a scale, for suites that need more of it than its API. */
export async function openEngine(scale: string, threads: string, memoryLimit: number): Promise<Engine> {
  const lake = resolve(defaultLakePath(Number(scale)));
  if (!existsSync(lake)) throw new Error(`there is no data at ${lake}: run npm run bench:data -- --scale ${scale}`);
  return await Engine.open({ lake, threads: Number(threads), memoryLimit });
}
