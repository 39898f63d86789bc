import type { QueryBlock } from '../query-block.js';
import { waitForChange } from '../wait-for-change.js';
import type { LaneContext } from './operator.js';

/** Nothing is claimed ahead. */
const NONE = 0;
/** The lane looks for a row group that it cannot leave out, and may claim one ahead. */
const SEEKING = -1;

/**
 * What the lanes of a scan have claimed ahead: each fetches the bytes of its next row group while it computes the present
 * one. A lane that finds nothing more to claim takes over what another has not begun, so that of two row groups at the
 * end each lane computes one. A word of each lane, in the shared memory, holds the number of the work plus one.
 */
export class ScanClaims {
  private readonly words: Int32Array;
  private readonly block: QueryBlock;
  private readonly pipeline: number;
  private readonly own: number;
  private readonly others: readonly number[];

  constructor(
    { shared, block, pipeline, lane }: Pick<LaneContext, 'shared' | 'block' | 'pipeline' | 'lane'>,
    scan: { readonly id: number },
  ) {
    this.words = shared.i32;
    this.block = block;
    this.pipeline = pipeline;
    this.own = block.laneWordIndex(scan.id, lane);
    this.others = Array.from({ length: block.shape.laneCount }, (_, other) => other)
      .filter((other) => other !== lane)
      .map((other) => block.laneWordIndex(scan.id, other));
  }

  /** Others who find nothing more wait for what this lane finds. */
  seek(): void {
    Atomics.store(this.words, this.own, SEEKING);
  }

  /** Work that is claimed, and which another lane may take over until `begin`; undefined: nothing, or what must stay here. */
  offer(work: number | undefined): void {
    Atomics.store(this.words, this.own, work === undefined ? NONE : work + 1);
    Atomics.notify(this.words, this.own);
  }

  /** Whether what was offered is still this lane's; nobody takes it over any more. */
  begin(work: number): boolean {
    return Atomics.compareExchange(this.words, this.own, work + 1, NONE) === work + 1;
  }

  /** The number of work that another lane has claimed and not begun, and that is now this lane's. */
  async takeOver(): Promise<number | undefined> {
    this.offer(undefined);
    while (!this.block.cancelled && !this.block.isStopped(this.pipeline)) {
      let seeking: number | undefined;
      for (const other of this.others) {
        const word = Atomics.load(this.words, other);
        if (word === SEEKING) seeking = other;
        else if (word !== NONE && Atomics.compareExchange(this.words, other, word, NONE) === word) return word - 1;
      }
      if (seeking === undefined) return undefined;
      await waitForChange(this.words, seeking, SEEKING);
    }
    return undefined;
  }
}
