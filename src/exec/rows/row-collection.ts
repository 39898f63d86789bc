import type { Kernels } from '../../kernels/kernels.js';
import type { Scope } from '../../vector/scope.js';
import { CHUNK_BYTES, type SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, type Vector } from '../../vector/vector.js';
import { BlockTable, TABLE_ENTRY_BYTES } from './block-table.js';
import type { KeyPacker } from './key-packer.js';
import { BLOCK_HEADER_BYTES, type RowLayout } from './row-layout.js';
import { packKernelOf, VectorSource, ZEROS } from './vector-source.js';

/** Radix partitions are taken from the top five bits of the hash. */
export const PARTITION_COUNT = 32;

/** Rows in blocks, by radix partition. */
export class RowCollection extends BlockTable {
  readonly layout: RowLayout;

  private constructor(shared: SharedMemory, owner: number, layout: RowLayout, table: number, partitionCount: number) {
    super(shared, owner, table, partitionCount);
    this.layout = layout;
  }

  /** An empty collection; its blocks belong to `owner`. One partition keeps the order of rows. */
  static create(
    shared: SharedMemory,
    owner: number,
    scope: Scope,
    layout: RowLayout,
    partitionCount: number,
  ): RowCollection {
    const table = scope.allocateCleared(partitionCount * TABLE_ENTRY_BYTES);
    return new RowCollection(shared, owner, layout, table, partitionCount);
  }

  /** The collection whose table of blocks lies at `table`, made by any thread. */
  static attach(
    shared: SharedMemory,
    owner: number,
    layout: RowLayout,
    table: number,
    partitionCount: number,
  ): RowCollection {
    return new RowCollection(shared, owner, layout, table, partitionCount);
  }

  /** Gives the partition of `hash` a new block with room for one row and its strings. */
  addBlock(hash: number, heapBytes: number): void {
    const needed = BLOCK_HEADER_BYTES + this.layout.stride + heapBytes;
    const chunks = Math.ceil(needed / CHUNK_BYTES);
    // Rows must not reach the second chunk, where masking an address would not find the block's base.
    const heapStart = chunks === 1 ? CHUNK_BYTES : needed;
    this.beginBlock((hash >>> 27) & this.partitionMask, chunks, BLOCK_HEADER_BYTES, heapStart);
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
    return new RowCursor(this.shared, this.layout.stride, this.firstBlockOf(partition));
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
    // Validity bytes of the payload lie side by side: few columns have NULLs.
    const [first] = layout.payload;
    if (first !== undefined) kernels.packAllValid(rows, first.validityOffset, layout.payload.length, rowCount);
    for (const [column, slot] of layout.payload.entries()) {
      const vector = payload[column];
      if (vector === undefined) {
        kernels.pack1(ZEROS, 0, 0, 0, rows, slot.offset, 0, rowCount);
        continue;
      }
      source.set(vector, this.shared);
      if (source.validity !== 0) {
        kernels.packValidity(source.validity, source.validityStep, rows, slot.validityOffset, 0, rowCount);
      }
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
