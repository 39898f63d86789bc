import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { openParquetWriter } from '../../../bench/tpch/parquet-writer.js';
import { computeSupplierKey } from '../../../bench/tpch/part-suppliers.js';
import { createRandomStream, drawInteger } from '../../../bench/tpch/random.js';
import type { TableGenerator } from '../../../bench/tpch/table-generator.js';
import { TPCH_TABLES } from '../../../bench/tpch/tables.js';
import { COLORS } from '../../../bench/tpch/word-lists.js';

const SCALE = 0.001;
const CURRENT_DATE = '1995-06-17';
const toIsoDate = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10);

type Row = Readonly<Record<string, string | number>>;

function readRows({ columns, generate }: TableGenerator, scale: number): Row[] {
  const rows: Row[] = [];
  for (const batch of generate(scale)) {
    for (let slot = 0; slot < batch.rowCount; slot++) {
      const entries = columns.map(({ name, kind, entries: choices }, index): [string, string | number] => {
        const value = batch.columns[index]![slot]!;
        if (kind === 'choice') return [name, choices![value as number]!];
        return [name, kind === 'date' ? toIsoDate(value as number) : value];
      });
      rows.push(Object.fromEntries(entries));
    }
  }
  return rows;
}

const tables = new Map(TPCH_TABLES.map((table) => [table.name, readRows(table, SCALE)]));
const rowsOf = (table: string): readonly Row[] => tables.get(table)!;
const keysOf = (table: string, ...columns: string[]): string[] =>
  rowsOf(table).map((row) => columns.map((column) => row[column]).join('/'));

test('the cardinalities are those of the specification', () => {
  const counts = Object.fromEntries([...tables].map(([name, rows]) => [name, rows.length]));
  const { lineitem, ...others } = counts;
  assert.deepEqual(others, {
    region: 5,
    nation: 25,
    supplier: 10,
    customer: 150,
    part: 200,
    partsupp: 800,
    orders: 1500,
  });
  assert.ok(lineitem! > 1500 * 3.8 && lineitem! < 1500 * 4.2, `${lineitem} lines`);
});

test('primary keys are unique', () => {
  const keys: Readonly<Record<string, string[]>> = {
    region: ['r_regionkey'],
    nation: ['n_nationkey'],
    supplier: ['s_suppkey'],
    customer: ['c_custkey'],
    part: ['p_partkey'],
    partsupp: ['ps_partkey', 'ps_suppkey'],
    orders: ['o_orderkey'],
    lineitem: ['l_orderkey', 'l_linenumber'],
  };
  for (const [table, columns] of Object.entries(keys)) {
    const values = keysOf(table, ...columns);
    assert.equal(new Set(values).size, values.length, table);
  }
});

test('foreign keys hold', () => {
  const references: readonly [string, string[], string, string[]][] = [
    ['nation', ['n_regionkey'], 'region', ['r_regionkey']],
    ['supplier', ['s_nationkey'], 'nation', ['n_nationkey']],
    ['customer', ['c_nationkey'], 'nation', ['n_nationkey']],
    ['partsupp', ['ps_partkey'], 'part', ['p_partkey']],
    ['partsupp', ['ps_suppkey'], 'supplier', ['s_suppkey']],
    ['orders', ['o_custkey'], 'customer', ['c_custkey']],
    ['lineitem', ['l_orderkey'], 'orders', ['o_orderkey']],
    ['lineitem', ['l_partkey', 'l_suppkey'], 'partsupp', ['ps_partkey', 'ps_suppkey']],
  ];
  for (const [table, columns, target, targetColumns] of references) {
    const known = new Set(keysOf(target, ...targetColumns));
    assert.deepEqual(
      keysOf(table, ...columns).filter((key) => !known.has(key)),
      [],
      `${table} → ${target}`,
    );
  }
});

test('each part has four suppliers at any scale', () => {
  for (const supplierCount of [10, 12, 20, 36, 60, 100, 1000, 10_000]) {
    for (let partKey = 1; partKey <= supplierCount * 20; partKey += 7) {
      const suppliers = [0, 1, 2, 3].map((choice) => computeSupplierKey(partKey, choice, supplierCount));
      assert.equal(new Set(suppliers).size, 4, `part ${partKey} of ${supplierCount} suppliers`);
    }
  }
});

test('order keys are sparse and a third of the customers never orders', () => {
  for (const { o_orderkey, o_custkey } of rowsOf('orders')) {
    assert.ok((o_orderkey as number) % 32 < 8);
    assert.notEqual((o_custkey as number) % 3, 0);
  }
});

test('the dates of a line follow from the date of its order', () => {
  const orderDates = new Map(rowsOf('orders').map((row) => [row.o_orderkey, row.o_orderdate as string]));
  const daysBetween = (from: string, to: string | number | undefined): number =>
    (Date.parse(to as string) - Date.parse(from)) / 86_400_000;
  const isBetween = (days: number, low: number, high: number): boolean => days >= low && days <= high;
  for (const line of rowsOf('lineitem')) {
    const orderDate = orderDates.get(line.l_orderkey!)!;
    assert.ok(orderDate >= '1992-01-01' && orderDate <= '1998-08-02', orderDate);
    assert.ok(isBetween(daysBetween(orderDate, line.l_shipdate), 1, 121));
    assert.ok(isBetween(daysBetween(orderDate, line.l_commitdate), 30, 90));
    assert.ok(isBetween(daysBetween(line.l_shipdate as string, line.l_receiptdate), 1, 30));
    assert.equal(line.l_linestatus, (line.l_shipdate as string) > CURRENT_DATE ? 'O' : 'F');
    const flags = (line.l_receiptdate as string) <= CURRENT_DATE ? ['A', 'R'] : ['N'];
    assert.ok(flags.includes(line.l_returnflag as string));
  }
});

