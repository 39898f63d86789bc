import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as twin from '../../../src/kernels/reference/window.js';
import { KernelMemory } from './kernel-memory.js';

const memory = new KernelMemory();
const { kernels, scope, shared } = memory;

/** A row: the partition at 8, the key at 12, a number at 16, a bound at 24; validity of key and number at 20, 21. */
const STRIDE = 32;
const [PARTITION, KEY, NUMBER, KEY_VALID, NUMBER_VALID, VALID, BOUND] = [8, 12, 16, 20, 21, 22, 24];
const MAX_ROWS = 64;
const I32 = 1;
const NO_ROW = 0xffff_ffff;
const NULL_ROW = 0xffff_fffe;

interface Row {
  readonly partition: number;
  readonly key: number | undefined;
  readonly number: number | undefined;
  readonly distance: number;
}

interface Drawn {
  readonly rows: readonly Row[];
  readonly order: { readonly descending: boolean; readonly nullsFirst: boolean };
  readonly cuts: readonly number[];
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  rows: fc.array(
    fc.record({
      partition: fc.nat(3),
      key: fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined, freq: 5 }),
      number: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined, freq: 5 }),
      distance: fc.integer({ min: -4, max: 4 }),
    }),
    { minLength: 1, maxLength: MAX_ROWS },
  ),
  order: fc.record({ descending: fc.boolean(), nullsFirst: fc.boolean() }),
  cuts: fc.array(fc.nat(MAX_ROWS), { maxLength: 4 }),
});

const list = (): number => scope.allocate((MAX_ROWS + 1) * 8);
const [base, pointers] = [scope.allocate(MAX_ROWS * STRIDE), list()];
const [partitionOrdinals, partitionStarts, groupOrdinals, groupStarts] = [list(), list(), list(), list()];
const [values, validity, positions, lows, highs, parts, rowStates] = [
  list(),
  list(),
  list(),
  list(),
  list(),
  scope.allocate(MAX_ROWS * 36),
  list(),
];
const [targets, sources, rowTargets, rowPointers] = [list(), list(), list(), list()];
const descriptors = [1, 2].map((count) => {
  const pointer = scope.allocate(64);
  shared.u32.set([count, PARTITION, VALID, I32, 0, KEY, KEY_VALID, I32, 0], pointer / 4);
  return pointer;
}) as [number, number];
const entries = scope.allocate((MAX_ROWS + 1) * 16);
const carry = scope.allocate(64);
const clearCarry = (): void => {
  shared.u8.fill(0, carry, carry + 64);
};

