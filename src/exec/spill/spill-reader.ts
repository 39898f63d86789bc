import type { Kernels } from '../../kernels/kernels.js';
import { readSpillFile } from '../../storage/spill/spill-file.js';
import { Scope } from '../../vector/scope.js';
import { CHUNK_BYTES, type SharedMemory } from '../../vector/shared-memory.js';
import type { BlockTable } from '../rows/block-table.js';
import { chunksOfFrame, type FramePlace, previousOf, scratchBytesOf, unpackFrame } from './block-frame.js';

/** Walks a chain of frames from the last written to the first. */
export class SpillReader {
  private place: FramePlace;
  private frame = 0;
  private frameCapacity = 0;
  private scratch = 0;
  private scratchCapacity = 0;
  private block = 0;
  private blockChunks = 0;
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly descriptor: number;
  private readonly owner: number;
  private readonly scope: Scope;

  /** Buffers belong to `owner`; `close` frees them. */
  constructor(shared: SharedMemory, kernels: Kernels, owner: number, descriptor: number, last: FramePlace) {
    this.shared = shared;
    this.kernels = kernels;
    this.descriptor = descriptor;
    this.owner = owner;
    this.scope = new Scope(shared, owner);
    this.place = last;
  }

  /** Reads the next block into a buffer that is valid until the next call; 0 at the end. */
  next(): number {
    if (!this.readFrame()) return 0;
    const chunks = chunksOfFrame(this.shared, this.frame);
    if (chunks > this.blockChunks) {
      if (this.block !== 0) this.shared.freeChunks(this.block, this.blockChunks);
      this.block = this.shared.allocateChunks(chunks, this.owner);
      this.blockChunks = chunks;
    }
    this.unpack(this.block);
    return this.block;
  }

  /** Reads the next block into chunks of its own, which become part of a partition; false at the end. */
  nextInto(blocks: BlockTable, partition: number): boolean {
    if (!this.readFrame()) return false;
    const block = this.shared.allocateChunks(chunksOfFrame(this.shared, this.frame), this.owner);
    this.unpack(block);
    blocks.adoptBlock(partition, block);
    return true;
  }

  close(): void {
    if (this.block !== 0) this.shared.freeChunks(this.block, this.blockChunks);
    this.block = 0;
    this.blockChunks = 0;
    this.scope.free();
    this.frame = 0;
    this.frameCapacity = 0;
    this.scratch = 0;
    this.scratchCapacity = 0;
  }

  private unpack(block: number): void {
    const { shared, kernels, frame } = this;
    const byteLength = scratchBytesOf(shared, frame);
    if (byteLength > this.scratchCapacity) {
      this.scratch = this.scope.allocate(byteLength);
      this.scratchCapacity = byteLength;
    }
    unpackFrame(shared, kernels, frame, this.scratch, block);
  }

  private readFrame(): boolean {
    const { offset, byteLength } = this.place;
    if (byteLength === 0) return false;
    if (byteLength > this.frameCapacity) {
      this.frameCapacity = Math.max(byteLength, CHUNK_BYTES);
      this.frame = this.scope.allocate(this.frameCapacity);
    }
    readSpillFile(this.descriptor, offset, this.shared.u8.subarray(this.frame, this.frame + byteLength));
    this.place = previousOf(this.shared, this.frame);
    return true;
  }
}
