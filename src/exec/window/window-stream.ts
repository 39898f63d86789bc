import type { WindowNode } from '../../planner/physical/physical-plan.js';
import { BATCH_ROWS, type Vector } from '../../vector/vector.js';
import type { LaneContext, Operator } from '../operators/operator.js';
import type { OperatorCounters } from '../query-block.js';
import type { RowLayout } from '../rows/row-layout.js';
import { RowUnpacker } from '../rows/row-unpacker.js';
import { ENTRY_BYTES } from '../sort/entry-list.js';
import type { MergedRows } from '../sort/lane-merge.js';
import { createEvaluators } from './create-evaluators.js';
import { KeptRows } from './kept-rows.js';
import { passRange } from './range-evaluators.js';
import { createWindowContext } from './window-context.js';
import type { WindowEvaluator, WindowReach } from './window-evaluator.js';
import { WindowLimiter } from './window-limiter.js';
import type { Peering, WindowSegment } from './window-segment.js';

/** Rows that are not needed any more are dropped from a segment when there are this many of them. */
const MIN_DROPPED_ROWS = 65_536;

/**
 * Takes rows in order, and hands them on with the values of window functions as soon as all is there that these look at.
 * So what looks at few rows needs room for few, however many a partition has.
 */
export class WindowStream {
  private readonly lane: LaneContext;
  private readonly layout: RowLayout;
  private readonly counters: OperatorCounters;
  private readonly next: Operator;
  private readonly segment: WindowSegment;
  private readonly evaluators: readonly WindowEvaluator[];
  /** For each evaluator the groups of peers that it means. */
  private readonly groups: readonly Peering[];
  private readonly unpacker: RowUnpacker;
  private readonly limiter: WindowLimiter | undefined;
  /** Of a batch of rows; before them there is room for the last of the batch before. */
  private readonly entries: number;
  private kept: KeptRows | undefined;
  /** Rows of the segment that were handed on. */
  private emitted = 0;
  /** The summary of the last range that was passed, 0 before the first. */
  private lastPassed = 0;

  constructor(lane: LaneContext, node: WindowNode, layout: RowLayout, counters: OperatorCounters, next: Operator) {
    const { kernels, scope } = lane;
    this.lane = lane;
    this.layout = layout;
    this.counters = counters;
    this.next = next;
    const context = createWindowContext(lane, node);
    this.segment = context.segment;
    this.evaluators = createEvaluators(context);
    this.groups = this.evaluators.map(({ functions }) => context.groupsOf(node.functions[functions[0]!]!.orderCount));
    this.unpacker = new RowUnpacker(
      kernels,
      scope,
      node.outputs.map((ordinal) => layout.payload[ordinal]!),
    );
    this.limiter = node.limit && new WindowLimiter(lane, node);
    this.entries = scope.allocate((BATCH_ROWS + 1) * ENTRY_BYTES) + ENTRY_BYTES;
  }

  /** Can it be used again after `close`? Evaluators that hold memory of their own, and limits, cannot. */
  get canRestart(): boolean {
    return this.limiter === undefined && this.evaluators.every(({ close }) => close === undefined);
  }

  /** After `close`: as if new. */
  start(): void {
    this.kept = undefined;
    this.emitted = 0;
    this.lastPassed = 0;
  }

  /** Takes note of a range that another lane computes over: the next before the rows of `run`. See `RangeEvaluators`. */
  pass(summary: number): void {
    passRange(this.evaluators, summary);
    this.lastPassed = summary;
  }

