import { zoneBytes } from '../../functions/zones/zone-layout.js';
import { requiredZone } from '../../functions/zones/zone-of.js';
import type { Kernels } from '../../kernels/kernels.js';
import { PostgresRowEncoder } from '../../kernels/postgres-row-encoder.js';
import type { SqlType } from '../../types/sql-type.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { Batch } from '../../vector/vector.js';
import type { ResultChunk, ResultFormat } from './result-format.js';
import type { RowEncoder } from './row-encoder.js';

type PostgresFormat = Extract<ResultFormat, { kind: 'postgres' }>;

/** Encodes batches as DataRow messages, with text and binary columns as the client asked for them. */
export class PostgresEncoder implements RowEncoder {
  private readonly encoder: PostgresRowEncoder;
  private readonly chunks: ResultChunk[] = [];

  constructor(
    shared: SharedMemory,
    kernels: Kernels,
    owner: number,
    types: readonly SqlType[],
    { formatCodes, timeZone }: PostgresFormat,
  ) {
    const zone = timeZone === undefined ? undefined : zoneBytes(requiredZone(timeZone));
    this.encoder = new PostgresRowEncoder(shared, kernels, owner, types, formatCodes, { zone });
  }

  get full(): boolean {
    return this.chunks.length > 0;
  }

  append(batch: Batch): void {
    this.chunks.push(...this.encoder.add(batch));
  }

  take(atEnd: boolean): ResultChunk[] {
    if (atEnd) {
      this.chunks.push(...this.encoder.flush());
      this.encoder.free();
    }
    return this.chunks.splice(0);
  }
}