test('the price and the status of an order follow from its lines', () => {
  const retailPrices = new Map(rowsOf('part').map((row) => [row.p_partkey, row.p_retailprice as number]));
  const totals = new Map<unknown, number>();
  const statuses = new Map<unknown, Set<unknown>>();
  for (const line of rowsOf('lineitem')) {
    const price = line.l_extendedprice as number;
    assert.equal(price * 100, (line.l_quantity as number) * retailPrices.get(line.l_partkey!)!);
    const total = price * (1 - (line.l_discount as number) / 100) * (1 + (line.l_tax as number) / 100);
    totals.set(line.l_orderkey, (totals.get(line.l_orderkey) ?? 0) + total);
    statuses.set(line.l_orderkey, (statuses.get(line.l_orderkey) ?? new Set()).add(line.l_linestatus));
  }
  for (const { o_orderkey, o_totalprice, o_orderstatus } of rowsOf('orders')) {
    // Each line's cents are cut off, twice.
    assert.ok(Math.abs(totals.get(o_orderkey)! - (o_totalprice as number)) <= 2 * 7);
    const lines = [...statuses.get(o_orderkey)!];
    assert.equal(o_orderstatus, lines.length > 1 ? 'P' : lines[0]);
  }
});

test('names, phones, prices and comments have their formats', () => {
  for (const { p_name, p_mfgr, p_brand, p_partkey, p_retailprice } of rowsOf('part')) {
    const words = (p_name as string).split(' ');
    assert.equal(new Set(words).size, 5);
    assert.ok(words.every((word) => COLORS.includes(word)));
    assert.equal((p_brand as string).at(-2), (p_mfgr as string).at(-1));
    const key = p_partkey as number;
    assert.equal(p_retailprice, 90_000 + Math.floor(key / 10) + 100 * (key % 1000));
  }
  for (const { c_phone, c_nationkey, c_name, c_custkey } of rowsOf('customer')) {
    assert.match(c_phone as string, new RegExp(`^${(c_nationkey as number) + 10}-\\d{3}-\\d{3}-\\d{4}$`));
    assert.equal(c_name, `Customer#${String(c_custkey).padStart(9, '0')}`);
  }
  const comments = rowsOf('supplier').map((row) => row.s_comment as string);
  assert.equal(comments.filter((comment) => /Customer.*Complaints/.test(comment)).length, 1);
  assert.equal(comments.filter((comment) => /Customer.*Recommends/.test(comment)).length, 1);
  assert.ok(comments.every(({ length }) => length >= 25 && length <= 100));
  assert.equal(new Set(COLORS).size, 92);
});

test('draws are uniform, and streams do not follow one another', () => {
  const counts = new Array<number>(10).fill(0);
  const [first, second] = [createRandomStream('a.b'), createRandomStream('a.c')];
  let together = 0;
  for (let index = 0; index < 100_000; index++) {
    const value = drawInteger(first, index, 0, 9);
    counts[value]!++;
    if (value === drawInteger(second, index, 0, 9)) together++;
  }
  for (const count of [...counts, together]) assert.ok(Math.abs(count - 10_000) < 500, `${counts} ${together}`);
});

/** A change here changes everybody's benchmark data: raise GENERATOR_VERSION in tpch-lake.ts with it. */
const EXPECTED_HASH = 'fc82de719f6b5f056c46f653a227947ad86b9a09ec9cdb085c1b51f90917a3ba';

test('the data of a scale is always the same', () => {
  const hash = createHash('sha256');
  for (const [name, rows] of tables) hash.update(name).update(JSON.stringify(rows));
  assert.equal(hash.digest('hex'), EXPECTED_HASH);
});

test('the Parquet files hold the rows, with the types of the specification', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-tpch-'));
  try {
    const writer = await openParquetWriter(join(folder, 'staging.duckdb'));
    const path = join(folder, 'orders.parquet');
    await writer.writeTable(TPCH_TABLES.find(({ name }) => name === 'orders')!, SCALE, path, () => {});
    await writer.close();
    const connection = await (await DuckDBInstance.create()).connect();
    const read = async (sql: string): Promise<unknown[]> => (await connection.runAndReadAll(sql)).getRowsJson()[0]!;
    const types = await read(`SELECT list(column_type) FROM (DESCRIBE FROM '${path}')`);
    assert.deepEqual(types, [
      ['BIGINT', 'BIGINT', 'VARCHAR', 'DECIMAL(15,2)', 'DATE', 'VARCHAR', 'VARCHAR', 'INTEGER', 'VARCHAR'],
    ]);
    const last = rowsOf('orders').at(-1)!;
    const written = await read(
      `SELECT o_orderstatus, (o_totalprice * 100)::INTEGER, o_orderdate, o_comment, (SELECT count(*) FROM '${path}')::INTEGER ` +
        `FROM '${path}' WHERE o_orderkey = ${last.o_orderkey}`,
    );
    assert.deepEqual(written, [last.o_orderstatus, last.o_totalprice, last.o_orderdate, last.o_comment, 1500]);
    connection.closeSync();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
