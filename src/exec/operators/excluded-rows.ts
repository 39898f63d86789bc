import type { ScanColumn } from '../../planner/physical/physical-plan.js';
import { type ColumnConjunct, excludes, mayHoldNaN } from '../../storage/parquet-reader/can-skip-row-group.js';
import { readPageIndex } from '../../storage/parquet-reader/page-index.js';
import type { FlatColumn } from '../../storage/parquet-reader/parquet-metadata.js';
import type { OpenParquetFile } from '../worker/file-cache.js';
import { columnOfStatistics } from './file-column.js';

/** A column chunk of fewer bytes, uncompressed, has few pages, which are decoded sooner than an index is read. */
const MIN_CHUNK_BYTES = 64 * 1024;

interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** The rows of a row group that lie in pages of which statistics prove that no row is wanted. */
export class ExcludedRows {
  /** Pages that are left out, over all columns whose pages were looked at. */
  readonly pageCount: number;
  private readonly ranges: readonly RowRange[];
  /** Ranges before this one end before the row that was asked for last. */
  private next = 0;

  constructor(ranges: readonly RowRange[]) {
    this.pageCount = ranges.length;
    this.ranges = mergeRanges(ranges);
  }

  /** How many rows, from `row` on, are not wanted. Rows are asked for in ascending order. */
  countFrom(row: number): number {
    let range = this.ranges[this.next];
    while (range !== undefined && range.end <= row) range = this.ranges[++this.next];
    return range !== undefined && range.start <= row ? range.end - row : 0;
  }
}

function mergeRanges(ranges: readonly RowRange[]): RowRange[] {
  const merged: RowRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else merged.push(range);
  }
  return merged;
}

/** Undefined where no column that a condition is on has an index of its pages, or it is not worth reading. */
export function findExcludedRows(
  { file, metadata }: OpenParquetFile,
  rowGroup: number,
  conditions: readonly ColumnConjunct[],
  scanColumns: readonly ScanColumn[],
): Promise<ExcludedRows> | undefined {
  const { chunks, rowCount } = metadata.rowGroups[rowGroup]!;
  const wanted = new Map<number, ColumnConjunct[]>();
  for (const condition of conditions) {
    const column = columnOfStatistics(metadata, scanColumns[condition.column]);
    const chunk = column === undefined ? undefined : chunks[column];
    if (column === undefined || chunk?.pageIndex === undefined || chunk.uncompressedByteLength < MIN_CHUNK_BYTES)
      continue;
    wanted.set(column, [...(wanted.get(column) ?? []), condition]);
  }
  if (wanted.size === 0) return undefined;
  const found = [...wanted].map(async ([index, asked]): Promise<RowRange[]> => {
    const column = metadata.columns[index] as FlatColumn;
    const where = `"${file.path}", column "${column.name}", row group ${rowGroup + 1}`;
    const pages = await readPageIndex(file, chunks[index]!.pageIndex!, column, rowCount, where);
    const hasNaNs = mayHoldNaN(column.type);
    return pages
      .filter((page) => asked.some((condition) => excludes(condition, page.statistics, page.rowCount, hasNaNs)))
      .map(({ firstRow, rowCount: rows }) => ({ start: firstRow, end: firstRow + rows }));
  });
  return Promise.all(found).then((ranges) => new ExcludedRows(ranges.flat()));
}
