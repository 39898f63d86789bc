import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Engine, type EngineOptions } from '../../src/session/engine.js';
import { execute } from '../slt/run-slt.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MEBIBYTE = 2 ** 20;

async function openEngine(context: TestContext, lake: string, options: Partial<EngineOptions>): Promise<Engine> {
  const engine = await Engine.open({
    lake,
    threads: 2,
    memoryLimit: 512 * MEBIBYTE,
    spillDirectory: temporaryFolder(context),
    ...options,
  });
  context.after(async () => {
    await engine.close();
    assert.equal(engine.executor.shared.allocatedChunks, 0, 'no block leaks');
    assert.equal(engine.executor.shared.spilledBytes, 0, 'no spilled byte is left');
  });
  return engine;
}

async function ask(engine: Engine, sql: string, distribution = 'auto'): Promise<string[]> {
  const session = engine.openSession();
  try {
    await execute(session, `set millrace.join_distribution = '${distribution}'`);
    return (await execute(session, sql)).map((row) => row.join('|')).sort();
  } finally {
    await session.close();
  }
}

/** Does a plan with counters say of a join that it has? */
async function says(engine: Engine, sql: string, pattern: RegExp): Promise<boolean> {
  return (await ask(engine, `explain analyze ${sql}`)).some((line) => / Join /.test(line) && pattern.test(line));
}

const spills = (engine: Engine, sql: string): Promise<boolean> => says(engine, sql, /spilled=/);

/** Two tables whose keys meet now and then, with NULLs, repeated keys, and one key that half of the rows have. */
const tables = [
  `create table l as select i::integer as id,
     case when i % 17 = 0 then null when i % 2 = 0 then 7 else (i::bigint * 7919) % 30000 end as k,
     'left side, row number ' || i as t from generate_series(1, 12000) as s(i)`,
  `create table r as select i::integer as id,
     case when i % 19 = 0 then null when i % 1500 = 0 then 7 else (i::bigint * 104729) % 40000 end as k,
     'right ' || i as t, (i % 5)::numeric(10, 2) as n from generate_series(1, 40000) as s(i)`,
  // A dimension: a number of its own for each row, some missing, and columns of every width with NULLs.
  `create table d as select i::integer as id, case when i % 5 <> 0 then 'entry ' || i % 12 || ' of a dimension' end as city,
     case when i % 4 <> 0 then 'entry ' || i end as t, case when i % 3 <> 0 then i % 2 = 0 end as flag,
     (i * 100)::numeric(12, 2) as price, (i::numeric(38, 4) * 1000000000000000) as wide,
     case when i % 6 <> 0 then i::double precision end as number, i * interval '1 hour' as span
     from generate_series(1, 3000) as s(i) where i % 7 <> 0`,
  `create table e as select * from d union all select * from d where id = 1000`,
];

/** Every kind of join, as aggregates that all rows and columns matter for. */
const joins: Readonly<Record<string, string>> = {
  inner: 'select count(*), sum(l.id), sum(r.id), max(l.t), max(r.t), sum(n) from l join r on l.k = r.k',
  left: 'select count(*), sum(l.id), count(r.id), sum(r.id), max(r.t) from l left join r on l.k = r.k and r.id > l.id',
  right: 'select count(*), count(l.id), sum(l.id), sum(r.id), max(l.t) from l right join r on l.k = r.k',
  full: 'select count(*), count(l.id), count(r.id), sum(l.id), sum(r.id) from l full join r on l.k = r.k',
  semi: 'select count(*), sum(id), max(t) from r where exists (select 1 from l where l.k = r.k and l.id <> r.id)',
  anti: 'select count(*), sum(id), max(t) from r where not exists (select 1 from l where l.k = r.k)',
  'semi, building its own side':
    'select count(*), sum(id), max(t) from l where exists (select 1 from r where l.k = r.k)',
  'anti, building its own side':
    'select count(*), sum(id), max(t) from l where not exists (select 1 from r where l.k = r.k and r.id > l.id)',
  'not in': 'select count(*), sum(id) from r where k not in (select k from l)',
  'not in, without nulls': 'select count(*), sum(id) from r where k not in (select k from l where k is not null)',
  mark: 'select count(*), sum(id) from r where k in (select k from l) or n = 3',
  single: 'select sum(id), sum((select min(l.id) from l where l.k = r.k)) from r',
  'on nulls': 'select count(*), sum(l.id) from l join r on l.k is not distinct from r.k and l.id % 50 = r.id % 50',
  'on two keys': 'select count(*), sum(l.id), sum(r.id) from l join r on l.k = r.k and l.id % 4 = r.id % 4',
  'on text': `select count(*), sum(a.id) from l as a join l as b on a.t = b.t`,
  'of three':
    'select count(*), sum(l.id), sum(o.id) from l join r on l.k = r.k join r as o on o.id = l.id where l.id % 3 = 0',
  'with a dimension': `select city, count(*), sum(r.id), max(d.t), count(d.t), sum(flag::integer), sum(price), sum(wide),
    sum(number), count(number), max(span) from r join d on r.id % 3300 = d.id group by city`,
  'left, with a dimension': `select city, count(*), count(d.id), sum(price), max(d.t) from r
    left join d on r.id % 3300 = d.id and price > n * 1000 group by city`,
  'with a dimension of which only keys count':
    'select count(*), sum(r.id) from r where r.id % 3300 in (select id from d) and (k + 1) not in (select id from d)',
  'single, from a dimension': 'select sum(r.id), sum((select price from d where d.id = r.id % 3300)) from r',
  'with a dimension that has a number twice': `select city, count(*), sum(r.id), max(e.t), sum(price) from r
    join e on r.id % 3300 = e.id group by city`,
  'of columns that nobody reads': 'select count(*) from l join r on l.k = r.k',
};

