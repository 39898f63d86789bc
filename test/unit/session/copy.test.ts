import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFileLake } from '../../support/file-lake.js';

const TABLE = `create table t (a integer, b text, d numeric(8,2), e date);
  insert into t values (1, 'x,"y', 1.5, '2024-02-29'), (2, null, null, null), (3, '', -2, '1999-12-31'),
    (4, E'tab\\t\\\\\\nnew', 0, '2000-01-01')`;

test('COPY writes CSV, text and JSON as PostgreSQL does, and reads what it wrote', async (context) => {
  const lake = await openFileLake(context);
  await lake.rows(TABLE);
  const expected = await lake.rows('select * from t order by a');
  const cases: readonly [string, string, string | undefined][] = [
    ['x.csv', '', '1,"x,""y",1.50,2024-02-29\n2,,,\n3,"",-2.00,1999-12-31\n4,"tab\t\\\nnew",0.00,2000-01-01\n'],
    [
      'x.txt',
      '',
      '1\tx,"y\t1.50\t2024-02-29\n2\t\\N\t\\N\t\\N\n3\t\t-2.00\t1999-12-31\n4\ttab\\t\\\\\\nnew\t0.00\t2000-01-01\n',
    ],
    ['semi', "(format csv, delimiter ';', null 'NULL', header, escape '\\')", undefined],
    ['quoted', "(format csv, force_quote *, quote '''')", undefined],
    ['pipe', "with (delimiter '|', null '')", undefined],
  ];
  for (const [name, options, content] of cases) {
    await lake.rows(`copy (select * from t order by a) to '@${name}' ${options}`);
    if (content !== undefined) assert.equal(readFileSync(join(lake.folder, name), 'utf8'), content);
    if (options.includes('|')) continue; // an empty text is NULL then
    await lake.rows('create or replace table u (a integer, b text, d numeric(8,2), e date)');
    await lake.rows(`copy u from '@${name}' ${options.replace('force_quote *, ', '')}`);
    assert.deepEqual(await lake.rows('select * from u order by a'), expected, name);
  }
  await lake.rows(`copy (select a, b, d, a > 1 as "is ""more""", 'NaN'::float8 as n from t order by a) to '@x.json'`);
  const objects = readFileSync(join(lake.folder, 'x.json'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(objects[0], { a: 1, b: 'x,"y', d: 1.5, 'is "more"': false, n: 'NaN' });
  assert.deepEqual(objects[1], { a: 2, b: null, d: null, 'is "more"': true, n: 'NaN' });
  await lake.rows(`copy t (b, a) to '@two.csv' (header)`);
  assert.equal(readFileSync(join(lake.folder, 'two.csv'), 'utf8').split('\n')[0], 'b,a');
});

test('COPY FROM takes columns in any order, and assigns as INSERT does', async (context) => {
  const lake = await openFileLake(context);
  await lake.rows('create table t (a integer, b varchar(3), c double precision)');
  lake.write('x.csv', 'b,a\nabc,1\n,2\n"",3\n');
  await lake.rows(`copy t (b, a) from '@x.csv' (format csv, header match)`);
  assert.deepEqual(await lake.rows('select * from t order by a'), [
    ['1', 'abc', null],
    ['2', null, null],
    ['3', '', null],
  ]);
  const before = await lake.rows('select count(*) from t');
  const cases: readonly [string, string, string, RegExp][] = [
    ['1,abcd\n', '(format csv)', '22001', /value too long/],
    ['x,abc\n', '(format csv)', '22P02', /invalid input syntax for type integer: "x"/],
    ['"",abc\n', '(format csv)', '22P02', /invalid input syntax for type integer: ""/],
    ['1\n', '(format csv)', '22P04', /missing data/],
    ['1,2,3\n', '(format csv)', '22P04', /extra data/],
    ['\n', '(format csv)', '22P04', /missing data/],
    ['b,a\n1,2\n', '(format csv, header match)', '42804', /different columns/],
  ];
  for (const [content, options, code, message] of cases) {
    lake.write('bad.csv', content);
    const error = await lake.error(`copy t (a, b) from '@bad.csv' ${options}`);
    assert.equal(error.code, code, content);
    assert.match(error.message, message);
  }
  assert.deepEqual(await lake.rows('select count(*) from t'), before, 'nothing of a failed COPY stays');
  lake.write('ends.txt', '7\tx\n8\ty\n\\.\nnot read\n');
  await lake.rows(`copy t (a, b) from '@ends.txt'`);
  assert.deepEqual(await lake.rows('select a, b from t where a > 6 order by a'), [
    ['7', 'x'],
    ['8', 'y'],
  ]);
});

test('COPY writes Parquet files, also by partition', async (context) => {
  const lake = await openFileLake(context);
  await lake.rows(TABLE);
  await lake.rows(`copy t to '@x.parquet' (compression zstd)`);
  assert.deepEqual(await lake.rows(`select count(*), sum(d) from '@x.parquet'`), [['4', '-0.50']]);
  const copy = `copy (select a % 2 as odd, b, a, e from t) to '@parts' (format parquet, partition_by (odd, b)`;
  await lake.rows(`${copy})`);
  assert.deepEqual(readdirSync(join(lake.folder, 'parts')).sort(), ['odd=0', 'odd=1']);
  assert.deepEqual(await lake.rows(`select odd, b, a from '@parts' order by a`), [
    ['1', 'x,"y', '1'],
    ['0', null, '2'],
    ['1', '', '3'],
    ['0', 'tab\t\\\nnew', '4'],
  ]);
  assert.equal((await lake.error(`${copy})`)).code, '42P07');
  await lake.rows(`${copy}, overwrite true)`);
  assert.deepEqual(await lake.rows(`select count(*) from '@parts'`), [['4']]);
  assert.deepEqual(
    readdirSync(lake.folder).filter((name) => name.includes('partial')),
    [],
    'nothing is left behind',
  );
  await lake.rows(`create table u (a integer, b text, d numeric(8,2), e date); copy u from '@x.parquet'`);
  assert.deepEqual(await lake.rows('select count(*) from u'), [['4']]);
});

test('options and targets that are not there are refused by name', async (context) => {
  const lake = await openFileLake(context);
  await lake.rows(TABLE);
  const cases: readonly [string, string][] = [
    [`copy t to '@x' (nosuch)`, '42601'],
    [`copy t to '@x' (format nosuch)`, '22023'],
    [`copy t to '@x' (format binary)`, '0A000'],
    [`copy t to '@x' (quote 'x')`, '22023'],
    [`copy t to '@x' (delimiter 'ab')`, '22023'],
    [`copy t to '@x' (encoding 'latin1')`, '0A000'],
    [`copy t to '@x' (format csv, format csv)`, '42601'],
    [`copy t to '@no/such/folder/x.csv'`, '58P01'],
    [`copy t (nosuch) to '@x.csv'`, '42703'],
    [`copy t (nosuch) from '@x.csv'`, '42703'],
    [`copy nosuch from '@x.csv'`, '42P01'],
    [`copy t to stdout`, '0A000'],
    [`copy t from stdin`, '0A000'],
    [`copy t from '@nosuch.csv'`, '58P01'],
    [`copy t to '@parts' (format parquet, partition_by (nosuch))`, '42703'],
  ];
  for (const [sql, code] of cases) assert.equal((await lake.error(sql)).code, code, sql);
});

test('COPY of a table leaves generated columns out, and computes them', async (context) => {
  const lake = await openFileLake(context);
  await lake.rows('create table t (a integer, b integer generated always as (a * 2) stored, c text)');
  await lake.rows("insert into t (a, c) values (1, 'x'), (2, 'y')");
  await lake.rows('create table u (like t including all)');
  for (const [name, options] of [
    ['x.csv', ''],
    ['x.parquet', '(format parquet)'],
  ]) {
    await lake.rows(`copy t to '@${name}' ${options}`);
    await lake.rows('truncate u');
    await lake.rows(`copy u from '@${name}' ${options}`);
    assert.deepEqual(await lake.rows('select * from u order by a'), await lake.rows('select * from t order by a'));
  }
  assert.equal(readFileSync(join(lake.folder, 'x.csv'), 'utf8'), '1,x\n2,y\n');
});
