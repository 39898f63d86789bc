import type { Kernels } from '../../kernels/kernels.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { BlockTable } from '../rows/block-table.js';
import { writeFrame } from './block-frame.js';
import type { SpillContext } from './spill-context.js';
import { SpillReader } from './spill-reader.js';

/*
 * What a lane has spilled of a collection, in the shared memory so that any thread can read it:
 *
 *   0   u32 descriptor of the file, or 0 when nothing was spilled   4  unused
 *   8   32 bytes a partition:
 *         0  f64 offset of the last frame in the file     8  u32 bytes of the last frame (0: none)   12  u32 rows
 *        16  f64 bytes of all blocks, as they were in memory        24  unused
 */
const HEADER_BYTES = 8;
const ENTRY_BYTES = 32;

/** Blocks of rows on disk, by partition: each partition a chain of frames, the last one first. */
export class PartitionSpill {
  readonly table: number;
  private readonly shared: SharedMemory;

  private constructor(shared: SharedMemory, table: number) {
    this.shared = shared;
    this.table = table;
  }

  static create(shared: SharedMemory, scope: Scope, partitionCount: number): PartitionSpill {
    return new PartitionSpill(shared, scope.allocateCleared(HEADER_BYTES + partitionCount * ENTRY_BYTES));
  }

  /** What another thread has spilled, as `table` of its object says. */
  static attach(shared: SharedMemory, table: number): PartitionSpill {
    return new PartitionSpill(shared, table);
  }

  private entry(partition: number): number {
    return this.table + HEADER_BYTES + partition * ENTRY_BYTES;
  }

  /** Forgets what was spilled of a partition. */
  clear(partition: number): void {
    const entry = this.entry(partition) / 4;
    this.shared.u32.fill(0, entry, entry + ENTRY_BYTES / 4);
  }

  get descriptor(): number {
    return this.shared.u32[this.table / 4]!;
  }

  rowCountOf(partition: number): number {
    return this.shared.u32[this.entry(partition) / 4 + 3]!;
  }

  /** Bytes of the blocks of a partition in memory. */
  byteLengthOf(partition: number): number {
    return this.shared.f64[(this.entry(partition) + 16) / 8]!;
  }

  /** Moves all rows of a partition to disk, and frees their blocks. Returns the bytes written. */
  write(context: SpillContext, blocks: BlockTable, partition: number): number {
    let written = 0;
    for (const block of blocks.blocksOf(partition)) written += this.writeBlock(context, partition, block);
    blocks.clearPartition(partition);
    return written;
  }

  /** Moves the first block of a partition to disk, and frees it. Returns the bytes written, 0 when there is none. */
  writeFirst(context: SpillContext, blocks: BlockTable, partition: number): number {
    const block = blocks.firstBlockOf(partition);
    if (block === 0) return 0;
    const written = this.writeBlock(context, partition, block);
    blocks.removeFirstBlock(partition);
    return written;
  }

  private writeBlock(context: SpillContext, partition: number, block: number): number {
    const { u32, f64 } = this.shared;
    const file = context.openFile();
    u32[this.table / 4] = file.descriptor;
    const entry = this.entry(partition);
    const previous = { offset: f64[entry / 8]!, byteLength: u32[entry / 4 + 2]! };
    const frame = writeFrame(context, file, block, previous);
    f64[entry / 8] = frame.offset;
    u32[entry / 4 + 2] = frame.byteLength;
    u32[entry / 4 + 3]! += frame.rowCount;
    f64[entry / 8 + 2]! += frame.blockBytes;
    return frame.byteLength;
  }

  /** Reads the rows of a partition back, block by block. */
  open(kernels: Kernels, owner: number, partition: number): SpillReader {
    const entry = this.entry(partition);
    const last = { offset: this.shared.f64[entry / 8]!, byteLength: this.shared.u32[entry / 4 + 2]! };
    return new SpillReader(this.shared, kernels, owner, this.descriptor, last);
  }
}
