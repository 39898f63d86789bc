import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import type { LaneContext } from '../operators/operator.js';
import type { PartitionLoad } from '../operators/partition-order.js';
import { WINDOW_ROWS, WINDOW_SPILL } from '../operators/window-layout.js';
import type { OperatorCounters } from '../query-block.js';
import { PARTITION_COUNT, RowCollection } from '../rows/row-collection.js';
import type { RowLayout } from '../rows/row-layout.js';
import { ENTRY_BYTES, EntryList, sortScratchBytes } from '../sort/entry-list.js';
import { LaneMerge, type MergedRows } from '../sort/lane-merge.js';
import { RowMerger } from '../sort/row-merger.js';
import { RunWriter } from '../sort/run-writer.js';
import type { SortedRun } from '../sort/sorted-run.js';
import { loadBudget } from '../spill/memory-pressure.js';
import { PartitionSpill } from '../spill/partition-spill.js';
import type { SpillReader } from '../spill/spill-reader.js';

/** Rows are sorted in slices of no more than this, which takes milliseconds; slices are merged. */
const MAX_SLICE_ROWS = 131_072;

interface LaneRows {
  readonly collection: RowCollection;
  readonly spill: PartitionSpill;
}

/** Rows of a radix partition that a lane has on disk. */
interface SpilledRows {
  readonly spill: PartitionSpill;
  readonly partition: number;
}

/** Sorts the rows of radix partitions, one after the other or several at a time, those of all lanes together. */
export class PartitionSorter {
  private readonly context: LaneContext;
  private readonly layout: RowLayout;
  private readonly descriptor: number;
  private readonly counters: OperatorCounters;
  private readonly merge: LaneMerge;
  private readonly scope: Scope;
  private entries = 0;
  private scratch = 0;
  private readonly pointers: number;
  private readonly lanes: readonly LaneRows[];
  /** Rows that were read from disk again. */
  private readonly loaded: RowCollection;

  constructor(context: LaneContext, node: number, layout: RowLayout, descriptor: number, counters: OperatorCounters) {
    const { shared, owner, block, scope } = context;
    this.context = context;
    this.layout = layout;
    this.descriptor = descriptor;
    this.counters = counters;
    this.merge = new LaneMerge(context, layout, descriptor, counters);
    this.scope = new Scope(shared, owner);
    this.pointers = scope.allocate(BATCH_ROWS * 4);
    this.loaded = RowCollection.create(shared, owner, scope, layout, 1);
    const lanes: LaneRows[] = [];
    for (let lane = 0; lane < block.shape.laneCount; lane++) {
      const published = block.getSink(node, lane) / 4;
      if (published === 0) continue;
      const rows = shared.u32[published + WINDOW_ROWS]!;
      const collection = RowCollection.attach(shared, owner, layout, rows, PARTITION_COUNT);
      lanes.push({ collection, spill: PartitionSpill.attach(shared, shared.u32[published + WINDOW_SPILL]!) });
    }
    this.lanes = lanes;
  }

  /** What there is of a partition before any is opened. */
  loadOf(partition: number): PartitionLoad {
    const spilled = this.lanes.reduce((sum, { spill }) => sum + spill.rowCountOf(partition), 0);
    const held = this.lanes.reduce((sum, { collection }) => sum + collection.rowCountOf(partition), 0);
    return { rowCount: spilled + held, isSpilled: spilled > 0 };
  }

  /** The rows of partitions in order; undefined when there are none. They are valid until `release` of the partitions. */
  *open(partitions: readonly number[]): Generator<void, MergedRows | undefined, void> {
    const { shared, block } = this.context;
    const spilled = partitions.flatMap((partition) =>
      this.lanes
        .filter(({ spill }) => spill.rowCountOf(partition) > 0)
        .map(({ spill }): SpilledRows => ({ spill, partition })),
    );
    if (spilled.length === 0 && this.rowCountOf(partitions) === 0) return undefined;
    const spilledBytes = spilled.reduce((sum, { spill, partition }) => sum + spill.byteLengthOf(partition), 0);
    if (spilledBytes <= loadBudget(shared, block.shape.laneCount) / 2) {
      for (const reader of this.readersOf(spilled)) {
        while (reader.nextInto(this.loaded, 0)) yield;
        reader.close();
      }
      const lists = yield* this.sortRows(partitions);
      return yield* this.merge.open(lists, [], Number.POSITIVE_INFINITY);
    }
    return yield* this.openRuns(spilled, partitions);
  }

