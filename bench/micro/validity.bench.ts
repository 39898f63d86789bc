// Validity as one byte a row against one bit a row, over batches that stay in the first-level cache.
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { loadAssembly } from './load-assembly.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const ROW_COUNT = 2048;

type Pass = (...args: (number | bigint)[]) => number;
interface Kernels {
  readonly sumWithBytes: Pass;
  readonly sumWithBits: Pass;
  readonly sumWithBitWords: Pass;
  readonly addWithBytes: Pass;
  readonly addWithBits: Pass;
  readonly selectWithBytes: Pass;
  readonly selectWithBits: Pass;
  readonly compactBytes: Pass;
  readonly compactBits: Pass;
}

/** Where the columns are, in bytes from the start of the memory. */
const LEFT = 1024;
const RIGHT = LEFT + ROW_COUNT * 8;
const OUTPUT = RIGHT + ROW_COUNT * 8;
const BYTES = OUTPUT + ROW_COUNT * 8;
const BITS = BYTES + ROW_COUNT;
const OUTPUT_VALIDITY = BITS + ROW_COUNT;
const SELECTION = OUTPUT_VALIDITY + ROW_COUNT;
const VALUE_RANGE = 1000;

const random = createRandomStream('micro validity');

function fillColumns(memory: WebAssembly.Memory, nullPercent: number): void {
  const values = new BigInt64Array(memory.buffer, LEFT, ROW_COUNT * 2);
  const bytes = new Uint8Array(memory.buffer, BYTES, ROW_COUNT);
  const bits = new Uint8Array(memory.buffer, BITS, ROW_COUNT / 8).fill(0);
  for (let row = 0; row < ROW_COUNT * 2; row++) values[row] = BigInt(drawInteger(random, row, 0, VALUE_RANGE - 1));
  for (let row = 0; row < ROW_COUNT; row++) {
    const isValid = drawInteger(random, ROW_COUNT * 2 + row, 1, 100) > nullPercent;
    bytes[row] = Number(isValid);
    if (isValid) bits[row >> 3]! |= 1 << (row & 7);
  }
}

function measureNullShare(kernels: Kernels, nullPercent: number): CandidateFigures[] {
  const selected = kernels.selectWithBytes(LEFT, BYTES, BigInt(VALUE_RANGE / 2), SELECTION, ROW_COUNT);
  const bound = BigInt(VALUE_RANGE / 2);
  const share = `${nullPercent} % NULL`;
  const compare = (
    title: string,
    rowCount: number,
    passes: Readonly<Record<string, () => number>>,
  ): readonly CandidateFigures[] =>
    compareCandidates(
      Object.entries(passes).map(([name, run]) => ({ name, run })),
      { title: `${title}, ${share}`, rowCount },
    );
  return [
    ...compare('sum of i64', ROW_COUNT, {
      bytes: () => kernels.sumWithBytes(LEFT, BYTES, ROW_COUNT),
      'bits, one by one': () => kernels.sumWithBits(LEFT, BITS, ROW_COUNT),
      'bits, by words': () => kernels.sumWithBitWords(LEFT, BITS, ROW_COUNT),
    }),
    ...compare('i64 + i64', ROW_COUNT, {
      bytes: () => kernels.addWithBytes(LEFT, RIGHT, BYTES, BYTES, OUTPUT, OUTPUT_VALIDITY, ROW_COUNT),
      bits: () => kernels.addWithBits(LEFT, RIGHT, BITS, BITS, OUTPUT, OUTPUT_VALIDITY, ROW_COUNT),
    }),
    ...compare('select i64 < bound', ROW_COUNT, {
      bytes: () => kernels.selectWithBytes(LEFT, BYTES, bound, SELECTION, ROW_COUNT),
      bits: () => kernels.selectWithBits(LEFT, BITS, bound, SELECTION, ROW_COUNT),
    }),
    ...compare('compact validity by a selection', selected, {
      bytes: () => kernels.compactBytes(BYTES, SELECTION, OUTPUT_VALIDITY, selected),
      bits: () => kernels.compactBits(BITS, SELECTION, OUTPUT_VALIDITY, selected),
    }),
  ];
}

export const benchmark: MicroBenchmark = async () => {
  const { exports: kernels, memory } = loadAssembly<Kernels>('validity', 4);
  const figures: CandidateFigures[] = [];
  for (const nullPercent of [0, 5, 50]) {
    fillColumns(memory, nullPercent);
    figures.push(...measureNullShare(kernels, nullPercent));
  }
  return figures;
};
