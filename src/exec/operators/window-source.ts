import type { WindowNode } from '../../planner/physical/physical-plan.js';
import type { OperatorCounters } from '../query-block.js';
import type { RowLayout } from '../rows/row-layout.js';
import { LaneMerge, type MergedRows } from '../sort/lane-merge.js';
import { SortRanges } from '../sort/sort-ranges.js';
import { PartitionSorter } from '../window/partition-sorter.js';
import { WindowStream } from '../window/window-stream.js';
import { createCounters, type LaneContext, type Operator, type Source } from './operator.js';
import { orderPartitions } from './partition-order.js';
import { SORT_RANGES, sortLayoutOf, writeSortDescriptor } from './sort-layout.js';
import {
  countWindowMorsels,
  sortOfWindow,
  stretchStart,
  WINDOW_DONE_STRETCHES,
  WINDOW_ORDER,
  WINDOW_STRETCHES,
} from './window-layout.js';

/** Radix partitions of fewer rows are sorted together: opening one takes as long as sorting hundreds of rows. */
const SMALL_ROWS = 8192;

/**
 * Computes window functions over the rows that were collected: radix partition by radix partition, which it sorts; without
 * partition keys over stretches of the sorted rows, where functions can begin in the middle of them
 * (`window/range-evaluators.ts`), or over all in order.
 */
export class WindowSource implements Source {
  private readonly context: LaneContext;
  private readonly node: WindowNode;
  private readonly layout: RowLayout;
  private readonly descriptor: number;
  private readonly counters: OperatorCounters;
  private readonly stream: WindowStream;
  private sorter: PartitionSorter | undefined;
  private order: readonly number[] | undefined;
  private merge: LaneMerge | undefined;
  private rows: MergedRows | undefined;
  /** Ranges of which the stream knows: those before the present stretch. */
  private passedRanges = 0;
  readonly restart: (() => void) | undefined;
  /** The morsel that is being worked on. */
  private work: Generator<void, void, void> | undefined;

  constructor(context: LaneContext, node: WindowNode, next: Operator) {
    const { shared, scope } = context;
    const sort = sortOfWindow(node);
    const layout = sortLayoutOf(sort);
    this.context = context;
    this.node = node;
    this.layout = layout.rows;
    this.descriptor = writeSortDescriptor(shared, scope, sort, layout);
    this.counters = createCounters(context, node.id);
    this.stream = new WindowStream(context, node, this.layout, this.counters, next);
    this.restart = this.stream.canRestart ? () => this.start() : undefined;
  }

  private start(): void {
    this.sorter = undefined;
    this.order = undefined;
    this.merge = undefined;
    this.rows = undefined;
    this.passedRanges = 0;
    this.stream.start();
  }

  step(): boolean {
    if (this.work === undefined) {
      const morsel = this.context.block.takeMorsel(this.context.pipeline);
      if (morsel >= countWindowMorsels(this.context.block, this.node)) return false;
      this.work = this.workOn(morsel);
    }
    if (this.work.next().done) this.work = undefined;
    return true;
  }

  async close(): Promise<void> {
    this.rows?.merger.close();
    this.merge?.close();
    this.sorter?.close();
    this.stream.close();
  }

  private workOn(morsel: number): Generator<void, void, void> {
    if (this.node.partitionKeys.length > 0) return this.workOnPartition(morsel);
    const stretches = this.context.block.getWord(this.node.id, WINDOW_STRETCHES);
    return stretches === 0 ? this.workOnAll() : this.workOnStretch(morsel, stretches);
  }

  private *workOnStretch(stretch: number, stretchCount: number): Generator<void, void, void> {
    const { context, node, layout, descriptor, counters } = this;
    const ranges = new SortRanges(context.shared, context.block.getWord(node.id, SORT_RANGES));
    const [first, end] = [stretch, stretch + 1].map((one) => stretchStart(ranges, one, stretchCount)) as [
      number,
      number,
    ];
    this.merge ??= new LaneMerge(context, layout, descriptor, counters);
    if (stretch === 0) this.merge.freeLists(node.id);
    for (; this.passedRanges < first; this.passedRanges++) this.stream.pass(ranges.summaryOf(this.passedRanges));
    this.rows = yield* this.merge.openRanges(ranges, first, end);
    yield* this.stream.run(this.rows);
    this.rows.merger.close();
    this.rows = undefined;
    if (context.block.addWord(node.id, WINDOW_DONE_STRETCHES, 1) === stretchCount - 1) this.merge.takeRows(node.id);
  }

  private *workOnAll(): Generator<void, void, void> {
    const { context, layout, descriptor, counters } = this;
    this.merge = new LaneMerge(context, layout, descriptor, counters);
    this.rows = yield* this.merge.openLanes(this.node.id, Number.POSITIVE_INFINITY);
    yield* this.stream.run(this.rows);
  }

  private *workOnPartition(morsel: number): Generator<void, void, void> {
    const { context, node, layout, descriptor, counters } = this;
    this.sorter ??= new PartitionSorter(context, node.id, layout, descriptor, counters);
    const { sorter } = this;
    this.order ??= orderPartitions(context, node, WINDOW_ORDER, (partition) => sorter.loadOf(partition));
    const partitions = this.withSmallOnes(sorter, this.order[morsel]!);
    this.rows = yield* sorter.open(partitions);
    if (this.rows !== undefined) {
      yield* this.stream.run(this.rows);
      this.rows.merger.close();
      this.rows = undefined;
    }
    for (const partition of partitions) sorter.release(partition);
  }

  /** A partition, and if it is small others that follow in the order and are smaller still. */
  private withSmallOnes(sorter: PartitionSorter, first: number): number[] {
    const { block, pipeline } = this.context;
    const partitions = [first];
    const load = sorter.loadOf(first);
    if (load.isSpilled) return partitions;
    for (let rowCount = load.rowCount; rowCount < SMALL_ROWS; ) {
      const next = this.order![block.takeMorsel(pipeline)];
      if (next === undefined) break;
      partitions.push(next);
      const { rowCount: more, isSpilled } = sorter.loadOf(next);
      if (isSpilled) break;
      rowCount += more;
    }
    return partitions;
  }
}
