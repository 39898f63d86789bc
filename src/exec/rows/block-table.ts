import { CHUNK_BYTES, type SharedMemory } from '../../vector/shared-memory.js';

/*
 * The table of blocks, in the shared memory so that any thread can read what is in them; 16 bytes a partition:
 *   0  u32 current (last) block   4  u32 rows   8  u32 first block   12  u32 chunks
 */
export const TABLE_ENTRY_BYTES = 16;

/** Header words of a block: see `row-layout.ts`. */
const NEXT = 0;
const ROWS = 1;
const CHUNKS = 4;

/** Lists of blocks of rows, by partition. Written by one thread; read by all once it is complete. */
export class BlockTable {
  readonly table: number;
  readonly partitionCount: number;
  protected readonly shared: SharedMemory;
  private readonly owner: number;

  /** Blocks belong to `owner`; `table` has an entry for each partition, cleared or written by any thread. */
  constructor(shared: SharedMemory, owner: number, table: number, partitionCount: number) {
    this.shared = shared;
    this.owner = owner;
    this.table = table;
    this.partitionCount = partitionCount;
  }

  get partitionMask(): number {
    return this.partitionCount - 1;
  }

  rowCountOf(partition: number): number {
    return this.shared.u32[this.entryOf(partition) + 1]!;
  }

  get rowCount(): number {
    let rows = 0;
    for (let partition = 0; partition < this.partitionCount; partition++) rows += this.rowCountOf(partition);
    return rows;
  }

  /** Counts rows that were written into the last block of a partition, in its header as well. */
  addRows(partition: number, rowCount: number): void {
    const { u32 } = this.shared;
    const entry = this.entryOf(partition);
    u32[u32[entry]! / 4 + ROWS]! += rowCount;
    u32[entry + 1]! += rowCount;
  }

  /** Allocates a block without rows, whose data begin and end at `top`, and makes it the last one of a partition. */
  protected beginBlock(partition: number, chunks: number, top: number, heapStart: number): number {
    const block = this.shared.allocateChunks(chunks, this.owner);
    this.shared.u32.set([0, 0, top, heapStart, chunks], block / 4);
    this.linkBlock(partition, block);
    return block;
  }

  /** Makes a block that was written elsewhere the last one of a partition; nobody else must use it any more. */
  adoptBlock(partition: number, block: number): void {
    const { u32 } = this.shared;
    u32[block / 4 + NEXT] = 0;
    this.linkBlock(partition, block);
    u32[this.entryOf(partition) + 1]! += u32[block / 4 + ROWS]!;
  }

  /** The same with a block of another owner's. */
  takeOver(partition: number, block: number): void {
    this.shared.handChunks(block, this.shared.u32[block / 4 + CHUNKS]!, this.owner);
    this.adoptBlock(partition, block);
  }

  private linkBlock(partition: number, block: number): void {
    const { u32 } = this.shared;
    const entry = this.entryOf(partition);
    const previous = u32[entry]!;
    if (previous === 0) u32[entry + 2] = block;
    else u32[previous / 4 + NEXT] = block;
    u32[entry] = block;
    u32[entry + 3]! += u32[block / 4 + CHUNKS]!;
  }

  /** Addresses of the blocks of a partition, in the order they were begun. */
  *blocksOf(partition: number): Generator<number, void, void> {
    const { u32 } = this.shared;
    for (let block = this.firstBlockOf(partition); block !== 0; ) {
      const next = u32[block / 4 + NEXT]!;
      yield block;
      block = next;
    }
  }

  /** The block of a partition that was begun first, 0 when it has none. */
  firstBlockOf(partition: number): number {
    return this.shared.u32[this.entryOf(partition) + 2]!;
  }

  /** The block of a partition that was begun or adopted last, 0 when it has none. */
  lastBlockOf(partition: number): number {
    return this.shared.u32[this.entryOf(partition)]!;
  }

  /** Frees the block that was begun first, and with it its rows. */
  removeFirstBlock(partition: number): void {
    const { u32 } = this.shared;
    const entry = this.entryOf(partition);
    const block = this.firstBlockOf(partition);
    const header = block / 4;
    const [next, rowCount, chunks] = [u32[header + NEXT]!, u32[header + ROWS]!, u32[header + CHUNKS]!];
    u32[entry + 1]! -= rowCount;
    u32[entry + 2] = next;
    u32[entry + 3]! -= chunks;
    if (next === 0) u32[entry] = 0;
    this.shared.freeChunks(block, chunks);
  }

  /** Memory that the blocks of a partition take. */
  byteLengthOf(partition: number): number {
    return this.shared.u32[this.entryOf(partition) + 3]! * CHUNK_BYTES;
  }

  /** Memory that all blocks take. */
  get byteLength(): number {
    let byteLength = 0;
    for (let partition = 0; partition < this.partitionCount; partition++) byteLength += this.byteLengthOf(partition);
    return byteLength;
  }

  /** Frees the blocks of all partitions; the table is empty again. */
  clear(): void {
    for (let partition = 0; partition < this.partitionCount; partition++) this.clearPartition(partition);
  }

  clearPartition(partition: number): void {
    const { shared } = this;
    for (const block of this.blocksOf(partition)) shared.freeChunks(block, shared.u32[block / 4 + CHUNKS]!);
    const entry = this.entryOf(partition);
    shared.u32.fill(0, entry, entry + TABLE_ENTRY_BYTES / 4);
  }

  private entryOf(partition: number): number {
    return (this.table + partition * TABLE_ENTRY_BYTES) / 4;
  }
}
