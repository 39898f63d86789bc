// What ANALYZE pays a row: its kernels against the same loops in JavaScript, and a dictionary's codes against hashes.

import { loadKernels } from '../../src/kernels/kernels.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const BATCHES = 64;
const ROWS = BATCHES * BATCH_ROWS;
const SLOTS = 2048;
const LIMIT = SLOTS / 2;
const ENTRIES = 1000;
const REGISTERS = 2048;
const SAMPLE_ROWS = 4096;

const random = createRandomStream('micro statistics');
const shared = SharedMemory.create(256 * 2 ** 20);
const kernels = loadKernels(shared.memory);
const scope = new Scope(shared, shared.createOwner());
const { u32, u8 } = shared;

/** Hashes of values of which there are `distinct`. */
function makeHashes(distinct: number): number {
  const hashes = scope.allocate(ROWS * 4);
  for (let row = 0; row < ROWS; row++) {
    const value = drawInteger(random, row, 0, distinct - 1);
    u32[hashes / 4 + row] = Math.imul(value + 1, 0x9e37_79b1) >>> 0;
  }
  return hashes;
}

function measureRegisters(hashes: number): readonly CandidateFigures[] {
  const registers = scope.allocateCleared(REGISTERS);
  return compareCandidates(
    [
      {
        name: 'kernel',
        run: () => {
          for (let at = 0; at < ROWS; at += BATCH_ROWS) {
            kernels.addToRegisters(hashes + at * 4, 0, 0, BATCH_ROWS, registers);
          }
          return u8[registers]!;
        },
      },
      {
        name: 'JavaScript',
        run: () => {
          for (let row = 0; row < ROWS; row++) {
            const hash = u32[hashes / 4 + row]!;
            const rank = Math.clz32((hash << 11) | (1 << 10)) + 1;
            const at = registers + (hash >>> 21);
            if (rank > u8[at]!) u8[at] = rank;
          }
          return u8[registers]!;
        },
      },
    ],
    { title: 'HyperLogLog registers', rowCount: ROWS },
  );
}

function measureFrequent(distinct: number): readonly CandidateFigures[] {
  const hashes = makeHashes(distinct);
  const table = scope.allocateCleared(16 + SLOTS * 8);
  const scratch = scope.allocate(SLOTS * 8);
  return compareCandidates(
    [
      {
        name: 'kernel',
        run: () => {
          for (let from = 0; from < ROWS; ) {
            from = kernels.addFrequent(table, SLOTS - 1, LIMIT, hashes, 0, 0, from, ROWS);
            if (from < ROWS) kernels.shrinkFrequent(table, SLOTS - 1, scratch);
          }
          return u32[table / 4]!;
        },
      },
      {
        name: 'JavaScript, a Map',
        run: () => {
          const counts = new Map<number, number>();
          for (let row = 0; row < ROWS; row++) {
            const hash = u32[hashes / 4 + row]!;
            const count = counts.get(hash);
            if (count === undefined && counts.size === LIMIT) {
              const cut = [...counts.values()].sort((a, b) => a - b)[LIMIT >> 1]!;
              for (const [key, value] of counts) {
                if (value > cut) counts.set(key, value - cut);
                else counts.delete(key);
              }
            }
            counts.set(hash, (count ?? 0) + 1);
          }
          return counts.size;
        },
      },
    ],
    { title: `frequent values among ${distinct}`, rowCount: ROWS },
  );
}

function measureCodes(): readonly CandidateFigures[] {
  const codes = scope.allocate(ROWS * 4);
  for (let row = 0; row < ROWS; row++) u32[codes / 4 + row] = drawInteger(random, row, 0, ENTRIES - 1);
  const counts = scope.allocateCleared(ENTRIES * 4);
  const hashes = makeHashes(ENTRIES);
  const registers = scope.allocateCleared(REGISTERS);
  const table = scope.allocateCleared(16 + SLOTS * 8);
  return compareCandidates(
    [
      {
        name: 'count codes, then entries',
        run: () => {
          for (let at = 0; at < ROWS; at += BATCH_ROWS) kernels.countCodes(codes + at * 4, 0, BATCH_ROWS, counts);
          kernels.addFrequent(table, SLOTS - 1, LIMIT, hashes, 0, counts, 0, ENTRIES);
          return kernels.addToRegisters(hashes, 0, counts, ENTRIES, registers);
        },
      },
      {
        name: 'each row by its hash',
        run: () => {
          for (let at = 0; at < ROWS; at += BATCH_ROWS) {
            kernels.addFrequent(table, SLOTS - 1, LIMIT, hashes + at * 4, 0, 0, 0, BATCH_ROWS);
            kernels.addToRegisters(hashes + at * 4, 0, 0, BATCH_ROWS, registers);
          }
          return u32[table / 4]!;
        },
      },
    ],
    { title: `a dictionary of ${ENTRIES} entries`, rowCount: ROWS },
  );
}

function measureSample(): readonly CandidateFigures[] {
  const rows = scope.allocate(BATCH_ROWS * 4);
  const priorities = scope.allocate(BATCH_ROWS * 4);
  const threshold = Math.floor(2 ** 31 * (SAMPLE_ROWS / ROWS));
  let seed = 0n;
  return compareCandidates(
    [
      {
        name: 'kernel',
        run: () => {
          let picked = 0;
          seed++;
          for (let at = 0; at < ROWS; at += BATCH_ROWS) {
            picked += kernels.pickSampleRows(seed, BigInt(at), threshold, 0, BATCH_ROWS, BATCH_ROWS, rows, priorities);
          }
          return picked;
        },
      },
      {
        name: 'JavaScript, Math.random',
        run: () => {
          let picked = 0;
          for (let row = 0; row < ROWS; row++) if (Math.random() * 2 ** 31 < threshold) u32[rows / 4 + picked++] = row;
          return picked;
        },
      },
    ],
    { title: 'rows of a sample', rowCount: ROWS },
  );
}

export const benchmark: MicroBenchmark = async () => [
  ...measureRegisters(makeHashes(ROWS)),
  ...measureFrequent(500),
  ...measureFrequent(ROWS),
  ...measureCodes(),
  ...measureSample(),
];
