import assert from 'node:assert/strict';
import { test } from 'node:test';
import type pg from 'pg';
import { serialize } from 'pg-protocol';
import { type Received, WireClient } from '../support/wire-client.js';
import { serveLake } from './served-lake.js';

const names = (messages: readonly Received[]): string[] => messages.map(({ name }) => name);
const firstFields = (messages: readonly Received[]): number[] =>
  messages.filter(({ name }) => name === 'dataRow').map((message) => Number((message.fields as string[])[0]));
const tags = (messages: readonly Received[]): unknown[] =>
  messages.filter(({ name }) => name === 'commandComplete').map(({ text }) => text);
const errorOf = (messages: readonly Received[]): unknown => messages.find(({ name }) => name === 'error')?.code;
const extended = (sql: string): Buffer[] => [
  serialize.parse({ text: sql }),
  serialize.bind(),
  serialize.describe({ type: 'P' }),
  serialize.execute({}),
];
const CREATE = `create table t as select i, 'row ' || i::text as label from generate_series(1, 20000) as g(i)`;

test('a portal with a row limit is suspended and resumed, inside chunks and across them', async (t) => {
  const { port, connect, engine } = await serveLake(t);
  await (await connect()).query(CREATE);
  const client = await WireClient.open(port);
  const limits = [1, 7000, 12_000, 5000];
  client.send(
    serialize.parse({ text: 'select i, label from t order by i' }),
    serialize.bind({ portal: 'p' }),
    ...limits.map((rows) => serialize.execute({ portal: 'p', rows })),
    serialize.execute({ portal: 'p' }),
    serialize.sync(),
  );
  const answers = await client.until('readyForQuery');
  const values = firstFields(answers);
  assert.deepEqual(
    values,
    Array.from({ length: 20_000 }, (_, index) => index + 1),
  );
  const pauses = answers.flatMap(({ name }, index) =>
    name === 'portalSuspended' ? [answers.slice(0, index).filter((m) => m.name === 'dataRow').length] : [],
  );
  assert.deepEqual(pauses, [1, 7001, 19_001]);
  assert.deepEqual(tags(answers), ['SELECT 999', 'SELECT 0']);
  // Suspended and not resumed: Sync ends it, and its memory comes back.
  client.send(
    serialize.parse({ text: 'select i from t' }),
    serialize.bind(),
    serialize.execute({ rows: 10 }),
    serialize.sync(),
  );
  assert.equal(firstFields(await client.until('readyForQuery')).length, 10);
  assert.equal(engine.executor.shared.allocatedChunks, 0);
  await client.close();
});

test('in a transaction block several portals go on beside each other, and a late cancel leaves them alone', async (t) => {
  const { port, connect } = await serveLake(t);
  await (await connect()).query(CREATE);
  const client = new WireClient(port);
  client.send(serialize.startup({ user: 'ann' }));
  const key = (await client.until('readyForQuery')).find(({ name }) => name === 'backendKeyData')!;
  client.send(
    serialize.query('begin'),
    serialize.parse({ name: 's', text: 'select i from t where i > $1 order by i' }),
    serialize.bind({ portal: 'a', statement: 's', values: ['100'] }),
    serialize.bind({ portal: 'b', statement: 's', values: ['19000'] }),
    serialize.execute({ portal: 'a', rows: 2 }),
    serialize.execute({ portal: 'b', rows: 1 }),
    serialize.sync(),
  );
  await client.until('readyForQuery');
  assert.deepEqual(firstFields(await client.until('readyForQuery')), [101, 102, 19_001]);
  const other = new WireClient(port);
  other.send(serialize.cancel(key.processID as number, key.secretKey as number));
  await other.until('the end');
  client.send(
    serialize.execute({ portal: 'a', rows: 2 }),
    serialize.execute({ portal: 'b', rows: 0 }),
    serialize.sync(),
    serialize.query('commit'),
    serialize.execute({ portal: 'a' }),
    serialize.sync(),
  );
  const rows = firstFields(await client.until('readyForQuery'));
  assert.deepEqual([rows.slice(0, 3), rows.length], [[103, 104, 19_002], 2 + 999]);
  await client.until('readyForQuery');
  assert.equal(errorOf(await client.until('readyForQuery')), '34000');
  await client.close();
});

