import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogFile, CatalogTable, ColumnStatistics } from '../../../src/planner/catalog-view.js';
import type { ConstantExpression } from '../../../src/planner/expression.js';
import { INTEGER, TEXT } from '../../../src/types/sql-type.js';
import { planSql } from '../../plans/support/plan-sql.js';
import { catalogOf } from '../../plans/support/tpch-catalog.js';

const integer = (value: number | null): ConstantExpression => ({ kind: 'constant', type: INTEGER, value });
const text = (value: string): ConstantExpression => ({ kind: 'constant', type: TEXT, value });
const exact = (min: ConstantExpression, max: ConstantExpression, nullCount: number): ColumnStatistics => ({
  min,
  max,
  minIsExact: true,
  maxIsExact: true,
  nullCount,
});

/** A file with one row group of ten rows in partition `p`. */
function fileOf(p: number | null, columns: readonly [string, ColumnStatistics][]): CatalogFile {
  return {
    path: `p=${p}`,
    byteLength: 1,
    version: '1',
    partitionValues: [integer(p)],
    rowGroups: [{ rowCount: 10, columns: new Map(columns) }],
  };
}

function tableOf(files: readonly CatalogFile[]): CatalogTable {
  return {
    kind: 'table',
    name: 't',
    columns: [
      { name: 'a', type: INTEGER, nullable: true },
      { name: 's', type: TEXT, nullable: true },
      { name: 'p', type: INTEGER, nullable: true },
    ],
    partitionColumns: ['p'],
    openScan: async () => ({
      files,
      totalFiles: files.length,
      rowCount: files.length * 10,
      columnStatistics: new Map(),
    }),
  };
}

/** The rows that need no data, or undefined where data must be read. */
async function answer(sql: string, files: readonly CatalogFile[]): Promise<unknown> {
  const { plan } = await planSql(sql, catalogOf([tableOf(files)]));
  return plan.kind === 'values' && plan.origin ? plan.rows.map((row) => row.map(({ value }) => value)) : undefined;
}

const FILES = [
  fileOf(1, [['a', exact(integer(3), integer(9), 2)]]),
  fileOf(null, [['a', { nullCount: 10 }]]),
  fileOf(2, [['a', exact(integer(-1), integer(4), 0)]]),
];

test('counts and bounds are taken together over row groups, those without values left out', async () => {
  deepEqual(await answer('select count(*), count(a), min(a), max(a), max(p), count(p) from t', FILES), [
    [30n, 18n, -1, 9, 2, 20n],
  ]);
  deepEqual(await answer('select p, count(*), min(a) from t group by p', FILES), [
    [1, 10n, 3],
    [null, 10n, null],
    [2, 10n, -1],
  ]);
  deepEqual(await answer('select count(*), min(a) from t', []), [[0n, null]]);
  deepEqual(await answer('select p from t group by p', []), []);
});

test('data is read where one file does not tell', async () => {
  const { rowGroups: _unknown, ...withoutFooter } = FILES[0]!;
  equal(await answer('select count(*) from t', [...FILES, withoutFooter]), undefined);
  const withoutColumn = [...FILES, fileOf(3, [])];
  equal(await answer('select count(a) from t', withoutColumn), undefined);
  equal(await answer('select min(a) from t', withoutColumn), undefined);
  deepEqual(await answer('select count(*), max(p) from t', withoutColumn), [[40n, 3]]);
  const withoutNulls = [fileOf(1, [['a', { ...exact(integer(1), integer(2), 0), nullCount: undefined }]])];
  equal(await answer('select count(a) from t', withoutNulls), undefined);
  deepEqual(await answer('select max(a) from t', withoutNulls), [[2]]);
});

test('bounds that need not be values are not answers', async () => {
  const cut = [fileOf(1, [['s', { ...exact(text('a'), text('b'), 0), maxIsExact: false }]])];
  deepEqual(await answer('select min(s) from t', cut), [['a']]);
  equal(await answer('select max(s) from t', cut), undefined);
});

test('filters, aggregates over rows and other keys read the data', async () => {
  for (const sql of [
    'select count(*) from t where a > 1',
    'select count(*) filter (where a > 1) from t',
    'select a, count(*) from t group by a',
    'select sum(a) from t',
    'select min(a + 1) from t',
  ]) {
    equal(await answer(sql, FILES), undefined, sql);
  }
  deepEqual(await answer('select count(1), count(null) from t', FILES), [[30n, 0n]]);
});
