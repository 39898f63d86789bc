import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RandomAccessFile } from '../../../../src/storage/object-store.js';
import { type PageStatistics, readPageIndex } from '../../../../src/storage/parquet-reader/page-index.js';
import type { FlatColumn } from '../../../../src/storage/parquet-reader/parquet-metadata.js';
import { INTEGER } from '../../../../src/types/sql-type.js';

const COLUMN = {
  kind: 'flat',
  name: 'n',
  type: INTEGER,
  physical: 'i32',
  storage: 'INT32',
  conversion: 'none',
} as unknown as FlatColumn;

const BINARY = 8;
const BOOLEAN = 1;
const I64 = 6;
const STRUCT = 12;
const END = 0;

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

const integer = (value: number): number[] => varint(value * 2);
const bound = (value: number): number[] => [4, value & 255, (value >> 8) & 255, 0, 0];

/** A field of Thrift's compact protocol, `step` behind the one before it. */
function list(step: number, type: number, elements: readonly (readonly number[])[]): number[] {
  return [(step << 4) | 9, (elements.length << 4) | type, ...elements.flat()];
}

interface Index {
  readonly areNull?: readonly boolean[];
  readonly minima?: readonly number[];
  readonly maxima?: readonly number[];
  readonly nullCounts?: readonly number[];
  readonly firstRows?: readonly number[];
}

/** Three pages of a row group of 300 rows. */
const SOUND: Required<Index> = {
  areNull: [false, false, true],
  minima: [1, 100, 0],
  maxima: [90, 300, 0],
  nullCounts: [0, 2, 100],
  firstRows: [0, 100, 200],
};

async function read(index: Index, changed: { byteLength?: number; offset?: number } = {}): Promise<PageStatistics[]> {
  const { areNull, minima, maxima, nullCounts, firstRows } = { ...SOUND, ...index };
  const bounds = [
    ...list(
      1,
      BOOLEAN,
      areNull.map((isNull) => [isNull ? 1 : 2]),
    ),
    ...list(1, BINARY, minima.map(bound)),
    ...list(1, BINARY, maxima.map(bound)),
    ...list(2, I64, nullCounts.map(integer)),
    END,
  ];
  const rows = [
    ...list(
      1,
      STRUCT,
      firstRows.map((row) => [0x36, ...integer(row), END]),
    ),
    END,
  ];
  const content = Uint8Array.from([...bounds, ...rows]);
  const file = {
    path: 'n.parquet',
    byteLength: content.length,
    read: async (offset: number, target: Uint8Array) => target.set(content.subarray(offset, offset + target.length)),
  } as unknown as RandomAccessFile;
  const place = {
    bounds: { offset: 0, byteLength: bounds.length },
    rows: { offset: bounds.length, byteLength: rows.length, ...changed },
  };
  return await readPageIndex(file, place, COLUMN, 300, '"n.parquet", column "n", row group 1');
}

test('pages have the rows from their first to that of the next, and their bounds', async () => {
  const pages = await read({});
  assert.deepEqual(
    pages.map(({ firstRow, rowCount, statistics: { minimum, maximum, nullCount } }) => [
      ...[firstRow, rowCount, minimum, maximum, nullCount],
    ]),
    [
      [0, 100, 1, 90, 0],
      [100, 100, 100, 300, 2],
      [200, 100, undefined, undefined, 100],
    ],
  );
});

for (const [what, index, message] of [
  ['pages out of order', { firstRows: [0, 200, 100] }, 'its pages overlap'],
  ['a page without rows', { firstRows: [0, 100, 100] }, 'its pages overlap'],
  ['rows before the first page', { firstRows: [1, 100, 200] }, 'its pages overlap'],
  ['a page behind the last row', { firstRows: [0, 100, 300] }, 'its pages overlap'],
  ['fewer bounds than pages', { minima: [1, 100] }, 'its lists differ in length'],
  ['more bounds than pages', { firstRows: [0, 100] }, 'its lists differ in length'],
  ['no word on NULLs', { areNull: [] }, 'its lists differ in length'],
  ['fewer counts than pages', { nullCounts: [0] }, 'its lists differ in length'],
  ['more NULLs than rows', { nullCounts: [0, 101, 100] }, 'a page has more NULLs than rows'],
] as const) {
  test(`an index with ${what} is an error`, async () => {
    await assert.rejects(read(index), {
      code: 'XX001',
      message: `"n.parquet", column "n", row group 1, page index: ${message}`,
    });
  });
}

for (const [what, changed] of [
  ['behind the end of the file', { offset: 1e9 }],
  ['longer than the file', { byteLength: 2 ** 52 }],
] as const) {
  test(`an index ${what} is an error, and nothing is allocated for it`, async () => {
    await assert.rejects(read({}, changed), {
      code: 'XX001',
      message: /page index: it lies beyond the end of the file$/,
    });
  });
}

test('an index cut short is an error', async () => {
  await assert.rejects(read({}, { byteLength: 5 }), { code: 'XX001', message: /row group 1, page index: / });
});

test('bounds the wrong way round say nothing', async () => {
  const pages = await read({ minima: [90, 100, 0], maxima: [1, 300, 0] });
  assert.deepEqual(
    pages.map(({ statistics: { minimum, maximum } }) => [minimum, maximum]),
    [
      [undefined, undefined],
      [100, 300],
      [undefined, undefined],
    ],
  );
});
