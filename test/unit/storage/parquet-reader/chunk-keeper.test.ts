import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { digestOf } from '../../../../src/storage/parquet-reader/chunk-keeper.js';
import { READ_VARIANTS } from './compare-with-duckdb.js';
import { DuckDBFiles } from './duckdb-files.js';
import { createEngine, openTestFile, readParquet } from './read-parquet.js';

const folder = fileURLToPath(new URL('../../../../../test/unit/storage/parquet-reader/files', import.meta.url));
const files = new DuckDBFiles();
after(() => files.close());

/** In each way of reading, what comes of pages in the making and of kept ones must be what comes of the file. */
async function assertSameWhenKept(path: string): Promise<void> {
  const engine = createEngine();
  const file = await openTestFile(path);
  try {
    const { metadata, columns: expected } = await readParquet(file, engine);
    for (const [version, options] of READ_VARIANTS.entries()) {
      const plain = await readParquet(file, engine, options);
      // Of a version of its own, so that this variant comes first, before and after a whole read.
      const digest = digestOf({ path, version: String(version), byteLength: file.byteLength });
      assert.deepEqual((await readParquet(file, engine, { ...options, digest })).columns, plain.columns);
      assert.deepEqual((await readParquet(file, engine, { digest })).columns, expected);
      assert.deepEqual((await readParquet(file, engine, { ...options, digest })).columns, plain.columns);
    }
    const kept = metadata.columns.flatMap((column, index) => {
      const isFlat = column.type !== undefined && column.nested === undefined;
      const codecs = metadata.rowGroups.map(({ chunks }) => chunks[index]!.codec);
      return isFlat && !codecs.includes('UNCOMPRESSED') ? [index] : [];
    });
    const chunks = metadata.rowGroups.flatMap((group) => group.chunks.flatMap((chunk) => chunk ?? []));
    const end = Math.max(...chunks.map(({ offset, byteLength }) => offset + byteLength));
    let reads = 0;
    const counted = {
      ...file,
      async read(offset: number, target: Uint8Array): Promise<void> {
        if (offset + target.length <= end) reads++;
        await file.read(offset, target);
      },
    };
    const digest = digestOf({ path, version: '0', byteLength: file.byteLength });
    const { columns } = await readParquet(counted, engine, { digest, columns: kept });
    for (const [name, values] of columns) assert.deepEqual(values, expected.get(name), name);
    assert.equal(reads, 0, 'what is kept is not read again');
    assert.equal(engine.shared.allocatedChunks, 0, 'no block stays in use');
  } finally {
    await file.close();
  }
}

for (const name of readdirSync(folder).filter((file) => file.endsWith('.parquet'))) {
  test(`${name} reads the same from what is kept of it`, () => assertSameWhenKept(join(folder, name)));
}

for (const codec of ['snappy', 'zstd', 'gzip', 'lz4_raw']) {
  test(`pages that DuckDB writes with ${codec} read the same from what is kept of them`, async () => {
    const query = `
      select case when i % 7 <> 0 then i end as number, (i % 13)::varchar || ' of them' as coded,
        'text ' || (i * 7919) as text, i % 3 = 0 as flag, (i / 3)::decimal(30, 4) as wide, [i, i + 1] as list
      from range(18000) as t(i)`;
    await assertSameWhenKept(await files.write(query, `compression ${codec}, row_group_size 8192`));
  });
}
