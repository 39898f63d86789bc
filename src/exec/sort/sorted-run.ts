import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { FramePlace } from '../spill/block-frame.js';

/*
 * Sorted rows on disk, in the shared memory so that any thread can read them:
 *
 *   0   u32 the next run of the lane, or 0   4  u32 descriptor of the file
 *   8   u32 frames                          12  u32 most chunks of a block
 *   16  f64 rows
 *   24  16 bytes a frame, in order: f64 offset in the file, u32 its bytes, u32 chunks of its block
 */
const HEADER_BYTES = 24;
const FRAME_BYTES = 16;

export interface RunFrame extends FramePlace {
  /** Of the block that it unpacks to. */
  readonly chunks: number;
}

export class SortedRun {
  readonly pointer: number;
  private readonly shared: SharedMemory;

  constructor(shared: SharedMemory, pointer: number) {
    this.shared = shared;
    this.pointer = pointer;
  }

  static publish(
    shared: SharedMemory,
    scope: Scope,
    descriptor: number,
    rowCount: number,
    frames: readonly RunFrame[],
  ): SortedRun {
    const pointer = scope.allocate(HEADER_BYTES + frames.length * FRAME_BYTES);
    const blockChunks = frames.reduce((most, frame) => Math.max(most, frame.chunks), 1);
    shared.u32.set([0, descriptor, frames.length, blockChunks], pointer / 4);
    shared.f64[pointer / 8 + 2] = rowCount;
    for (const [index, { offset, byteLength, chunks }] of frames.entries()) {
      const at = pointer + HEADER_BYTES + index * FRAME_BYTES;
      shared.f64[at / 8] = offset;
      shared.u32.set([byteLength, chunks], at / 4 + 2);
    }
    return new SortedRun(shared, pointer);
  }

  get next(): SortedRun | undefined {
    const pointer = this.shared.u32[this.pointer / 4]!;
    return pointer === 0 ? undefined : new SortedRun(this.shared, pointer);
  }

  set next(run: SortedRun) {
    this.shared.u32[this.pointer / 4] = run.pointer;
  }

  get descriptor(): number {
    return this.shared.u32[this.pointer / 4 + 1]!;
  }

  get frameCount(): number {
    return this.shared.u32[this.pointer / 4 + 2]!;
  }

  get blockChunks(): number {
    return this.shared.u32[this.pointer / 4 + 3]!;
  }

  get rowCount(): number {
    return this.shared.f64[this.pointer / 8 + 2]!;
  }

  frame(index: number): RunFrame {
    const at = this.pointer + HEADER_BYTES + index * FRAME_BYTES;
    const { u32, f64 } = this.shared;
    return { offset: f64[at / 8]!, byteLength: u32[at / 4 + 2]!, chunks: u32[at / 4 + 3]! };
  }
}
