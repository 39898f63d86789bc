// Text as 16-byte views with the first 8 bytes in them, against offsets into one run of bytes as Arrow has them.
import { BATCH_ROWS } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { loadAssembly } from './load-assembly.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

interface Kernels {
  countEqualViews(views: number, count: number, wanted: number): number;
  countEqualOffsets(offsets: number, bytes: number, count: number, wanted: number, wantedLength: number): number;
  countLessViews(views: number, rows: number, count: number): number;
  countLessOffsets(offsets: number, bytes: number, rows: number, count: number): number;
  compactViews(views: number, selection: number, count: number, target: number): number;
  compactOffsets(
    offsets: number,
    bytes: number,
    selection: number,
    count: number,
    targetOffsets: number,
    targetBytes: number,
  ): number;
}

const MAX_TEXT_BYTES = 32;
const VIEWS = 65_536;
const OFFSETS = VIEWS + BATCH_ROWS * 16;
const ROWS = OFFSETS + BATCH_ROWS * 4 + 64;
const SELECTION = ROWS + BATCH_ROWS * 4;
const BYTES = SELECTION + BATCH_ROWS * 4;
const TARGET = BYTES + BATCH_ROWS * MAX_TEXT_BYTES + 64;
const TARGET_BYTES = TARGET + BATCH_ROWS * 16;
const PAGES = Math.ceil((TARGET_BYTES + BATCH_ROWS * MAX_TEXT_BYTES) / 65_536) + 1;

const random = createRandomStream('micro string views');

/** `texts` in both layouts; the bytes are shared. */
function writeTexts(memory: WebAssembly.Memory, texts: readonly string[]): void {
  const u8 = new Uint8Array(memory.buffer);
  const u32 = new Uint32Array(memory.buffer);
  let end = BYTES;
  for (const [row, text] of texts.entries()) {
    const bytes = new TextEncoder().encode(text);
    u8.set(bytes, end);
    u8.fill(0, VIEWS + row * 16, VIEWS + row * 16 + 16);
    u32.set([bytes.length, end], VIEWS / 4 + row * 4);
    u8.set(bytes.subarray(0, 8), VIEWS + row * 16 + 8);
    u32[OFFSETS / 4 + row] = end - BYTES;
    end += bytes.length;
  }
  u32[OFFSETS / 4 + texts.length] = end - BYTES;
}

function measure(kernels: Kernels, memory: WebAssembly.Memory, title: string, prefix: string): CandidateFigures[] {
  const letters = (row: number): string => drawInteger(random, row, 0, 2 ** 31).toString(36);
  writeTexts(
    memory,
    Array.from({ length: BATCH_ROWS }, (_, row) => `${prefix}${letters(row % 500)} ${'x'.repeat(row % 5)}`),
  );
  const u32 = new Uint32Array(memory.buffer);
  let selected = 0;
  for (let row = 0; row < BATCH_ROWS; row++) {
    u32[ROWS / 4 + row] = drawInteger(random, row, 0, BATCH_ROWS - 1);
    if (row % 2 === 0) u32[SELECTION / 4 + selected++] = row;
  }
  const [length, wanted] = [u32[VIEWS / 4]!, u32[VIEWS / 4 + 1]!];
  return [
    ...compareCandidates(
      [
        { name: 'views', run: () => kernels.countEqualViews(VIEWS, BATCH_ROWS, VIEWS) },
        { name: 'offsets', run: () => kernels.countEqualOffsets(OFFSETS, BYTES, BATCH_ROWS, wanted, length) },
      ],
      { title: `equal to a constant, ${title}`, rowCount: BATCH_ROWS },
    ),
    ...compareCandidates(
      [
        { name: 'views', run: () => kernels.countLessViews(VIEWS, ROWS, BATCH_ROWS) },
        { name: 'offsets', run: () => kernels.countLessOffsets(OFFSETS, BYTES, ROWS, BATCH_ROWS) },
      ],
      { title: `less than another row, ${title}`, rowCount: BATCH_ROWS },
    ),
    ...compareCandidates(
      [
        { name: 'views', run: () => kernels.compactViews(VIEWS, SELECTION, selected, TARGET) },
        {
          name: 'offsets',
          run: () => kernels.compactOffsets(OFFSETS, BYTES, SELECTION, selected, TARGET, TARGET_BYTES),
        },
      ],
      { title: `compact every other row, ${title}`, rowCount: selected },
    ),
  ];
}

export const benchmark: MicroBenchmark = async () => {
  const { exports: kernels, memory } = loadAssembly<Kernels>('strings', PAGES);
  return [
    ...measure(kernels, memory, 'first bytes differ', ''),
    ...measure(kernels, memory, 'first 12 bytes equal', 'Customer#000'),
  ];
};
