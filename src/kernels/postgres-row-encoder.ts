import { resourceError } from '../common/errors.js';
import type { SqlType } from '../types/sql-type.js';
import { Scope } from '../vector/scope.js';
import type { SharedMemory } from '../vector/shared-memory.js';
import type { Batch } from '../vector/vector.js';
import { powersOfTenTable } from './constant-tables.js';
import { COLUMN_DESCRIPTOR_BYTES, type PostgresTextKernels, writeColumnDescriptor } from './postgres-text-kernels.js';

/** Whole DataRow messages in a buffer of their own, ready to be transferred. */
export interface EncodedRows {
  readonly rowCount: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The longest message that PostgreSQL's clients accept. */
const MAX_ROW_BYTES = 0x3fff_ffff;

export interface RowEncoderOptions {
  readonly chunkBytes?: number;
  /** The changes of a time zone, as `assembly/zone-table.ts` draws them, for timestamptz as text. UTC if undefined. */
  readonly zone?: Uint8Array | undefined;
  /** Makes the buffers that are handed out of encoded rows; as they are, if undefined. */
  readonly finish?: ((pointer: number, byteLength: number, rowCount: number) => Uint8Array<ArrayBuffer>) | undefined;
}

/**
 * Gathers the rows of batches into buffers of about `chunkBytes`. It belongs to one worker; its memory is `owner`'s,
 * and goes back with `free`.
 */
export class PostgresRowEncoder {
  private readonly shared: SharedMemory;
  private readonly kernels: PostgresTextKernels;
  private readonly types: readonly SqlType[];
  private readonly formatCodes: readonly (0 | 1)[];
  private readonly scope: Scope;
  /** For a row that is longer than a whole chunk. */
  private readonly oversized: Scope;
  private readonly powers: number;
  private readonly zone: number;
  private readonly descriptors: number;
  private readonly byteLength: number;
  private readonly target: number;
  private readonly chunkBytes: number;
  private readonly finish: RowEncoderOptions['finish'];
  private used = 0;
  private rowCount = 0;

  constructor(
    shared: SharedMemory,
    kernels: PostgresTextKernels,
    owner: number,
    types: readonly SqlType[],
    formatCodes: readonly (0 | 1)[],
    { chunkBytes = 256 * 1024, zone, finish }: RowEncoderOptions = {},
  ) {
    this.shared = shared;
    this.kernels = kernels;
    this.types = types;
    this.formatCodes = formatCodes;
    this.scope = new Scope(shared, owner);
    this.oversized = new Scope(shared, owner);
    this.powers = powersOfTenTable(shared);
    this.descriptors = this.scope.allocate(types.length * COLUMN_DESCRIPTOR_BYTES);
    this.byteLength = this.scope.allocate(4);
    this.target = this.scope.allocate(chunkBytes);
    this.chunkBytes = chunkBytes;
    this.finish = finish;
    this.zone = zone === undefined ? 0 : this.scope.allocate(zone.length);
    if (zone !== undefined) shared.u8.set(zone, this.zone);
  }

  /** Encodes all rows of a batch; returns the buffers that filled up meanwhile. */
  add(batch: Batch): EncodedRows[] {
    for (const [index, type] of this.types.entries()) {
      const pointer = this.descriptors + index * COLUMN_DESCRIPTOR_BYTES;
      writeColumnDescriptor(this.shared, pointer, batch.columns[index]!, type, this.formatCodes[index] ?? 0);
    }
    const full: EncodedRows[] = [];
    for (let row = 0; row < batch.rowCount; ) {
      const done = this.encode(row, batch.rowCount, this.target + this.used, this.chunkBytes - this.used);
      this.used += done === 0 ? 0 : this.shared.u32[this.byteLength >>> 2]!;
      this.rowCount += done;
      row += done;
      if (row === batch.rowCount) break;
      if (this.rowCount > 0) full.push(...this.flush());
      else {
        full.push(this.encodeOversized(row));
        row++;
      }
    }
    return full;
  }

  /** What has been gathered and not returned yet; nothing, or one buffer. */
  flush(): EncodedRows[] {
    if (this.rowCount === 0) return [];
    const encoded = { rowCount: this.rowCount, bytes: this.copy(this.target, this.used, this.rowCount) };
    this.used = 0;
    this.rowCount = 0;
    return [encoded];
  }

  free(): void {
    this.scope.free();
    this.oversized.free();
  }

  private encode(firstRow: number, rowCount: number, target: number, capacity: number): number {
    const { kernels, descriptors, types, powers, zone, byteLength } = this;
    return kernels.encodePostgresRows(
      descriptors,
      types.length,
      firstRow,
      rowCount,
      powers,
      zone,
      target,
      capacity,
      byteLength,
    );
  }

  private encodeOversized(row: number): EncodedRows {
    const capacity = this.kernels.measurePostgresRow(this.descriptors, this.types.length, row) >>> 0;
    if (capacity > MAX_ROW_BYTES) {
      throw resourceError('54000', `a row of ${capacity} bytes is too long for the wire protocol`, {
        hint: 'Select fewer or shorter columns.',
      });
    }
    const target = this.oversized.allocate(capacity);
    this.encode(row, row + 1, target, capacity);
    const bytes = this.copy(target, this.shared.u32[this.byteLength >>> 2]!, 1);
    this.oversized.free();
    return { rowCount: 1, bytes };
  }

  private copy(pointer: number, byteLength: number, rowCount: number): Uint8Array<ArrayBuffer> {
    if (this.finish !== undefined) return this.finish(pointer, byteLength, rowCount);
    const bytes = new Uint8Array(byteLength);
    bytes.set(this.shared.u8.subarray(pointer, pointer + byteLength));
    return bytes;
  }
}
