import type { SortNode } from '../../planner/physical/physical-plan.js';
import { Scope } from '../../vector/scope.js';
import { BATCH_ROWS, type Batch, type Vector } from '../../vector/vector.js';
import { Projector } from '../expression/projector.js';
import type { OperatorCounters } from '../query-block.js';
import { KeyPacker } from '../rows/key-packer.js';
import { RowBlockWriter } from '../rows/row-block-writer.js';
import { RowAppender, RowCollection } from '../rows/row-collection.js';
import { ENTRIES_PER_CHUNK, ENTRY_BYTES, EntryList, sortScratchBytes } from '../sort/entry-list.js';
import { RowMerger } from '../sort/row-merger.js';
import { RunWriter } from '../sort/run-writer.js';
import { SortBound } from '../sort/sort-bound.js';
import type { SortedRun } from '../sort/sorted-run.js';
import { freeBreakerBytes, mustSpill } from '../spill/memory-pressure.js';
import { BatchCompactor } from './batch-compactor.js';
import { createCounters, type LaneContext, type ResumableOperator, type Sink } from './operator.js';
import {
  SORT_LIST_COUNT,
  SORT_LISTS,
  SORT_ROWS,
  SORT_RUNS,
  SORT_SINK_BYTES,
  type SortLayout,
  sortLayoutOf,
  writeSortDescriptor,
} from './sort-layout.js';

/** Rows are sorted in slices of at least this many, and where there is room of at most this many; slices are merged. */
const MIN_SLICE_ROWS = 32_768;
const MAX_SLICE_ROWS = 131_072;
/** What entries and scratch of all lanes may take of the memory. */
const SLICE_SHARE = 1 / 32;
/** A top-N sheds its losers when it holds this many rows more than it needs. */
const MIN_SURPLUS_ROWS = 8192;

/**
 * Collects rows, and sorts them slice by slice; with a limit, keeps little more than the best, and tells all lanes and
 * the scans below beyond which bound nothing is wanted. When memory is short, the rows of this lane become a run on disk. What takes longer than a slice is a task that `resume` goes on with.
 */
export class SortSink implements Sink, ResumableOperator {
  private readonly context: LaneContext;
  private readonly layout: SortLayout;
  private readonly keys: Projector | undefined;
  private readonly packer: KeyPacker;
  private readonly appender: RowAppender;
  private readonly counters: OperatorCounters;
  private readonly descriptor: number;
  private readonly published: number;
  private readonly keptRows: number;
  /** Of a top-N. */
  private readonly bound: SortBound | undefined;
  private readonly firstKey: number;
  private readonly selection: number;
  private readonly compactor: BatchCompactor;
  private readonly node: SortNode;
  /** Of `entries` and `scratch`. */
  private readonly work: Scope;
  private readonly sliceRows: number;
  private entries = 0;
  private scratch = 0;
  /** Entries of the rows that came after the last slice. */
  private unsorted = 0;
  private slices: EntryList[] = [];
  private rows!: RowCollection;
  private spare: RowCollection | undefined;
  private firstRun: SortedRun | undefined;
  private lastRun: SortedRun | undefined;
  private task: Generator<void, void, void> | undefined;
  private isComplete = false;
  private peakBytes = 0;
  readonly restart: (() => void) | undefined;

  constructor(context: LaneContext, node: SortNode) {
    const { shared, kernels, scope, owner, block } = context;
    this.context = context;
    this.node = node;
    this.layout = sortLayoutOf(node);
    const { computedKeys, rows } = this.layout;
    this.keys = computedKeys.length === 0 ? undefined : new Projector(context.expressions, computedKeys);
    this.packer = new KeyPacker(shared, kernels, scope, rows);
    this.appender = new RowAppender(shared, kernels, scope);
    this.counters = createCounters(context, node.id);
    this.descriptor = writeSortDescriptor(shared, scope, node, this.layout);
    this.published = scope.allocate(SORT_SINK_BYTES);
    this.work = new Scope(shared, owner);
    const share = (shared.capacityBytes * SLICE_SHARE) / block.shape.laneCount / (2 * ENTRY_BYTES);
    this.sliceRows = Math.max(MIN_SLICE_ROWS, Math.min(MAX_SLICE_ROWS, Math.floor(share)));
    this.keptRows = node.limit === undefined ? Number.POSITIVE_INFINITY : node.limit + (node.offset ?? 0);
    this.bound = SortBound.open(context, node);
    this.firstKey = firstKeyOf(node);
    this.selection = this.bound === undefined ? 0 : scope.allocate(BATCH_ROWS * 4);
    const physicals = rows.payload.map(({ physical }) => physical);
    this.compactor = new BatchCompactor(kernels, scope, physicals);
    this.start();
    // What all lanes know of a bound is that of one run.
    this.restart = this.bound === undefined ? () => this.start() : undefined;
  }

