import { resourceError, userError } from '../../common/errors.js';
import type { Kernels } from '../../kernels/kernels.js';
import { byteWidthOf, type PhysicalType, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import type { Scope } from '../../vector/scope.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import { BATCH_ROWS, type Batch, type Vector } from '../../vector/vector.js';
import { packKernelOf, VectorSource } from '../rows/vector-source.js';
import { packRawBatch, RAW_BITS, RAW_FIXED, RAW_UTF8, type RawColumn } from './raw-batch.js';
import type { ResultChunk } from './result-format.js';
import type { RowEncoder } from './row-encoder.js';

/** Rows of a chunk; a slow reader holds a few of these. */
const CHUNK_ROWS = 8 * BATCH_ROWS;
const CHUNK_STRING_BYTES = 1 << 20;
/** Arrow's offsets are signed. */
const MAX_STRING_BYTES = 2 ** 31 - 1;

/** Collects batches in Arrow's layouts and hands them over as raw batches. */
export class ArrowEncoder implements RowEncoder {
  private readonly columns: ColumnBuffer[];
  private rowCount = 0;
  private readonly chunks: ResultChunk[] = [];

  constructor(shared: SharedMemory, kernels: Kernels, scope: Scope, types: readonly SqlType[]) {
    this.columns = types.map((type) => new ColumnBuffer(shared, kernels, scope, type));
  }

  get full(): boolean {
    return this.chunks.length > 0;
  }

  append(batch: Batch): void {
    let fits = true;
    for (let index = 0; index < this.columns.length; index++) {
      if (!this.columns[index]!.measure(batch.columns[index]!, batch.rowCount)) fits = false;
    }
    if (!fits) this.flush();
    for (let index = 0; index < this.columns.length; index++) {
      this.columns[index]!.append(batch.columns[index]!, this.rowCount, batch.rowCount);
    }
    this.rowCount += batch.rowCount;
    if (this.rowCount > CHUNK_ROWS - BATCH_ROWS) this.flush();
  }

  take(atEnd: boolean): ResultChunk[] {
    if (atEnd) this.flush();
    return this.chunks.splice(0);
  }

  private flush(): void {
    const { rowCount } = this;
    if (rowCount === 0) return;
    const columns = this.columns.map((column) => column.take(rowCount));
    this.chunks.push({ rowCount, bytes: packRawBatch({ rowCount, columns }) });
    this.rowCount = 0;
  }
}

/** One column of the chunk in the making, in the shared memory. */
class ColumnBuffer {
  private readonly shared: SharedMemory;
  private readonly kernels: Kernels;
  private readonly scope: Scope;
  private readonly physical: PhysicalType;
  /** Arrow's layout differs from ours: see `arrange`. */
  private readonly isWidened: boolean;
  private readonly width: number;
  private readonly data: number;
  private readonly validity: number;
  private readonly bits: number;
  private readonly source = new VectorSource();
  private wide = 0;
  private hasNulls = false;
  private strings = 0;
  private stringCapacity = 0;
  private stringBytes = 0;
  private pendingStringBytes = 0;

  constructor(shared: SharedMemory, kernels: Kernels, scope: Scope, type: SqlType) {
    const physical = physicalTypeOf(type);
    this.shared = shared;
    this.kernels = kernels;
    this.scope = scope;
    this.physical = physical;
    this.isWidened = type.kind === 'decimal' && physical === 'i64';
    this.width = physical === 'string' ? 4 : byteWidthOf(physical);
    this.data = scope.allocate((CHUNK_ROWS + 1) * this.width);
    this.validity = scope.allocate(CHUNK_ROWS);
    this.bits = scope.allocate(CHUNK_ROWS / 8 + 2);
    if (physical === 'string') {
      this.stringCapacity = CHUNK_STRING_BYTES;
      this.strings = scope.allocate(CHUNK_STRING_BYTES);
      shared.u32[this.data / 4] = 0;
    }
  }

  /** Must come before each `append`. Returns whether there is room beside what has been appended so far. */
  measure(vector: Vector, rowCount: number): boolean {
    if (this.physical !== 'string') return true;
    const { data, codes, step, rowValidity } = this.source.set(vector, this.shared);
    this.pendingStringBytes = this.kernels.sumStringBytes(data, codes, step, rowValidity, rowCount);
    if (this.pendingStringBytes > MAX_STRING_BYTES) {
      throw resourceError('54000', `${this.pendingStringBytes} bytes of text in ${rowCount} rows are too many`, {
        hint: 'A column of an Arrow batch holds 2 GiB: select shorter texts.',
      });
    }
    return this.stringBytes === 0 || this.stringBytes + this.pendingStringBytes <= this.stringCapacity;
  }

  append(vector: Vector, at: number, rowCount: number): void {
    const { kernels, source } = this;
    source.set(vector, this.shared);
    const { data, codes, step, rowValidity, validity, validityStep } = source;
    if (validity !== 0) this.hasNulls = true;
    kernels.packValidity(validity, validityStep, 0, this.validity + at, 1, rowCount);
    if (this.physical !== 'string') {
      packKernelOf(kernels, this.physical, false)(
        data,
        codes,
        step,
        rowValidity,
        0,
        this.data + at * this.width,
        this.width,
        rowCount,
      );
      return;
    }
    if (this.stringBytes + this.pendingStringBytes > this.stringCapacity) {
      this.stringCapacity = Math.min(this.pendingStringBytes * 2, MAX_STRING_BYTES);
      this.strings = this.scope.allocate(this.stringCapacity);
    }
    const offsets = this.data + at * 4;
    this.stringBytes =
      kernels.appendStrings(data, codes, step, rowValidity, rowCount, offsets, this.strings, this.stringBytes) >>> 0;
  }

  /** The first `rowCount` rows as views of the shared memory, valid until the next append; the buffer is empty then. */
  take(rowCount: number): RawColumn {
    const { u8, i32 } = this.shared;
    let validity: Uint8Array | undefined;
    if (this.hasNulls) {
      this.kernels.packBits(this.validity, rowCount, this.bits);
      validity = u8.slice(this.bits, this.bits + ((rowCount + 7) >> 3));
    }
    this.hasNulls = false;
    if (this.physical === 'string') {
      const offsets = i32.subarray(this.data / 4, this.data / 4 + rowCount + 1);
      const data = u8.subarray(this.strings, this.strings + this.stringBytes);
      this.stringBytes = 0;
      return { layout: RAW_UTF8, validity, offsets, data };
    }
    if (this.physical === 'bool') {
      this.kernels.packBits(this.data, rowCount, this.bits);
      const data = u8.slice(this.bits, this.bits + ((rowCount + 7) >> 3));
      return { layout: RAW_BITS, validity, offsets: undefined, data };
    }
    return { layout: RAW_FIXED, validity, offsets: undefined, data: this.arrange(rowCount) };
  }

  /** Fixed-width values in Arrow's layout: Decimal128 for every decimal, MonthDayNano for intervals. */
  private arrange(rowCount: number): Uint8Array {
    const { u8 } = this.shared;
    if (this.isWidened) {
      if (this.wide === 0) this.wide = this.scope.allocate(CHUNK_ROWS * 16);
      this.kernels.widenDecimals(this.data, rowCount, this.wide);
      return u8.subarray(this.wide, this.wide + rowCount * 16);
    }
    if (
      this.physical === 'interval' &&
      this.kernels.convertIntervals(this.data, this.validity, rowCount, this.data) >= 0
    ) {
      throw userError('22008', 'interval out of range', {
        hint: 'Arrow keeps the time of an interval in nanoseconds, 292 years at most: cast it to text.',
      });
    }
    return u8.subarray(this.data, this.data + rowCount * this.width);
  }
}