/** Sorts the rows, writes them, and marks their peers; in the stretches that `cuts` make of them. */
function prepare({ rows, order, cuts }: Drawn): {
  readonly rows: readonly Row[];
  readonly partitions: twin.Peers;
  readonly groups: twin.Peers;
  readonly stretches: readonly (readonly [number, number])[];
} {
  const compareKeys = (a: Row, b: Row): number => {
    if (a.key === undefined || b.key === undefined) {
      if (a.key === b.key) return 0;
      return (a.key === undefined) === order.nullsFirst ? -1 : 1;
    }
    return order.descending ? b.key - a.key : a.key - b.key;
  };
  const sorted = rows.toSorted((a, b) => a.partition - b.partition || compareKeys(a, b));
  for (const [i, { partition, key, number, distance }] of sorted.entries()) {
    const at = base + i * STRIDE;
    shared.i32.set([partition, key ?? 0, number ?? 0, 0, (key ?? 0) + distance], (at + PARTITION) / 4);
    shared.i32[(at + BOUND) / 4] = (key ?? 0) + distance;
    shared.u8.set([key === undefined ? 0 : 1, number === undefined ? 0 : 1, 1], at + KEY_VALID);
    shared.u32[pointers / 4 + i] = at;
  }
  const ends = [...new Set([...cuts.map((cut) => Math.min(cut, sorted.length)), sorted.length])].sort((a, b) => a - b);
  const stretches = ends.map((end, i) => [ends[i - 1] ?? 0, end] as const).filter(([from, to]) => from < to);
  const flags = (order.descending ? 1 : 0) | (order.nullsFirst ? 2 : 0);
  for (const descriptor of descriptors) shared.u32[descriptor / 4 + 8] = flags;
  kernels.makeSortEntries(descriptors[1], pointers, sorted.length, entries);
  let [partitionCount, groupCount] = [0, 0];
  for (const [from, to] of stretches) {
    const mark = (descriptor: number, ordinals: number, starts: number, known: number): number =>
      kernels.markPeers(descriptor, entries + from * 16, from, to, ordinals, starts, known);
    partitionCount = mark(descriptors[0], partitionOrdinals, partitionStarts, partitionCount);
    groupCount = mark(descriptors[1], groupOrdinals, groupStarts, groupCount);
  }
  const partitions = twin.markPeers(sorted.map(({ partition }) => String(partition)));
  const groups = twin.markPeers(sorted.map(({ partition, key }) => `${partition} ${key}`));
  assert.deepEqual(numbersAt(partitionOrdinals, sorted.length), partitions.ordinals);
  assert.deepEqual(numbersAt(partitionStarts, partitionCount + 1), partitions.starts);
  assert.deepEqual(numbersAt(groupOrdinals, sorted.length), groups.ordinals);
  assert.deepEqual(numbersAt(groupStarts, groupCount + 1), groups.starts);
  return { rows: sorted, partitions, groups, stretches };
}

const numbersAt = (pointer: number, count: number): number[] => [
  ...shared.u32.subarray(pointer / 4, pointer / 4 + count),
];

/** Calls a kernel stretch by stretch, and gathers what it wrote to a list. */
function inStretches<T>(
  stretches: readonly (readonly [number, number])[],
  call: (from: number, count: number) => void,
  read: (index: number) => T,
): T[] {
  return stretches.flatMap(([from, to]) => {
    call(from, to - from);
    return Array.from({ length: to - from }, (_, index) => read(index));
  });
}

const u32At = (pointer: number) => (index: number) => shared.u32[pointer / 4 + index]!;

test('numbers and ranks', () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: 1, max: 9 }), (input, buckets) => {
      const { rows, partitions, groups, stretches } = prepare(input);
      const expected = <T>(of: (row: number) => T): T[] => rows.map((_, row) => of(row));
      const both = [partitionOrdinals, partitionStarts, groupOrdinals, groupStarts] as const;
      const i64 = (index: number): number => Number(shared.view.getBigInt64(values + index * 8, true));
      const f64 = (index: number): number => shared.f64[values / 8 + index]!;
      clearCarry();
      const numbers = inStretches(
        stretches,
        (from, count) => kernels.rowNumbers(from, count, partitionOrdinals, partitionStarts, carry, values),
        i64,
      );
      assert.deepEqual(
        numbers,
        expected((row) => twin.rowNumber(partitions, row)),
      );
      for (const isDense of [false, true]) {
        clearCarry();
        const found = inStretches(
          stretches,
          (from, count) => kernels.ranks(from, count, ...both, isDense, carry, values),
          i64,
        );
        assert.deepEqual(
          found,
          expected((row) => twin.rank(partitions, groups, row, isDense)),
        );
      }
      const percents = inStretches(stretches, (from, count) => kernels.percentRanks(from, count, ...both, values), f64);
      assert.deepEqual(
        percents,
        expected((row) => twin.percentRank(partitions, groups, row)),
      );
      const shares = inStretches(
        stretches,
        (from, count) => kernels.cumulativeShares(from, count, ...both, values),
        f64,
      );
      assert.deepEqual(
        shares,
        expected((row) => twin.cumulativeShare(partitions, groups, row)),
      );
      const bucketsOf = (offset: number, constant: number): (number | undefined)[] =>
        inStretches(
          stretches,
          (from, count) =>
            kernels.bucketNumbers(
              from,
              count,
              partitionOrdinals,
              partitionStarts,
              pointers,
              offset,
              NUMBER_VALID,
              constant,
              values,
              validity,
            ),
          (index) => (shared.u8[validity + index] ? shared.i32[values / 4 + index]! : undefined),
        );
      assert.deepEqual(
        bucketsOf(0, buckets),
        expected((row) => twin.bucketNumber(partitions, row, buckets)),
      );
      assert.deepEqual(
        bucketsOf(NUMBER, 0),
        expected((row) => {
          const { number } = rows[partitions.starts[partitions.ordinals[row]!]!]!;
          return number === undefined ? undefined : twin.bucketNumber(partitions, row, number);
        }),
      );
      assert.equal(kernels.selectAtMost(values, 0, 1n, positions), 0);
    }),
  );
});

