import type { Kernels } from '../../kernels/kernels.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, type Batch } from '../../vector/vector.js';
import { packKernelOf, VectorSource } from '../rows/vector-source.js';
import {
  BLOCK_ROWS,
  CAPACITY,
  COLUMNS_END,
  type ColumnLayout,
  HEAP_START,
  type KeptColumn,
  validityOffset,
  valuesOffset,
} from './column-layout.js';
import type { KeptColumns } from './kept-columns.js';

/** Copies batches behind what is kept. */
export class ColumnAppender {
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly layout: ColumnLayout;
  private readonly source = new VectorSource();
  /** Bytes that the strings of each row of the batch take outside of their views, */
  private readonly sizes: number;
  /** and those of all of its rows. */
  private heapBytes = 0;

  constructor(shared: SharedMemory, kernels: Kernels, scope: Scope, layout: ColumnLayout) {
    this.shared = shared;
    this.kernels = kernels;
    this.layout = layout;
    this.sizes = layout.hasStrings ? scope.allocate(BATCH_ROWS * 4) : 0;
  }

  append(kept: KeptColumns, batch: Batch): void {
    const { rowCount } = batch;
    this.measureStrings(batch);
    for (let from = 0; from < rowCount; ) {
      const last = kept.lastBlockOf(0);
      const fitting = last === 0 ? 0 : this.rowsFitting(last, from, rowCount - from);
      const block = fitting === 0 ? this.addBlock(kept, from, rowCount) : last;
      const count = fitting === 0 ? this.rowsFitting(block, from, rowCount - from) : fitting;
      for (let column = 0; column < this.layout.columns.length; column++) this.copy(batch, column, block, from, count);
      kept.addRows(0, count);
      from += count;
    }
  }

  private measureStrings({ columns, rowCount }: Batch): void {
    const { kernels, layout, shared, sizes, source } = this;
    this.heapBytes = 0;
    if (!layout.hasStrings) return;
    shared.clear(sizes, rowCount * 4);
    for (const [column, { physical }] of layout.columns.entries()) {
      if (physical !== 'string') continue;
      source.set(columns[column]!, shared);
      this.heapBytes += kernels.addStringSizes(
        source.data,
        source.codes,
        source.step,
        source.rowValidity,
        sizes,
        rowCount,
      );
    }
  }

  private rowsFitting(block: number, from: number, limit: number): number {
    const { u32 } = this.shared;
    const header = block / 4;
    const count = Math.min(limit, u32[header + CAPACITY]! - u32[header + BLOCK_ROWS]!);
    if (this.heapBytes === 0 || count === 0) return count;
    const heapBytes = u32[header + HEAP_START]! - u32[header + COLUMNS_END]!;
    const sizes = this.sizes + from * 4;
    return u32[sizes / 4]! > heapBytes ? 0 : this.kernels.entriesWithin(sizes, count, heapBytes);
  }

  /** A block for the rows of a batch from `from` on. */
  private addBlock(kept: KeptColumns, from: number, rowCount: number): number {
    const { heapBytes } = this;
    return heapBytes === 0
      ? kept.addBlock(0, 0)
      : kept.addBlock(this.shared.u32[this.sizes / 4 + from]!, heapBytes / rowCount);
  }

  /** Copies rows of a column of the batch behind those of a block, which has room for them. */
  private copy({ columns }: Batch, column: number, block: number, from: number, count: number): void {
    const { kernels, layout, shared, source } = this;
    const { u32 } = shared;
    const kept = layout.columns[column]!;
    source.set(columns[column]!, shared);
    const capacity = u32[block / 4 + CAPACITY]!;
    const row = u32[block / 4 + BLOCK_ROWS]!;
    const hasNulls = this.copyValidity(kept, block, capacity, row, from, count);
    const validity = hasNulls && source.validityStep !== 0 ? source.validity + from : 0;
    const codes = source.codes === 0 ? 0 : source.codes + from * 4;
    const data = codes === 0 ? source.data + from * source.step * kept.width : source.data;
    const target = block + valuesOffset(layout, kept, capacity) + row * kept.width;
    if (kept.physical === 'string') {
      const heap = block + u32[block / 4 + HEAP_START]!;
      const heapAfter = kernels.keepStrings(data, codes, source.step, validity, count, target, heap) >>> 0;
      u32[block / 4 + HEAP_START] = heapAfter - block;
    } else if (codes === 0 && source.step === 1 && validity === 0) {
      kernels.copyBytes(data, count * kept.width, target);
    } else {
      const pack = packKernelOf(kernels, kept.physical, false);
      pack(data, codes, source.step, validity, 0, target, kept.width, count);
    }
  }

  /** Answers whether a row that is copied is NULL. */
  private copyValidity(
    kept: KeptColumn,
    block: number,
    capacity: number,
    row: number,
    from: number,
    count: number,
  ): boolean {
    const { kernels, shared, source } = this;
    const { validity, validityStep } = source;
    const nulls = (block + kept.nullsOffset) / 4;
    const hadNulls = shared.u32[nulls] !== 0;
    if (validity === 0 && !hadNulls) return false;
    const target = block + validityOffset(this.layout, kept, capacity);
    const hasNulls =
      validity !== 0 && kernels.keepValidity(validity + from * validityStep, validityStep, count, target + row) !== 0;
    if (hadNulls) {
      if (validity === 0) shared.u8.fill(1, target + row, target + row + count);
    } else if (hasNulls) {
      shared.u8.fill(1, target, target + row);
      shared.u32[nulls] = 1;
    }
    return hasNulls;
  }
}
