import assert from 'node:assert/strict';
import type { DuckDBFiles } from './duckdb-files.js';
import { type Engine, openTestFile, type ReadOptions, readParquet, type TestValue } from './read-parquet.js';

export const READ_VARIANTS: readonly ReadOptions[] = [
  {},
  { useCodes: true, windows: [2000, 7, 1] },
  { windows: [1000, 333, 2048, 1], select: (row) => (row * 2654435761) % 7 < 2 },
  { windows: [100, 2048], skip: (window) => window % 3 !== 0 },
  { windows: [500], skip: (window) => window % 5 < 3, select: (row) => row % 50 > 40 || row % 7 === 3 },
];

/** DuckDB's integers come as numbers up to 32 bits, ours as our physical types: compared as what they are worth. */
function comparable(values: readonly TestValue[]): TestValue[] {
  return values.map((value) =>
    typeof value === 'bigint' ? String(value) : typeof value === 'number' ? numberText(value) : value,
  );
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Reads the file in several ways; every value must be what DuckDB reads. */
export async function compareWithDuckDB(
  path: string,
  files: DuckDBFiles,
  engine: Engine,
  variants: readonly ReadOptions[] = READ_VARIANTS,
): Promise<void> {
  const expected = await files.read(path);
  const file = await openTestFile(path);
  try {
    for (const options of variants) {
      const { metadata, columns } = await readParquet(file, engine, options);
      assert.deepEqual([...columns.keys()], [...expected.keys()]);
      for (const [name, values] of expected) {
        const kept = keptRows(
          values,
          metadata.rowGroups.map((group) => group.rowCount),
          options,
        );
        const actual = comparable(columns.get(name)!);
        const wanted = comparable(kept);
        assert.equal(actual.length, wanted.length, `${name}: number of rows`);
        const different = actual.findIndex((value, row) => value !== wanted[row]);
        assert.equal(different, -1, `${name}[${different}]: ${actual[different]} instead of ${wanted[different]}`);
      }
    }
  } finally {
    await file.close();
  }
}

function keptRows(values: readonly TestValue[], groups: readonly number[], options: ReadOptions): TestValue[] {
  if (options.skip === undefined && options.select === undefined) return [...values];
  const windows = options.windows ?? [2048];
  const kept: TestValue[] = [];
  let start = 0;
  for (const rowCount of groups) {
    for (let row = 0, window = 0; row < rowCount; window++) {
      const count = Math.min(windows[window % windows.length]!, rowCount - row);
      for (let index = row; index < row + count; index++) {
        if (!options.skip?.(window) && options.select?.(index) !== false) kept.push(values[start + index]!);
      }
      row += count;
    }
    start += rowCount;
  }
  return kept;
}
