import type { ParquetRowGroup } from './parquet-metadata.js';

/** What DuckDB called itself before 1.1. Up to 0.9 it went on counting NULLs from one row group to the next. */
const DUCKDB_WITHOUT_VERSION = 'DuckDB';

/**
 * The row groups without counts of NULLs that are wrong, or may be: those of a writer that is known for it, but for its
 * first row group; and those of a column in which any row group would have more NULLs than values. Whoever trusted them
 * would leave out row groups that hold what is looked for.
 */
export function withTrustedNullCounts(
  rowGroups: readonly ParquetRowGroup[],
  createdBy: string | undefined,
): readonly ParquetRowGroup[] {
  const columnCount = rowGroups[0]?.chunks.length ?? 0;
  const impossible = Array.from({ length: columnCount }, (_, column) =>
    rowGroups.some(({ chunks }) => {
      const chunk = chunks[column];
      return chunk !== undefined && (chunk.statistics.nullCount ?? 0) > chunk.valueCount;
    }),
  );
  const isKnown = createdBy === DUCKDB_WITHOUT_VERSION && rowGroups.length > 1;
  if (!isKnown && !impossible.includes(true)) return rowGroups;
  return rowGroups.map((rowGroup, index) => ({
    ...rowGroup,
    chunks: rowGroup.chunks.map((chunk, column) => {
      if (chunk === undefined || !(impossible[column] || (isKnown && index > 0))) return chunk;
      return { ...chunk, statistics: { ...chunk.statistics, nullCount: undefined } };
    }),
  }));
}