test('rows at a distance, and the rows that are pointed to', () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: -4, max: 4 }), fc.boolean(), (input, constant, hasOther) => {
      const { rows, partitions } = prepare(input);
      for (const [offset, sign] of [
        [0, 1],
        [NUMBER, -1],
      ] as const) {
        kernels.offsetPositions(
          0,
          rows.length,
          partitionOrdinals,
          partitionStarts,
          pointers,
          offset,
          NUMBER_VALID,
          constant,
          sign,
          positions,
        );
        const expected = rows.map(({ number }, row) => {
          if (offset !== 0 && number === undefined) return NULL_ROW;
          return twin.offsetPosition(partitions, row, (offset === 0 ? constant : number!) * sign) ?? NO_ROW;
        });
        assert.deepEqual(numbersAt(positions, rows.length), expected);
        kernels.positionRows(positions, 0, rows.length, pointers, 7, hasOther, 4, rowPointers);
        const addressOf = (row: number): number => base + row * STRIDE;
        assert.deepEqual(
          numbersAt(rowPointers, rows.length),
          expected.map((position, row) => {
            if (position < NULL_ROW) return addressOf(position);
            return position === NO_ROW && hasOther ? addressOf(row) + 4 : 7;
          }),
        );
      }
    }),
  );
});

const bounds = fc.oneof(
  fc.constant({ kind: 0, distance: Number.NEGATIVE_INFINITY }),
  fc.integer({ min: -4, max: 4 }).map((distance) => ({ kind: 1, distance })),
  fc.constant({ kind: 2, distance: Number.POSITIVE_INFINITY }),
);

test('bounds of frames', () => {
  fc.assert(
    fc.property(drawn, bounds, fc.boolean(), (input, { kind, distance }, isEnd) => {
      const { rows, partitions, groups, stretches } = prepare(input);
      const given = kind === 1 ? distance : 0;
      const both = [partitionOrdinals, partitionStarts, groupOrdinals, groupStarts] as const;
      const ofRows = inStretches(
        stretches,
        (from, count) => kernels.rowBounds(from, count, partitionOrdinals, partitionStarts, kind, given, isEnd, lows),
        u32At(lows),
      );
      assert.deepEqual(
        ofRows,
        rows.map((_, row) => twin.rowBound(partitions, row, distance, isEnd)),
      );
      const ofGroups = inStretches(
        stretches,
        (from, count) => kernels.groupBounds(from, count, ...both, kind, given, isEnd, lows),
        u32At(lows),
      );
      assert.deepEqual(
        ofGroups,
        rows.map((_, row) => twin.groupBound(partitions, groups, row, distance, isEnd)),
      );
    }),
  );
});

