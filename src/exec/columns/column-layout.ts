import { byteWidthOf, type PhysicalType } from '../../types/sql-type.js';

/*
 * Rows that are only read again lie in blocks column by column, as vectors do. A block is one chunk, more for a row that
 * needs them:
 *
 *    0  u32 next block     4  u32 rows       8  u32 end of columns   12  u32 start of heap   16  u32 chunks
 *   20  u32 capacity in rows, a multiple of 8
 *   24  u32 a column, 1 when one of its rows is NULL; padded to 8
 *       values, a column behind the other, widest first: room for as many rows as the capacity says
 *       validity bytes, a column behind the other; written only where a row is NULL
 *       ... heap of string bytes, growing down
 *
 * Strings are views as vectors have them: { u32 byteLength, u32 address of the bytes, first 8 bytes }. The addresses of
 * short ones are within the view. On disk, addresses count from the start of the block.
 */
const COLUMNS_START = 24;

/** Words of a block's header. */
export const BLOCK_ROWS = 1;
export const COLUMNS_END = 2;
export const HEAP_START = 3;
export const CAPACITY = 5;

/** Capacities are multiples of it, so that all columns are aligned. */
const CAPACITY_STEP = 8;

export interface ColumnLayout {
  readonly columns: readonly KeptColumn[];
  /** Of a row, without strings that are longer than their view. */
  readonly rowBytes: number;
  /** Where the first column starts in a block. */
  readonly start: number;
  readonly hasStrings: boolean;
}

export interface KeptColumn {
  readonly physical: PhysicalType;
  readonly width: number;
  /** Bytes of a row in the columns before this one, and before its validity. */
  readonly before: number;
  readonly beforeValidity: number;
  /** Of the word that says whether a row is NULL. */
  readonly nullsOffset: number;
}

export function createColumnLayout(physicals: readonly PhysicalType[]): ColumnLayout {
  const widths = physicals.map((physical) => byteWidthOf(physical));
  const valueBytes = widths.reduce((sum, width) => sum + width, 0);
  const befores: number[] = [];
  let before = 0;
  for (const column of widths.map((_, ordinal) => ordinal).sort((a, b) => widths[b]! - widths[a]!)) {
    befores[column] = before;
    before += widths[column]!;
  }
  return {
    columns: physicals.map((physical, column) => ({
      physical,
      width: widths[column]!,
      before: befores[column]!,
      beforeValidity: valueBytes + column,
      nullsOffset: COLUMNS_START + column * 4,
    })),
    rowBytes: valueBytes + physicals.length,
    start: (COLUMNS_START + physicals.length * 4 + 7) & ~7,
    hasStrings: physicals.includes('string'),
  };
}

/** Rows that `byteLength` bytes have room for, and one step of rows at least. */
export function capacityOf({ start, rowBytes }: ColumnLayout, byteLength: number, heapBytesPerRow: number): number {
  const rows = Math.floor((byteLength - start) / Math.max(1, rowBytes + heapBytesPerRow));
  return Math.max(CAPACITY_STEP, rows - (rows % CAPACITY_STEP));
}

/** Where the last column of a block of this capacity ends. */
export function columnsEnd({ start, rowBytes }: ColumnLayout, capacity: number): number {
  return start + rowBytes * capacity;
}

/** Where a column of a block of this capacity starts, from the start of the block. */
export function valuesOffset({ start }: ColumnLayout, { before }: KeptColumn, capacity: number): number {
  return start + before * capacity;
}

export function validityOffset({ start }: ColumnLayout, { beforeValidity }: KeptColumn, capacity: number): number {
  return start + beforeValidity * capacity;
}