  private start(): void {
    const { shared, scope, owner, block, lane } = this.context;
    this.rows = RowCollection.create(shared, owner, scope, this.layout.rows, 1);
    this.spare = undefined;
    this.entries = this.work.allocate(this.sliceRows * ENTRY_BYTES);
    this.scratch = this.work.allocate(sortScratchBytes(this.sliceRows));
    this.unsorted = 0;
    this.slices = [];
    this.firstRun = undefined;
    this.lastRun = undefined;
    this.isComplete = false;
    this.peakBytes = 0;
    shared.clear(this.published, SORT_SINK_BYTES);
    block.setSink(this.node.id, lane, this.published);
  }

  push(batch: Batch): void {
    const { appender, rows } = this;
    const payload: Vector[] =
      this.keys === undefined ? batch.columns : [...batch.columns, ...this.keys.evaluate(batch)];
    const { rowCount, columns } = this.withinBound(batch.rowCount, payload);
    if (rowCount === 0) return;
    appender.append(rows, this.packer, columns, rowCount);
    const entries = this.entries + this.unsorted * ENTRY_BYTES;
    this.context.kernels.makeSortEntries(this.descriptor, appender.rows, rowCount, entries);
    this.unsorted += rowCount;
    if (this.unsorted > this.sliceRows - BATCH_ROWS) this.sortSlice();
    const held = rows.rowCount;
    if (held > Math.max(this.keptRows * 2, this.keptRows + MIN_SURPLUS_ROWS)) this.task = this.shed();
    else if (mustSpill(this.context.shared, this.neededBytes)) {
      this.task = held >= this.keptRows * 2 ? this.shed() : this.spill();
    }
  }

  /** The rows that may be among those that are kept. */
  private withinBound(rowCount: number, columns: readonly Vector[]): Batch {
    const { bound, selection } = this;
    if (bound === undefined || !bound.isSet) return { rowCount, columns: [...columns] };
    const count = bound.select(columns[this.firstKey]!, rowCount, selection);
    if (count === 0 || count === rowCount) return { rowCount: count, columns: [...columns] };
    return this.compactor.compact(columns, selection, count);
  }

  get hasMore(): boolean {
    return this.task !== undefined;
  }

  resume(): void {
    if (this.task?.next().done) this.task = undefined;
  }

  finish(): void {}

  finishStep(): boolean {
    if (this.task === undefined) {
      if (this.isComplete) return false;
      this.isComplete = true;
      this.task = this.publish();
    }
    this.resume();
    return this.hasMore || !this.isComplete;
  }

  /** What the rows take, those that shedding copies included, with entries and the list that these are merged to. */
  private get neededBytes(): number {
    const copies = this.keptRows < Number.POSITIVE_INFINITY ? 1.5 : 1;
    return this.rows.byteLength * copies + this.rows.rowCount * 2 * ENTRY_BYTES;
  }

  private sortSlice(): void {
    if (this.unsorted === 0) return;
    const { shared, kernels, owner } = this.context;
    const sorted = kernels.sortEntries(this.descriptor, this.entries, this.scratch, this.unsorted) >>> 0;
    const slice = new EntryList(shared, owner);
    slice.append(sorted, Math.min(this.unsorted, this.keptRows));
    if (this.unsorted >= this.keptRows && this.keptRows > 0) {
      this.bound?.lower(sorted + (this.keptRows - 1) * ENTRY_BYTES);
    }
    this.slices.push(slice);
    this.unsorted = 0;
    this.notePeak();
  }