  /** Computes over all rows of a morsel. A step takes a batch of rows, or hands one on. */
  *run(rows: MergedRows): Generator<void, void, void> {
    if (this.lastPassed !== 0) this.resume(this.lastPassed);
    this.kept = rows.isTransient ? new KeptRows(this.lane, this.layout) : undefined;
    for (;;) {
      const ready = this.countReady();
      if (ready - this.emitted >= BATCH_ROWS || this.segment.isComplete) {
        if (ready === this.emitted) break;
        this.emit(Math.min(BATCH_ROWS, ready - this.emitted));
        this.drop();
      } else this.take(rows);
      yield;
    }
    this.notePeak();
    this.segment.clear();
    this.emitted = 0;
    for (const evaluator of this.evaluators) evaluator.reset();
    this.kept?.close();
    this.kept = undefined;
  }

  close(): void {
    for (const evaluator of this.evaluators) evaluator.close?.();
    this.kept?.close();
    this.segment.free();
  }

  /** Behind the last row of a range, as if it had been handed on. */
  private resume(last: number): void {
    const { shared } = this.lane;
    for (const copy of [this.entries - ENTRY_BYTES, this.entries]) shared.u8.copyWithin(copy, last, last + ENTRY_BYTES);
    this.segment.append(this.entries, 1);
    this.emitted = 1;
    for (const { resumption } of this.evaluators) resumption!.resume();
  }

  private take({ merger }: MergedRows): void {
    const count = merger.next(this.entries, BATCH_ROWS);
    if (count === 0) {
      this.segment.isComplete = true;
      return;
    }
    this.kept?.keep(this.entries, count);
    this.segment.append(this.entries, count);
    const last = this.entries + (count - 1) * ENTRY_BYTES;
    this.lane.shared.u8.copyWithin(this.entries - ENTRY_BYTES, last, last + ENTRY_BYTES);
  }

  /** The rows, from the first, for which all evaluators have what they look at. */
  private countReady(): number {
    const { segment } = this;
    if (segment.isComplete) return segment.count;
    let ready = segment.count;
    this.evaluators.forEach(({ reach: { behind } }, index) => {
      ready = Math.min(ready, this.countBehind(behind, this.groups[index]!));
    });
    return Math.max(ready, this.emitted);
  }

  private countBehind(behind: WindowReach['behind'], groups: Peering): number {
    const { segment } = this;
    if (behind === 'partition') return segment.partitions.lastStart;
    if (behind === 'peers') return groups.lastStart;
    return Math.max(segment.partitions.lastStart, segment.count - behind);
  }

  private emit(count: number): void {
    const { segment, evaluators, emitted } = this;
    const columns: Vector[] = [...this.unpacker.unpack(segment.rows.pointer + emitted * 4, count)];
    const first = columns.length;
    for (const evaluator of evaluators) {
      evaluator.evaluate(emitted, count);
      evaluator.functions.forEach((index, i) => {
        columns[first + index] = evaluator.vectors[i]!;
      });
    }
    this.emitted += count;
    const batch = { rowCount: count, columns };
    const limited = this.limiter ? this.limiter.apply(batch) : batch;
    if (limited.rowCount === 0) return;
    this.counters.addBatch(limited.rowCount);
    this.next.push(limited);
  }

  /** Drops rows that nobody looks at any more; one that was handed on stays, for the next is compared with it. */
  private drop(): void {
    const { segment, emitted } = this;
    let keepFrom = emitted - 1;
    for (const { reach } of this.evaluators) {
      const isPartition = reach.before === 'partition';
      const position = Math.min(emitted, segment.count - 1);
      keepFrom = Math.min(
        keepFrom,
        isPartition ? segment.partitions.startOf(position) : emitted - Number(reach.before) - 1,
      );
    }
    if (keepFrom < Math.max(MIN_DROPPED_ROWS, segment.count / 2) || segment.count === emitted) return;
    this.notePeak();
    segment.drop(keepFrom);
    this.kept?.drop(keepFrom);
    this.emitted -= keepFrom;
    for (const evaluator of this.evaluators) evaluator.shift(keepFrom);
  }

  private notePeak(): void {
    const { rows } = this.segment;
    this.counters.raise('memoryBytes', rows.byteLength * 3 + (this.kept?.byteLength ?? 0));
  }
}
