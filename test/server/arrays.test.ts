import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import pg from 'pg';
import { serialize } from 'pg-protocol';
import { Millrace } from '../../src/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type Received, WireClient } from '../support/wire-client.js';

async function serve(t: TestContext): Promise<{ database: Millrace; port: number }> {
  const database = await Millrace.open({ lake: temporaryFolder(t), threads: 1, memoryLimit: '256MB' });
  t.after(() => database.close());
  return { database, port: (await database.listen({ port: 0 })).port };
}

const fieldsOf = (messages: readonly Received[]): (Buffer | string | null)[][] =>
  messages.filter(({ name }) => name === 'dataRow').map((message) => message.fields as (Buffer | null)[]);

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

/** {7,NULL,-1} of int4. */
const INTEGERS = hex('00000001 00000001 00000017 00000003 00000001 00000004 00000007 ffffffff 00000004 ffffffff');

test('a driver reads arrays by their OIDs and sends them as parameters', async (t) => {
  const { port } = await serve(t);
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'ann', database: 'lake' });
  client.on('error', () => undefined);
  await client.connect();
  t.after(() => client.end());
  const { rows, fields } = await client.query(
    `select array[1, null, 3] as a, array['x y', null, '"'] as b, array[[1, 2], [3, 4]] as c, row(1, 'a b') as d,
      array[true, false] as e, '{}'::float8[] as f`,
  );
  assert.deepEqual(rows, [
    {
      a: [1, null, 3],
      b: ['x y', null, '"'],
      c: [
        [1, 2],
        [3, 4],
      ],
      d: '(1,"a b")',
      e: [true, false],
      f: [],
    },
  ]);
  assert.deepEqual(
    fields.map((field) => field.dataTypeID),
    [1007, 1009, 1007, 2249, 1000, 1022],
  );
  const found = await client.query(
    'select x from generate_series(1, 5) as t (x) where x = any ($1) and x <> all ($2::int[]) order by x',
    [[1, 2, 5], [5]],
  );
  assert.deepEqual(
    found.rows.map((row: { x: number }) => row.x),
    [1, 2],
  );
  const texts = await client.query('select $1::text[] as a, array_append($1::text[], $2) as b', [
    ['a', null, 'c"\\'],
    'd',
  ]);
  assert.deepEqual(texts.rows, [{ a: ['a', null, 'c"\\'], b: ['a', null, 'c"\\', 'd'] }]);
});

test('arrays and rows in binary, both ways', async (t) => {
  const { port } = await serve(t);
  const pieces: Buffer[] = [];
  const client = await WireClient.open(port);
  client.send(
    serialize.parse({ text: 'select $1, $1 || $2, $3', types: [1007, 1007, 1009] }),
    serialize.bind({
      values: [
        INTEGERS,
        hex('00000000 00000000 00000017'),
        hex('00000001 00000000 00000019 00000001 00000001 00000001 61'),
      ],
    }),
    serialize.execute({}),
    serialize.sync(),
  );
  assert.deepEqual(fieldsOf(await client.until('readyForQuery')), [['{7,NULL,-1}', '{7,NULL,-1}', '{a}']]);
  // The test client reads fields as text: look at the bytes.
  client.socket.on('data', (piece: Buffer) => pieces.push(piece));
  client.send(
    serialize.parse({
      text: `select array[7, null, -1], array[['a'], ['b']], row(1, 'x', null), array[]::int[],
        array[array[1, 2], array[3]], array[null, array[4]]`,
    }),
    serialize.bind({ binary: true }),
    serialize.execute({}),
    serialize.sync(),
  );
  await client.until('readyForQuery');
  const bytes = Buffer.concat(pieces);
  const values: string[] = [];
  for (let at = bytes.indexOf('D', 10) + 7; values.length < 6; ) {
    const length = bytes.readInt32BE(at);
    values.push(bytes.subarray(at + 4, at + 4 + length).toString('hex'));
    at += 4 + length;
  }
  const expected = [
    INTEGERS,
    hex('00000002 00000000 00000019 00000002 00000001 00000001 00000001 00000001 61 00000001 62'),
    hex('00000003 00000017 00000004 00000001 00000019 00000001 78 00000019 ffffffff'),
    hex('00000000 00000000 00000017'),
    // PostgreSQL has no such arrays: elements that are arrays themselves, by the OID of _int4.
    hex(`00000001 00000000 000003ef 00000002 00000001
      00000024 00000001 00000000 00000017 00000002 00000001 00000004 00000001 00000004 00000002
      0000001c 00000001 00000000 00000017 00000001 00000001 00000004 00000003`),
    hex(`00000001 00000001 000003ef 00000002 00000001 ffffffff
      0000001c 00000001 00000000 00000017 00000001 00000001 00000004 00000004`),
  ];
  assert.deepEqual(
    values,
    expected.map((value) => value.toString('hex')),
  );
  for (const damaged of [hex('00000001'), hex('00000007 00000000 00000017'), INTEGERS.subarray(0, 30)]) {
    client.send(
      serialize.parse({ text: 'select $1', types: [1007] }),
      serialize.bind({ values: [damaged] }),
      serialize.execute({}),
      serialize.sync(),
    );
    assert.equal((await client.until('readyForQuery')).find(({ name }) => name === 'error')?.code, '22P03');
  }
});

test('arrays as parameters of the API', async (t) => {
  const { database } = await serve(t);
  const table = await database.query(
    'select $1::int[] as a, $2::text[][] as b, cardinality($3::bigint[]) as n, 2 = any ($1::int[]) as found',
    [[1, 2, null], [['a', null], ['"b"']], []],
  );
  assert.deepEqual(JSON.parse(JSON.stringify(table.get(0))), {
    a: [1, 2, null],
    b: [['a', null], ['"b"']],
    n: 0,
    found: true,
  });
});
