import type { Kernels } from '../../kernels/kernels.js';
import { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { ENTRY_BYTES } from './entry-list.js';
import type { MergeInput } from './merge-input.js';

/** The state of a merge, as `assembly/sort.ts` draws it. */
const HEADER_BYTES = 16;
const BYTES_PER_INPUT = 48;
const WAITING = 1;
const NONE = 0xffff_ffff;

/** Merges sorted inputs, of which it is the owner, a piece at a time. */
export class RowMerger {
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly descriptor: number;
  private readonly inputs: readonly MergeInput[];
  private readonly scope: Scope;
  private readonly state: number;
  private filled = 0;

  constructor(
    shared: SharedMemory,
    kernels: Kernels,
    owner: number,
    descriptor: number,
    inputs: readonly MergeInput[],
  ) {
    this.shared = shared;
    this.kernels = kernels;
    this.descriptor = descriptor;
    this.inputs = inputs;
    this.scope = new Scope(shared, owner);
    this.state = this.scope.allocateCleared(HEADER_BYTES + Math.max(1, inputs.length) * BYTES_PER_INPUT);
    shared.u32.set([inputs.length, NONE], this.state / 4);
  }

  /** Gets the first rows of one more input; true while there are more. `next` can be called after that. */
  openStep(): boolean {
    if (this.filled < this.inputs.length) {
      this.refill(this.filled++);
      return true;
    }
    this.kernels.startMerge(this.descriptor, this.state);
    return false;
  }

  /**
   * Writes the next entries, at most `wanted`, to `target`; returns how many: 0 at the end. Their rows are valid until
   * the next call, so there may be fewer.
   */
  next(target: number, wanted: number): number {
    const { shared, kernels, descriptor, state } = this;
    let count = 0;
    for (;;) {
      const waiting = shared.u32[state / 4 + WAITING]!;
      if (waiting !== NONE) {
        if (count > 0 && this.inputs[waiting]!.isTransient) return count;
        this.refill(waiting);
      }
      count += kernels.mergeRows(descriptor, state, target + count * ENTRY_BYTES, wanted - count);
      if (count === wanted || shared.u32[state / 4 + WAITING] === NONE) return count;
    }
  }

  close(): void {
    for (const input of this.inputs) input.close();
    this.scope.free();
  }

  private refill(input: number): void {
    const range = this.inputs[input]!.next();
    const words = range === undefined ? [0, 0, 0] : [range.start, range.end, range.stride];
    this.shared.u32.set(words, (this.state + HEADER_BYTES) / 4 + input * 4);
  }
}
