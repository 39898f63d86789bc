import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { Millrace } from '../../../src/index.js';
import { estimateDistinct } from '../../../src/session/estimate-distinct.js';
import { objectStoreFor } from '../../../src/storage/open-object-store.js';
import { openPinnedFile } from '../../../src/storage/open-pinned-file.js';
import type { ParquetMetadata } from '../../../src/storage/parquet-reader/parquet-metadata.js';
import { readFooter } from '../../../src/storage/parquet-reader/read-footer.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ROWS = 250_000;

/** Each column with what it has of distinct values; `hash` spreads the row's number. */
const COLUMNS: Readonly<Record<string, { readonly sql: string; readonly distinct: number }>> = {
  key: { sql: 'x', distinct: ROWS },
  ascending_repeats: { sql: 'cast(x / 4 as bigint)', distinct: ROWS / 4 },
  flag: { sql: "case when hash % 3 = 0 then 'A' when hash % 3 = 1 then 'N' else 'R' end", distinct: 3 },
  word: { sql: "'word ' || hash % 150", distinct: 150 },
  quantity: { sql: 'cast(hash % 50 as decimal(15, 2))', distinct: 50 },
  reference: { sql: 'cast(hash % 9000 as integer)', distinct: 9000 },
  day: { sql: "date '1992-01-01' + cast(hash % 2500 as integer)", distinct: 2500 },
  constant: { sql: '7', distinct: 1 },
  mostly_null: { sql: 'case when x % 100 = 0 then cast(hash % 20 as integer) end', distinct: 20 },
  measure: { sql: 'cast(x as double precision) / 7', distinct: ROWS },
  comment: { sql: "'something longer that is said of number ' || x", distinct: ROWS },
};

const LIST = Object.entries(COLUMNS).map(([name, { sql }]) => `${sql} as ${name}`);
const QUERY = `select ${LIST.join(', ')} from (select x, (cast(x as bigint) * x + cast(x as bigint) * 2654435761) % 4294967291 as hash from generate_series(1, ${ROWS}) g(x)) r`;

async function metadataOf(path: string): Promise<ParquetMetadata> {
  const store = objectStoreFor(path);
  const info = (await store.stat(path))!;
  const file = await openPinnedFile({ path, byteLength: info.byteLength, version: info.version });
  try {
    return await readFooter(file);
  } finally {
    await file.close();
  }
}

/** As of a writer that counts no distinct values and does not say which bounds are exact. */
function withSizesAlone({ rowGroups, ...metadata }: ParquetMetadata): ParquetMetadata {
  const inexact = { distinctCount: undefined, minimumIsExact: false, maximumIsExact: false };
  const groups = rowGroups.map(({ chunks, ...group }) => ({
    ...group,
    chunks: chunks.map((chunk) => chunk && { ...chunk, statistics: { ...chunk.statistics, ...inexact } }),
  }));
  return { ...metadata, rowGroups: groups };
}

/** Off by a factor of at most `factor`, as estimates of joins and filters bear. */
function assertNear(metadata: ParquetMetadata, factor: number): void {
  for (const [name, { distinct }] of Object.entries(COLUMNS)) {
    const index = metadata.columns.findIndex((column) => column.name === name);
    const estimate = estimateDistinct(metadata, index)!;
    const message = `${name}: estimated ${estimate}, has ${distinct}`;
    assert.ok(estimate <= distinct * factor + 2 && estimate >= distinct / factor, message);
  }
}

test('distinct values are estimated from the sizes that footers give: files of our own', async (context) => {
  const folder = temporaryFolder(context);
  const database = await Millrace.open({ lake: folder, threads: 1, memoryLimit: '512MB' });
  try {
    await database.run(`create table own as ${QUERY}`);
    const [file] = await readdir(join(folder, 'own'));
    const metadata = await metadataOf(join(folder, 'own', file!));
    assertNear(withSizesAlone(metadata), 2);
    assertNear(metadata, 2);
    const word = metadata.columns.findIndex(({ name }) => name === 'word');
    assert.equal(metadata.rowGroups[0]!.chunks[word]!.statistics.distinctCount, 150);
  } finally {
    await database.close();
  }
});

test('distinct values are estimated from the sizes that footers give: files of DuckDB', async (context) => {
  const path = join(temporaryFolder(context), 'duck.parquet');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(`copy (${QUERY}) to '${path}' (format parquet)`);
  connection.closeSync();
  instance.closeSync();
  const metadata = await metadataOf(path);
  assertNear(withSizesAlone(metadata), 2);
  assertNear(metadata, 2);
});

test('no rows, no estimate; row groups that follow each other add up', () => {
  const column = {
    name: 'k',
    type: { kind: 'integer' },
    nullable: true,
    storage: 'INT32',
    storageWidth: 0,
    conversion: 'none',
  };
  const chunk = (minimum: number, maximum: number, distinctCount?: number) => ({
    ...{ codec: 'SNAPPY', encodings: [], offset: 4, byteLength: 45_025, uncompressedByteLength: 50_000 },
    dictionaryByteLength: 4_025,
    statistics: { nullCount: 0, distinctCount, minimum, maximum, minimumIsExact: true, maximumIsExact: true },
  });
  const metadata = (...ranges: [number, number, number?][]): ParquetMetadata =>
    ({
      columns: [column],
      rowGroups: ranges.map((range) => ({ rowCount: 30_000, chunks: [chunk(...range)] })),
    }) as unknown as ParquetMetadata;
  assert.equal(estimateDistinct(metadata(), 0), undefined);
  assert.equal(estimateDistinct(metadata([1, 1000], [1001, 2000], [2001, 3000]), 0), 4608);
  const overlapping = estimateDistinct(metadata([1, 3000], [2, 2999], [1, 3000]), 0)!;
  assert.ok(overlapping > 1000 && overlapping < 1600, `estimated ${overlapping}`);
  assert.equal(estimateDistinct(metadata([1, 3000, 77]), 0), 77, 'as it was counted');
  assert.ok(estimateDistinct(metadata([1, 3000, 0]), 0)! > 1000, 'nobody has counted');
  assert.equal(estimateDistinct(metadata([5, 5]), 0), 1, 'both bounds are the same value');
});
