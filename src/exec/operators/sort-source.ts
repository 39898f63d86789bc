import type { SortNode } from '../../planner/physical/physical-plan.js';
import { BATCH_ROWS } from '../../vector/vector.js';
import type { OperatorCounters } from '../query-block.js';
import { RowCollection } from '../rows/row-collection.js';
import type { RowLayout } from '../rows/row-layout.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { ENTRY_BYTES, EntryList } from '../sort/entry-list.js';
import type { MergeInput } from '../sort/merge-input.js';
import { chooseRunsToMerge, countMergeable } from '../sort/merge-runs.js';
import { RowMerger } from '../sort/row-merger.js';
import { RunReader } from '../sort/run-reader.js';
import { RunWriter } from '../sort/run-writer.js';
import { SortedRun } from '../sort/sorted-run.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';
import {
  createSortLayout,
  SORT_LIST_COUNT,
  SORT_LISTS,
  SORT_ROWS,
  SORT_RUNS,
  writeSortDescriptor,
} from './sort-layout.js';

/** Merges what all lanes have sorted, in memory and on disk, and hands on the rows, in order, from one lane. */
export class SortSource implements Source {
  private readonly context: LaneContext;
  private readonly next: Operator;
  private readonly layout: RowLayout;
  private readonly unpacker: RowUnpacker;
  private readonly counters: OperatorCounters;
  private readonly descriptor: number;
  private readonly entries: number;
  private readonly pointers: number;
  private readonly offset: number;
  /** Rows up to the last that is wanted. */
  private readonly end: number;
  private readonly collections: RowCollection[] = [];
  private merger: RowMerger | undefined;
  private preparation: Generator<void, RowMerger, void> | undefined;
  /** Rows that came out of the merge. */
  private merged = 0;

  constructor(context: LaneContext, node: SortNode, next: Operator) {
    const { shared, kernels, scope, block, pipeline } = context;
    const layout = createSortLayout(node);
    this.context = context;
    this.next = next;
    this.layout = layout.rows;
    this.unpacker = new RowUnpacker(kernels, scope, this.layout.payload.slice(0, node.columns.length));
    this.counters = createCounters(context, node.id);
    this.descriptor = writeSortDescriptor(shared, scope, node, layout);
    this.entries = scope.allocate(BATCH_ROWS * ENTRY_BYTES);
    this.pointers = scope.allocate(BATCH_ROWS * 4);
    this.offset = node.offset ?? 0;
    this.end = node.limit === undefined ? Number.POSITIVE_INFINITY : this.offset + node.limit;
    if (block.takeMorsel(pipeline) === 0) this.preparation = this.prepare(node);
  }

  step(): boolean {
    if (this.merger !== undefined) return this.emit(this.merger);
    const step = this.preparation?.next();
    if (step?.done) this.merger = step.value;
    return step !== undefined;
  }

  async close(): Promise<void> {
    this.merger?.close();
    for (const collection of this.collections) collection.clear();
  }

  private emit(merger: RowMerger): boolean {
    const count = merger.next(this.entries, Math.min(BATCH_ROWS, this.end - this.merged));
    if (count === 0) return false;
    const skipped = Math.min(count, Math.max(0, this.offset - this.merged));
    this.merged += count;
    const rowCount = count - skipped;
    if (rowCount === 0) return true;
    this.context.kernels.entryRows(this.entries + skipped * ENTRY_BYTES, rowCount, this.pointers);
    this.counters.addBatch(rowCount);
    this.next.push({ rowCount, columns: [...this.unpacker.unpack(this.pointers, rowCount)] });
    return true;
  }

  /** Gathers the inputs of the last merge; merges runs before, while there are too many. */
  private *prepare(node: SortNode): Generator<void, RowMerger, void> {
    const { shared, owner, block } = this.context;
    const lists: EntryList[] = [];
    let runs: SortedRun[] = [];
    for (let lane = 0; lane < block.shape.laneCount; lane++) {
      const published = block.getSink(node.id, lane) / 4;
      if (published === 0) continue;
      const [table, pointers, listCount, firstRun] = [SORT_ROWS, SORT_LISTS, SORT_LIST_COUNT, SORT_RUNS].map(
        (word) => shared.u32[published + word]!,
      ) as [number, number, number, number];
      this.collections.push(RowCollection.attach(shared, owner, this.layout, table, 1));
      for (let list = 0; list < listCount; list++) {
        lists.push(EntryList.attach(shared, owner, shared.u32[pointers / 4 + list]!));
      }
      let run = firstRun === 0 ? undefined : new SortedRun(shared, firstRun);
      for (; run !== undefined; run = run.next) runs.push(run);
    }
    for (;;) {
      const chosen = chooseRunsToMerge(runs, countMergeable(shared, runs));
      if (chosen === undefined) break;
      const merged = yield* this.mergeRuns(chosen);
      runs = [...runs.filter((run) => !chosen.includes(run)), merged];
    }
    return yield* this.openMerger([...lists, ...this.readersOf(runs)]);
  }

  /** Makes one run of several. */
  private *mergeRuns(runs: readonly SortedRun[]): Generator<void, SortedRun, void> {
    const { spill, owner, scope } = this.context;
    const merger = yield* this.openMerger(this.readersOf(runs));
    const writer = new RunWriter(spill, owner, this.layout);
    for (let left = this.end; left > 0; ) {
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
