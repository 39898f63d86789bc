import { BATCH_ROWS } from '../../vector/vector.js';
import type { LaneContext } from '../operators/operator.js';
import { SORT_RANGES } from '../operators/sort-layout.js';
import type { OperatorCounters } from '../query-block.js';
import { RowCollection } from '../rows/row-collection.js';
import type { RowLayout } from '../rows/row-layout.js';
import { ChainedLists } from './chained-lists.js';
import { ENTRY_BYTES, EntryList } from './entry-list.js';
import type { MergeInput } from './merge-input.js';
import { chooseRunsToMerge, countMergeable } from './merge-runs.js';
import { RowMerger } from './row-merger.js';
import { RunReader } from './run-reader.js';
import { RunWriter } from './run-writer.js';
import { SortRanges } from './sort-ranges.js';
import { readSortedLanes } from './sorted-lanes.js';
import type { SortedRun } from './sorted-run.js';

/** Opens the last merge of sorted rows, in memory and on disk; merges runs before, while there are too many. */
export class LaneMerge {
  private readonly context: LaneContext;
  private readonly layout: RowLayout;
  private readonly descriptor: number;
  private readonly counters: OperatorCounters;
  private readonly collections: RowCollection[] = [];
  /** Of a merge of runs, of which there may be many, one after the other; 0 before the first. */
  private entries = 0;

  constructor(context: LaneContext, layout: RowLayout, descriptor: number, counters: OperatorCounters) {
    this.context = context;
    this.layout = layout;
    this.descriptor = descriptor;
    this.counters = counters;
  }

  /**
   * Merges what the sorts of all lanes have left for a node; no more than `end` rows are wanted. Of the `offset` first
   * as many are skipped as is known without a merge.
   */
  *openLanes(node: number, end: number, offset = 0): Generator<void, MergedRows, void> {
    const { shared, block } = this.context;
    this.takeRows(node);
    const at = block.getWord(node, SORT_RANGES);
    if (at === 0) return yield* this.open(this.listsOf(node), readSortedLanes(this.context, node).runs, end);
    this.freeLists(node);
    const ranges = new SortRanges(shared, at);
    const sorted = this.listsOfRanges(ranges, 0, ranges.count);
    const skipped = sorted.skip(offset);
    return { ...(yield* this.open([sorted], [], end)), skipped };
  }

  /** The rows of ranges one after the other. They stay where they are: other lanes open other ranges of them. */
  openRanges(ranges: SortRanges, first: number, end: number): Generator<void, MergedRows, void> {
    return this.open([this.listsOfRanges(ranges, first, end)], [], Number.POSITIVE_INFINITY);
  }

  /** Frees the lists that ranges were made of. */
  freeLists(node: number): void {
    for (const list of this.listsOf(node)) list.close();
  }

  /** From now on the rows that lanes have left in memory are this merge's, to be freed by `close`. */
  takeRows(node: number): void {
    const { shared, owner } = this.context;
    const { rowTables } = readSortedLanes(this.context, node);
    for (const table of rowTables) this.collections.push(RowCollection.attach(shared, owner, this.layout, table, 1));
  }

  private listsOf(node: number): EntryList[] {
    const { shared, owner } = this.context;
    return readSortedLanes(this.context, node).lists.map((list) => EntryList.attach(shared, owner, list));
  }

  private listsOfRanges(ranges: SortRanges, first: number, end: number): ChainedLists {
    const { shared, owner } = this.context;
    const attach = (range: number): EntryList => EntryList.attach(shared, owner, ranges.sortedList(range));
    return new ChainedLists(Array.from({ length: end - first }, (_, index) => attach(first + index)));
  }

  *open(lists: readonly MergeInput[], runs: readonly SortedRun[], end: number): Generator<void, MergedRows, void> {
    const { shared } = this.context;
    let rest = [...runs];
    for (;;) {
      const chosen = chooseRunsToMerge(rest, countMergeable(shared, rest));
      if (chosen === undefined) break;
      const merged = yield* this.mergeRuns(chosen, end);
      rest = [...rest.filter((run) => !chosen.includes(run)), merged];
    }
    const merger = yield* this.openMerger([...lists, ...this.readersOf(rest)]);
    return { merger, isTransient: rest.length > 0, skipped: 0 };
  }

  /** Frees the rows that were taken. */
  close(): void {
    for (const collection of this.collections) collection.clear();
  }

  /** Makes one run of several. */
  private *mergeRuns(runs: readonly SortedRun[], end: number): Generator<void, SortedRun, void> {
    const { spill, owner, scope } = this.context;
    const merger = yield* this.openMerger(this.readersOf(runs));
    const writer = new RunWriter(spill, owner, this.layout);
    this.entries ||= scope.allocate(BATCH_ROWS * ENTRY_BYTES);
    for (let left = end; left > 0; ) {
      const count = merger.next(this.entries, Math.min(BATCH_ROWS, left));
      if (count === 0) break;
      writer.write(this.entries, count);
      left -= count;
      yield;
    }
    const run = writer.finish(scope);
    this.counters.add('spilledBytes', writer.byteLength);
    merger.close();
    return run;
  }

  private *openMerger(inputs: readonly MergeInput[]): Generator<void, RowMerger, void> {
    const { shared, kernels, owner } = this.context;
    const merger = new RowMerger(shared, kernels, owner, this.descriptor, inputs);
    while (merger.openStep()) yield;
    return merger;
  }

  private readersOf(runs: readonly SortedRun[]): RunReader[] {
    const { spill, owner } = this.context;
    return runs.map((run) => new RunReader(spill, owner, run, this.layout.stride));
  }
}

/** Rows in order. Those of a transient merge are valid until the next ones are asked for. */
export interface MergedRows {
  readonly merger: RowMerger;
  readonly isTransient: boolean;
  /** Rows of the beginning that will not come. */
  readonly skipped: number;
}
