import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { encodeNested } from '../../../../src/types/nested-codec.js';
import { arrayOf, INTEGER } from '../../../../src/types/sql-type.js';
import { DuckDBFiles } from './duckdb-files.js';
import { createEngine, openTestFile, readParquet, type TestValue } from './read-parquet.js';

const require = createRequire(import.meta.url);
const files = new DuckDBFiles();
const engine = createEngine();
after(() => {
  files.close();
  assert.equal(engine.shared.allocatedChunks, 0);
});

test('flights add up to what DuckDB counts', async () => {
  const main = require.resolve('vega-datasets');
  const path = join(main.slice(0, main.lastIndexOf('vega-datasets')), 'vega-datasets/data/flights-3m.parquet');
  const file = await openTestFile(path);
  try {
    const { metadata, columns } = await readParquet(file, engine, { rowGroups: 1 });
    assert.equal(metadata.rowCount, 3_000_000);
    const { rowCount } = metadata.rowGroups[0]!;
    for (const column of metadata.columns) {
      const values = columns.get(column.name)!;
      const [count, digest] = await files.digest(path, column.name, rowCount);
      assert.equal(values.filter((value) => value !== null).length, count, column.name);
      assert.equal(digestOf(values), digest, column.name);
    }
  } finally {
    await file.close();
  }
});

/** As `DuckDBFiles.digest`: the sum over rows of row number × (number, or length and first byte of a string). */
function digestOf(values: readonly TestValue[]): bigint {
  let sum = 0n;
  let part = 0;
  for (const [row, value] of values.entries()) {
    const weight = row % 1000;
    if (typeof value === 'string') part += weight * (value.length * 256 + (value.length > 0 ? value.charCodeAt(0) : 0));
    else if (value !== null) part += weight * Math.floor(Number(value));
    if (Math.abs(part) > 2 ** 50) {
      sum += BigInt(part);
      part = 0;
    }
  }
  return sum + BigInt(part);
}

test('hyparquet reads the same values', async () => {
  const path = await files.write(
    `select i as a, case when i % 3 = 0 then null else 'text ' || (i % 50) end as b, i / 7 as c, i % 2 = 0 as d,
     'unique ' || i as e, (i * 3)::integer as f from range(10000) t(i)`,
    'codec snappy, row_group_size 4096',
  );
  const expected = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  const file = await openTestFile(path);
  const { columns } = await readParquet(file, engine);
  await file.close();
  for (const [name, values] of columns) {
    assert.deepEqual(
      values,
      expected.map((row) => row[name] as TestValue),
    );
  }
});

interface ParquetJs {
  ParquetSchema: new (fields: Record<string, object>) => object;
  ParquetWriter: {
    openFile(
      schema: object,
      path: string,
      options: object,
    ): Promise<{ appendRow(row: object): Promise<void>; close(): Promise<void>; setRowGroupSize(rows: number): void }>;
  };
}

test('files of parquetjs-lite are read: converted types, v1 and v2 pages, gzip', async () => {
  const { ParquetSchema, ParquetWriter } = require('parquetjs-lite') as ParquetJs;
  const start = Date.UTC(2001, 0, 1);
  for (const [useDataPageV2, compression] of [
    [false, 'UNCOMPRESSED'],
    [true, 'SNAPPY'],
    [true, 'GZIP'],
    [false, 'GZIP'],
  ] as const) {
    const schema = new ParquetSchema({
      name: { type: 'UTF8', compression },
      quantity: { type: 'INT64', optional: true, compression },
      price: { type: 'DOUBLE', compression },
      small: { type: 'INT_16', compression },
      day: { type: 'DATE', compression },
      at: { type: 'TIMESTAMP_MILLIS', compression },
      exact: { type: 'TIMESTAMP_MICROS', compression },
      clock: { type: 'TIME_MILLIS', compression },
      unsigned: { type: 'UINT_32', compression },
      flag: { type: 'BOOLEAN', optional: true, compression },
      raw: { type: 'BYTE_ARRAY', compression },
      list: { type: 'INT32', repeated: true, compression },
    });
    const path = join(files.folder, `${compression}-${useDataPageV2}.parquet`);
    const writer = await ParquetWriter.openFile(schema, path, { useDataPageV2, pageSize: 500 });
    writer.setRowGroupSize(300);
    const expected: Record<string, TestValue>[] = [];
    for (let row = 0; row < 1000; row++) {
      const date = new Date(start + row * 86_400_000);
      await writer.appendRow({
        name: `row ${row}`,
        ...(row % 4 === 0 ? {} : { quantity: row * 1000 }),
        price: row / 3,
        small: (row % 200) - 100,
        day: date,
        at: date,
        exact: date,
        clock: row * 1000,
        unsigned: row * 7,
        ...(row % 3 === 0 ? {} : { flag: row % 2 === 0 }),
        raw: Buffer.from([row & 255, 1, 2]),
        list: [row, -row],
      });
      const micros = BigInt(date.getTime()) * 1000n;
      expected.push({
        name: `row ${row}`,
        quantity: row % 4 === 0 ? null : BigInt(row * 1000),
        price: row / 3,
        small: (row % 200) - 100,
        day: date.getTime() / 86_400_000,
        at: micros,
        exact: micros,
        clock: BigInt(row) * 1_000_000n,
        unsigned: BigInt(row * 7),
        flag: row % 3 === 0 ? null : row % 2 === 0,
        raw: String.fromCharCode(row & 255, 1, 2),
        list: Buffer.from(encodeNested([row, -row], arrayOf(INTEGER))).toString('latin1'),
      });
    }
    await writer.close();
    const file = await openTestFile(path);
    const { metadata, columns } = await readParquet(file, engine);
    await file.close();
    assert.deepEqual(metadata.columns[11]!.type, arrayOf(INTEGER));
    for (const [name, values] of columns) {
      assert.deepEqual(
        values,
        expected.map((row) => row[name]!),
        name,
      );
    }
  }
});