test('bounds that are values', () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: -4, max: 4 }), fc.boolean(), (input, distance, isEnd) => {
      // Bounds rise with the keys: all lie at one distance.
      const { rows, partitions, groups, stretches } = prepare({
        ...input,
        rows: input.rows.map((row) => ({ ...row, distance })),
      });
      const { descending, nullsFirst } = input.order;
      const flags = (descending ? 1 : 0) | (nullsFirst ? 2 : 0);
      shared.u32.set([KEY, KEY_VALID, BOUND, I32, flags, isEnd ? 1 : 0, 0, 0], carry / 4);
      const found = inStretches(
        stretches,
        (from, count) =>
          kernels.valueBounds(
            carry,
            from,
            count,
            partitionOrdinals,
            partitionStarts,
            groupOrdinals,
            groupStarts,
            pointers,
            lows,
          ),
        u32At(lows),
      );
      const keys = rows.map(({ key }) => key);
      assert.deepEqual(
        found,
        rows.map(({ key }, row) =>
          twin.valueBound(partitions, groups, row, keys, (key ?? 0) + distance, input.order, isEnd),
        ),
      );
    }),
  );
});

test('rows at a distance and in frames, where only filled ones count', () => {
  const frame = fc.record({ start: bounds, end: bounds, exclude: fc.nat(3) });
  const [counts, filled] = [list(), list()];
  fc.assert(
    fc.property(drawn, frame, fc.integer({ min: -4, max: 4 }), (input, { start, end, exclude }, constant) => {
      const { rows, groups, partitions, stretches } = prepare(input);
      const count = rows.length;
      const isFilled = rows.map(({ key }) => key !== undefined);
      let known = 0;
      for (const [from, to] of stretches) {
        known = kernels.listFilled(from, to, pointers, KEY_VALID, counts, filled, known);
      }
      assert.equal(known, isFilled.filter(Boolean).length);
      const ofPartitions = [partitionOrdinals, partitionStarts] as const;
      for (const [offset, sign] of [
        [0, 1],
        [NUMBER, -1],
      ] as const) {
        const number = [offset, NUMBER_VALID, constant, sign] as const;
        kernels.filledOffsetPositions(0, count, ...ofPartitions, pointers, ...number, counts, filled, positions);
        const expected = rows.map((row, index) => {
          if (offset !== 0 && row.number === undefined) return NULL_ROW;
          const distance = (offset === 0 ? constant : row.number!) * sign;
          return twin.filledOffsetPosition(partitions, index, distance, isFilled) ?? NO_ROW;
        });
        assert.deepEqual(numbersAt(positions, count), expected);
      }
      const given = (distance: number): number => (Number.isFinite(distance) ? distance : 0);
      kernels.rowBounds(0, count, ...ofPartitions, start.kind, given(start.distance), false, lows);
      kernels.rowBounds(0, count, ...ofPartitions, end.kind, given(end.distance), true, highs);
      for (const [wanted, sign] of [
        [1, 1],
        [2, 1],
        [1, -1],
      ] as const) {
        const ofFrames = [lows, highs, exclude, groupOrdinals, groupStarts, pointers, 0, 0, wanted, sign] as const;
        kernels.filledFramePositions(0, count, ...ofFrames, counts, filled, targets, positions);
        const expected = rows.map((_, row) => {
          const low = twin.rowBound(partitions, row, start.distance, false);
          const high = twin.rowBound(partitions, row, end.distance, true);
          const inFrame = twin.frameRows(groups, row, low, high, exclude).filter((position) => isFilled[position]);
          return (sign > 0 ? inFrame[wanted - 1] : inFrame.at(-1)) ?? NULL_ROW;
        });
        assert.deepEqual(numbersAt(positions, count), expected);
      }
    }),
  );
});

