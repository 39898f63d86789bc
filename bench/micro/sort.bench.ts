// Entries sorted at once, by one merge sort, against slices that are merged by a tree of losers: as a sort does, which
// must not work for long without a pause. What the tree costs by the number of its inputs. And rows copied in their
// order, as a run is written: as they stand, against column by column.
import { KeyPacker } from '../../src/exec/rows/key-packer.js';
import { RowBlockWriter } from '../../src/exec/rows/row-block-writer.js';
import { RowAppender, RowCollection } from '../../src/exec/rows/row-collection.js';
import { createRowLayout, type RowLayout } from '../../src/exec/rows/row-layout.js';
import { RowUnpacker } from '../../src/exec/rows/row-unpacker.js';
import { ENTRY_BYTES, EntryList, sortScratchBytes } from '../../src/exec/sort/entry-list.js';
import type { MergeInput, MergeRange } from '../../src/exec/sort/merge-input.js';
import { RowMerger } from '../../src/exec/sort/row-merger.js';
import { type Kernels, loadKernels } from '../../src/kernels/kernels.js';
import { Scope } from '../../src/vector/scope.js';
import { SharedMemory } from '../../src/vector/shared-memory.js';
import { BATCH_ROWS, Vector } from '../../src/vector/vector.js';
import { createRandomStream, drawInteger } from '../tpch/random.js';
import { type CandidateFigures, compareCandidates, type MicroBenchmark } from './micro-benchmark.js';

const ROW_COUNT = 1 << 21;
const SLICES = [1 << 13, 1 << 15, 1 << 17] as const;
const FAN_INS = [1, 2, 8, 32, 128] as const;
const ROUNDS = 5;

const random = createRandomStream('micro sort');

/** Rows of a random key and two further columns, and their entries. */
class Rows {
  readonly shared: SharedMemory = SharedMemory.create(2 ** 30);
  readonly kernels: Kernels = loadKernels(this.shared.memory);
  readonly owner: number = this.shared.createOwner();
  readonly scope: Scope = new Scope(this.shared, this.owner);
  readonly layout: RowLayout = createRowLayout({ keys: [], nullableKeys: false, payload: ['i64', 'i64', 'i32'] });
  readonly packer: KeyPacker = new KeyPacker(this.shared, this.kernels, this.scope, this.layout);
  readonly appender: RowAppender = new RowAppender(this.shared, this.kernels, this.scope);
  readonly descriptor: number = this.scope.allocate(20);
  readonly entries: number = this.scope.allocate(ROW_COUNT * ENTRY_BYTES);
  readonly work: number = this.scope.allocate(ROW_COUNT * ENTRY_BYTES);
  readonly scratch: number = this.scope.allocate(sortScratchBytes(ROW_COUNT));

  constructor() {
    const { shared, kernels, owner, scope, layout, packer, appender } = this;
    const [key] = layout.payload;
    shared.u32.set([1, key!.offset, key!.validityOffset, 2, 0], this.descriptor / 4);
    const vectors = layout.payload.map(({ physical }) => new Vector(physical));
    for (const vector of vectors) vector.setFlat(scope.allocateCleared(BATCH_ROWS * 8), 0);
    const rows = RowCollection.create(shared, owner, scope, layout, 1);
    for (let first = 0; first < ROW_COUNT; first += BATCH_ROWS) {
      for (let row = 0; row < BATCH_ROWS; row++) {
        shared.i64[vectors[0]!.data / 8 + row] = BigInt(drawInteger(random, first + row, 0, 2 ** 40));
      }
      appender.append(rows, packer, vectors, BATCH_ROWS);
      kernels.makeSortEntries(this.descriptor, appender.rows, BATCH_ROWS, this.entries + first * ENTRY_BYTES);
    }
  }

  copyEntries(): void {
    this.kernels.copyBytes(this.entries, ROW_COUNT * ENTRY_BYTES, this.work);
  }

  /** The entries as sorted lists of `sliceRows`. */
  sortSlices(sliceRows: number): EntryList[] {
    const { kernels, descriptor, shared, owner, work, scratch } = this;
    this.copyEntries();
    const lists: EntryList[] = [];
    for (let first = 0; first < ROW_COUNT; first += sliceRows) {
      const list = new EntryList(shared, owner);
      const sorted = kernels.sortEntries(descriptor, work + first * ENTRY_BYTES, scratch, sliceRows) >>> 0;
      list.append(sorted, sliceRows);
      lists.push(list);
    }
    return lists;
  }

