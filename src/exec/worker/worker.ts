import { workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { setUserCallGuard } from '../../functions/user/user-call-guard.js';
import type { LaneResult, LaneTask } from '../pipeline/lane-task.js';
import type { SpillOptions } from '../spill/spill-context.js';
import { LaneHost } from './lane-host.js';

/** What a worker is started with. */
export interface WorkerSettings {
  readonly memory: WebAssembly.Memory;
  readonly spill: SpillOptions;
  /** See functions/user/user-call-guard.ts. */
  readonly guard: SharedArrayBuffer;
  /** One word, 1 once this module is loaded. */
  readonly loaded: SharedArrayBuffer;
}

const settings = workerData as WorkerSettings;
setUserCallGuard(settings.guard);
const host = new LaneHost(settings.memory, settings.spill);
const loaded = new Int32Array(settings.loaded);
Atomics.store(loaded, 0, 1);
Atomics.notify(loaded, 0);

/** One quantum; the entry point that piscina calls. The buffers of result chunks are transferred, not copied. */
export async function runTask(task: LaneTask): Promise<LaneResult> {
  const result = await host.run(task);
  if (result.chunks.length === 0) return result;
  const buffers = result.chunks.map((chunk) => chunk.bytes.buffer);
  return move({ [transferableSymbol]: buffers, [valueSymbol]: result } as never) as unknown as LaneResult;
}
