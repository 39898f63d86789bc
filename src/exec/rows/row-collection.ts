import type { Kernels } from '../../kernels/kernels.js';
import type { Scope } from '../../vector/scope.js';
import { CHUNK_BYTES, type SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, type Vector } from '../../vector/vector.js';
import type { KeyPacker } from './key-packer.js';
import { BLOCK_HEADER_BYTES, type RowLayout } from './row-layout.js';
import { packKernelOf, VectorSource, ZEROS } from './vector-source.js';

/** Radix partitions are taken from the top five bits of the hash. */
export const PARTITION_COUNT = 32;

/*
 * The partition table, in the shared memory so that any thread can read the rows; 16 bytes a partition:
 *   0  u32 current (last) block   4  u32 rows   8  u32 first block   12  u32 chunks
 */
const ENTRY_BYTES = 16;

/** Rows in blocks, by radix partition. Written by one thread; read by all once it is complete. */
export class RowCollection {
  readonly table: number;
  readonly partitionCount: number;
  readonly layout: RowLayout;
  private readonly shared: SharedMemory;
  private readonly owner: number;

  private constructor(shared: SharedMemory, owner: number, layout: RowLayout, table: number, partitionCount: number) {
    this.shared = shared;
    this.owner = owner;
    this.layout = layout;
    this.table = table;
    this.partitionCount = partitionCount;
  }

  /** An empty collection; its blocks belong to `owner`. One partition keeps the order of rows. */
  static create(
    shared: SharedMemory,
    owner: number,
    scope: Scope,
    layout: RowLayout,
    partitionCount: number,
  ): RowCollection {
    const table = scope.allocateCleared(partitionCount * ENTRY_BYTES);
    return new RowCollection(shared, owner, layout, table, partitionCount);
  }

  /** The collection whose partition table lies at `table`, made by any thread. */
  static attach(
    shared: SharedMemory,
    owner: number,
    layout: RowLayout,
    table: number,
    partitionCount: number,
  ): RowCollection {
    return new RowCollection(shared, owner, layout, table, partitionCount);
  }

  get partitionMask(): number {
    return this.partitionCount - 1;
  }

  rowCountOf(partition: number): number {
    return this.shared.u32[this.table / 4 + partition * 4 + 1]!;
  }

  get rowCount(): number {
    let rows = 0;
    for (let partition = 0; partition < this.partitionCount; partition++) rows += this.rowCountOf(partition);
    return rows;
  }

  /** Gives the partition of `hash` a new block with room for one row and its strings. */
  addBlock(hash: number, heapBytes: number): void {
    const needed = BLOCK_HEADER_BYTES + this.layout.stride + heapBytes;
    const chunks = Math.ceil(needed / CHUNK_BYTES);
    const block = this.shared.allocateChunks(chunks, this.owner);
    const { u32 } = this.shared;
    const entry = this.table / 4 + ((hash >>> 27) & this.partitionMask) * 4;
    const header = block / 4;
    u32[header] = 0;
    u32[header + 1] = 0;
    u32[header + 2] = BLOCK_HEADER_BYTES;
    // Rows must not reach the second chunk, where masking an address would not find the block's base.
    u32[header + 3] = chunks === 1 ? CHUNK_BYTES : needed;
    u32[header + 4] = chunks;
    this.linkBlock(entry, block);
  }

  /** Makes a block that was written elsewhere the last one of a partition; nobody else must use it any more. */
  adoptBlock(partition: number, block: number): void {
    const { u32 } = this.shared;
    const entry = this.table / 4 + partition * 4;
    u32[block / 4] = 0;
    this.linkBlock(entry, block);
    u32[entry + 1]! += u32[block / 4 + 1]!;
  }

  /** The same with a block of another owner's. */
  takeOver(partition: number, block: number): void {
    this.shared.handChunks(block, this.shared.u32[block / 4 + 4]!, this.owner);
    this.adoptBlock(partition, block);
  }