test('parts and positions of frames', () => {
  const frame = fc.record({ start: bounds, end: bounds, exclude: fc.nat(3) });
  fc.assert(
    fc.property(drawn, frame, fc.integer({ min: 1, max: 7 }), (input, { start, end, exclude }, limit) => {
      const { rows, groups, partitions } = prepare(input);
      const count = rows.length;
      const given = (distance: number): number => (Number.isFinite(distance) ? distance : 0);
      const ofPartitions = [partitionOrdinals, partitionStarts] as const;
      kernels.rowBounds(0, count, ...ofPartitions, start.kind, given(start.distance), false, lows);
      kernels.rowBounds(0, count, ...ofPartitions, end.kind, given(end.distance), true, highs);
      const expected = rows.map((_, row) => {
        const [low, high] = [
          twin.rowBound(partitions, row, start.distance, false),
          twin.rowBound(partitions, row, end.distance, true),
        ];
        return twin.frameRows(groups, row, low, high, exclude);
      });
      const partCount = kernels.frameParts(
        0,
        count,
        lows,
        highs,
        exclude,
        groupOrdinals,
        groupStarts,
        1000,
        8,
        parts,
        rowStates,
      );
      // Rows of parts, by the state they belong to.
      const byState = new Map<number, number[]>();
      shared.u32.fill(0, carry / 4, carry / 4 + 2);
      for (;;) {
        const filled = kernels.expandParts(parts, partCount, carry, pointers, limit, rowPointers, rowTargets);
        if (filled === 0) break;
        assert.ok(filled <= limit);
        for (let i = 0; i < filled; i++) {
          const target = u32At(rowTargets)(i);
          byState.set(target, [...(byState.get(target) ?? []), (u32At(rowPointers)(i) - base) / STRIDE]);
        }
      }
      const states = numbersAt(rowStates, count);
      assert.deepEqual(
        states.map((state) => byState.get(state) ?? []),
        expected,
      );
      for (const [number, sign] of [
        [1, 1],
        [3, 1],
        [1, -1],
      ] as const) {
        const failed = kernels.framePositions(
          0,
          count,
          lows,
          highs,
          exclude,
          groupOrdinals,
          groupStarts,
          pointers,
          0,
          0,
          number,
          sign,
          targets,
          positions,
        );
        assert.equal(failed, 0);
        assert.deepEqual(
          numbersAt(positions, count),
          expected.map((frameRows) => (sign > 0 ? frameRows[number - 1] : frameRows.at(-1)) ?? NULL_ROW),
        );
      }
    }),
  );
});

test('states of running aggregates', () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: -3, max: 3 }), (input, distance) => {
      const { rows, partitions, stretches } = prepare(input);
      // Sums of row numbers, one double a state: 0 is the empty one, 1 goes on, the others are new.
      const sums = new Map<number, number>([[8, 0]]);
      clearCarry();
      const found = inStretches(
        stretches,
        (from, count) => {
          const end = distance === 3 ? 2 : 1;
          kernels.rowBounds(from, count, partitionOrdinals, partitionStarts, end, distance, true, highs);
          kernels.runningParts(
            from,
            count,
            highs,
            partitionOrdinals,
            partitionStarts,
            carry,
            8,
            24,
            8,
            parts,
            targets,
            sources,
            rowStates,
          );
          const [, , current, partCount, linkCount] = numbersAt(carry, 5) as [number, number, number, number, number];
          for (let part = 0; part < partCount; part++) {
            const [first, last, state] = numbersAt(parts + part * 12, 3) as [number, number, number];
            let sum = 0;
            for (let row = first; row < last; row++) sum += row + 1;
            sums.set(state, sum);
          }
          for (let link = 0; link < linkCount; link++) {
            const [target, source] = [u32At(targets)(link), u32At(sources)(link)];
            sums.set(target, sums.get(target)! + sums.get(source)!);
          }
          for (let i = 0; i < count; i++) shared.f64[values / 8 + i] = sums.get(u32At(rowStates)(i))!;
          if (current === 8) return;
          sums.set(16, sums.get(current)!);
          shared.u32[carry / 4 + 2] = 16;
        },
        (index) => shared.f64[values / 8 + index]!,
      );
      const expected = rows.map((_, row) => {
        const end = twin.rowBound(partitions, row, distance === 3 ? Number.POSITIVE_INFINITY : distance, true);
        let sum = 0;
        for (let other = partitions.starts[partitions.ordinals[row]!]!; other < end; other++) sum += other + 1;
        return sum;
      });
      assert.deepEqual(found, expected);
    }),
  );
});

