import { zoneBytes } from '../../functions/zones/zone-layout.js';
import { requiredZone } from '../../functions/zones/zone-of.js';
import type { Kernels } from '../../kernels/kernels.js';
import { PostgresRowEncoder } from '../../kernels/postgres-row-encoder.js';
import type { SqlType } from '../../types/sql-type.js';
import type { SharedMemory } from '../../vector/shared-memory.js';
import type { Batch } from '../../vector/vector.js';
import type { LineEncoder } from './line-encoder.js';
import type { ResultChunk, ResultFormat } from './result-format.js';
import type { RowEncoder } from './row-encoder.js';

type PostgresFormat = Pick<Extract<ResultFormat, { kind: 'postgres' }>, 'formatCodes' | 'timeZone'>;

/**
 * Encodes batches as DataRow messages, with text and binary columns as the client asked for them, or as the lines that
 * are made of these.
 */
export class PostgresEncoder implements RowEncoder {
  private readonly encoder: PostgresRowEncoder;
  private readonly lines: LineEncoder | undefined;
  private readonly chunks: ResultChunk[] = [];

  constructor(
    shared: SharedMemory,
    kernels: Kernels,
    owner: number,
    types: readonly SqlType[],
    { formatCodes, timeZone }: PostgresFormat,
    lines?: LineEncoder,
  ) {
    this.lines = lines;
    const finish = lines && ((...rows: Parameters<LineEncoder['encode']>) => lines.encode(...rows));
    const zone = timeZone === undefined ? undefined : zoneBytes(requiredZone(timeZone));
    this.encoder = new PostgresRowEncoder(shared, kernels, owner, types, formatCodes, { zone, finish });
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
      this.lines?.free();
    }
    return this.chunks.splice(0);
  }
}
