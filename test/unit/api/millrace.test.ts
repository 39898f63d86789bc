import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, Millrace, type ScriptProgress } from '../../../src/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const LITERALS = `select true as b, 1::smallint as s, 2 as i, 3::bigint as l, 1.5::real as r, 2.5::double precision as d,
  -12.34::numeric(9, 2) as n, 5::numeric(30, 3) as w, 'x' as t, '\\x01ff'::bytea as y, date '2001-01-01' as dt,
  time '01:02:03' as tm, timestamp '2001-01-01 00:00:01' as ts, interval '1 month 2 days 3 seconds' as iv, '00112233-4455-6677-8899-aabbccddeeff'::uuid as u,
  timestamptz '2001-01-01 00:00:00+00' as tz`;

/** Takes minutes. */
const SLOW =
  'select count(*) from generate_series(1, 400000) a(i), generate_series(1, 400000) b(j) where i % 7 = j % 7';

test('every type arrives in Arrow, NULLs too', async (context) => {
  const database = await Millrace.open({ lake: temporaryFolder(context), memoryLimit: '256MB', threads: 1 });
  try {
    const table = await database.query(`${LITERALS} union all select ${new Array(16).fill('null').join(', ')}`);
    const row = table.get(0)!.toJSON();
    assert.equal(formatDecimal(row.n as Uint32Array, 2), '-12.34');
    assert.equal(formatDecimal(row.w as Uint32Array, 3), '5.000');
    assert.deepEqual([...(row.iv as Int32Array)], [1, 2, -1294967296, 0]);
    const plain = Object.fromEntries(Object.entries(row).filter(([name]) => !['n', 'w', 'iv'].includes(name)));
    assert.deepEqual(plain, {
      b: true,
      s: 1,
      i: 2,
      l: 3n,
      r: 1.5,
      d: 2.5,
      t: 'x',
      y: Uint8Array.of(1, 255),
      dt: Date.UTC(2001, 0, 1),
      tm: 3_723_000_000n,
      ts: Date.UTC(2001, 0, 1, 0, 0, 1),
      u: new Uint8Array(Buffer.from('00112233445566778899aabbccddeeff', 'hex')),
      tz: Date.UTC(2001, 0, 1),
    });
    for (const field of table.schema.fields) assert.equal(table.getChild(field.name)!.nullCount, 1, field.name);
    const empty = await database.query('select 1 as a where false');
    assert.deepEqual([empty.numRows, empty.schema.fields.map(String)], [0, ['a: Int32']]);
    assert.equal((await database.query("set application_name = 'test'")).numCols, 0);
  } finally {
    await database.close();
  }
});

test('columns of one name are told apart by a number', async (context) => {
  const database = await Millrace.open({ lake: temporaryFolder(context), memoryLimit: '256MB', threads: 1 });
  try {
    const table = await database.query(`select 1 as a, 'x' as a, true as a_1, 2.5::double precision as a`);
    assert.deepEqual(table.get(0)!.toJSON(), { a: 1, a_2: 'x', a_1: true, a_3: 2.5 });
  } finally {
    await database.close();
  }
});

test('parameters, overlapping queries, streams that are left early, and cancellation', async (context) => {
  const database = await Millrace.open({ lake: temporaryFolder(context), threads: 2 });
  try {
    const answers = await Promise.all(
      [1, 2, 3].map((n) => database.query('select $1::integer * 2 as x, $2 as y', [n, 'é'])),
    );
    assert.deepEqual(
      answers.map((table) => [table.get(0)!.x, table.get(0)!.y]),
      [2, 4, 6].map((x) => [x, 'é']),
    );
    let rowCount = 0;
    for await (const batch of database.stream('select i from generate_series(1, 300000) as g(i)'))
      rowCount += batch.numRows;
    assert.equal(rowCount, 300_000);
    for await (const batch of database.stream('select i from generate_series(1, 100000000) as g(i)')) {
      assert.ok(batch.numRows > 0);
      break;
    }
    await assert.rejects(database.query(SLOW, [], { signal: AbortSignal.timeout(50) }), { code: '57014' });
    const explained = database.query(`explain analyze ${SLOW}`, [], { signal: AbortSignal.timeout(50) });
    await assert.rejects(explained, { code: '57014' });
    await assert.rejects(database.query('select 1', [], { signal: AbortSignal.abort() }), { code: '57014' });
    await assert.rejects(database.query('select 1; select 2'), { code: '42601', position: 10 });
    await assert.rejects(database.query('select nope'), { name: 'MillraceError', code: '42703', position: 7 });
    const missing = { name: 'f', args: [], returns: 'text', module: './no-such-module.js', export: 'f' };
    await assert.rejects(database.registerFunction(missing), { code: '38000' });
  } finally {
    await database.close();
  }
});

test('scripts: variables, summaries, progress; a server beside them', async (context) => {
  await using database = await Millrace.open({ lake: temporaryFolder(context), threads: 1 });
  const progress: ScriptProgress[] = [];
  const summaries = await database.run(
    'create table t (a integer);\ninsert into t select i from generate_series(1, :n) as g(i);\nselect * from t',
    { vars: { n: '5' }, onProgress: (state) => progress.push(state) },
  );
  assert.deepEqual(
    summaries.map(({ line, command, rowCount }) => [line, command, rowCount]),
    [
      [1, 'CREATE TABLE', undefined],
      [2, 'INSERT', 5],
      [3, 'SELECT', 5],
    ],
  );
  assert.ok(progress.every(({ statementCount }) => statementCount === 3));
  const enough = new AbortController();
  const slow = database.run(SLOW, {
    signal: enough.signal,
    onProgress: ({ rowCount }) => {
      if (rowCount > 400_000) enough.abort();
    },
  });
  await assert.rejects(slow, { code: '57014' });
  await assert.rejects(database.run('insert into t values (1); nonsense'), { code: '42601', position: 26 });
  assert.equal((await database.query('select count(*) as n from t')).get(0)!.n, 5n);
  const server = await database.listen({ port: 0 });
  assert.ok(server.port > 0);
});

test('options are checked', async (context) => {
  const lake = temporaryFolder(context);
  await assert.rejects(Millrace.open({ lake: `${lake}/none` }), { code: '58P01' });
  await assert.rejects(Millrace.open({ lake, threads: 0 }), { code: '22023' });
  await assert.rejects(Millrace.open({ lake, memoryLimit: '1MB' }), { code: '22023' });
  await assert.rejects(Millrace.open({ lake, memoryLimit: 'x' }), { code: '22023' });
});

test('wrong arguments are errors that say what is expected', async (context) => {
  const folder = temporaryFolder(context);
  const open = Millrace.open as (options?: unknown) => Promise<Millrace>;
  await assert.rejects(open(), { code: '22023', message: /takes an object of options, not undefined/ });
  await assert.rejects(open(folder), { code: '22023' });
  await assert.rejects(open({}), { code: '22023', message: 'Millrace.open needs a lake' });
  await assert.rejects(open({ lake: 5 }), { code: '22023' });
  await assert.rejects(open({ lake: folder, memorylimit: '1GB' }), {
    code: '22023',
    hint: 'Did you mean "memoryLimit"?',
  });
  await assert.rejects(open({ lake: folder, threads: '2' }), { code: '22023' });
  const database = await Millrace.open({ lake: folder, threads: 1 });
  context.after(() => database.close());
  const query = database.query.bind(database) as (...args: unknown[]) => Promise<unknown>;
  await assert.rejects(query(), { code: '22023', message: 'query takes SQL as a string, not undefined' });
  await assert.rejects(query('select $1', 'x'), { code: '22023' });
  await assert.rejects(query('select 1', [], { signal: 1 }), { code: '22023' });
  const register = database.registerFunction.bind(database) as (...args: unknown[]) => Promise<unknown>;
  await assert.rejects(register(), { code: '22023' });
  await assert.rejects(register({ name: 'f', arguments: [] }), { code: '22023' });
  await assert.rejects(register({ name: 'f', returns: 'text', implementation: () => 1 }), { code: '22023' });
});