  /** All rows in order: entries, up to a chunk of them at a time, no more than are kept. The slices are used up. */
  private *mergeSlices(write: (entries: number, count: number) => void): Generator<void, void, void> {
    const { shared, kernels, owner } = this.context;
    this.sortSlice();
    const merger = new RowMerger(shared, kernels, owner, this.descriptor, this.slices);
    this.slices = [];
    while (merger.openStep());
    // `entries` is free: there are no unsorted rows.
    for (let left = this.keptRows; left > 0; ) {
      const count = merger.next(this.entries, Math.min(ENTRIES_PER_CHUNK, left));
      if (count === 0) break;
      write(this.entries, count);
      left -= count;
      if (left === 0) this.bound?.lower(this.entries + (count - 1) * ENTRY_BYTES);
      yield;
    }
    merger.close();
  }

  /** Keeps the best `keptRows` rows only, copied to another collection, and frees the blocks of all. */
  private *shed(): Generator<void, void, void> {
    const { shared, kernels, owner, scope } = this.context;
    const kept = this.spare ?? RowCollection.create(shared, owner, scope, this.layout.rows, 1);
    const blocks = new RowBlockWriter(shared, kernels, owner, this.layout.rows, (block) => {
      kept.adoptBlock(0, block);
      return true;
    });
    const list = new EntryList(shared, owner);
    yield* this.mergeSlices((entries, count) => {
      blocks.write(entries, count);
      list.append(entries, count);
    });
    blocks.finish();
    this.notePeak(kept.byteLength);
    this.rows.clear();
    this.spare = this.rows;
    this.rows = kept;
    this.slices.push(list);
  }

  /** Moves the rows, or the best of them, to disk. */
  private *spill(): Generator<void, void, void> {
    const { spill, owner, scope } = this.context;
    const writer = new RunWriter(spill, owner, this.layout.rows);
    let counted = 0;
    yield* this.mergeSlices((entries, count) => {
      writer.write(entries, count);
      this.counters.add('spilledBytes', writer.byteLength - counted);
      counted = writer.byteLength;
    });
    const run = writer.finish(scope);
    this.counters.add('spilledBytes', writer.byteLength - counted);
    this.rows.clear();
    if (this.lastRun === undefined) this.firstRun = run;
    else this.lastRun.next = run;
    this.lastRun = run;
  }

  /**
   * Publishes what there is. Slices of all rows are sorted again in ranges by all lanes (`sort/range-sorter.ts`); others
   * are made one list, if there is room for it.
   */
  private *publish(): Generator<void, void, void> {
    const { shared, owner, scope, block } = this.context;
    this.sortSlice();
    // Other lanes may be about to do the same.
    const mergedBytes = EntryList.byteLengthOf(this.rows.rowCount) * block.shape.laneCount;
    const isSortedInRanges = this.keptRows === Number.POSITIVE_INFINITY && this.firstRun === undefined;
    if (!isSortedInRanges && this.slices.length > 1 && mergedBytes < freeBreakerBytes(shared)) {
      const list = new EntryList(shared, owner);
      yield* this.mergeSlices((entries, count) => list.append(entries, count));
      this.slices = [list];
    }
    const lists = scope.allocate(this.slices.length * 4);
    for (const [index, slice] of this.slices.entries()) shared.u32[lists / 4 + index] = slice.publish(scope);
    const published = this.published / 4;
    shared.u32[published + SORT_ROWS] = this.rows.table;
    shared.u32[published + SORT_LISTS] = lists;
    shared.u32[published + SORT_LIST_COUNT] = this.slices.length;
    shared.u32[published + SORT_RUNS] = this.firstRun?.pointer ?? 0;
    this.notePeak();
    this.counters.raise('memoryBytes', this.peakBytes);
    this.work.free();
  }

  private notePeak(further = 0): void {
    const lists = this.slices.reduce((sum, slice) => sum + EntryList.byteLengthOf(slice.count), 0);
    const held = this.rows.byteLength + lists + 2 * this.sliceRows * ENTRY_BYTES + further;
    this.peakBytes = Math.max(this.peakBytes, held);
  }
}

/** The number of the first key among the columns of a row, as `sortLayoutOf` lays them out. */
function firstKeyOf({ input, keys }: SortNode): number {
  const first = keys[0]?.expression;
  return first?.kind === 'column' ? first.column : input.columns.length;
}
