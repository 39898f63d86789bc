import { MAX_TEXT_BYTES } from '../../catalog/statistics/column-sketch.js';
import { REGISTER_COUNT } from '../../catalog/statistics/hyper-log-log.js';
import { byteWidthOf, physicalTypeOf, type SqlType } from '../../types/sql-type.js';
import { CHUNK_BYTES, PADDING_BYTES } from '../../vector/shared-memory.js';

/*
 * What a lane gathers of the rows of one file that it sees, in chunks of its own, so that another lane can merge it with
 * what it has itself, and free it:
 *
 *   0    u32 file   4  u32 next parked sketch   8  u32 rows   12  u32 sampled rows   16  u32 threshold of the sample
 *   64   a column: header, registers, counters of frequent values (`assembly/statistics.ts`)
 *        ...
 *        priorities of the sampled rows, u32 each
 *        a column: of each sampled row the hash (u32), validity (1 byte), and the value
 *        ...
 *
 * The header of a column is { u32 NULLs, 12 unused, u64 low word, u64 high word }.
 */
export const SKETCH_FILE = 0;
export const SKETCH_NEXT = 1;
export const SKETCH_ROWS = 2;
export const SKETCH_SAMPLED = 3;
export const SKETCH_THRESHOLD = 4;
const HEADER_BYTES = 64;

export const COLUMN_NULLS = 0;
export const COLUMN_BOUNDS = 16;
const COLUMN_HEADER_BYTES = 32;

export const FREQUENT_SLOTS = 2048;
export const FREQUENT_LIMIT: number = FREQUENT_SLOTS / 2;
export const FREQUENT_HEADER_BYTES = 16;
const FREQUENT_BYTES = FREQUENT_HEADER_BYTES + FREQUENT_SLOTS * 8;

/** Rows of a file that are sampled; fewer where there are many columns. */
const SAMPLE_ROWS = 4096;
const MIN_SAMPLE_ROWS = 256;
/** What a sample may weigh at most, about. */
const SAMPLE_BYTES = 16 * 2 ** 20;
/** Priorities are less. */
export const WHOLE_SAMPLE: number = 2 ** 31;

export const TEXT_SLOT_BYTES: number = 4 + MAX_TEXT_BYTES;

export interface SketchColumn {
  readonly type: SqlType;
  /** Bytes of a sampled value; 0 for types of which only counts are kept. */
  readonly valueBytes: number;
  /** Of its header, registers and counters, from the start of the sketch. */
  readonly header: number;
  readonly registers: number;
  readonly frequent: number;
  /** Of the arrays of its sample. */
  readonly hashes: number;
  readonly validity: number;
  readonly values: number;
}

export interface SketchLayout {
  readonly columns: readonly SketchColumn[];
  readonly priorities: number;
  /** A sample holds twice as many, until it is thinned out. */
  readonly sampleRows: number;
  readonly sampleCapacity: number;
  /** What is cleared for a new file. */
  readonly clearedBytes: number;
  readonly chunkCount: number;
}

/** The same for all lanes. `maxSampleBytes`: what a sample may weigh where memory is short. */
export function createSketchLayout(types: readonly SqlType[], maxSampleBytes: number): SketchLayout {
  let at = HEADER_BYTES;
  const take = (byteLength: number): number => {
    const start = at;
    at += (byteLength + 63) & ~63;
    return start;
  };
  const heads = types.map((type) => ({
    type,
    valueBytes: sampledBytes(type),
    header: take(COLUMN_HEADER_BYTES),
    registers: take(REGISTER_COUNT),
    frequent: take(FREQUENT_BYTES),
  }));
  const clearedBytes = at;
  const rowBytes = heads.reduce((sum, { valueBytes }) => sum + valueBytes + 5, 4);
  const affordable = Math.floor(Math.min(SAMPLE_BYTES, maxSampleBytes) / rowBytes / 2);
  const sampleRows = Math.max(MIN_SAMPLE_ROWS, Math.min(SAMPLE_ROWS, affordable));
  const sampleCapacity = 2 * sampleRows;
  const priorities = take(sampleCapacity * 4);
  const columns = heads.map(
    (head): SketchColumn => ({
      ...head,
      hashes: take(sampleCapacity * 4),
      validity: take(sampleCapacity),
      values: take(sampleCapacity * head.valueBytes),
    }),
  );
  const chunkCount = Math.ceil((at + PADDING_BYTES) / CHUNK_BYTES);
  return { columns, priorities, sampleRows, sampleCapacity, clearedBytes, chunkCount };
}

function sampledBytes(type: SqlType): number {
  switch (physicalTypeOf(type)) {
    case 'interval':
    case 'uuid':
      return 0;
    case 'string':
      return type.kind === 'bytea' ? 0 : TEXT_SLOT_BYTES;
    default:
      return byteWidthOf(physicalTypeOf(type));
  }
}

/** The kind of a type's values for `widenBounds`; undefined where bounds are not kept. */
export function boundsKindOf(type: SqlType): number | undefined {
  switch (physicalTypeOf(type)) {
    case 'bool':
      return 0;
    case 'i32':
      return 1;
    case 'i64':
      return 2;
    case 'f32':
      return 3;
    case 'f64':
      return 4;
    case 'i128':
      return 5;
    case 'string':
      return type.kind === 'bytea' ? undefined : 6;
    default:
      return undefined;
  }
}