  /** Frees the rows of a partition. */
  release(partition: number): void {
    this.releaseOfLanes(partition);
    this.loaded.clear();
  }

  private releaseOfLanes(partition: number): void {
    for (const { collection } of this.lanes) collection.clearPartition(partition);
  }

  close(): void {
    this.loaded.clear();
    this.scope.free();
  }

  /** Rows of partitions that are in memory. */
  private rowCountOf(partitions: readonly number[]): number {
    let rowCount = 0;
    for (const { collection } of this.lanes)
      for (const partition of partitions) rowCount += collection.rowCountOf(partition);
    return rowCount;
  }

  private readersOf(spilled: readonly SpilledRows[]): SpillReader[] {
    const { kernels, owner } = this.context;
    return spilled.map(({ spill, partition }) => spill.open(kernels, owner, partition));
  }

  /** What does not fit the memory is sorted in pieces, which are written as runs. */
  private *openRuns(spilled: readonly SpilledRows[], partitions: readonly number[]): Generator<void, MergedRows, void> {
    const { shared, block } = this.context;
    const runs: SortedRun[] = [];
    const budget = loadBudget(shared, block.shape.laneCount) / 2;
    runs.push(...(yield* this.writeRun(partitions)));
    for (const partition of partitions) this.releaseOfLanes(partition);
    for (const reader of this.readersOf(spilled)) {
      while (reader.nextInto(this.loaded, 0)) {
        yield;
        if (this.loaded.byteLength < budget) continue;
        runs.push(...(yield* this.writeRun([])));
        this.loaded.clear();
      }
      reader.close();
    }
    runs.push(...(yield* this.writeRun([])));
    this.loaded.clear();
    return yield* this.merge.open([], runs, Number.POSITIVE_INFINITY);
  }

  /** Of what was loaded, and of what lanes have of partitions. */
  private *writeRun(partitions: readonly number[]): Generator<void, SortedRun[], void> {
    const { shared, kernels, owner, spill, scope } = this.context;
    const lists = yield* this.sortRows(partitions);
    if (lists.length === 0) return [];
    const merger = new RowMerger(shared, kernels, owner, this.descriptor, lists);
    while (merger.openStep());
    const writer = new RunWriter(spill, owner, this.layout);
    for (;;) {
      const count = merger.next(this.entries, BATCH_ROWS);
      if (count === 0) break;
      writer.write(this.entries, count);
      yield;
    }
    merger.close();
    const run = writer.finish(scope);
    this.counters.add('spilledBytes', writer.byteLength);
    return [run];
  }

  /** Sorted slices of what was loaded, and of what lanes have of partitions. */
  private *sortRows(partitions: readonly number[]): Generator<void, EntryList[], void> {
    const { shared, kernels, owner } = this.context;
    const lists: EntryList[] = [];
    const rowCount = this.loaded.rowCount + this.rowCountOf(partitions);
    const sliceRows = Math.min(MAX_SLICE_ROWS, rowCount + BATCH_ROWS);
    this.scope.reset();
    this.entries = this.scope.allocate(sliceRows * ENTRY_BYTES);
    this.scratch = this.scope.allocate(sortScratchBytes(sliceRows));
    let unsorted = 0;
    const sortSlice = (): void => {
      if (unsorted === 0) return;
      const sorted = kernels.sortEntries(this.descriptor, this.entries, this.scratch, unsorted) >>> 0;
      const list = new EntryList(shared, owner);
      list.append(sorted, unsorted);
      lists.push(list);
      unsorted = 0;
    };
    const cursors = partitions.flatMap((partition) =>
      this.lanes.map(({ collection }) => collection.openPartition(partition)),
    );
    for (const cursor of [...cursors, this.loaded.openPartition(0)]) {
      for (;;) {
        const count = cursor.next(kernels, this.pointers);
        if (count === 0) break;
        const target = this.entries + unsorted * ENTRY_BYTES;
        kernels.makeSortEntries(this.descriptor, this.pointers, count, target);
        unsorted += count;
        if (unsorted <= sliceRows - BATCH_ROWS) continue;
        sortSlice();
        yield;
      }
    }
    sortSlice();
    return lists;
  }
}