test('frames are divided into states of a tree', () => {
  const [treeRows, stride] = [2000, 8];
  const treeParts = scope.allocate(4 * 12);
  const rest = scope.allocate(8 * 12);
  const [pairTargets, pairSources] = [scope.allocate(2048), scope.allocate(2048)];
  const tree = scope.allocate(64);
  // States are told by their addresses: level l has those from 100,000 (l + 1) on.
  shared.u32.set([stride, 3, 100_000, 200_000, 300_000], tree / 4);
  const rowsOfState = (state: number): readonly [number, number] => {
    const level = Math.floor(state / 100_000) - 1;
    const node = (state % 100_000) / stride;
    return [node * 16 ** (level + 1), (node + 1) * 16 ** (level + 1)];
  };
  const ranges = fc.array(fc.tuple(fc.nat(treeRows), fc.nat(treeRows)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(ranges, (drawnRanges) => {
      const wanted = drawnRanges.map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
      wanted.forEach(([from, to], i) => {
        shared.u32.set([from, to, i], (treeParts + i * 12) / 4);
      });
      const longest = kernels.longestPart(treeParts, wanted.length);
      assert.equal(longest, Math.max(...wanted.map(([from, to]) => to - from)));
      const found = wanted.map((): number[] => []);
      const add = (target: number, from: number, to: number): void => {
        for (let row = from; row < to; row++) found[target]!.push(row);
      };
      shared.u32[carry / 4] = 0;
      while (shared.u32[carry / 4]! < wanted.length) {
        kernels.divideParts(tree, treeParts, wanted.length, carry, 512, rest, pairTargets, pairSources);
        const [, restCount, pairCount] = numbersAt(carry, 3) as [number, number, number];
        for (let part = 0; part < restCount; part++) {
          const [from, to, target] = numbersAt(rest + part * 12, 3) as [number, number, number];
          add(target, from, to);
        }
        for (let pair = 0; pair < pairCount; pair++) {
          add(u32At(pairTargets)(pair), ...rowsOfState(u32At(pairSources)(pair)));
        }
      }
      for (const [i, [from, to]] of wanted.entries()) {
        const rows = found[i]!.sort((a, b) => a - b);
        assert.deepEqual(
          rows,
          Array.from({ length: to - from }, (_, row) => from + row),
        );
      }
    }),
  );
  kernels.treeParts(100_000, stride, 2, 4, treeParts);
  assert.deepEqual(numbersAt(treeParts, 6), [32, 48, 100_016, 48, 64, 100_024]);
  kernels.treeLinks(100_000, 200_000, stride, 1, 2, pairTargets, pairSources);
  assert.deepEqual(numbersAt(pairTargets, 16), Array(16).fill(200_008));
  assert.deepEqual(
    numbersAt(pairSources, 16),
    Array.from({ length: 16 }, (_, child) => 100_000 + (16 + child) * stride),
  );
});

test('positions are moved to the front, and numbers up to a limit selected', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100), { maxLength: MAX_ROWS }), fc.nat(100), fc.nat(10), (numbers, least, drop) => {
      const dropped = Math.min(drop, numbers.length);
      shared.u32.set(numbers, lows / 4);
      kernels.shiftPositions(lows, dropped, numbers.length - dropped, least);
      assert.deepEqual(
        numbersAt(lows, numbers.length - dropped),
        numbers.slice(dropped).map((number) => Math.max(0, number - least)),
      );
      for (const [i, number] of numbers.entries()) shared.view.setBigInt64(values + i * 8, BigInt(number), true);
      const selected = kernels.selectAtMost(values, numbers.length, BigInt(least), positions);
      assert.deepEqual(
        numbersAt(positions, selected),
        numbers.flatMap((number, i) => (number <= least ? [i] : [])),
      );
    }),
  );
});