  merge(inputs: readonly MergeInput[], visit: (entries: number, count: number) => void): number {
    const { shared, kernels, owner, descriptor, scratch } = this;
    const merger = new RowMerger(shared, kernels, owner, descriptor, inputs);
    while (merger.openStep());
    let merged = 0;
    for (;;) {
      const count = merger.next(scratch, BATCH_ROWS);
      if (count === 0) break;
      visit(scratch, count);
      merged += count;
    }
    merger.close();
    return merged;
  }
}

function compareSorts(rows: Rows): readonly CandidateFigures[] {
  const { kernels, shared, owner, descriptor, work, scratch } = rows;
  const sortAtOnce = (): number => {
    rows.copyEntries();
    return kernels.sortEntries(descriptor, work, scratch, ROW_COUNT) >>> 0;
  };
  const sortSliced = (sliceRows: number) => (): number => {
    const list = new EntryList(shared, owner);
    const count = rows.merge(rows.sortSlices(sliceRows), (entries, rowCount) => list.append(entries, rowCount));
    list.close();
    return count;
  };
  return compareCandidates(
    [
      { name: 'all entries at once', run: sortAtOnce },
      ...SLICES.map((sliceRows) => ({ name: `slices of ${sliceRows}`, run: sortSliced(sliceRows) })),
    ],
    { title: `sort ${ROW_COUNT} rows by a random i64`, rowCount: ROW_COUNT, rounds: ROUNDS, byProcessor: true },
  );
}

/** One range, which nobody frees. */
function inputOf(range: MergeRange): MergeInput {
  const ranges = [range];
  return { isTransient: false, next: () => ranges.pop(), close: () => {} };
}

function compareFanIns(rows: Rows): readonly CandidateFigures[] {
  const { kernels, scope, descriptor, work, scratch } = rows;
  const sortedBy = FAN_INS.map((fanIn) => {
    rows.copyEntries();
    const count = ROW_COUNT / fanIn;
    return Array.from({ length: fanIn }, (_, index) => {
      const sorted = kernels.sortEntries(descriptor, work + index * count * ENTRY_BYTES, scratch, count) >>> 0;
      const start = scope.allocate(count * ENTRY_BYTES);
      kernels.copyBytes(sorted, count * ENTRY_BYTES, start);
      return { start, end: start + count * ENTRY_BYTES, stride: 0 };
    });
  });
  const merging = (index: number) => (): number => rows.merge(sortedBy[index]!.map(inputOf), () => {});
  return compareCandidates(
    FAN_INS.map((inputs, index) => ({ name: `${inputs} inputs`, run: merging(index) })),
    { title: 'merge sorted entries', rowCount: ROW_COUNT, rounds: ROUNDS, byProcessor: true },
  );
}

function compareCopies(rows: Rows): readonly CandidateFigures[] {
  const { shared, kernels, owner, scope, layout, packer, appender } = rows;
  const [list] = rows.sortSlices(ROW_COUNT);
  const sorted = scope.allocate(ROW_COUNT * ENTRY_BYTES);
  let copied = 0;
  rows.merge([list!], (entries, count) => {
    kernels.copyBytes(entries, count * ENTRY_BYTES, sorted + copied * ENTRY_BYTES);
    copied += count;
  });
  const batch = scope.allocate(BATCH_ROWS * ENTRY_BYTES);
  const forEachBatch = (visit: () => void): void => {
    for (let first = 0; first < ROW_COUNT; first += BATCH_ROWS) {
      kernels.copyBytes(sorted + first * ENTRY_BYTES, BATCH_ROWS * ENTRY_BYTES, batch);
      visit();
    }
  };
  const copyRows = (): number => {
    let blocks = 0;
    const writer = new RowBlockWriter(shared, kernels, owner, layout, () => {
      blocks++;
      return false;
    });
    forEachBatch(() => writer.write(batch, BATCH_ROWS));
    writer.finish();
    return blocks;
  };
  const pointers = scope.allocate(BATCH_ROWS * 4);
  const unpacker = new RowUnpacker(kernels, scope, layout.payload);
  const target = RowCollection.create(shared, owner, scope, layout, 1);
  const copyColumns = (): number => {
    forEachBatch(() => {
      kernels.entryRows(batch, BATCH_ROWS, pointers);
      appender.append(target, packer, unpacker.unpack(pointers, BATCH_ROWS), BATCH_ROWS);
      target.clear();
    });
    return shared.u32[pointers / 4]!;
  };
  return compareCandidates(
    [
      { name: 'as they stand', run: copyRows },
      { name: 'column by column', run: copyColumns },
    ],
    { title: 'copy rows of three columns in their order', rowCount: ROW_COUNT, rounds: ROUNDS, byProcessor: true },
  );
}

export const benchmark: MicroBenchmark = async () => {
  const rows = new Rows();
  return [...compareSorts(rows), ...compareFanIns(rows), ...compareCopies(rows)];
};
