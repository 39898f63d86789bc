// How overflow is noticed: a sticky flag looked at once a batch, a branch at every row, a trap.
import { BATCH_ROWS } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { loadAssembly } from './load-assembly.js';
import { compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

type Add = (left: number, right: number, count: number, target: number) => number;
type Kernels = Readonly<Record<'addUnchecked' | 'addSticky' | 'addBranching' | 'addTrapping', Add>>;

const LEFT = 65_536;
const RIGHT = LEFT + BATCH_ROWS * 8;
const TARGET = RIGHT + BATCH_ROWS * 8;
const PAGES = Math.ceil((TARGET + BATCH_ROWS * 8) / 65_536) + 1;

export const benchmark: MicroBenchmark = async () => {
  const { exports: kernels, memory } = loadAssembly<Kernels>('overflow', PAGES);
  const random = createRandomStream('micro overflow');
  const values = new BigInt64Array(memory.buffer, LEFT, BATCH_ROWS * 2);
  for (let row = 0; row < BATCH_ROWS * 2; row++) values[row] = BigInt(drawInteger(random, row, -1000, 1000));
  const candidate = (name: string, add: Add) => ({ name, run: () => add(LEFT, RIGHT, BATCH_ROWS, TARGET) });
  return compareCandidates(
    [
      candidate('sticky flag', kernels.addSticky),
      candidate('unchecked', kernels.addUnchecked),
      candidate('branch at every row', kernels.addBranching),
      candidate('trap', kernels.addTrapping),
    ],
    { title: 'i64 + i64', rowCount: BATCH_ROWS },
  );
};