test('Describe of statements and portals: parameters, columns, types, formats', async (t) => {
  const { port, connect } = await serveLake(t);
  await (await connect()).query('create table t (a smallint, b numeric(9, 2), c varchar(7)) partitioned by (d date)');
  const client = await WireClient.open(port);
  client.send(
    serialize.parse({ name: 's', text: 'select a, b + 1 as more, c, d from t where d = $1 and b < $2 and c like $3' }),
    serialize.describe({ type: 'S', name: 's' }),
    serialize.bind({ statement: 's', values: ['2026-03-22', '1', 'x%'] }),
    serialize.describe({ type: 'P' }),
    serialize.parse({ name: 'w', text: 'insert into t values ($1, $2, $3, $4)' }),
    serialize.describe({ type: 'S', name: 'w' }),
    serialize.parse({ name: 'n', text: 'begin' }),
    serialize.describe({ type: 'S', name: 'n' }),
    serialize.parse({ name: 'e', text: 'explain select $1::integer' }),
    serialize.describe({ type: 'S', name: 'e' }),
    serialize.sync(),
  );
  const answers = await client.until('readyForQuery');
  const parameters = answers.filter(({ name }) => name === 'parameterDescription');
  assert.deepEqual(
    parameters.map((message) => message.dataTypeIDs),
    [[1082, 1700, 25], [21, 1700, 25, 1082], [], [23]],
  );
  const columns = answers
    .filter(({ name }) => name === 'rowDescription')
    .map((message) => (message.fields as pg.FieldDef[]).map((field) => [field.name, field.dataTypeID, field.format]));
  const selected = [
    ['a', 21, 'text'],
    ['more', 1700, 'text'],
    ['c', 1043, 'text'],
    ['d', 1082, 'text'],
  ];
  assert.deepEqual(columns, [selected, selected, [['QUERY PLAN', 25, 'text']]]);
  assert.equal(names(answers).filter((name) => name === 'noData').length, 2);
  client.send(
    serialize.bind({ statement: 's', values: ['2026-03-22', '1', 'x%'], binary: true }),
    serialize.describe({ type: 'P' }),
    serialize.sync(),
  );
  const binary = (await client.until('readyForQuery')).find(({ name }) => name === 'rowDescription')!;
  assert.ok((binary.fields as pg.FieldDef[]).every((field) => field.format === 'binary'));
  await client.close();
});

test('errors: SQLSTATE, message, position, hint, detail; the connection goes on', async (t) => {
  const { connect, untilFreed } = await serveLake(t);
  const client = await connect();
  await client.query(CREATE);
  const fails = async (query: string | pg.QueryConfig, expected: Record<string, unknown>): Promise<void> => {
    await assert.rejects(client.query(query as string), (error: pg.DatabaseError) => {
      assert.deepEqual(
        Object.fromEntries(Object.keys(expected).map((key) => [key, error[key as keyof pg.DatabaseError]])),
        expected,
      );
      return true;
    });
    assert.deepEqual((await client.query('select count(*)::integer as n from t')).rows, [{ n: 20_000 }]);
  };
  await fails('select lable from t', {
    severity: 'ERROR',
    code: '42703',
    message: 'column "lable" does not exist',
    position: '8',
    hint: 'Perhaps you meant to reference the column "t.label".',
  });
  await fails("select '😀', lable from t", { code: '42703', position: '13' });
  await fails({ text: 'select 1 +; select $1', values: [1] }, { code: '42601', position: '11' });
  await fails('select 1; select 2 from tt', { code: '42P01', position: '25' });
  await fails("select i + 'x' from t", { code: '22P02', position: '12' });
  await fails('select 10 / (i - 19999) from t', { code: '22012', message: 'division by zero' });
  await fails({ text: 'select 10 / (i - $1) from t', values: [19_999] }, { code: '22012' });
  await fails({ text: 'select $1::date', values: ['2026-02-30'] }, { code: '22008' });
  await fails('insert into t values (1, 2, 3)', { code: '42601', position: '29' });
  await fails("copy (select 1) to '/tmp/x.parquet' (format parquet)", { code: '42501' });
  await untilFreed();
});

test('an error in the extended protocol skips to Sync; pipelined groups go on', async (t) => {
  const { port, connect, untilFreed } = await serveLake(t);
  await (await connect()).query(CREATE);
  const client = await WireClient.open(port);
  client.send(
    ...extended('select 1 / (i - 20000) from t order by i'),
    ...extended('select 1'),
    serialize.sync(),
    ...extended('select nope from t'),
    serialize.sync(),
    ...extended('select i from t where i = 5'),
    serialize.sync(),
  );
  const groups = [
    await client.until('readyForQuery'),
    await client.until('readyForQuery'),
    await client.until('readyForQuery'),
  ];
  assert.deepEqual(names(groups[0]!), ['parseComplete', 'bindComplete', 'rowDescription', 'error', 'readyForQuery']);
  assert.deepEqual(names(groups[1]!), ['error', 'readyForQuery']);
  assert.deepEqual([errorOf(groups[0]!), errorOf(groups[1]!), firstFields(groups[2]!)], ['22012', '42703', [5]]);
  await client.close();
  await untilFreed();
});

