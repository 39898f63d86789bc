import { readSpillFile } from '../../storage/spill/spill-file.js';
import { BLOCK_HEADER_BYTES } from '../rows/row-layout.js';
import { scratchBytesOf, unpackFrame } from '../spill/block-frame.js';
import type { SpillContext } from '../spill/spill-context.js';
import type { MergeInput, MergeRange } from './merge-input.js';
import type { SortedRun } from './sorted-run.js';

/** Reads a run forwards, one block at a time. */
export class RunReader implements MergeInput {
  readonly isTransient = true;
  private readonly context: SpillContext;
  private readonly owner: number;
  private readonly run: SortedRun;
  private readonly stride: number;
  private block = 0;
  private chunks = 0;
  private taken = 0;

  /** The block belongs to `owner`; frames are read through the buffer of `context`. */
  constructor(context: SpillContext, owner: number, run: SortedRun, stride: number) {
    this.context = context;
    this.owner = owner;
    this.run = run;
    this.stride = stride;
  }

  next(): MergeRange | undefined {
    if (this.taken >= this.run.frameCount) {
      this.close();
      return undefined;
    }
    const { shared, kernels } = this.context;
    const { offset, byteLength, chunks } = this.run.frame(this.taken++);
    if (chunks > this.chunks) {
      this.close();
      this.block = shared.allocateChunks(chunks, this.owner);
      this.chunks = chunks;
    }
    const frame = this.context.frameBuffer(byteLength);
    readSpillFile(this.run.descriptor, offset, shared.u8.subarray(frame, frame + byteLength));
    unpackFrame(shared, kernels, frame, this.context.scratchBuffer(scratchBytesOf(shared, frame)), this.block);
    const start = this.block + BLOCK_HEADER_BYTES;
    return { start, end: start + shared.u32[this.block / 4 + 1]! * this.stride, stride: this.stride };
  }

  close(): void {
    if (this.block !== 0) this.context.shared.freeChunks(this.block, this.chunks);
    this.block = 0;
    this.chunks = 0;
  }
}
