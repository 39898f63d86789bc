import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openFileLake } from '../../support/file-lake.js';

test('JSON lines and arrays are tables, nested values are json', async (context) => {
  const lake = await openFileLake(context);
  lake.write(
    'a.jsonl',
    '{"id":1,"name":"Ann \\"A\\" \\u00e9\\ud83d\\ude00","tags":["x",{"y":1}],"price":1.0,"day":"2024-01-02","ok":true}\n' +
      '{"id":2, "name":null, "price":2.5e1, "day":"2024-02-29", "ok":false, "extra":"7"}\n\n' +
      '{"price":3,"id":12345678901,"tags":{}}',
  );
  const described = await lake.rows(`describe '@a.jsonl'`);
  assert.deepEqual(
    described.map(([name, type]) => `${name} ${type}`),
    ['id bigint', 'name text', 'tags json', 'price double precision', 'day date', 'ok boolean', 'extra text'],
  );
  const rows = [
    ['1', 'Ann "A" é😀', '["x",{"y":1}]', '1', '2024-01-02', 't', null],
    ['2', null, null, '25', '2024-02-29', 'f', '7'],
    ['12345678901', null, '{}', '3', null, null, null],
  ];
  assert.deepEqual(await lake.rows(`select * from '@a.jsonl' order by id`), rows);
  lake.write('a.json.gz', gzipSync('[\n {"a": 1,\n  "b": "x, {"},\n {"a": 2}\n]\n'));
  assert.deepEqual(await lake.rows(`select * from '@a.json.gz' order by a`), [
    ['1', 'x, {'],
    ['2', null],
  ]);
  assert.deepEqual(
    await lake.rows(`select id, tags from read_json('@a.jsonl', columns => 'id text, tags text') order by id limit 1`),
    [['1', '["x",{"y":1}]']],
  );
  await lake.rows(
    `create table t (id bigint, name varchar(20), price numeric(6,2), tags json); copy t from '@a.jsonl'`,
  );
  assert.deepEqual(await lake.rows('select id, price, tags from t where id = 1'), [['1', '1.00', '["x",{"y":1}]']]);
  await lake.rows(`copy t to '@copy.json'; create table u (id bigint, tags json); copy u from '@copy.json'`);
  assert.deepEqual(await lake.rows('select count(*), sum(id) from u'), [['3', '12345678904']]);
});

test('a file of several stretches, and lines that cannot be read', async (context) => {
  const lake = await openFileLake(context);
  const lines = Array.from({ length: 100_000 }, (_, id) =>
    JSON.stringify({ id, text: `a\n"${id}"`, list: [id, { id }] }),
  );
  lake.write('big.jsonl', lines.join('\n'));
  assert.deepEqual(
    await lake.rows(`select count(*), sum(id), count(distinct text), max(length(list::text)) from '@big.jsonl'`),
    [['100000', '4999950000', '100000', '20']],
  );
  lake.write('bad.jsonl', '{"a":1}\n{"a":2\n[3]\n{"a":"x"}\n{"a":5}\n');
  const broken = await lake.error(`select * from read_json('@bad.jsonl', columns => 'a integer')`);
  assert.equal(broken.code, '22P02');
  assert.equal(broken.detail, `File "${lake.folder}/bad.jsonl", line 2: "{"a":2".`);
  assert.deepEqual(
    await lake.rows(`select a from read_json('@bad.jsonl', columns => 'a integer', ignore_errors => true) order by a`),
    [['1'], ['5']],
  );
  lake.write('value.jsonl', '{"a":1}\n{"a":"x"}\n');
  const value = await lake.error(`select * from read_json('@value.jsonl', types => 'a integer')`);
  assert.equal(value.detail, `File "${lake.folder}/value.jsonl", line 2, column "a": "x".`);
  lake.write('cut.json', '[{"a":1},{"a":');
  assert.equal((await lake.error(`select * from read_json('@cut.json', ignore_errors => true)`)).code, '22P02');
  assert.equal((await lake.error(`select * from read_json('@cut.json', nosuch => 1)`)).code, '22023');
  lake.write('none.json', '[1, 2]');
  assert.match((await lake.error(`select * from '@none.json'`)).message, /no JSON objects/);
});
