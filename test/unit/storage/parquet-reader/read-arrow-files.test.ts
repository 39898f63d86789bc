import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { asyncBufferFromFile, parquetMetadataAsync } from 'hyparquet';
import { compareWithDuckDB } from './compare-with-duckdb.js';
import { DuckDBFiles } from './duckdb-files.js';
import { createEngine } from './read-parquet.js';

// Files of Apache Arrow's C++ writer, made once by files/write.py: what DuckDB, hyparquet and parquetjs-lite do not write.

const folder = fileURLToPath(new URL('../../../../../test/unit/storage/parquet-reader/files', import.meta.url));
const files = new DuckDBFiles();
const engine = createEngine();
after(() => {
  files.close();
  assert.equal(engine.shared.allocatedChunks, 0);
});

/** By the first word of a column's name; the others are in the encoding that they are named after. */
const ENCODINGS: Readonly<Record<string, string>> = {
  plain: 'PLAIN',
  coded: 'RLE_DICTIONARY',
  rle: 'RLE',
  delta_length: 'DELTA_LENGTH_BYTE_ARRAY',
  delta_text: 'DELTA_BYTE_ARRAY',
  delta_bytes: 'DELTA_BYTE_ARRAY',
  delta: 'DELTA_BINARY_PACKED',
  split: 'BYTE_STREAM_SPLIT',
};

/** The writer did as it was told: encodings by the footer, as hyparquet reads it, and page headers by their first field. */
async function assertEncodings(path: string, codec: string, pageType: number): Promise<void> {
  const bytes = readFileSync(path);
  const { row_groups: groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
  assert.ok(groups.length > 1);
  for (const { meta_data: chunk } of groups.flatMap(({ columns }) => columns)) {
    const name = chunk!.path_in_schema.join('.');
    const [, wanted] = Object.entries(ENCODINGS).find(([beginning]) => name.startsWith(beginning))!;
    const pages = chunk!.encoding_stats!.filter(({ page_type: type }) => type !== 'DICTIONARY_PAGE');
    assert.deepEqual([...new Set(pages.map(({ encoding }) => encoding))], [wanted], name);
    assert.equal(chunk!.codec, codec === 'none' ? 'UNCOMPRESSED' : codec.toUpperCase(), name);
    // Thrift's compact protocol: field 1, an i32; its value in zigzag.
    const header = Number(chunk!.data_page_offset);
    assert.deepEqual([...bytes.subarray(header, header + 2)], [0x15, 2 * pageType], name);
  }
}

for (const codec of ['none', 'snappy', 'gzip', 'zstd']) {
  for (const [version, pageType] of [
    ['v1', 0],
    ['v2', 3],
  ] as const) {
    test(`every encoding, ${codec}, data pages ${version}`, async () => {
      const path = join(folder, `arrow-${codec}-${version}.parquet`);
      await assertEncodings(path, codec, pageType);
      await compareWithDuckDB(path, files, engine);
    });
  }
}
