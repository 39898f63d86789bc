import type { Kernels } from '../../kernels/kernels.js';
import type { Scope } from '../../vector/scope.js';
import { CHUNK_BYTES, type SharedMemory } from '../../vector/shared-memory.js';
import { BlockTable, TABLE_ENTRY_BYTES } from '../rows/block-table.js';
import type { PartitionSpill } from '../spill/partition-spill.js';
import type { SpillContext } from '../spill/spill-context.js';
import { BLOCK_ROWS, CAPACITY, type ColumnLayout, capacityOf, columnsEnd, valuesOffset } from './column-layout.js';

/** Rows in the order they came, in blocks of columns: one partition. */
export class KeptColumns extends BlockTable {
  readonly layout: ColumnLayout;

  private constructor(shared: SharedMemory, owner: number, layout: ColumnLayout, table: number) {
    super(shared, owner, table, 1);
    this.layout = layout;
  }

  /** Nothing yet; blocks belong to `owner`. */
  static create(shared: SharedMemory, owner: number, scope: Scope, layout: ColumnLayout): KeptColumns {
    return new KeptColumns(shared, owner, layout, scope.allocateCleared(TABLE_ENTRY_BYTES));
  }

  /** What any thread has kept, by its `table`. */
  static attach(shared: SharedMemory, layout: ColumnLayout, table: number): KeptColumns {
    return new KeptColumns(shared, 0, layout, table);
  }

  /** A block that has room for a row with so many bytes of strings, and as many more as the average lets expect. */
  addBlock(heapBytes: number, heapBytesPerRow: number): number {
    const { layout } = this;
    const capacity = capacityOf(layout, CHUNK_BYTES, heapBytesPerRow);
    const top = columnsEnd(layout, capacity);
    const chunks = Math.ceil((top + heapBytes) / CHUNK_BYTES);
    const block = this.beginBlock(0, chunks, top, chunks * CHUNK_BYTES);
    const { u32 } = this.shared;
    u32[block / 4 + CAPACITY] = capacity;
    for (const { nullsOffset } of layout.columns) u32[(block + nullsOffset) / 4] = 0;
    return block;
  }

  /** Moves all rows to disk. Returns the bytes written. */
  spill(kernels: Kernels, context: SpillContext, spill: PartitionSpill): number {
    for (const block of this.blocksOf(0)) moveStrings(this.shared, kernels, this.layout, block, -block);
    return spill.write(context, this, 0);
  }
}

/** The addresses of the strings of a block are now `distance` further on. */
export function moveStrings(
  { u32 }: SharedMemory,
  kernels: Kernels,
  layout: ColumnLayout,
  block: number,
  distance: number,
): void {
  if (!layout.hasStrings) return;
  const rowCount = u32[block / 4 + BLOCK_ROWS]!;
  const capacity = u32[block / 4 + CAPACITY]!;
  for (const column of layout.columns) {
    if (column.physical !== 'string') continue;
    kernels.moveViews(block + valuesOffset(layout, column, capacity), rowCount, distance);
  }
}
