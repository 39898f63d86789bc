import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Millrace } from '../../../src/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const MODULE = `
export const multiplied = { init: () => 1, step: (state, x) => state * x };
export const longest = {
  init: () => ({ text: null }),
  step(state, text) { if (state.text === null || text.length > state.text.length) state.text = text; },
  finish: (state) => state.text,
};
export const weighted = {
  init: () => [0, 0],
  step: ([sum, weight], x, w) => [sum + Number(x) * w, weight + w],
  finish: ([sum, weight]) => weight === 0 ? null : sum / weight,
};
export const joined = { init: () => [], step: (all, x) => { all.push(x); }, finish: (all) => all.join(' ') };
export const rows = { init: () => 0, step: (n) => n + 1 };
export const broken = { init: () => 0, step: () => { throw new Error('no more'); } };
export const half = { init: () => 0 };
`;

async function openDatabase(context: TestContext): Promise<{ database: Millrace; module: string }> {
  const folder = temporaryFolder(context);
  const module = join(folder, 'aggregates.mjs');
  writeFileSync(module, MODULE);
  const database = await Millrace.open({ lake: join(folder, 'lake'), create: true, threads: 2 });
  context.after(() => database.close());
  return { database, module };
}

test('aggregates of JavaScript modules', async (context) => {
  const { database, module } = await openDatabase(context);
  const register = (name: string, args: string[], returns: string, exported: string, more = {}): Promise<void> =>
    database.registerAggregate({ name, args, returns, module, export: exported, ...more });
  const texts = async (sql: string): Promise<string[]> => {
    const table = await database.query(sql);
    return table.toArray().map((row) => Object.values(row.toJSON()).join('|'));
  };
  await register('multiplied', ['double precision'], 'double precision', 'multiplied');
  await register('longest', ['text'], 'text', 'longest');
  await register('weighted_average', ['numeric', 'double precision'], 'double precision', 'weighted');
  await register('joined', ['text'], 'text', 'joined');
  await register('joined_all', ['text'], 'text', 'joined', { callOnNull: true });
  await register('row_number_of', [], 'bigint', 'rows');
  await register('broken', ['integer'], 'integer', 'broken');

  assert.deepEqual(await texts('select multiplied(x) from (values (1), (2), (null), (7)) t (x)'), ['14']);
  // No rows: the state that nothing was added to.
  assert.deepEqual(
    await texts('select multiplied(x), longest(x::text) is null as n from generate_series(1, 0) g (x)'),
    ['1|true'],
  );
  assert.deepEqual(
    await texts("select x % 2 as k, longest(repeat('a', x)) from generate_series(1, 5) g (x) group by 1 order by 1"),
    ['0|aaaa', '1|aaaaa'],
  );
  assert.deepEqual(await texts('select weighted_average(x, 2) from (values (1.5), (2.5)) t (x)'), ['2']);
  assert.deepEqual(
    await texts(`select joined(x order by x desc), joined(distinct x order by x), joined(x) filter (where x <> 'b')
      from (values ('a'), ('b'), ('b')) t (x)`),
    ['b b a|a b|a'],
  );
  assert.deepEqual(await texts(`select joined_all(x), joined(x) from (values ('a'), (null), ('c')) t (x)`), [
    'a  c|a c',
  ]);
  assert.deepEqual(await texts('select row_number_of(*) from generate_series(1, 9) g (x)'), ['9']);
  assert.deepEqual(
    await texts(`select x, joined(x::text) over (order by x), joined(x::text) over (order by x rows between 1 preceding and current row),
      multiplied(x) over () from generate_series(1, 3) g (x)`),
    ['1|1|1|6', '2|1 2|1 2|6', '3|1 2 3|2 3|6'],
  );
  assert.deepEqual(
    await texts(
      'select x % 2, multiplied(x) from generate_series(1, 4) g (x) group by rollup (1) having multiplied(x) > 3 order by 1',
    ),
    ['0|8', '|24'],
  );
  assert.deepEqual(await texts('select joined(a.x::text) from generate_series(1, 2) a (x) group by all'), ['1 2']);

  // Many groups on the workers, and one large one.
  await database.run('create table t as select x, x % 5000 as k from generate_series(1, 100000) g (x)');
  assert.deepEqual(
    await texts('select count(*), min(n), max(n) from (select k, row_number_of(*) as n from t group by k) s'),
    ['5000|20|20'],
  );
  assert.deepEqual(await texts('select row_number_of(*) from t'), ['100000']);
  const plan = (await database.query('explain select multiplied(x) from t')).toArray();
  assert.match(plan.map((row) => row['QUERY PLAN']).join('\n'), /multiplied\(/);

  await assert.rejects(texts('select broken(1)'), { code: '38000', message: 'function broken failed: no more' });
  await assert.rejects(texts('select multiplied()'), { code: '42883' });
  await assert.rejects(texts(`select multiplied('2024-01-01'::date)`), { code: '42883' });
  await assert.rejects(texts('select 1 where multiplied(1) > 1'), { code: '42803' });
  await assert.rejects(texts('select multiplied(multiplied(1))'), { code: '42803' });
  await assert.rejects(register('half', ['integer'], 'integer', 'half'), { code: '38000' });
  await assert.rejects(register('sum', ['integer'], 'integer', 'multiplied'), { code: '42723' });
  await assert.rejects(
    database.registerFunction({ name: 'multiplied', args: [], returns: 'text', module, export: 'half' }),
    {
      code: '42723',
    },
  );
});

test('the text of a function is what runs', async (context) => {
  const { database } = await openDatabase(context);
  const outside = 10;
  await database.registerFunction({
    name: 'triple',
    args: ['integer'],
    returns: 'integer',
    implementation: (x) => Number(x) * 3,
  });
  await database.registerFunction({
    name: 'leaky',
    args: ['integer'],
    returns: 'integer',
    implementation: (x) => Number(x) + outside,
  });
  await database.registerAggregate({
    name: 'spread',
    args: ['integer'],
    returns: 'integer',
    implementation: {
      init: () => ({ min: Infinity, max: -Infinity }),
      step(state, x) {
        const range = state as { min: number; max: number };
        range.min = Math.min(range.min, x as number);
        range.max = Math.max(range.max, x as number);
      },
      finish: (state) => (state as { max: number }).max - (state as { min: number }).min,
    },
  });
  const rows = (
    await database.query('select triple(7) as a, spread(x) as b from generate_series(3, 9) g (x)')
  ).toArray();
  assert.deepEqual({ ...rows[0]!.toJSON() }, { a: 21, b: 6 });
  await assert.rejects(database.query('select leaky(1)'), (error: { code: string; message: string; hint: string }) => {
    assert.equal(error.code, '38000');
    assert.match(error.message, /function leaky failed: outside is not defined/);
    assert.match(error.hint, /nothing of the program around it/);
    return true;
  });
  const bound = function (this: { factor: number }, x: unknown) {
    return Number(x) * this.factor;
  }.bind({ factor: 2 });
  await assert.rejects(
    database.registerFunction({ name: 'bound', args: ['integer'], returns: 'integer', implementation: bound }),
    { code: '38000', message: 'the text of function bound is not to be had' },
  );
});

test('nested values as arguments and results', async (context) => {
  const { database } = await openDatabase(context);
  const value = async (sql: string): Promise<string> =>
    String((await database.query(`select (${sql})::text as value`)).toArray()[0]!.value);
  await database.registerFunction({
    name: 'sorted',
    args: ['integer[]'],
    returns: 'integer[]',
    implementation: (all) => (all as number[]).toSorted((a, b) => b - a),
  });
  assert.equal(await value('sorted(array[3, 1, 2])'), '{3,2,1}');
  assert.equal(await value(`sorted('{}')`), '{}');
  await database.registerAggregate({
    name: 'histogram_of',
    args: ['text'],
    returns: 'jsonb',
    implementation: {
      init: () => ({}),
      step(state, x) {
        const counts = state as Record<string, number>;
        counts[String(x)] = (counts[String(x)] ?? 0) + 1;
      },
    },
  });
  assert.equal(await value(`(select histogram_of(x) from (values ('a'), ('b'), ('a')) t (x))`), '{"a": 2, "b": 1}');
});
