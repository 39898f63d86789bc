// What a quantum costs beside the work in it: the way of a task to a worker and back.
import { tmpdir } from 'node:os';
import { WorkerPool } from '../../src/exec/worker/worker-pool.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { printTable } from '../report/print-table.js';
import { percentile } from '../report/statistics.js';
import type { CandidateFigures, MicroBenchmark } from './micro-benchmark.js';

const THREADS = 2;
const WARM_UP = 500;
const ROUNDS = 2000;
const QUANTUM_MS = 20;
const TITLE = 'an empty task';

export const benchmark: MicroBenchmark = async () => {
  const shared = SharedMemory.create(2 ** 25);
  const pool = new WorkerPool(shared.memory, THREADS, { directory: tmpdir() });
  try {
    // To forget a query that was never there is the least that can be asked of a worker.
    const ask = (lane: number) => pool.run(lane, { kind: 'release' }, 0);
    const patterns: Readonly<Record<string, () => Promise<unknown>>> = {
      'one lane': () => ask(0),
      'two lanes at the same time': () => Promise.all([ask(0), ask(1)]),
    };
    const figures: CandidateFigures[] = [];
    const rows: string[][] = [];
    for (const [name, run] of Object.entries(patterns)) {
      const times: number[] = [];
      for (let round = -WARM_UP; round < ROUNDS; round++) {
        const started = performance.now();
        await run();
        if (round >= 0) times.push(performance.now() - started);
      }
      const [half, most] = [percentile(times, 0.5), percentile(times, 0.99)];
      figures.push({ title: TITLE, name, nsPerRow: half * 1e6 });
      rows.push([name, (half * 1000).toFixed(0), (most * 1000).toFixed(0), ((half / QUANTUM_MS) * 100).toFixed(2)]);
    }
    printTable([TITLE, 'median µs', '99 % µs', `% of ${QUANTUM_MS} ms`], rows);
    return figures;
  } finally {
    await pool.close();
  }
};
