// How many rows a batch should have: the same million rows through a small pipeline, in batches of different sizes.
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { loadAssembly } from './load-assembly.js';
import { compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const ROW_COUNT = 1 << 20;
const SIZES = [2048, 256, 512, 1024, 4096, 8192, 16_384, 65_536, 262_144];
const VALUE_RANGE = 1000;

interface Kernels {
  selectLess(values: number, bound: bigint, count: number, selection: number): number;
  compact(values: number, selection: number, count: number, target: number): void;
  multiply(left: number, right: number, count: number, target: number): void;
  sum(values: number, count: number): number;
}

const LEFT = 65_536;
const RIGHT = LEFT + ROW_COUNT * 8;
/** What passes from step to step; as large as a batch, and used again for each. */
const SELECTION = RIGHT + ROW_COUNT * 8;
const COMPACT_LEFT = SELECTION + ROW_COUNT * 4;
const COMPACT_RIGHT = COMPACT_LEFT + ROW_COUNT * 8;
const PRODUCT = COMPACT_RIGHT + ROW_COUNT * 8;
const PAGES = Math.ceil((PRODUCT + ROW_COUNT * 8) / 65_536) + 1;

export const benchmark: MicroBenchmark = async () => {
  const { exports: kernels, memory } = loadAssembly<Kernels>('batch', PAGES);
  const random = createRandomStream('micro batch size');
  const values = new BigInt64Array(memory.buffer, LEFT, ROW_COUNT * 2);
  for (let row = 0; row < ROW_COUNT * 2; row++) values[row] = BigInt(drawInteger(random, row, 0, VALUE_RANGE - 1));

  const runInBatches = (batchRows: number): number => {
    let total = 0;
    for (let row = 0; row < ROW_COUNT; row += batchRows) {
      const selected = kernels.selectLess(LEFT + row * 8, BigInt(VALUE_RANGE / 2), batchRows, SELECTION);
      kernels.compact(LEFT + row * 8, SELECTION, selected, COMPACT_LEFT);
      kernels.compact(RIGHT + row * 8, SELECTION, selected, COMPACT_RIGHT);
      kernels.multiply(COMPACT_LEFT, COMPACT_RIGHT, selected, PRODUCT);
      total += kernels.sum(PRODUCT, selected);
    }
    return total;
  };
  const candidates = SIZES.map((size) => ({ name: `${size} rows`, run: () => runInBatches(size) }));
  return compareCandidates(candidates, { title: 'filter, compact two columns, multiply, sum', rowCount: ROW_COUNT });
};
