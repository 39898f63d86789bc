import { userError } from '../../common/errors.js';
import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';

/*
 * A row, in blocks that can be moved, or written to disk, as they stand (but for accumulators that keep texts, which point
 * to their bytes):
 *
 *   0   u32 hash of the keys
 *   4   u32 next row of a join chain (0 = none)
 *   8   keys:    [validity bytes, padded to 8]  fixed-width values, widest first, padded to 8  string views
 *       payload: values, widest first, then one validity byte a column, padded to 8
 *       state:   accumulators of aggregates
 *
 * A string view in a row is { u32 byteLength, u32 offset from the block's base (0 for strings of up to 8 bytes, which
 * live in the view alone), first 8 bytes }.
 *
 * A block is aligned to 64 KiB; usually it is one chunk, more for a row with huge strings:
 *
 *   0   u32 next block of the partition   4   u32 rows   8  u32 end of rows   12  u32 start of heap   16  u32 chunks
 *   24  rows, growing up ...                                    ... heap of string bytes, growing down
 */
export const BLOCK_HEADER_BYTES = 24;
const ROW_HEADER_BYTES = 8;
const MAX_ROW_BYTES = 32 * 1024;

export interface ColumnSlot {
  readonly physical: PhysicalType;
  /** Of the value, from the start of the row. */
  readonly offset: number;
  /** Of the validity byte, or -1 when NULL cannot occur. */
  readonly validityOffset: number;
}

export interface RowLayout {
  readonly keys: readonly ColumnSlot[];
  readonly payload: readonly ColumnSlot[];
  /** Where the keys start; they are `fixedKeyBytes` bytes, then `stringKeyCount` views. */
  readonly keyOffset: number;
  readonly fixedKeyBytes: number;
  readonly stringKeyCount: number;
  readonly keyBytes: number;
  readonly stateOffset: number;
  readonly stride: number;
  readonly hasStrings: boolean;
}

export interface RowLayoutOptions {
  readonly keys: readonly PhysicalType[];
  /** Whether NULL is a value of a key (GROUP BY, IS NOT DISTINCT FROM). */
  readonly nullableKeys: boolean;
  readonly payload: readonly PhysicalType[];
  readonly stateBytes?: number;
  /** A further byte a row that marks matched rows of right and full joins: the last payload slot. */
  readonly matchedMark?: boolean;
}

const alignTo8 = (offset: number): number => (offset + 7) & ~7;

/** Ordinals of columns, widest first; ties keep their order. */
function widestFirst(columns: readonly PhysicalType[]): number[] {
  return columns.map((_, ordinal) => ordinal).sort((a, b) => byteWidthOf(columns[b]!) - byteWidthOf(columns[a]!));
}

export function createRowLayout(options: RowLayoutOptions): RowLayout {
  const keys = new Array<ColumnSlot>(options.keys.length);
  const keyOffset = ROW_HEADER_BYTES;
  let offset = keyOffset + (options.nullableKeys ? alignTo8(options.keys.length) : 0);
  const place = (key: number): void => {
    const physical = options.keys[key]!;
    keys[key] = { physical, offset, validityOffset: options.nullableKeys ? keyOffset + key : -1 };
    offset += byteWidthOf(physical);
  };
  const order = widestFirst(options.keys);
  for (const key of order) if (options.keys[key] !== 'string') place(key);
  offset = alignTo8(offset);
  const fixedKeyBytes = offset - keyOffset;
  const stringKeys = order.filter((key) => options.keys[key] === 'string');
  for (const key of stringKeys) place(key);
  const keyBytes = offset - keyOffset;

  const payloadTypes: PhysicalType[] = [...options.payload];
  if (options.matchedMark) payloadTypes.push('bool');
  const payload = new Array<ColumnSlot>(payloadTypes.length);
  const offsets = new Array<number>(payloadTypes.length);
  for (const column of widestFirst(payloadTypes)) {
    offsets[column] = offset;
    offset += byteWidthOf(payloadTypes[column]!);
  }
  for (const [column, physical] of payloadTypes.entries()) {
    payload[column] = { physical, offset: offsets[column]!, validityOffset: offset++ };
  }
  const stateOffset = alignTo8(offset);
  const stride = stateOffset + alignTo8(options.stateBytes ?? 0);
  if (stride > MAX_ROW_BYTES) {
    throw userError(
      '54011',
      `a row of ${payloadTypes.length + keys.length} columns is too wide to be sorted or joined`,
      {
        detail: `It takes ${stride} bytes; the limit is ${MAX_ROW_BYTES}.`,
        hint: 'Select fewer columns.',
      },
    );
  }
  return {
    keys,
    payload,
    keyOffset,
    fixedKeyBytes,
    stringKeyCount: stringKeys.length,
    keyBytes,
    stateOffset,
    stride,
    hasStrings: stringKeys.length > 0 || options.payload.includes('string'),
  };
}
