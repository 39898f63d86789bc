import type { LaneContext } from '../operators/operator.js';
import type { QueryBlock } from '../query-block.js';
import { waitForChange } from '../wait-for-change.js';

/** Word of the node: pointer to one i32 a morsel. */
const STATES = 0;
const CLOSED = 1;
const OPEN = 2;

/**
 * Is a quoted field open where a chunk of a file begins? Only whoever has read the chunk before it knows; the lanes tell
 * each other by words in the shared memory. Chunks are claimed in order, and a lane tells before it goes on with its
 * rows, so none waits for long.
 */
export class QuoteStates {
  private readonly i32: Int32Array;
  private readonly block: QueryBlock;
  private readonly pipeline: number;
  private readonly first: number;

  constructor(context: LaneContext, node: number, morselCount: number) {
    const { shared, scope, block, pipeline } = context;
    this.i32 = shared.i32;
    this.block = block;
    this.pipeline = pipeline;
    const known = block.getWord(node, STATES);
    this.first = (known || block.initializeWord(node, STATES, scope.allocateCleared((morselCount + 1) * 4))) / 4;
  }

  tell(morsel: number, isOpen: boolean): void {
    Atomics.store(this.i32, this.first + morsel, isOpen ? OPEN : CLOSED);
    Atomics.notify(this.i32, this.first + morsel);
  }

  /** Undefined when the query ends before it is known. */
  async wait(morsel: number): Promise<boolean | undefined> {
    for (;;) {
      const state = Atomics.load(this.i32, this.first + morsel);
      if (state !== 0) return state === OPEN;
      if (this.block.cancelled || this.block.isStopped(this.pipeline)) return undefined;
      await waitForChange(this.i32, this.first + morsel, 0);
    }
  }
}
