// Kernels of window functions over 4,096 rows in partitions of 16 and of 1,024, beside their twins in TypeScript.
import { loadKernels } from '../../src/kernels/kernels.js';
import * as twin from '../../src/kernels/reference/window.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { type Candidate, type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const ROWS = 4096;
const ROW_BYTES = 16;
const OFFSET = 1;
const PRECEDING = 3;

function measure(partitionRows: number): readonly CandidateFigures[] {
  const shared = SharedMemory.create(2 ** 24);
  const kernels = loadKernels(shared.memory);
  const scope = new Scope(shared, shared.createOwner());
  const list = (): number => scope.allocate((ROWS + 1) * 8);
  // Two rows are peers; every third value is NULL.
  const names = (size: number): string[] => Array.from({ length: ROWS }, (_, row) => String(Math.floor(row / size)));
  const [partitions, groups] = [twin.markPeers(names(partitionRows)), twin.markPeers(names(2))];
  const isFilled = Array.from({ length: ROWS }, (_, row) => row % 3 !== 0);
  const write = (numbers: readonly number[]): number => {
    const pointer = list();
    shared.u32.set(numbers, pointer / 4);
    return pointer;
  };
  const [ordinals, starts] = [write(partitions.ordinals), write(partitions.starts)];
  const [groupOrdinals, groupStarts] = [write(groups.ordinals), write(groups.starts)];
  const base = scope.allocate(ROWS * ROW_BYTES);
  isFilled.forEach((isValid, row) => {
    shared.u8[base + row * ROW_BYTES + 8] = isValid ? 1 : 0;
  });
  const rows = write(Array.from({ length: ROWS }, (_, row) => base + row * ROW_BYTES));
  const [values, carry, lows, highs, positions] = [list(), scope.allocate(64), list(), list(), list()];
  const [counts, filled, parts, states] = [list(), list(), scope.allocate(ROWS * 36), list()];
  kernels.listFilled(0, ROWS, rows, 8, counts, filled, 0);
  kernels.rowBounds(0, ROWS, ordinals, starts, OFFSET, -PRECEDING, false, lows);
  kernels.rowBounds(0, ROWS, ordinals, starts, OFFSET, 0, true, highs);
  const peers = [0, ROWS, ordinals, starts, groupOrdinals, groupStarts] as const;
  const lag = [0, ROWS, ordinals, starts, rows, 0, 0, 2, -1] as const;
  const inTypeScript = (work: (row: number) => number | undefined) => (): number => {
    let sum = 0;
    for (let row = 0; row < ROWS; row++) sum += work(row) ?? 0;
    return sum;
  };
  const pairs: readonly (readonly [name: string, kernel: () => unknown, twin: () => number])[] = [
    [
      'row_number()',
      () => kernels.rowNumbers(0, ROWS, ordinals, starts, carry, values),
      inTypeScript((row) => twin.rowNumber(partitions, row)),
    ],
    [
      'rank()',
      () => kernels.ranks(...peers, false, carry, values),
      inTypeScript((row) => twin.rank(partitions, groups, row, false)),
    ],
    [
      'cume_dist()',
      () => kernels.cumulativeShares(...peers, values),
      inTypeScript((row) => twin.cumulativeShare(partitions, groups, row)),
    ],
    [
      'lag(x, 2)',
      () => kernels.offsetPositions(...lag, positions),
      inTypeScript((row) => twin.offsetPosition(partitions, row, -2)),
    ],
    [
      'lag(x, 2) ignore nulls',
      () => kernels.filledOffsetPositions(...lag, counts, filled, positions),
      inTypeScript((row) => twin.filledOffsetPosition(partitions, row, -2, isFilled)),
    ],
    [
      'rows 3 preceding',
      () => kernels.rowBounds(0, ROWS, ordinals, starts, OFFSET, -PRECEDING, false, lows),
      inTypeScript((row) => twin.rowBound(partitions, row, -PRECEDING, false)),
    ],
    [
      'groups 3 preceding',
      () => kernels.groupBounds(...peers, OFFSET, -PRECEDING, false, positions),
      inTypeScript((row) => twin.groupBound(partitions, groups, row, -PRECEDING, false)),
    ],
    [
      'frames without the current row',
      () => kernels.frameParts(0, ROWS, lows, highs, 1, groupOrdinals, groupStarts, states, 8, parts, positions),
      inTypeScript((row) => {
        const [low, high] = [twin.rowBound(partitions, row, -PRECEDING, false), row + 1];
        return twin.frameRows(groups, row, low, high, 1).length;
      }),
    ],
  ];
  const candidates = pairs.flatMap(([name, kernel, slow]): Candidate[] => [
    { name, run: () => Number(kernel() ?? 0) },
    { name: `${name}, in TypeScript`, run: slow },
  ]);
  return compareCandidates(candidates, {
    title: `window functions, ${partitionRows} rows a partition`,
    rowCount: ROWS,
    rounds: 5,
    roundMs: 10,
  });
}

export const benchmark: MicroBenchmark = async () => [16, 1024].flatMap(measure);
