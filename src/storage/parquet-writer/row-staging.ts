import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';
import { type Batch, Vector } from '../../vector/vector.js';
import { emptyBuffer, type GrowableBuffer } from './buffer-pool.js';
import type { WriterWorkspace } from './writer-workspace.js';

const HEAP_BLOCK_BYTES = 2 ** 20 - 64;

interface StagedColumn {
  readonly physical: PhysicalType;
  readonly data: GrowableBuffer;
  /** One byte a row; empty as long as no row is NULL. */
  readonly validity: GrowableBuffer;
}

/**
 * Rows of many partitions, copied in order of arrival, so that each partition gets many of them at once: handing over
 * a few rows costs as much as handing over a hundred.
 */
export class RowStaging {
  /** The staged rows as flat vectors, valid until the next `append`. */
  readonly batch: Batch;
  private readonly workspace: WriterWorkspace;
  private readonly columns: readonly StagedColumn[];
  private readonly numbers: GrowableBuffer = emptyBuffer();
  /** Bytes of strings; blocks never move. */
  private heap: GrowableBuffer[] = [];

  constructor(workspace: WriterWorkspace, physicals: readonly PhysicalType[]) {
    this.workspace = workspace;
    this.columns = physicals.map((physical) => ({ physical, data: emptyBuffer(), validity: emptyBuffer() }));
    this.batch = { rowCount: 0, columns: physicals.map((physical) => new Vector(physical)) };
  }

  get rowCount(): number {
    return this.batch.rowCount;
  }

  /** Bytes of memory held. */
  get heldBytes(): number {
    let bytes = this.numbers.capacity;
    for (const { data, validity } of this.columns) bytes += data.capacity + validity.capacity;
    for (const block of this.heap) bytes += block.capacity;
    return bytes;
  }

  /** One u32 a row: the partition. */
  get numbersPointer(): number {
    return this.numbers.pointer;
  }

  /** Copies `count` (at most BATCH_ROWS) rows from `from`; `numbers` has a u32 for each. */
  append(batch: Batch, from: number, count: number, numbers: number): void {
    const { pool, shared } = this.workspace;
    pool.reserve(this.numbers, this.numbers.byteLength + count * 4);
    shared.u8.copyWithin(this.numbers.pointer + this.numbers.byteLength, numbers, numbers + count * 4);
    this.numbers.byteLength += count * 4;
    for (const [index, column] of this.columns.entries()) {
      this.appendColumn(column, batch.columns[index]!, from, count);
      const hasNulls = column.validity.byteLength > 0;
      this.batch.columns[index]!.setFlat(column.data.pointer, hasNulls ? column.validity.pointer : 0);
    }
    this.batch.rowCount += count;
  }

  clear(): void {
    const { pool } = this.workspace;
    for (const { data, validity } of this.columns) {
      pool.release(data);
      pool.release(validity);
    }
    for (const block of this.heap) pool.release(block);
    pool.release(this.numbers);
    this.heap = [];
    this.batch.rowCount = 0;
  }

  private appendColumn(column: StagedColumn, vector: Vector, from: number, count: number): void {
    const { kernels, pool, shared, positions } = this.workspace;
    const { data } = column;
    const width = byteWidthOf(column.physical);
    const validity = this.appendValidity(column, vector, from, count);
    pool.reserve(data, data.byteLength + count * width);
    const target = data.pointer + data.byteLength;
    data.byteLength += count * width;
    if (vector.encoding === 'flat' && column.physical !== 'string') {
      shared.u8.copyWithin(target, vector.data + from * width, vector.data + (from + count) * width);
      return;
    }
    if (vector.encoding === 'constant') shared.clear(positions, count * 4);
    else kernels.collectPositions(vector.codes, 0, 0, from, count, positions);
    if (column.physical === 'string') {
      const byteLength = kernels.stringBytes(vector.data, positions, validity, count);
      const heap = this.reserveHeap(byteLength);
      kernels.copyStrings(vector.data, positions, validity, count, heap, target);
    } else if (width === 1) kernels.gather1(vector.data, positions, count, target);
    else if (width === 4) kernels.gather4(vector.data, positions, count, target);
    else if (width === 8) kernels.gather8(vector.data, positions, count, target);
    else kernels.gather16(vector.data, positions, count, target);
  }

  /** Returns where the validity of these rows is, 0 if none is NULL. */
  private appendValidity({ validity }: StagedColumn, vector: Vector, from: number, count: number): number {
    const { pool, shared } = this.workspace;
    if (vector.validity === 0 && validity.byteLength === 0) return 0;
    const staged = this.batch.rowCount;
    pool.reserve(validity, staged + count);
    if (validity.byteLength === 0) shared.u8.fill(1, validity.pointer, validity.pointer + staged);
    const target = validity.pointer + staged;
    if (vector.validity === 0) shared.u8.fill(1, target, target + count);
    else if (vector.encoding === 'constant') shared.u8.fill(shared.u8[vector.validity]!, target, target + count);
    else shared.u8.copyWithin(target, vector.validity + from, vector.validity + from + count);
    validity.byteLength = staged + count;
    return vector.validity === 0 ? 0 : target;
  }

  private reserveHeap(byteLength: number): number {
    let block = this.heap.at(-1);
    if (block === undefined || block.byteLength + byteLength > block.capacity) {
      block = emptyBuffer();
      this.workspace.pool.reserve(block, Math.max(byteLength, HEAP_BLOCK_BYTES));
      this.heap.push(block);
    }
    const pointer = block.pointer + block.byteLength;
    block.byteLength += byteLength;
    return pointer;
  }
}