test('joins whose rows go to disk answer as those in memory', async (context) => {
  const lake = temporaryFolder(context);
  const roomy = await openEngine(context, lake, {});
  for (const sql of tables) await ask(roomy, sql);
  const scarce = await openEngine(context, lake, { memoryLimit: 256 * MEBIBYTE, scarce: true, checked: true });
  for (const [name, sql] of Object.entries(joins)) {
    await context.test(name, async () => {
      const expected = await ask(roomy, sql, 'broadcast');
      assert.deepEqual(await ask(roomy, sql, 'shuffle'), expected, 'shuffled in memory');
      for (const distribution of ['broadcast', 'shuffle']) {
        assert.deepEqual(await ask(scarce, sql, distribution), expected, `${distribution}, on disk`);
      }
    });
  }
  assert.ok(await spills(scarce, joins.inner!));
  assert.ok(!(await spills(roomy, joins.inner!)));
  for (const name of Object.keys(joins).filter((key) => /dimension/.test(key))) {
    const byKey = !/twice/.test(name);
    assert.equal(await says(roomy, joins[name]!, / by-key=\d+ rows/), byKey, `${name}: by key`);
    assert.ok(!(await says(scarce, joins[name]!, / by-key=/)), `${name}: from disk by hash`);
  }
});

test('joins without keys are joined in parts', async (context) => {
  const lake = temporaryFolder(context);
  const roomy = await openEngine(context, lake, {});
  for (const sql of tables) await ask(roomy, sql);
  await ask(roomy, 'create table few as select * from l where id <= 3000');
  await ask(roomy, 'create table more as select * from r where id <= 10000');
  const scarce = await openEngine(context, lake, { memoryLimit: 256 * MEBIBYTE, scarce: true });
  const queries = [
    'select count(*), sum(l.id), sum(r.id) from few as l join more as r on l.id < r.id - 9750',
    'select count(*), count(r.id) from few as l left join more as r on l.id > r.id + 2975',
    'select count(*), count(l.id), count(r.id) from few as l full join more as r on l.id > r.id + 2975 and l.k + 0 = r.k + 0',
    'select count(*) from more as r where exists (select 1 from few as l where l.id > r.id + 2750)',
    'select count(*) from more as r where not exists (select 1 from few as l where l.id > r.id + 2750)',
  ];
  for (const sql of queries) assert.deepEqual(await ask(scarce, sql), await ask(roomy, sql), sql);
});

test('a join that does not fit its memory runs in it', async (context) => {
  const lake = temporaryFolder(context);
  const engine = await openEngine(context, lake, { memoryLimit: 48 * MEBIBYTE });
  const sql = `select count(*), sum(a.i), sum(b.j), max(a.p), max(b.p)
    from (select i, 'the row of ' || i as p from generate_series(1, 600000) as s(i)) as a join (select j, 'payload of row ' || j as p from generate_series(1, 600000) as s(j)) as b
    on a.i = b.j where b.p <> 'payload of row 5'`;
  const sum = 180_000_300_000 - 5;
  assert.deepEqual(await ask(engine, sql), [`599999|${sum}|${sum}|the row of 99999|payload of row 99999`]);
  assert.ok(await spills(engine, sql));
  assert.ok(engine.executor.shared.highWaterBytes <= 48 * MEBIBYTE);
});

test('more than the spill limit is an error that frees everything', async (context) => {
  const engine = await openEngine(context, temporaryFolder(context), {
    memoryLimit: 48 * MEBIBYTE,
    spillLimit: 4 * MEBIBYTE,
  });
  const sql = `select count(*) from generate_series(1, 2000000) as a(i)
    join (select j, 'payload of row ' || j as p from generate_series(1, 2000000) as s(j)) as b on a.i = b.j where p > ''`;
  await assert.rejects(ask(engine, sql), { code: '53400', hint: /--spill-limit/ });
  assert.equal(engine.executor.shared.allocatedChunks, 0);
  assert.equal(engine.executor.shared.spilledBytes, 0);
  assert.deepEqual(await ask(engine, 'select 1'), ['1']);
});
