import type { Sink } from '../operators/operator.js';
import type { Lane } from './open-lane.js';

/** What rounds leave is freed after so many: what lanes do not free by themselves does not pile up. */
const MAX_ROUNDS = 16;

/**
 * What one round of a recursion leaves to the next in a thread that runs small rounds by itself: the lanes that are over,
 * where all they are made of can start again. To open them anew would take longer than to run them.
 */
export class KeptLanes {
  private readonly lanes = new Map<string, Lane>();
  /** By whether they have started in the present round. */
  private readonly sinks = new Map<Sink, boolean>();
  private rounds = 0;
  private canGoOn = true;

  /** Before a round that this thread runs alone. */
  begin(): void {
    this.rounds++;
    for (const sink of this.sinks.keys()) this.sinks.set(sink, false);
  }

  /** Can a further round take what the present one has left? Not where other threads have a part in it. */
  get canBegin(): boolean {
    return this.canGoOn && this.rounds > 0 && this.rounds < MAX_ROUNDS;
  }

  /** A lane that is over. */
  keep(key: string, lane: Lane): void {
    if (lane.restart === undefined || lane.sink.restart === undefined) this.canGoOn = false;
    else this.lanes.set(key, lane);
  }

  /** A lane of a round before, as if it had been opened now, but for its sink; undefined where there is none. */
  take(key: string, endsSink: boolean): Lane | undefined {
    const lane = this.lanes.get(key);
    if (lane?.restart === undefined || lane.endsSink !== endsSink) return undefined;
    this.lanes.delete(key);
    lane.restart();
    return lane;
  }

  /** Before the first lane of a round writes to a sink, which may be one of a round before. */
  start(sink: Sink): void {
    if (this.sinks.get(sink) === false) sink.restart!();
    this.sinks.set(sink, true);
  }
}
