import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Millrace } from '../../../src/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const MODULE = `
export const domainOf = (url) => new URL(url).hostname;
export const twice = (n) => n * 2;
export const twiceBig = (n) => n * 2n;
export const orNothing = (text) => text ?? 'nothing';
export const nothing = () => null;
export const nextDay = (day) => new Date(day.getTime() + 86_400_000);
export const addTax = (price) => (Number(price) * 1.2).toFixed(2);
export const keyCount = (value) => Object.keys(value).length;
export const wrong = () => ({});
export const broken = (n) => { if (n === 7) throw new Error('seven is too much'); return n; };
export const notAFunction = 1;
`;

test('functions of JavaScript modules are called in SQL', async (context) => {
  const folder = temporaryFolder(context);
  const module = join(folder, 'functions.mjs');
  writeFileSync(module, MODULE);
  const database = await Millrace.open({ lake: join(folder, 'lake'), create: true, threads: 2 });
  context.after(() => database.close());
  const register = (name: string, args: string[], returns: string, exported: string, more = {}): Promise<void> =>
    database.registerFunction({ name, args, returns, module, export: exported, ...more });
  const value = async (sql: string): Promise<string> => {
    const table = await database.query(`select (${sql})::text as value`);
    return String(table.toArray()[0]!.value);
  };
  await register('domain_of', ['text'], 'text', 'domainOf', { volatility: 'immutable' });
  await register('twice', ['integer'], 'integer', 'twice');
  await register('twice', ['bigint'], 'bigint', 'twiceBig');
  await register('or_nothing', ['text'], 'text', 'orNothing', { callOnNull: true });
  await register('day_after', ['date'], 'date', 'nextDay');
  await register('add_tax', ['numeric(10,2)'], 'numeric(12,2)', 'addTax');
  await register('key_count', ['json'], 'integer', 'keyCount');
  await register('wrong', [], 'integer', 'wrong');
  await register('nothing', [], 'text', 'nothing');
  await register('broken', ['integer'], 'integer', 'broken');

  assert.equal(await value(`domain_of('https://example.com/a')`), 'example.com');
  assert.equal(await value('twice(21)'), '42');
  assert.equal(await value('twice(5000000000)'), '10000000000');
  assert.equal(await value('twice(null::integer)'), 'null');
  assert.equal(await value('or_nothing(null)'), 'nothing');
  assert.equal(await value('nothing()'), 'null');
  assert.equal(await value(`day_after('2024-02-28')`), '2024-02-29');
  assert.equal(await value('add_tax(10.05)'), '12.06');
  assert.equal(await value(`key_count('{"a": 1, "b": 2}')`), '2');

  // On the workers, over more rows than a batch, in filters, groups and joins.
  await database.run(
    `create table t as select x::integer as x, 'https://h' || x % 3 || '.org/' as url from generate_series(1, 20000) g(x)`,
  );
  const groups = await database.query(
    'select domain_of(url) as host, sum(twice(x)) as total from t group by 1 order by 1',
  );
  assert.deepEqual(
    groups.toArray().map((row) => row.host),
    ['h0.org', 'h1.org', 'h2.org'],
  );
  const sums = groups.toArray().map((row) => BigInt(row.total));
  assert.equal(
    sums.reduce((all, sum) => all + sum, 0n),
    400_020_000n,
  );
  const filtered = await database.query('select count(*) as n from t where twice(x) > 39990');
  assert.equal(String(filtered.toArray()[0]!.n), '5');
  const plan = (await database.query('explain select twice(x) as y from t')).toArray();
  assert.match(plan.map((row) => row['QUERY PLAN']).join('\n'), /twice\(x\)/);

  await assert.rejects(value('broken(7)'), { code: '38000', message: 'function broken failed: seven is too much' });
  await assert.rejects(database.query('select sum(broken(x)) from t'), { code: '38000' });
  assert.equal(await value('case when true then 1 else broken(7) end'), '1');
  await assert.rejects(value('wrong()'), {
    code: '42804',
    message: 'function wrong returned a value of Object instead of integer',
  });
  await assert.rejects(value(`day_after('x')`), { code: '22007' });
  await assert.rejects(value('twice(1, 2)'), { code: '42883' });
  await assert.rejects(value(`domain_off('x')`), { code: '42883', hint: 'Perhaps you meant "domain_of".' });
  await assert.rejects(register('upper', ['text'], 'text', 'domainOf'), { code: '42723' });
  await assert.rejects(register('f', ['text'], 'text', 'notAFunction'), { code: '38000' });
  await assert.rejects(register('f', ['nosuch'], 'text', 'domainOf'), { code: '42704' });
});
