import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { LocalObjectStore } from '../../src/storage/local/local-object-store.js';
import type { ParquetMetadata } from '../../src/storage/parquet-reader/parquet-metadata.js';
import { readFooter } from '../../src/storage/parquet-reader/read-footer.js';
import { filesOf, TestLake } from './test-lake.js';

const REWRITE = /Write it again|write the file again|check the path/i;

async function footerOf(path: string): Promise<ParquetMetadata> {
  const store = new LocalObjectStore();
  const { byteLength, version } = (await store.stat(path))!;
  const file = await store.openFile({ path, byteLength, version });
  try {
    return await readFooter(file);
  } finally {
    await file.close();
  }
}

/** A copy of `numbers` as a table that was never registered, one of its files changed. */
async function brokenTable(
  lake: TestLake,
  change: (bytes: Buffer, footer: ParquetMetadata) => Uint8Array,
): Promise<string> {
  const files = filesOf(lake, 'numbers');
  mkdirSync(lake.path('broken'));
  for (const [index, file] of files.entries()) {
    const bytes = readFileSync(file);
    const changed = index === 2 ? change(bytes, await footerOf(file)) : bytes;
    writeFileSync(lake.path('broken', `${index}.parquet`), changed);
  }
  return lake.path('broken', '2.parquet');
}

const READS = [
  'select i, label from broken',
  'select b.g, max(a.label) from broken a join numbers b on a.i = b.i group by b.g order by b.g',
  "insert overwrite days partition (d = '2026-01-02') select i from broken where label <> ''",
] as const;

for (const [what, change, message] of [
  ['a truncated file', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), /2\.parquet" is not a Parquet file$/],
  ['an empty file', () => new Uint8Array(0), /2\.parquet" is not a Parquet file$/],
  [
    'a file of another format',
    () => Buffer.from('i,label,g\n1,row 1,1\n'.repeat(1000)),
    /2\.parquet" is not a Parquet file$/,
  ],
  [
    'a corrupted footer',
    (bytes: Buffer) => {
      const length = bytes.readUInt32LE(bytes.length - 8);
      return Buffer.from(bytes).fill(0xff, bytes.length - 8 - length, bytes.length - 8);
    },
    /2\.parquet" is corrupted: /,
  ],
  [
    'a footer longer than the file',
    (bytes: Buffer) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt32LE(0x7fff_ffff, bytes.length - 8);
      return changed;
    },
    /2\.parquet" is corrupted: its footer would take 2147483647 bytes$/,
  ],
  [
    'corrupted pages',
    (bytes: Buffer, footer: ParquetMetadata) => {
      const { offset, byteLength } = footer.rowGroups[0]!.chunks[1]!;
      return Buffer.from(bytes).fill(0xff, offset + 40, offset + byteLength);
    },
    /2\.parquet", column "label", row group 1, page \d+: /,
  ],
  [
    'a corrupted page header',
    (bytes: Buffer, footer: ParquetMetadata) => {
      const { offset } = footer.rowGroups[0]!.chunks[1]!;
      return Buffer.from(bytes).fill(0xff, offset, offset + 20);
    },
    /2\.parquet", column "label", row group 1: the page header is malformed$/,
  ],
] as const) {
  test(`${what} among good ones`, async (context) => {
    const lake = await TestLake.open(context);
    const path = await brokenTable(lake, change);
    const expected = { code: 'XX001', message, hint: REWRITE };
    for (const sql of READS) await lake.fails(sql, expected);
    await lake.fails(`select max(upper(label)) from '${path}'`, expected);
    await lake.commandLineFails(READS[2], expected);
  });
}

test('what a corrupted column does not touch can be read', async (context) => {
  const lake = await TestLake.open(context);
  await brokenTable(lake, (bytes, footer) => {
    const { offset, byteLength } = footer.rowGroups[0]!.chunks[1]!;
    return Buffer.from(bytes).fill(0xff, offset + 40, offset + byteLength);
  });
  assert.deepEqual(await lake.run('select count(*), sum(i) from broken'), [['80000', '3200040000']]);
});

test("a file whose column has another type than the table's", async (context) => {
  const lake = await TestLake.open(context);
  await lake.run('create table mixed (a integer, b date, c bigint)');
  await lake.run("insert into mixed values (1, '2026-01-01', 2)");
  await lake.run("create table other as select 'abc' as a, true as b, 7 as c");
  copyFileSync(filesOf(lake, 'other')[0]!, lake.path('mixed', 'other.parquet'));
  const hint = /^( {2}HINT: )?Write the file again/;
  await lake.fails('select a from mixed', { code: '22P02', message: /type integer: "abc"$/, hint });
  await lake.fails('select b from mixed', { code: '42846', message: /cannot cast type boolean to date$/, hint });
  assert.deepEqual(await lake.run('select sum(c) from mixed'), [['9']]);
  const { stderr } = await lake.commandLineFails('select b from mixed', { code: '42846', message: /boolean/, hint });
  assert.match(stderr, / {2}DETAIL: Column "b" of ".*other\.parquet" is boolean, in the table it is date\.\n/);
});

test('paths without a file', async (context) => {
  const lake = await TestLake.open(context);
  mkdirSync(lake.path('nothing'));
  for (const [path, message] of [
    [lake.path('none.parquet'), /none\.parquet" does not exist$/],
    [lake.path('none', '*.parquet'), /no files? .*none\/\*\.parquet|none\/\*\.parquet" does not exist/],
    [lake.path('nothing'), /nothing"/],
    ['none.parquet', /"none\.parquet" does not exist$/],
  ] as const) {
    const expected = { code: '58P01', message };
    await lake.fails(`select * from '${path}'`, expected);
  }
  await lake.commandLineFails("select * from 'none.parquet'", {
    code: '58P01',
    message: /"none\.parquet" does not exist$/,
  });
});
