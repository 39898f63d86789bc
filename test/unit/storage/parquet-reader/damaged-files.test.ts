import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { MillraceError } from '../../../../src/common/errors.js';
import { readFooter } from '../../../../src/storage/parquet-reader/read-footer.js';
import { DuckDBFiles } from './duckdb-files.js';
import { bytesFile, createEngine, readParquet } from './read-parquet.js';

const files = new DuckDBFiles();
const engine = createEngine(256 * 2 ** 20);
after(() => {
  files.close();
  assert.equal(engine.shared.allocatedChunks, 0, 'no block leaks');
});

test('what is not Parquet is named', async () => {
  const footer = (bytes: Uint8Array) => readFooter(bytesFile('lake/x.parquet', bytes));
  const text = (value: string) => new TextEncoder().encode(value);
  await assert.rejects(footer(new Uint8Array(0)), {
    code: 'XX001',
    message: '"lake/x.parquet" is not a Parquet file',
    detail: /0 bytes/,
  });
  await assert.rejects(footer(text('a,b,c\n1,2,3\n4,5,6\n')), {
    code: 'XX001',
    message: /is not a Parquet file/,
    detail: /PAR1/,
  });
  await assert.rejects(footer(text('PAR1xxxx\xff\xff\xff\x00PAR1')), { code: 'XX001', message: /footer/ });
  await assert.rejects(footer(text('PAR1xxxx\x04\x00\x00\x00PARE')), { code: '0A000', message: /encrypted/ });
});

test('a truncated file is refused wherever it was cut', async () => {
  const bytes = readFileSync(await files.write('select i, i::varchar as s from range(1000) t(i)'));
  for (let length = 0; length < bytes.length; length += 97) {
    await assert.rejects(readFooter(bytesFile('cut.parquet', bytes.subarray(0, length))), {
      code: 'XX001',
      message: /cut\.parquet/,
    });
  }
});

test('the error names file, column, row group and page', async () => {
  const bytes = readFileSync(
    await files.write("select i % 3 as a, 'text ' || i as b from range(5000) t(i)", 'codec snappy'),
  );
  const file = bytesFile('lake/t.parquet', bytes);
  const metadata = await readFooter(file);
  const { offset, byteLength } = metadata.rowGroups[0]!.chunks[1]!;
  bytes.fill(0xff, offset + byteLength - 2000, offset + byteLength - 1000);
  await assert.rejects(readParquet(file, engine), {
    code: 'XX001',
    message: /^"lake\/t\.parquet", column "b", row group 1, page \d+: /,
  });
  assert.equal((await readParquet(file, engine, { columns: [0] })).columns.get('a')!.length, 5000);
});

test('codecs that cannot be read fail only when touched', async () => {
  const path = await files.write(
    "select i as a, [i] as l, {'x': i, 'y': [i]} as s, map([i], [i]) as m, i + 1 as b from range(10) t(i)",
  );
  const file = bytesFile('nested.parquet', readFileSync(path));
  const metadata = await readFooter(file);
  assert.deepEqual(
    metadata.columns.map((column) => (column.type === undefined ? column.reason : column.type.kind)),
    ['bigint', 'array', 'struct', 'map', 'bigint'],
  );
  const { columns } = await readParquet(file, engine, { columns: [0, 4] });
  assert.deepEqual(columns.get('b')!.slice(0, 3), [1n, 2n, 3n]);
  const brotli = bytesFile('brotli.parquet', readFileSync(await files.write('select 1 as a', 'codec brotli')));
  await assert.rejects(readParquet(brotli, engine), { code: '0A000', message: /BROTLI/ });
});

/** A small generator with a seed, so that a failure can be run again. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return (value ^ (value >>> 14)) >>> 0;
  };
}

const FUZZED = `select i as a, (i % 5)::integer as b, case when i % 4 = 0 then null else 'text ' || i end as c,
  case when i % 6 = 1 then null else 'd' || (i % 9) end as d, i % 3 = 0 as e, (i * 1.5)::double as f,
  (i / 3)::decimal(20,3) as g, date '2000-01-01' + (i % 77)::integer as h,
  case when i % 5 = 0 then null when i % 7 = 0 then [] else [i, null] end as l,
  {'x': i, 'y': case when i % 3 = 0 then null else [['t' || i], []] end} as s, map(['k', 'k' || i], [i, null]) as m
  from range(700) t(i)`;
const MUTATIONS = Number(process.env.FUZZ ?? 150);

for (const options of [
  'codec uncompressed',
  'codec snappy',
  'codec uncompressed, parquet_version V2, dictionary_size_limit 1',
  'codec zstd, parquet_version V2',
  'codec lz4_raw',
]) {
  test(`flipped bytes give rows or an error of ours: ${options}`, async () => {
    const original = readFileSync(await files.write(FUZZED, options));
    const seed = Number(process.env.PROPERTY_SEED ?? 1);
    const random = randomOf(seed);
    for (let mutation = 0; mutation < MUTATIONS; mutation++) {
      const bytes = Uint8Array.from(original);
      const flips = 1 + (random() % 3);
      // The footer is a small part of the file and the one with most to go wrong: every other mutation goes there.
      const from = mutation % 2 === 0 ? 4 : bytes.length - 3000;
      for (let flip = 0; flip < flips; flip++) {
        const at = Math.max(4, from) + (random() % (bytes.length - Math.max(4, from)));
        bytes[at] = random() % 3 === 0 ? 0xff : bytes[at]! ^ (1 << (random() % 8));
      }
      try {
        const { metadata } = await readFooter(bytesFile('fuzzed.parquet', bytes)).then((metadata) => ({ metadata }));
        // A file may claim rows without end, at no cost in bytes: reading them all would take as long.
        if (metadata.rowCount > 100_000) continue;
        const columns = metadata.columns.flatMap((column, index) => (column.type === undefined ? [] : [index]));
        await readParquet(bytesFile('fuzzed.parquet', bytes), engine, {
          columns,
          useCodes: mutation % 4 < 2,
          windows: [100, 2048],
        });
      } catch (error) {
        const ours = error instanceof MillraceError && error.kind !== 'bug';
        assert.ok(ours, `PROPERTY_SEED=${seed}, mutation ${mutation}: ${error instanceof Error ? error.stack : error}`);
      }
    }
  });
}
