import { corruptError } from '../../common/errors.js';
import type { RandomAccessFile } from '../object-store.js';
import { reportingPlace } from './corruption-place.js';
import type { ColumnStatistics, FilePlace, FlatColumn, PageIndexPlace } from './parquet-metadata.js';
import { decodeStatistics } from './statistics.js';
import { ThriftCompactReader, ThriftType } from './thrift-compact-reader.js';

/** What is known of a data page without reading it. */
export interface PageStatistics {
  /** Among the rows of the row group. */
  readonly firstRow: number;
  readonly rowCount: number;
  readonly statistics: ColumnStatistics;
}

/**
 * Reads what a file tells of the data pages of a column chunk of `rowCount` rows: its column index and its offset index.
 * `where` begins the message of errors. https://github.com/apache/parquet-format/blob/master/PageIndex.md
 */
export async function readPageIndex(
  file: RandomAccessFile,
  { bounds, rows }: PageIndexPlace,
  column: FlatColumn,
  rowCount: number,
  where: string,
): Promise<PageStatistics[]> {
  const [boundBytes, rowBytes] = reportingPlace(where, ', page index', () => [
    roomFor(bounds, file),
    roomFor(rows, file),
  ]);
  await Promise.all([file.read(bounds.offset, boundBytes), file.read(rows.offset, rowBytes)]);
  return reportingPlace(where, ', page index', () => {
    const firstRows = decodeFirstRows(rowBytes);
    const pages = decodePageBounds(boundBytes);
    const isAscending = firstRows.every((row, page) => (page === 0 ? row === 0 : row > firstRows[page - 1]!));
    if (!isAscending || (firstRows.at(-1) ?? 0) >= Math.max(1, rowCount)) throw corruptError('its pages overlap');
    if (Object.values(pages).some((list) => list !== undefined && list.length !== firstRows.length)) {
      throw corruptError('its lists differ in length');
    }
    return firstRows.map((firstRow, page) => {
      const pageRows = (firstRows[page + 1] ?? rowCount) - firstRow;
      if ((pages.nullCounts?.[page] ?? 0) > pageRows) throw corruptError('a page has more NULLs than rows');
      return { firstRow, rowCount: pageRows, statistics: statisticsOf(pages, page, pageRows, column) };
    });
  });
}

/** Nothing is allocated for bytes that the file cannot have. */
function roomFor({ offset, byteLength }: FilePlace, file: RandomAccessFile): Uint8Array {
  if (offset + byteLength > file.byteLength) throw corruptError('it lies beyond the end of the file');
  return new Uint8Array(byteLength);
}

/** `ColumnIndex`: one of each a page. */
interface PageBounds {
  readonly areNull: readonly boolean[];
  readonly minima: readonly Uint8Array[];
  readonly maxima: readonly Uint8Array[];
  readonly nullCounts: readonly number[] | undefined;
}

function statisticsOf(bounds: PageBounds, page: number, rowCount: number, column: FlatColumn): ColumnStatistics {
  const isNull = bounds.areNull[page]!;
  const stored = {
    oldMaximum: undefined,
    oldMinimum: undefined,
    nullCount: isNull ? rowCount : bounds.nullCounts?.[page],
    distinctCount: undefined,
    // Of a page of NULLs they say nothing; others may be cut short.
    maximum: isNull ? undefined : bounds.maxima[page],
    minimum: isNull ? undefined : bounds.minima[page],
    maximumIsExact: false,
    minimumIsExact: false,
  };
  return decodeStatistics(stored, column, true);
}

function decodePageBounds(bytes: Uint8Array): PageBounds {
  const reader = new ThriftCompactReader(bytes, 0, bytes.length, 'page index');
  let areNull: boolean[] = [];
  let minima: Uint8Array[] = [];
  let maxima: Uint8Array[] = [];
  let nullCounts: number[] | undefined;
  while (reader.nextField()) {
    switch (reader.fieldId) {
      case 1:
        areNull = reader.readBooleanList();
        break;
      case 2:
        minima = reader.readList(ThriftType.binary, () => reader.readBinary());
        break;
      case 3:
        maxima = reader.readList(ThriftType.binary, () => reader.readBinary());
        break;
      case 5:
        nullCounts = reader.readList(ThriftType.i64, () => reader.readSize());
        break;
      default:
        reader.skip();
    }
  }
  return { areNull, minima, maxima, nullCounts };
}

/** `OffsetIndex`: the first row of each page. */
function decodeFirstRows(bytes: Uint8Array): number[] {
  const reader = new ThriftCompactReader(bytes, 0, bytes.length, 'page index');
  let firstRows: number[] = [];
  while (reader.nextField()) {
    if (reader.fieldId === 1) firstRows = reader.readList(ThriftType.struct, () => readFirstRow(reader));
    else reader.skip();
  }
  return firstRows;
}

function readFirstRow(reader: ThriftCompactReader): number {
  let firstRow = 0;
  const outer = reader.enterStruct();
  while (reader.nextField()) {
    if (reader.fieldId === 3) firstRow = reader.readSizeField();
    else reader.skip();
  }
  reader.leaveStruct(outer);
  return firstRow;
}
