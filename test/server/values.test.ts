import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { serialize } from 'pg-protocol';
import { Millrace } from '../../src/index.js';
import { POSTGRES_TYPES } from '../../src/types/postgres-types.js';
import type { SqlTypeKind } from '../../src/types/sql-type.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type Received, WireClient } from '../support/wire-client.js';

/** SQL, the type it has, and its text; the last entries have a binary form as well. */
const VALUES: readonly (readonly [sql: string, kind: SqlTypeKind, text: string])[] = [
  ['true', 'boolean', 't'],
  ['(-32768)::smallint', 'smallint', '-32768'],
  ['2147483647', 'integer', '2147483647'],
  ['-9223372036854775807::bigint', 'bigint', '-9223372036854775807'],
  ['1.5::real', 'real', '1.5'],
  ["'-infinity'::double precision", 'double', '-Infinity'],
  ['-12.340::numeric(9, 3)', 'decimal', '-12.340'],
  ['12345678901234567890123456.78::numeric(30, 2)', 'decimal', '12345678901234567890123456.78'],
  ["'größe'", 'text', 'größe'],
  ["'abc'::varchar(5)", 'varchar', 'abc'],
  ["'abc'::char(5)", 'char', 'abc  '],
  ["'\\x01ff'::bytea", 'bytea', '\\x01ff'],
  ["date '2026-03-22'", 'date', '2026-03-22'],
  ["time '01:02:03.5'", 'time', '01:02:03.5'],
  ["timestamp '2026-03-22 01:02:03.000004'", 'timestamp', '2026-03-22 01:02:03.000004'],
  ["timestamptz '2026-03-22 01:02:03+01'", 'timestamptz', '2026-03-22 00:02:03+00'],
  ["interval '1 year 2 months 3 days 04:05:06'", 'interval', '1 year 2 mons 3 days 04:05:06'],
  ["'00112233-4455-6677-8899-AABBCCDDEEFF'::uuid", 'uuid', '00112233-4455-6677-8899-aabbccddeeff'],
];

const ALL_VALUES = `select ${VALUES.map(([sql], index) => `${sql} as c${index}`).join(', ')}
  union all select ${VALUES.map(() => 'null').join(', ')}`;

const textual: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => text };

async function serve(t: import('node:test').TestContext): Promise<{ database: Millrace; port: number }> {
  const database = await Millrace.open({ lake: temporaryFolder(t), threads: 2, memoryLimit: '256MB' });
  t.after(() => database.close());
  return { database, port: (await database.listen({ port: 0 })).port };
}

async function connect(t: import('node:test').TestContext, port: number): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'ann', database: 'lake' });
  client.on('error', () => undefined);
  await client.connect();
  t.after(() => client.end());
  return client;
}

test('every type in text, by the simple and the extended protocol, computed and read from a table', async (t) => {
  const { port } = await serve(t);
  const client = await connect(t, port);
  const expected = [VALUES.map(([, , text]) => text), VALUES.map(() => null)];
  const oids = VALUES.map(([, kind]) => POSTGRES_TYPES[kind].oid);
  for (const values of [undefined, []]) {
    const config = { text: ALL_VALUES, rowMode: 'array', types: textual, ...(values === undefined ? {} : { values }) };
    const result = await client.query(config as pg.QueryArrayConfig);
    assert.deepEqual(result.rows, expected);
    assert.deepEqual(
      result.fields.map((field) => field.dataTypeID),
      oids,
    );
    assert.equal(result.command, 'SELECT');
  }
  await client.query(`create table everything as select ${VALUES.map(([sql], i) => `${sql} as c${i}`).join(', ')}`);
  await client.query(`insert into everything select ${VALUES.map(() => 'null').join(', ')}`);
  const query = { text: 'select * from everything order by c0', rowMode: 'array' as const, types: textual };
  const stored = await client.query(query);
  assert.deepEqual(stored.rows, expected);
  assert.deepEqual(
    stored.fields.map((field) => field.dataTypeID),
    oids,
  );
});

test('what the driver makes of the values', async (t) => {
  const { port } = await serve(t);
  const client = await connect(t, port);
  const { rows } = await client.query(
    `select 7 as i, 8::bigint as l, 1.25 as n, 'x' as t, true as b, date '2026-03-22' as d, '\\x0102'::bytea as y,
       timestamptz '2026-03-22 01:02:03Z' as tz, null as nothing`,
  );
  assert.deepEqual(rows, [
    {
      i: 7,
      l: '8',
      n: '1.25',
      t: 'x',
      b: true,
      d: new Date(2026, 2, 22),
      y: Buffer.from([1, 2]),
      tz: new Date('2026-03-22T01:02:03Z'),
      nothing: null,
    },
  ]);
});

const fieldsOf = (messages: readonly Received[]): (Buffer | string | null)[][] =>
  messages.filter(({ name }) => name === 'dataRow').map((message) => message.fields as (Buffer | null)[]);

