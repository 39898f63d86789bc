import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import parquetjs from 'parquetjs-lite';
import {
  BIGINT,
  BOOLEAN,
  BYTEA,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  REAL,
  SMALLINT,
  TEXT,
  TIMESTAMP,
  UUID,
} from '../../../../src/types/sql-type.js';
import { saveFile, type TestTable, writeTable } from './write-harness.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const ROWS = 2048;

function nullable<Value>(every: number, make: (row: number) => Value): (Value | null)[] {
  return range(ROWS).map((row) => (row % every === 0 ? null : make(row)));
}

function asBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

test('hyparquet reads back values with and without NULLs and dictionaries', async () => {
  const table: TestTable = {
    columns: [
      { name: 'flag', type: BOOLEAN },
      { name: 'small', type: SMALLINT },
      { name: 'id', type: INTEGER, nullable: false },
      { name: 'big', type: BIGINT },
      { name: 'price', type: decimal(9, 2) },
      { name: 'wide', type: decimal(30, 0) },
      { name: 'ratio', type: DOUBLE },
      { name: 'single', type: REAL },
      { name: 'name', type: TEXT },
      { name: 'note', type: TEXT },
      { name: 'raw', type: BYTEA },
      { name: 'day', type: DATE },
      { name: 'at', type: TIMESTAMP },
      { name: 'uuid', type: UUID },
    ],
    batches: range(2).map(() => [
      { values: nullable(3, (row) => row % 2 === 0) },
      { values: nullable(5, (row) => (row % 7) - 3) },
      { values: range(ROWS) },
      { values: nullable(2, (row) => BigInt(row) * 10_000_000_000n) },
      { values: nullable(9, (row) => BigInt(row % 50)) },
      { values: nullable(9, (row) => -BigInt(row)) },
      { values: nullable(11, (row) => row / 4) },
      { values: nullable(11, (row) => row / 4) },
      { values: nullable(4, (row) => `name ${row % 20}`) },
      { values: nullable(1000, (row) => `ünïque ${row}`) },
      { values: nullable(6, (row) => Uint8Array.of(row % 256, 255, 0)) },
      { values: nullable(6, (row) => row) },
      { values: nullable(6, (row) => BigInt(row) * 1_000_000n) },
      { values: nullable(6, (row) => new Uint8Array(16).fill(row % 256)) },
    ]),
  };
  const { bytes } = await writeTable(table, { dataPageBytes: 2000, rowGroupRows: 2048 });
  const file = asBuffer(bytes);
  const metadata = parquetMetadata(file);
  assert.equal(metadata.created_by, 'millrace version 0.1.0');
  assert.equal(metadata.row_groups.length, 2);
  const rows = await parquetReadObjects({ file });
  const plain = (index: number): unknown[] => table.batches.flatMap((batch) => [...batch[index]!.values]);
  const column = (name: string): unknown[] => rows.map((row) => row[name] ?? null);
  for (const [index, name] of ['flag', 'small', 'id', 'big'].entries()) assert.deepEqual(column(name), plain(index));
  const cents = (scale: number) => (value: unknown) => (value === null ? null : Math.round(Number(value) * scale));
  assert.deepEqual(column('price').map(cents(100)), plain(4).map(cents(1)));
  assert.deepEqual(
    column('wide').map((value) => (value === null ? null : Number(value))),
    plain(5).map((value) => (value === null ? null : Number(value))),
  );
  for (const name of ['ratio', 'single', 'name', 'note']) {
    assert.deepEqual(column(name), plain(table.columns.findIndex((found) => found.name === name)));
  }
  const day = (value: unknown): unknown => (value === null ? null : new Date(Number(value) * 86_400_000));
  assert.deepEqual(column('day'), plain(11).map(day));
  const at = (value: unknown): unknown => (value === null ? null : new Date(Number(value) / 1000));
  assert.deepEqual(column('at'), plain(12).map(at));
  assert.equal(column('uuid')[1], '01010101-0101-0101-0101-010101010101');
});

test('parquetjs-lite reads back the types it knows', async () => {
  const table: TestTable = {
    columns: [
      { name: 'flag', type: BOOLEAN },
      { name: 'id', type: INTEGER, nullable: false },
      { name: 'ratio', type: DOUBLE },
      { name: 'name', type: TEXT },
      { name: 'note', type: TEXT },
      { name: 'day', type: DATE },
    ],
    batches: [
      [
        { values: nullable(3, (row) => row % 2 === 0) },
        { values: range(ROWS) },
        { values: nullable(11, (row) => row / 4) },
        { values: nullable(4, (row) => `name ${row % 20}`) },
        { values: nullable(1000, (row) => `ünïque ${row}`) },
        { values: nullable(5, (row) => row) },
      ],
    ],
  };
  const { bytes } = await writeTable(table, { dataPageBytes: 2000 });
  const reader = await parquetjs.ParquetReader.openFile(saveFile(bytes));
  const cursor = reader.getCursor();
  const rows: Record<string, unknown>[] = [];
  for (let row = await cursor.next(); row !== null; row = await cursor.next()) rows.push(row);
  await reader.close();
  assert.equal(rows.length, ROWS);
  for (const [index, { name }] of table.columns.entries()) {
    const expected = table.batches[0]![index]!.values.map((value) =>
      name === 'day' && value !== null ? new Date(Number(value) * 86_400_000) : value,
    );
    assert.deepEqual(
      rows.map((row) => row[name] ?? null),
      expected,
      name,
    );
  }
});
