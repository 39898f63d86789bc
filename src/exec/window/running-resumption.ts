import type { FrameAggregates } from './aggregate-evaluator.js';
import type { WindowContext } from './window-context.js';
import type { Resumption } from './window-evaluator.js';

const PART_BYTES = 12;

/** Running aggregates go on from the state of all rows before: the summary of a range is the state of its rows. */
export class RunningResumption implements Resumption {
  readonly keepsPeers: boolean;
  readonly looksAtRows = true;
  readonly summaryBytes: number;
  private readonly context: WindowContext;
  private readonly aggregates: FrameAggregates;
  private readonly carry: number;
  private readonly state: number;
  /** The state of the ranges passed, and one to make the next of. */
  private before: number;
  private spare: number;
  /** A part, and pointers to a target and a source. */
  private readonly part: number;
  private readonly link: number;

  /**
   * `carry` and `state` are those of the evaluator (`runningParts` in `assembly/window-frames.ts`). Undefined where frames do
   * not end with their row or its peers, or all rows are peers.
   */
  static open(
    context: WindowContext,
    aggregates: FrameAggregates,
    carry: number,
    state: number,
  ): RunningResumption | undefined {
    const { functions, orderKeys } = context.node;
    const { frame, orderCount } = functions[aggregates.functions[0]!]!;
    if (frame.end.kind !== 'currentRow') return undefined;
    const keepsPeers = frame.unit !== 'rows';
    if (keepsPeers && (orderCount === 0 || orderCount < orderKeys.length)) return undefined;
    return new RunningResumption(context, aggregates, carry, state, keepsPeers);
  }

  private constructor(
    context: WindowContext,
    aggregates: FrameAggregates,
    carry: number,
    state: number,
    keepsPeers: boolean,
  ) {
    const { scope } = context.lane;
    this.context = context;
    this.aggregates = aggregates;
    this.carry = carry;
    this.state = state;
    this.keepsPeers = keepsPeers;
    this.summaryBytes = aggregates.stateBytes;
    this.before = scope.allocateCleared(aggregates.stateBytes);
    this.spare = scope.allocate(aggregates.stateBytes);
    this.part = scope.allocate(PART_BYTES);
    this.link = scope.allocate(8);
  }

  summarise(summary: number, count: number): void {
    const { aggregates, part, context } = this;
    aggregates.clearStates(summary, 1);
    context.lane.shared.u32.set([0, count, summary], part / 4);
    aggregates.addParts(part, 1);
  }

  /** As in a running state, what comes later takes in what was before. */
  pass(summary: number): void {
    const { aggregates, link, before, spare } = this;
    const { u8, u32 } = this.context.lane.shared;
    u8.copyWithin(spare, summary, summary + aggregates.stateBytes);
    u32.set([spare, before], link / 4);
    aggregates.program.combine(link, link + 4, 1);
    this.before = spare;
    this.spare = before;
  }

  /** The row that was handed on is in the state. */
  resume(): void {
    const { u8, u32 } = this.context.lane.shared;
    u8.copyWithin(this.state, this.before, this.before + this.aggregates.stateBytes);
    u32.set([1, 0, this.state], this.carry / 4);
  }
}
