import type { SqlType } from '../../types/sql-type.js';
import { compareBounds } from './compare-bounds.js';
import type { ColumnStatistics, ParquetMetadata, StatisticsValue } from './parquet-metadata.js';

/** A condition on a column that every row of the result meets; plain data. Values are those of `ColumnStatistics`. */
export type ColumnCondition =
  | { readonly op: '=' | '<>' | '<' | '<=' | '>' | '>='; readonly value: StatisticsValue | null }
  | { readonly op: 'in'; readonly values: readonly (StatisticsValue | null)[] }
  | { readonly op: 'is null' }
  | { readonly op: 'is not null' };

/** The column by its number: in `ParquetMetadata.columns`, or wherever it is said. */
export type ColumnConjunct = ColumnCondition & { readonly column: number };

/**
 * Whether the statistics prove that no row of the row group meets all conjuncts. Unknown, doubtful or mistyped
 * statistics prove nothing. NaN is above every number, and bounds do not tell of NaNs.
 */
export function canSkipRowGroup(
  metadata: ParquetMetadata,
  rowGroup: number,
  conjuncts: readonly ColumnConjunct[],
): boolean {
  const { chunks, rowCount } = metadata.rowGroups[rowGroup]!;
  if (rowCount === 0) return true;
  return conjuncts.some((conjunct) => {
    const column = metadata.columns[conjunct.column];
    const chunk = chunks[conjunct.column];
    if (column?.type === undefined || chunk === undefined) return false;
    return excludes(conjunct, chunk.statistics, rowCount, mayHoldNaN(column.type));
  });
}

/** Whether statistics of `rowCount` rows, of a row group or of a page, prove that none of them meets a condition. */
export function excludes(
  conjunct: ColumnCondition,
  statistics: ColumnStatistics,
  rowCount: number,
  hasNaNs: boolean,
): boolean {
  const { nullCount } = statistics;
  if (conjunct.op === 'is null') return nullCount === 0;
  // Everything else is false or NULL for NULL.
  if (nullCount === rowCount) return true;
  switch (conjunct.op) {
    case 'is not null':
      return false;
    case 'in':
      return conjunct.values.every((value) => excludesEqual(value, statistics));
    case '=':
      return excludesEqual(conjunct.value, statistics);
    case '<>':
      return excludesOther(conjunct.value, statistics, hasNaNs);
    default:
      return excludesRange(conjunct.op, conjunct.value, statistics, hasNaNs);
  }
}

function excludesEqual(value: StatisticsValue | null, { minimum, maximum }: ColumnStatistics): boolean {
  if (value === null) return true;
  return compareBounds(value, minimum) === -1 || compareBounds(value, maximum) === 1;
}

function excludesOther(value: StatisticsValue | null, statistics: ColumnStatistics, hasNaNs: boolean): boolean {
  if (value === null) return true;
  if (hasNaNs || !statistics.minimumIsExact || !statistics.maximumIsExact) return false;
  return compareBounds(value, statistics.minimum) === 0 && compareBounds(value, statistics.maximum) === 0;
}

function excludesRange(
  op: '<' | '<=' | '>' | '>=',
  value: StatisticsValue | null,
  { minimum, maximum }: ColumnStatistics,
  hasNaNs: boolean,
): boolean {
  if (value === null) return true;
  switch (op) {
    case '<':
      return (compareBounds(minimum, value) ?? -1) >= 0;
    case '<=':
      return compareBounds(minimum, value) === 1;
    case '>':
      return !hasNaNs && (compareBounds(maximum, value) ?? 1) <= 0;
    case '>=':
      return !hasNaNs && compareBounds(maximum, value) === -1;
  }
}

/** Bounds of these types do not tell of NaNs. */
export function mayHoldNaN({ kind }: SqlType): boolean {
  return kind === 'real' || kind === 'double';
}