test('BEGIN, COMMIT and ROLLBACK of an INSERT OVERWRITE; 25P02 in a failed block', async (t) => {
  const { connect } = await serveLake(t);
  const writer = await connect();
  const reader = await connect();
  await writer.query('create table t (a integer) partitioned by (d date)');
  await writer.query("insert into t values (1, '2026-01-01'), (2, '2026-01-02')");
  const contentFor = async (client: pg.Client): Promise<string> =>
    (await client.query<{ a: number; d: string }>('select a, d::text as d from t order by d, a')).rows
      .map(({ a, d }) => `${d} ${a}`)
      .join(', ');
  const content = (): Promise<string> => contentFor(reader);
  const overwrite = "insert overwrite t partition (d = '2026-01-01') select i from generate_series(10, 11) as g(i)";
  const before = '2026-01-01 1, 2026-01-02 2';

  assert.equal((await writer.query('begin')).command, 'BEGIN');
  assert.equal((await writer.query(overwrite)).rowCount, 2);
  assert.equal(await content(), before);
  assert.equal((await writer.query('rollback')).command, 'ROLLBACK');
  assert.equal(await content(), before);

  await writer.query('begin');
  await writer.query(overwrite);
  assert.equal(await contentFor(writer), '2026-01-01 10, 2026-01-01 11, 2026-01-02 2', 'it sees what it has written');
  assert.equal(await content(), before);
  await assert.rejects(writer.query('select 1 / 0'), { code: '22012' });
  await assert.rejects(writer.query('select 1'), { code: '25P02' });
  assert.equal((await writer.query('commit')).command, 'ROLLBACK');
  assert.equal(await content(), before);

  await writer.query('begin');
  await assert.rejects(writer.query('select 1 / 0'), { code: '22012' });
  await assert.rejects(writer.query(overwrite), { code: '25P02', hint: 'End the transaction with ROLLBACK.' });
  await writer.query('rollback');

  await writer.query('begin');
  await writer.query(overwrite);
  assert.equal((await writer.query('commit')).command, 'COMMIT');
  assert.equal(await content(), '2026-01-01 10, 2026-01-01 11, 2026-01-02 2');

  // A client that leaves in the middle has changed nothing.
  const leaver = await connect();
  await leaver.query("begin; insert overwrite t partition (d = '2026-01-02') select 7");
  await leaver.end();
  assert.equal(await content(), '2026-01-01 10, 2026-01-01 11, 2026-01-02 2');
});

test('several statements in one message run in order, up to the first error', async (t) => {
  const { port, connect } = await serveLake(t);
  const client = await WireClient.open(port);
  client.send(serialize.query('create table t (a integer); insert into t values (1), (2); select a from t order by a'));
  const answers = await client.until('readyForQuery');
  assert.deepEqual(tags(answers), ['CREATE TABLE', 'INSERT 0 2', 'SELECT 2']);
  client.send(serialize.query('select 1; select 1 / (a - 2) from t; select 3'));
  assert.deepEqual([tags(await client.until('readyForQuery'))], [['SELECT 1']]);
  await client.close();
  const other = await connect();
  const status = async (sql: string): Promise<string> => {
    const raw = await WireClient.open(port);
    raw.send(serialize.query(sql));
    const last = (await raw.until('readyForQuery')).at(-1)!;
    await raw.close();
    return String(last.status);
  };
  assert.deepEqual(
    [await status('begin'), await status('begin; select 1 / 0'), await status('select 1')],
    ['T', 'E', 'I'],
  );
  assert.deepEqual((await other.query('select count(*)::integer as n from t')).rows, [{ n: 2 }]);
});

test('settings: SET and SHOW, ParameterStatus, notices', async (t) => {
  const { port, connect } = await serveLake(t);
  const client = await connect({ application_name: 'e2e' });
  assert.deepEqual((await client.query('show application_name')).rows, [{ application_name: 'e2e' }]);
  await client.query("set application_name = 'other'");
  assert.deepEqual((await client.query('show application_name')).rows, [{ application_name: 'other' }]);
  const notices: string[] = [];
  client.on('notice', (notice) => notices.push(`${notice.code} ${notice.message}`));
  await client.query('drop table if exists nothing');
  await client.query('commit');
  await client.query('create table keyed (a integer primary key)');
  assert.deepEqual(notices, [
    '00000 table "nothing" does not exist, skipping',
    '25P01 there is no transaction in progress',
    '01000 PRIMARY KEY and UNIQUE are not enforced',
  ]);
  const raw = await WireClient.open(port);
  raw.send(serialize.query("set application_name = 'x'"));
  assert.deepEqual(names(await raw.until('readyForQuery')), ['commandComplete', 'parameterStatus', 'readyForQuery']);
  await raw.close();
});
