import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTrustedNullCounts } from '../../../../src/storage/parquet-reader/null-counts.js';
import {
  NO_STATISTICS,
  type ParquetColumnChunk,
  type ParquetRowGroup,
} from '../../../../src/storage/parquet-reader/parquet-metadata.js';

/** Row groups of 100 rows; the counts of NULLs of their columns. */
const rowGroupsOf = (...counts: (number | undefined)[][]): ParquetRowGroup[] =>
  counts.map((columns) => ({
    rowCount: 100,
    chunks: columns.map(
      (nullCount): ParquetColumnChunk => ({
        codec: 'SNAPPY',
        encodings: ['PLAIN'],
        offset: 4,
        byteLength: 100,
        uncompressedByteLength: 100,
        dictionaryByteLength: 0,
        valueCount: 100,
        pageIndex: undefined,
        statistics: { ...NO_STATISTICS, nullCount },
      }),
    ),
  }));

const countsOf = (rowGroups: readonly ParquetRowGroup[]): (number | undefined)[][] =>
  rowGroups.map(({ chunks }) => chunks.map((chunk) => chunk!.statistics.nullCount));

test('counts that DuckDB added up over row groups before it said its version are not used, but for the first', () => {
  const groups = rowGroupsOf([5, 0], [11, 0], [16, 0]);
  assert.deepEqual(countsOf(withTrustedNullCounts(groups, 'DuckDB')), [
    [5, 0],
    [undefined, undefined],
    [undefined, undefined],
  ]);
  assert.deepEqual(
    countsOf(withTrustedNullCounts(groups, 'DuckDB version v1.2.2 (build 7c039464e4)')),
    countsOf(groups),
  );
  assert.deepEqual(countsOf(withTrustedNullCounts(groups, undefined)), countsOf(groups));
});

test('of a column that would have more NULLs than values none is used, whoever wrote the file', () => {
  const groups = rowGroupsOf([40, 0], [80, 100], [120, undefined]);
  assert.deepEqual(countsOf(withTrustedNullCounts(groups, 'somebody')), [
    [undefined, 0],
    [undefined, 100],
    [undefined, undefined],
  ]);
});
