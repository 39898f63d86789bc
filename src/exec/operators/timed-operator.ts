import type { Batch } from '../../vector/vector.js';
import { hostCallCount } from '../expression/host-caller.js';
import type { OperatorCounters } from '../query-block.js';
import {
  createCounters,
  isResumable,
  type LaneContext,
  type Operator,
  type ResumableOperator,
  type Source,
} from './operator.js';

/** What operators downstream of the one that is being timed took: time, and calls of JavaScript. */
export class LaneClock {
  downstreamMs = 0;
  downstreamCalls = 0;
}

/** For EXPLAIN ANALYZE: counts the time of an operator, and its calls of JavaScript, without those of the operators it pushes to. */
export class TimedOperator implements ResumableOperator {
  private readonly inner: Operator;
  private readonly clock: LaneClock;
  private readonly counters: OperatorCounters;

  constructor(context: LaneContext, node: number, inner: Operator, clock: LaneClock) {
    this.inner = inner;
    this.clock = clock;
    this.counters = createCounters(context, node);
  }

  push(batch: Batch): void {
    this.counters.add('inputRows', batch.rowCount);
    this.time(() => this.inner.push(batch));
  }

  finish(): void {
    this.time(() => this.inner.finish());
  }

  get hasMore(): boolean {
    return isResumable(this.inner) && this.inner.hasMore;
  }

  resume(): void {
    const { inner } = this;
    if (isResumable(inner)) this.time(() => inner.resume());
  }

  private time(work: () => void): void {
    const { clock } = this;
    const { downstreamMs: outerMs, downstreamCalls: outerCalls } = clock;
    clock.downstreamMs = 0;
    clock.downstreamCalls = 0;
    const firstCall = hostCallCount();
    const start = performance.now();
    work();
    const total = performance.now() - start;
    const calls = hostCallCount() - firstCall;
    this.counters.add('timeMs', total - clock.downstreamMs);
    this.counters.add('hostCalls', calls - clock.downstreamCalls);
    clock.downstreamMs = outerMs + total;
    clock.downstreamCalls = outerCalls + calls;
  }
}

/** The same for a source; the time it waits for reads counts as its own. */
export class TimedSource implements Source {
  private readonly inner: Source;
  private readonly clock: LaneClock;
  private readonly counters: OperatorCounters;

  constructor(context: LaneContext, node: number, inner: Source, clock: LaneClock) {
    this.inner = inner;
    this.clock = clock;
    this.counters = createCounters(context, node);
  }

  step(): boolean | Promise<boolean> {
    this.clock.downstreamMs = 0;
    this.clock.downstreamCalls = 0;
    const firstCall = hostCallCount();
    const start = performance.now();
    const result = this.inner.step();
    if (typeof result === 'boolean') {
      this.record(start, firstCall);
      return result;
    }
    return result.then((more) => {
      this.record(start, firstCall);
      return more;
    });
  }

  get awaitsRound(): boolean {
    return this.inner.awaitsRound === true;
  }

  async close(): Promise<void> {
    await this.inner.close?.();
  }

  private record(start: number, firstCall: number): void {
    this.counters.add('timeMs', performance.now() - start - this.clock.downstreamMs);
    this.counters.add('hostCalls', hostCallCount() - firstCall - this.clock.downstreamCalls);
  }
}