  private linkBlock(entry: number, block: number): void {
    const { u32 } = this.shared;
    const previous = u32[entry]!;
    if (previous === 0) u32[entry + 2] = block;
    else u32[previous / 4] = block;
    u32[entry] = block;
    u32[entry + 3]! += u32[block / 4 + 4]!;
  }

  /** Addresses of the blocks of a partition, in the order they were begun. */
  *blocksOf(partition: number): Generator<number, void, void> {
    const { u32 } = this.shared;
    for (let block = u32[this.table / 4 + partition * 4 + 2]!; block !== 0; ) {
      const next = u32[block / 4]!;
      yield block;
      block = next;
    }
  }

  /** The block of a partition that was begun first, 0 when it has none. */
  firstBlockOf(partition: number): number {
    return this.shared.u32[this.table / 4 + partition * 4 + 2]!;
  }

  /** The block of a partition that was begun or adopted last, 0 when it has none. */
  lastBlockOf(partition: number): number {
    return this.shared.u32[this.table / 4 + partition * 4]!;
  }

  /** Frees the block that was begun first, and with it its rows. */
  removeFirstBlock(partition: number): void {
    const { u32 } = this.shared;
    const entry = this.table / 4 + partition * 4;
    const block = u32[entry + 2]!;
    const [next, rowCount, , , chunks] = u32.subarray(block / 4, block / 4 + 5) as unknown as number[];
    u32[entry + 1]! -= rowCount!;
    u32[entry + 2] = next!;
    u32[entry + 3]! -= chunks!;
    if (next === 0) u32[entry] = 0;
    this.shared.freeChunks(block, chunks!);
  }

  /** Memory that the blocks of a partition take. */
  byteLengthOf(partition: number): number {
    return this.shared.u32[this.table / 4 + partition * 4 + 3]! * CHUNK_BYTES;
  }

  /** Memory that all blocks take. */
  get byteLength(): number {
    let byteLength = 0;
    for (let partition = 0; partition < this.partitionCount; partition++) byteLength += this.byteLengthOf(partition);
    return byteLength;
  }

  /** Frees the blocks of all partitions; the collection is empty again. */
  clear(): void {
    for (let partition = 0; partition < this.partitionCount; partition++) this.clearPartition(partition);
  }

  clearPartition(partition: number): void {
    const entry = this.table / 4 + partition * 4;
    for (const block of this.blocksOf(partition)) this.shared.freeChunks(block, this.shared.u32[block / 4 + 4]!);
    this.shared.u32.fill(0, entry, entry + 4);
  }

  /**
   * Calls `visit` with the addresses of up to `BATCH_ROWS` rows of a partition at a time, written to `pointers`.
   */
  forEachBatch(partition: number, kernels: Kernels, pointers: number, visit: (rowCount: number) => void): void {
    const cursor = this.openPartition(partition);
    for (;;) {
      const rowCount = cursor.next(kernels, pointers);
      if (rowCount === 0) return;
      visit(rowCount);
    }
  }

  openPartition(partition: number): RowCursor {
    return new RowCursor(this.shared, this.layout.stride, this.shared.u32[this.table / 4 + partition * 4 + 2]!);
  }
}

/** Walks the rows of one partition, or of some blocks of it, in the order they were written. */
export class RowCursor {
  private block: number;
  private blocksLeft: number;
  private row = 0;
  private readonly shared: SharedMemory;
  private readonly stride: number;

  constructor(shared: SharedMemory, stride: number, firstBlock: number, blockCount: number = Number.POSITIVE_INFINITY) {
    this.shared = shared;
    this.stride = stride;
    this.block = firstBlock;
    this.blocksLeft = blockCount;
  }

  /** Writes the addresses of the next rows, at most `BATCH_ROWS`, to `pointers`; returns their number, 0 at the end. */
  next(kernels: Kernels, pointers: number): number {
    let filled = 0;
    while (this.block !== 0 && filled < BATCH_ROWS) {
      const taken = kernels.listRows(
        this.block,
        BLOCK_HEADER_BYTES,
        this.stride,
        this.row,
        BATCH_ROWS - filled,
        pointers + filled * 4,
      );
      filled += taken;
      this.row += taken;
      if (this.row >= this.shared.u32[this.block / 4 + 1]!) {
        this.blocksLeft--;
        this.block = this.blocksLeft > 0 ? this.shared.u32[this.block / 4]! : 0;
        this.row = 0;
      }
    }
    return filled;
  }
}

