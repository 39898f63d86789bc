import type {
  FlatColumn,
  ParquetColumnChunk,
  ParquetMetadata,
  StatisticsValue,
} from '../storage/parquet-reader/parquet-metadata.js';

/** What a page header weighs, about. */
const PAGE_HEADER_BYTES = 15;
/** A run of equal values costs a compressor its value, and this for the copies. */
const COPY_BYTES = 3;
/** Integers stored plainly that compress to less than this share of their width repeat. */
const REPEATING_SHARE = 0.6;
/** Row groups whose values are nearly all different say nothing about how often they come again in others. */
const NEARLY_UNIQUE = 0.9;

/** The distinct values in one row group. */
interface GroupEstimate {
  readonly rows: number;
  readonly distinct: number;
  readonly minimum: StatisticsValue | undefined;
  readonly maximum: StatisticsValue | undefined;
}

/**
 * Distinct values of a column that are not NULL: as its writer counted them, or from the sizes that footers give. A
 * dictionary page holds each value once, the codes behind it take as many bits as their number asks for, and what is
 * stored plainly was, to its writer, not worth a dictionary. Right within a factor of two for most data; undefined where there are no rows.
 */
export function estimateDistinct(metadata: ParquetMetadata, index: number): number | undefined {
  const column = metadata.columns[index];
  if (column?.type === undefined) return undefined;
  const groups: GroupEstimate[] = [];
  for (const { rowCount, chunks } of metadata.rowGroups) {
    const chunk = chunks[index];
    if (chunk === undefined || rowCount === 0) continue;
    const { minimum, maximum, nullCount = 0 } = chunk.statistics;
    const rows = Math.max(1, rowCount - nullCount);
    const levelBytes = nullCount > 0 ? rowCount / 8 : 0;
    groups.push({ rows, distinct: distinctOfChunk(chunk, column, rows, levelBytes), minimum, maximum });
  }
  return groups.length === 0 ? undefined : distinctOfAll(groups);
}

/** `levelBytes`: what says which rows are NULL. */
function distinctOfChunk(chunk: ParquetColumnChunk, column: FlatColumn, rows: number, levelBytes: number): number {
  const { distinctCount, minimum, maximum, minimumIsExact, maximumIsExact } = chunk.statistics;
  if (minimumIsExact && maximumIsExact && areEqual(minimum, maximum)) return 1;
  // Some writers leave 0 where they have not counted.
  if (distinctCount) return Math.min(distinctCount, rows);
  if (column.storage === 'BOOLEAN') return Math.min(2, rows);
  const { dictionaryByteLength, byteLength, codec } = chunk;
  const dataBytes = Math.max(0, byteLength - dictionaryByteLength - PAGE_HEADER_BYTES - levelBytes);
  const width = storedWidth(column, chunk);
  if (dictionaryByteLength > 0) {
    const entries = Math.max(1, (dictionaryByteLength - PAGE_HEADER_BYTES) / width);
    // Codes of w bits tell more than 2^(w-1) values apart; they take less where they repeat.
    const most = 2 ** Math.round((dataBytes * 8) / rows);
    return Math.min(rows, entries > most / 2 ? entries : 0.75 * most);
  }
  const isInteger = column.storage === 'INT32' || column.storage === 'INT64';
  const repeats = codec !== 'UNCOMPRESSED' && isInteger && dataBytes < REPEATING_SHARE * width * rows;
  return repeats ? Math.max(1, Math.min(rows, dataBytes / (width + COPY_BYTES))) : rows;
}

/** Bytes of a value as it is stored. Compressed integers of 8 bytes are mostly half zeros. */
function storedWidth(column: FlatColumn, chunk: ParquetColumnChunk): number {
  switch (column.storage) {
    case 'INT32':
    case 'FLOAT':
      return 4;
    case 'INT64':
      return chunk.codec === 'UNCOMPRESSED' ? 8 : 4;
    case 'BYTE_ARRAY': {
      const { minimum, maximum } = chunk.statistics;
      const lengths = [minimum, maximum].map((bound) => (bound instanceof Uint8Array ? bound.length : 12));
      return 4 + (lengths[0]! + lengths[1]!) / 2;
    }
    case 'FIXED_LEN_BYTE_ARRAY':
      return Math.max(1, column.storageWidth);
    default:
      return 8;
  }
}

/** Over all row groups: the sum where each has a range of its own, else as if values were drawn at random. */
function distinctOfAll(groups: readonly GroupEstimate[]): number {
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const sum = groups.reduce((total, group) => total + group.distinct, 0);
  if (groups.length === 1 || sum >= NEARLY_UNIQUE * rows || areDisjoint(groups)) return sum;
  return drawnFrom(sum / groups.length, rows / groups.length, rows);
}

/** Do the row groups follow each other in the order of the column? */
function areDisjoint(groups: readonly GroupEstimate[]): boolean {
  return groups.every(({ minimum }, i) => {
    const before = groups[i - 1]?.maximum;
    return i === 0 || (minimum !== undefined && before !== undefined && !isLess(minimum, before));
  });
}

function areEqual(left: StatisticsValue | undefined, right: StatisticsValue | undefined): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0;
  return left === right;
}

function isLess(left: StatisticsValue, right: StatisticsValue): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) < 0;
  return (left as number) < (right as number);
}

/** How many values there are when `draws` of them show `seen` different ones; at most `rows`. */
function drawnFrom(seen: number, draws: number, rows: number): number {
  let low = seen;
  let high = Math.max(seen, rows);
  for (let step = 0; step < 40 && high - low > 0.5; step++) {
    const middle = (low + high) / 2;
    if (middle * (1 - Math.exp(-draws / middle)) < seen) low = middle;
    else high = middle;
  }
  return high;
}
