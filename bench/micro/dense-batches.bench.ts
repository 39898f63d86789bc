// Dense batches against selection vectors: the columns behind a filter are compacted once, or read through its selection
// by every operator that follows.
import { BATCH_ROWS } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { loadAssembly } from './load-assembly.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

interface Kernels {
  compactTwo(
    left: number,
    right: number,
    selection: number,
    count: number,
    denseLeft: number,
    denseRight: number,
  ): void;
  multiplyDense(left: number, right: number, factor: bigint, count: number, product: number): number;
  multiplySelected(
    left: number,
    right: number,
    factor: bigint,
    selection: number,
    count: number,
    product: number,
  ): number;
}

const LEFT = 65_536;
const RIGHT = LEFT + BATCH_ROWS * 8;
const SELECTION = RIGHT + BATCH_ROWS * 8;
const DENSE_LEFT = SELECTION + BATCH_ROWS * 4;
const DENSE_RIGHT = DENSE_LEFT + BATCH_ROWS * 8;
const PRODUCT = DENSE_RIGHT + BATCH_ROWS * 8;
const PAGES = Math.ceil((PRODUCT + BATCH_ROWS * 8) / 65_536) + 1;

const random = createRandomStream('micro dense batches');

function measure(
  kernels: Kernels,
  memory: WebAssembly.Memory,
  passPercent: number,
  operatorCount: number,
): readonly CandidateFigures[] {
  const selection = new Uint32Array(memory.buffer, SELECTION, BATCH_ROWS);
  let count = 0;
  for (let row = 0; row < BATCH_ROWS; row++) {
    if (drawInteger(random, row, 1, 100) <= passPercent) selection[count++] = row;
  }
  const dense = (): number => {
    kernels.compactTwo(LEFT, RIGHT, SELECTION, count, DENSE_LEFT, DENSE_RIGHT);
    let sum = 0;
    for (let step = 0; step < operatorCount; step++)
      sum ^= kernels.multiplyDense(DENSE_LEFT, DENSE_RIGHT, 100n, count, PRODUCT);
    return sum;
  };
  const selected = (): number => {
    let sum = 0;
    for (let step = 0; step < operatorCount; step++)
      sum ^= kernels.multiplySelected(LEFT, RIGHT, 100n, SELECTION, count, PRODUCT);
    return sum;
  };
  const operators = operatorCount === 1 ? '1 operator' : `${operatorCount} operators`;
  return compareCandidates(
    [
      { name: 'compacted once', run: dense },
      { name: 'through the selection', run: selected },
    ],
    { title: `${passPercent} % of rows pass, ${operators} behind`, rowCount: count },
  );
}

/** ns per row that passed. */
export const benchmark: MicroBenchmark = async () => {
  const { exports: kernels, memory } = loadAssembly<Kernels>('dense', PAGES);
  const values = new BigInt64Array(memory.buffer, LEFT, BATCH_ROWS * 2);
  for (let row = 0; row < BATCH_ROWS * 2; row++)
    values[row] = BigInt(drawInteger(random, BATCH_ROWS + row, 0, 1_000_000));
  return [5, 50, 95].flatMap((percent) =>
    [1, 2, 4].flatMap((operators) => measure(kernels, memory, percent, operators)),
  );
};