/** Where the keys and the hashes of rows lie: see `KeyPacker`. Without keys in the layout, `keys` is not looked at. */
export type PackedKeys = Pick<KeyPacker, 'keys' | 'hashes'>;

/** Appends batches to a collection: rows, then keys and payload column by column. */
export class RowAppender {
  /** Addresses of the rows that were appended last. */
  readonly rows: number;
  private readonly heaps: number;
  private readonly sizes: number;
  private readonly source = new VectorSource();
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;

  constructor(shared: SharedMemory, kernels: Kernels, scope: Scope) {
    this.shared = shared;
    this.kernels = kernels;
    this.rows = scope.allocate(BATCH_ROWS * 4);
    this.heaps = scope.allocate(BATCH_ROWS * 4);
    this.sizes = scope.allocate(BATCH_ROWS * 4);
  }

  /** `packer` holds the packed keys and hashes of the same rows. */
  append(collection: RowCollection, packer: PackedKeys, payload: readonly Vector[], rowCount: number): void {
    const { layout } = collection;
    this.measureStrings(layout, packer, payload, rowCount);
    this.allocate(collection, packer.hashes, rowCount);
    const { kernels, source, rows, heaps } = this;
    kernels.copyKeysToRows(
      packer.keys,
      layout.keyBytes,
      layout.fixedKeyBytes,
      layout.stringKeyCount,
      rows,
      layout.keyOffset,
      heaps,
      rowCount,
    );
    for (const [column, slot] of layout.payload.entries()) {
      const vector = payload[column];
      if (vector === undefined) {
        kernels.pack1(ZEROS, 0, 0, 0, rows, slot.offset, 0, rowCount);
        continue;
      }
      source.set(vector, this.shared);
      kernels.packValidity(source.validity, source.validityStep, rows, slot.validityOffset, 0, rowCount);
      if (slot.physical === 'string') {
        kernels.packStrings(
          source.data,
          source.codes,
          source.step,
          source.rowValidity,
          rows,
          slot.offset,
          heaps,
          rowCount,
        );
      } else {
        const pack = packKernelOf(kernels, slot.physical, false);
        pack(source.data, source.codes, source.step, source.rowValidity, rows, slot.offset, 0, rowCount);
      }
    }
  }

  private measureStrings(layout: RowLayout, packer: PackedKeys, payload: readonly Vector[], rowCount: number): void {
    if (!layout.hasStrings) return;
    const { kernels, sizes, source } = this;
    this.shared.clear(sizes, rowCount * 4);
    for (let key = 0; key < layout.stringKeyCount; key++) {
      kernels.addKeyStringSizes(packer.keys, layout.keyBytes, layout.fixedKeyBytes + key * 16, sizes, rowCount);
    }
    for (const [column, slot] of layout.payload.entries()) {
      if (slot.physical !== 'string') continue;
      source.set(payload[column]!, this.shared);
      kernels.addStringSizes(source.data, source.codes, source.step, source.rowValidity, sizes, rowCount);
    }
  }

  private allocate(collection: RowCollection, hashes: number, rowCount: number): void {
    const { layout, table, partitionMask } = collection;
    const sizes = layout.hasStrings ? this.sizes : 0;
    const { u32 } = this.shared;
    for (let done = 0; ; ) {
      done = this.kernels.allocateRows(
        table,
        partitionMask,
        hashes,
        sizes,
        layout.stride,
        done,
        rowCount,
        this.rows,
        this.heaps,
      );
      if (done >= rowCount) return;
      collection.addBlock(u32[hashes / 4 + done]!, sizes === 0 ? 0 : u32[sizes / 4 + done]!);
    }
  }
}
