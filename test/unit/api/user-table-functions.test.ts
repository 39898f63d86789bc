import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Millrace } from '../../../src/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('table functions in JavaScript', async (context) => {
  const folder = temporaryFolder(context);
  const database = await Millrace.open({ lake: join(folder, 'lake'), create: true, threads: 2 });
  context.after(() => database.close());
  const texts = async (sql: string): Promise<string[]> => {
    const table = await database.query(sql);
    return table.toArray().map((row) => Object.values(row.toJSON()).join('|'));
  };
  await database.registerTableFunction({
    name: 'words',
    args: ['text'],
    columns: { position: 'integer', word: 'text' },
    *implementation(text) {
      let position = 0;
      for (const word of String(text).split(' ')) yield { word, position: ++position };
    },
  });
  await database.registerTableFunction({
    name: 'days',
    args: ['date', 'integer'],
    columns: { day: 'date', weekend: 'boolean' },
    implementation: (start, count) =>
      Array.from({ length: Number(count) }, (_, i) => {
        const day = new Date((start as Date).getTime() + i * 86_400_000);
        return [day, day.getUTCDay() % 6 === 0];
      }),
  });
  await database.registerTableFunction({ name: 'wrong', args: [], columns: { a: 'text' }, implementation: () => [1] });
  await database.registerTableFunction({
    name: 'late',
    args: [],
    columns: { a: 'text' },
    implementation: (async () => []) as never,
  });

  assert.deepEqual(await texts(`select * from words('to be or not')`), ['1|to', '2|be', '3|or', '4|not']);
  assert.deepEqual(await texts(`select w.word from words('b a') as w order by word`), ['a', 'b']);
  assert.deepEqual(await texts(`select b, n from words('x y') with ordinality as w (a, b, n)`), ['x|1', 'y|2']);
  assert.deepEqual(await texts(`select count(*), count(*) filter (where weekend) from days('2024-01-01', 14)`), [
    '14|4',
  ]);
  assert.deepEqual(await texts(`select * from words(null)`), []);

  await database.run(`create table t as select * from (values (1, 'a b'), (2, null), (3, 'c')) t (id, line)`);
  assert.deepEqual(await texts('select id, word from t, words(line) order by id, word'), ['1|a', '1|b', '3|c']);
  assert.deepEqual(await texts('select id, word from t left join words(line) w on true order by id, word'), [
    '1|a',
    '1|b',
    '2|',
    '3|c',
  ]);
  assert.deepEqual(await texts('select id, word from t cross join lateral words(t.line) where position > 1'), ['1|b']);
  assert.deepEqual(await texts('select id, (select count(*) from words(line)) from t order by id'), [
    '1|2',
    '2|0',
    '3|1',
  ]);

  await assert.rejects(texts('select * from wrong()'), {
    code: '42804',
    message: 'function wrong gave the number 1 instead of a row',
  });
  await assert.rejects(texts('select * from late()'), { code: '42804' });
  await assert.rejects(texts(`select words('a')`), { code: '0A000' });
  await assert.rejects(texts('select * from words(1, 2)'), { code: '42883' });
});

test('rows of a table function may come as batches of Arrow', async (context) => {
  const folder = temporaryFolder(context);
  const database = await Millrace.open({ lake: join(folder, 'lake'), create: true, threads: 1 });
  context.after(() => database.close());
  const arrow = import.meta.resolve('apache-arrow');
  const text = `import { tableFromArrays } from ${JSON.stringify(arrow)};
    export function* batches(n) {
      const table = tableFromArrays({ id: Int32Array.from({ length: n }, (_, i) => i), name: Array.from({ length: n }, (_, i) => 'n' + i) });
      yield* table.batches;
    }`;
  await database.registerTableFunction({
    name: 'batches',
    args: ['integer'],
    columns: { name: 'text', id: 'bigint' },
    module: `data:text/javascript,${encodeURIComponent(text)}`,
    export: 'batches',
  });
  const [row] = (
    await database.query('select count(*) as n, sum(id) as s, max(name) as m from batches(1000)')
  ).toArray();
  assert.equal(`${row!.n} ${row!.m}`, '1000 n999');
});

test('a function that never returns ends with its query', async (context) => {
  const folder = temporaryFolder(context);
  const database = await Millrace.open({ lake: join(folder, 'lake'), create: true, threads: 2 });
  context.after(() => database.close());
  await database.registerFunction({
    name: 'endless',
    args: ['integer'],
    returns: 'integer',
    volatility: 'immutable',
    implementation: () => {
      for (;;);
    },
  });
  await assert.rejects(database.query('select endless(1)', [], { signal: AbortSignal.timeout(100) }), {
    code: '57014',
  });
  await assert.rejects(database.run('set statement_timeout = 100; select endless(1);'), { code: '57014' });
  // Other workers took their places, and nothing of the memory is lost.
  const rows = (await database.query('select count(*) as n from generate_series(1, 100000)')).toArray();
  assert.equal(String(rows[0]!.n), '100000');
  await database.run('create table t as select x from generate_series(1, 50000) g (x)');
  const [row] = (await database.query('select sum(x) as s from t')).toArray();
  assert.ok(row);
});

test('rows of a table function are collected in the memory of the query, not on the heap', async (context) => {
  const folder = temporaryFolder(context);
  const database = await Millrace.open({
    lake: join(folder, 'lake'),
    create: true,
    threads: 1,
    memoryLimit: '160MB',
  });
  context.after(() => database.close());
  await database.registerTableFunction({
    name: 'numbered',
    args: ['integer', 'text'],
    columns: { i: 'integer', t: 'text' },
    *implementation(count, text) {
      for (let i = 0; i < Number(count); i++) yield [i, text];
    },
  });
  const [row] = (
    await database.query(`select count(*)::int as n, sum(i) as s, min(t) as t from numbered(100000, 'some text')`)
  ).toArray();
  assert.equal(`${row!.n} ${row!.s} ${row!.t}`, '100000 4999950000 some text');
  // A hundred bytes a row: a million of them cannot be held, and the limit of memory says so.
  await assert.rejects(database.query(`select count(*) from numbered(1000000, repeat('x', 60))`), { code: '53200' });
  const again = (await database.query(`select count(*)::int as n from numbered(10, 'a')`)).toArray();
  assert.equal(again[0]!.n, 10);
});