test('integers, floats, booleans and text in binary, and every other type too', async (t) => {
  const { port } = await serve(t);
  const driver = await connect(t, port);
  const binary = {
    text: "select 1::smallint, 2, 3.5::real, -4.25::float8, true, 'größe', null::integer",
    binary: true,
  };
  const { rows } = await driver.query({ ...binary, values: [], rowMode: 'array' } as pg.QueryArrayConfig);
  assert.deepEqual(rows, [[1, 2, 3.5, -4.25, true, 'größe', null]]);
  // The driver's parser reads fields as text: look at the bytes.
  const pieces: Buffer[] = [];
  const client = await WireClient.open(port);
  client.socket.on('data', (piece: Buffer) => pieces.push(piece));
  client.send(
    serialize.parse({ text: `${ALL_VALUES} limit 1` }),
    serialize.bind({ binary: true }),
    serialize.execute({}),
    serialize.sync(),
  );
  await client.until('readyForQuery');
  const bytes = Buffer.concat(pieces);
  const values: string[] = [];
  for (let at = bytes.indexOf('D', 10) + 7; values.length < VALUES.length; ) {
    const length = bytes.readInt32BE(at);
    values.push(bytes.subarray(at + 4, at + 4 + length).toString('hex'));
    at += 4 + length;
  }
  const utf8 = (text: string): string => Buffer.from(text).toString('hex');
  assert.deepEqual(values, [
    '01',
    '8000',
    '7fffffff',
    '8000000000000001',
    '3fc00000',
    'fff0000000000000',
    `0002000040000003${'000c'}${'0d48'}`,
    `0008000600000002${[12, 3456, 7890, 1234, 5678, 9012, 3456, 7800].map((d) => d.toString(16).padStart(4, '0')).join('')}`,
    utf8('größe'),
    utf8('abc'),
    utf8('abc  '),
    '01ff',
    (9577).toString(16).padStart(8, '0'),
    (3_723_500_000).toString(16).padStart(16, '0'),
    ((Date.UTC(2026, 2, 22, 1, 2, 3) - Date.UTC(2000, 0, 1)) * 1000 + 4).toString(16).padStart(16, '0'),
    ((Date.UTC(2026, 2, 22, 0, 2, 3) - Date.UTC(2000, 0, 1)) * 1000).toString(16).padStart(16, '0'),
    `${(14_706_000_000).toString(16).padStart(16, '0')}000000030000000e`,
    '00112233445566778899aabbccddeeff',
  ]);
  await client.close();
});

test('parameters in text: every type, NULL, and types that are inferred', async (t) => {
  const { port } = await serve(t);
  const client = await connect(t, port);
  const casts = VALUES.map(([, kind, text], index) => {
    const type = {
      decimal: text.length > 10 ? 'numeric(30, 2)' : 'numeric(9, 3)',
      double: 'double precision',
      char: 'char(5)',
    };
    return `$${index + 1}::${(type as Record<string, string>)[kind] ?? kind}`;
  });
  const query = { text: `select ${casts.join(', ')}`, rowMode: 'array' as const, types: textual };
  const texts = VALUES.map(([, , text]) => text);
  assert.deepEqual((await client.query({ ...query, values: texts })).rows, [texts]);
  assert.deepEqual((await client.query({ ...query, values: VALUES.map(() => null) })).rows, [VALUES.map(() => null)]);
  await client.query(
    "create table t as select i, i * 1.5 as half, 'row ' || i::text as label from generate_series(1, 100) as g(i)",
  );
  const inferred = await client.query(
    'select count(*)::integer as n from t where i > $1 and half < $2 and label <> $3',
    [10, '90.5', 'row 20'],
  );
  assert.deepEqual(inferred.rows, [{ n: 49 }]);
  const limited = await client.query('select i from t order by i limit $1 offset $2', [2, 5]);
  assert.deepEqual(limited.rows, [{ i: 6 }, { i: 7 }]);
  assert.deepEqual((await client.query('select i from t where i = $1', [null])).rows, []);
  const insert = await client.query('insert into t values ($1, $2, $3)', [101, 7.25, "O'Neil"]);
  assert.deepEqual([insert.command, insert.rowCount], ['INSERT', 1]);
  assert.deepEqual((await client.query('select half, label from t where i = $1', ['101'])).rows, [
    { half: '7.3', label: "O'Neil" },
  ]);
  await assert.rejects(client.query('select $1::integer', ['x']), { code: '22P02' });
});

test('parameters in binary', async (t) => {
  const { port } = await serve(t);
  const client = await WireClient.open(port);
  const hex = (text: string): Buffer => Buffer.from(text, 'hex');
  client.send(
    serialize.parse({
      text: 'select $1 + 1, $2 + 1, $3 + 1, $4 / 2, $5 / 2, not $6, $7 || $8, $9, $10, $11, $12, $13 is null',
      types: [21, 23, 20, 700, 701, 16, 25, 25, 1082, 1114, 1700, 2950, 23],
    }),
    serialize.bind({
      values: [
        hex('0007'),
        hex('ffffffff'),
        hex('7ffffffffffffffe'),
        hex('40400000'),
        hex('4008000000000000'),
        hex('00'),
        Buffer.from('grö'),
        Buffer.from('ße'),
        hex('00002569'),
        hex('0000000000000001'),
        hex('0002000000000002000c0d48'),
        hex('00112233445566778899aabbccddeeff'),
        null,
      ],
    }),
    serialize.execute({}),
    serialize.sync(),
  );
  const answers = await client.until('readyForQuery');
  assert.deepEqual(fieldsOf(answers), [
    [
      '8',
      '0',
      '9223372036854775807',
      '1.5',
      '1.5',
      't',
      'größe',
      '2026-03-22',
      '2000-01-01 00:00:00.000001',
      '12.3400000000',
      '00112233-4455-6677-8899-aabbccddeeff',
      't',
    ],
  ]);
  client.send(
    serialize.parse({ text: 'select $1::integer' }),
    serialize.bind({ values: [hex('0007')] }),
    serialize.execute({}),
    serialize.sync(),
  );
  assert.equal((await client.until('readyForQuery')).find(({ name }) => name === 'error')?.code, '22P03');
  await client.close();
});
