import type { WindowNode } from '../../planner/physical/physical-plan.js';
import type { LaneContext } from '../operators/operator.js';
import { ENTRY_BYTES } from '../sort/entry-list.js';
import { createEvaluators } from './create-evaluators.js';
import { createWindowContext, type WindowContext } from './window-context.js';
import type { Resumption, WindowEvaluator } from './window-evaluator.js';

/*
 * What lanes know of a range of rows that another lane computes over:
 *
 *   0   the entry of its last row   16  the summary of each evaluator, one after the other
 */

/** Evaluators of a window without partitions that can begin in the middle of the rows, where all can. */
export class RangeEvaluators {
  /** Must peers be in one range? */
  readonly keepsPeers: boolean;
  private readonly context: WindowContext;
  private readonly evaluators: readonly WindowEvaluator[];
  private readonly resumptions: readonly Resumption[];

  /** Undefined where an evaluator must have the whole partition. */
  static open(lane: LaneContext, node: WindowNode): RangeEvaluators | undefined {
    const context = createWindowContext(lane, node);
    const evaluators = createEvaluators(context);
    const resumptions = evaluators.flatMap(({ resumption }) => resumption ?? []);
    return resumptions.length < evaluators.length ? undefined : new RangeEvaluators(context, evaluators, resumptions);
  }

  private constructor(
    context: WindowContext,
    evaluators: readonly WindowEvaluator[],
    resumptions: readonly Resumption[],
  ) {
    this.context = context;
    this.evaluators = evaluators;
    this.resumptions = resumptions;
    this.keepsPeers = resumptions.some((resumption) => resumption.keepsPeers);
  }

  /** The summary of a range whose entries these are. */
  summarise(entries: number, count: number): number {
    const { segment, lane } = this.context;
    const summary = lane.scope.allocate(this.resumptions.reduce((sum, one) => sum + one.summaryBytes, ENTRY_BYTES));
    const last = entries + (count - 1) * ENTRY_BYTES;
    lane.shared.u8.copyWithin(summary, last, last + ENTRY_BYTES);
    if (this.resumptions.some(({ looksAtRows }) => looksAtRows)) segment.append(entries, count);
    let target = summary + ENTRY_BYTES;
    for (const resumption of this.resumptions) {
      resumption.summarise(target, count);
      target += resumption.summaryBytes;
    }
    segment.clear();
    return summary;
  }

  close(): void {
    for (const evaluator of this.evaluators) evaluator.close?.();
    this.context.segment.free();
  }
}

/** Has evaluators take note of a range that another lane computes over. */
export function passRange(evaluators: readonly WindowEvaluator[], summary: number): void {
  let source = summary + ENTRY_BYTES;
  for (const { resumption } of evaluators) {
    resumption!.pass(source);
    source += resumption!.summaryBytes;
  }
}
