import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import pg from 'pg';
import { serialize } from 'pg-protocol';
import { startServer } from '../../../src/server/server.js';
import type { RunningServer, ServerOptions } from '../../../src/server/server-options.js';
import { type Received, WireClient } from '../../support/wire-client.js';
import { ALL_TYPES, FakeSession } from './fake-session.js';

interface Fixture extends RunningServer {
  /** In the order they were opened. */
  readonly sessions: FakeSession[];
}

async function serve(t: TestContext, options: ServerOptions = {}): Promise<Fixture> {
  const sessions: FakeSession[] = [];
  const server = await startServer({ port: 0, ...options }, async () => {
    const session = new FakeSession();
    sessions.push(session);
    return session;
  });
  t.after(() => server.close(0));
  return { ...server, sessions };
}

async function connectPg(t: TestContext, port: number, config: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'ann', database: 'lake', ...config });
  client.on('error', () => undefined);
  await client.connect();
  t.after(() => client.end());
  return client;
}

const names = (messages: Received[]): string[] => messages.map(({ name }) => name);
const extended = (sql: string, rows = 0): Buffer[] => [
  serialize.parse({ text: sql }),
  serialize.bind(),
  serialize.describe({ type: 'P' }),
  serialize.execute({ rows }),
];

test('pg: simple queries, every type in text', async (t) => {
  const { port, sessions } = await serve(t);
  const client = await connectPg(t, port);
  const rows = await client.query('rows 7');
  assert.equal(rows.rowCount, 7);
  assert.deepEqual(rows.rows[6], { n: 6, label: 'row 6' });
  assert.equal(rows.command, 'SELECT');
  const texts = await client.query({
    text: 'types',
    rowMode: 'array',
    types: { getTypeParser: () => (text: string) => text },
  });
  assert.deepEqual(texts.rows, [ALL_TYPES.map(([, , text]) => text), ALL_TYPES.map(() => null)]);
  assert.equal(texts.fields[6]!.dataTypeID, 1700);
  assert.equal(texts.fields[6]!.dataTypeModifier, ((15 << 16) | 2) + 4);
  assert.equal((await client.query('insert 3')).rowCount, 3);
  assert.equal((await client.query('')).rowCount, null);
  assert.equal(sessions[0]!.open.size, 0);
});

test('pg: parameters and prepared statements', async (t) => {
  const { port, sessions } = await serve(t);
  const client = await connectPg(t, port);
  const result = await client.query('echo $1 $2 $3', [42, 'größe', null]);
  assert.deepEqual(JSON.parse(result.rows[0].parameters), ['42', 'größe', null]);
  for (let round = 0; round < 2; round++) {
    assert.equal((await client.query({ name: 'seven', text: 'rows 7', values: [] })).rows.length, 7);
  }
  assert.deepEqual([...sessions[0]!.preparedStatements.keys()], ['seven']);
  await assert.rejects(client.query('echo $1 $2', [1]), { code: '08P01' });
  assert.equal((await client.query('rows 1')).rowCount, 1);
});

test('pg: errors have SQLSTATE, hint and position; the connection goes on', async (t) => {
  const { port } = await serve(t);
  const client = await connectPg(t, port);
  await assert.rejects(client.query('rows 1; /*😀*/;  fail'), (error: pg.DatabaseError) => {
    assert.equal(error.code, '22012');
    assert.equal(error.severity, 'ERROR');
    assert.equal(error.message, 'division by zero');
    assert.equal(error.hint, 'Try 1.');
    assert.equal(error.position, '17');
    return true;
  });
  await assert.rejects(client.query('rows 1; syntax error'), { code: '42601', position: '9' });
  await assert.rejects(client.query('echo $1'), { code: '42P02' });
  assert.equal((await client.query('rows 1')).rowCount, 1);
});

test('several statements are one implicit transaction that commits before the last is complete', async (t) => {
  const { port, sessions } = await serve(t);
  const client = await WireClient.open(port);
  const session = sessions[0]!;
  client.send(serialize.query('insert 1; insert 2'));
  assert.deepEqual(names(await client.until('readyForQuery')), ['commandComplete', 'commandComplete', 'readyForQuery']);
  assert.deepEqual(session.log, ['insert 1', 'insert 2', 'succeeded']);
  session.log.length = 0;
  client.send(serialize.query('insert 1; fail; insert 2'));
  assert.deepEqual(names(await client.until('readyForQuery')), ['commandComplete', 'error', 'readyForQuery']);
  assert.deepEqual(session.log, ['insert 1', 'fail', 'failed']);
  session.failingCommits = 1;
  client.send(serialize.query('insert 1'));
  assert.deepEqual(names(await client.until('readyForQuery')), ['error', 'readyForQuery']);
  session.failingCommits = 1;
  client.send(...extended('insert 1'), serialize.sync());
  assert.deepEqual(names(await client.until('readyForQuery')).slice(-3), ['commandComplete', 'error', 'readyForQuery']);
  await client.close();
});

test('ReadyForQuery tells the transaction status', async (t) => {
  const { port } = await serve(t);
  const client = await WireClient.open(port);
  const statuses: unknown[] = [];
  for (const sql of ['begin', 'fail', 'rows 1', 'rollback', '']) {
    client.send(serialize.query(sql));
    statuses.push((await client.until('readyForQuery')).at(-1)!.status);
  }
  assert.deepEqual(statuses, ['T', 'E', 'E', 'I', 'I']);
  await client.close();
});

test('row limits suspend a portal inside a chunk; several portals are alive at once', async (t) => {
  const { port, sessions } = await serve(t);
  const client = await WireClient.open(port);
  client.send(
    serialize.parse({ name: 's', text: 'rows 8' }),
    serialize.bind({ portal: 'a', statement: 's' }),
    serialize.bind({ portal: 'b', statement: 's' }),
    serialize.execute({ portal: 'a', rows: 5 }),
    serialize.execute({ portal: 'b', rows: 1 }),
    serialize.execute({ portal: 'a', rows: 3 }),
    serialize.execute({ portal: 'a', rows: 3 }),
    serialize.execute({ portal: 'b', rows: 0 }),
    serialize.execute({ portal: 'b', rows: 0 }),
    serialize.sync(),
    serialize.execute({ portal: 'b', rows: 0 }),
    serialize.sync(),
  );
  const row = (n: number): string[] => Array<string>(n).fill('dataRow');
  const first = await client.until('readyForQuery');
  assert.deepEqual(names(first), [
    'parseComplete',
    'bindComplete',
    'bindComplete',
    ...row(5),
    'portalSuspended',
    ...row(1),
    'portalSuspended',
    ...row(3),
    'portalSuspended',
    'commandComplete',
    ...row(7),
    'commandComplete',
    'commandComplete',
    'readyForQuery',
  ]);
  assert.deepEqual(
    first.filter(({ name }) => name === 'commandComplete').map((message) => message.text),
    ['SELECT 0', 'SELECT 7', 'SELECT 0'],
  );
  assert.deepEqual(
    first.filter(({ name }) => name === 'dataRow').map((message) => Number((message.fields as string[])[0])),
    [0, 1, 2, 3, 4, 0, 5, 6, 7, 1, 2, 3, 4, 5, 6, 7],
  );
  const second = await client.until('readyForQuery');
  assert.equal(second[0]!.code, '34000');
  assert.equal(sessions[0]!.open.size, 0);
  await client.close();
});

test('in a transaction block portals outlive Sync, as drivers with a fetch size need', async (t) => {
  const { port, sessions } = await serve(t);
  const client = await WireClient.open(port);
  client.send(serialize.query('begin'));
  await client.until('readyForQuery');
  client.send(
    serialize.parse({ text: 'rows 5' }),
    serialize.bind({ portal: 'c' }),
    serialize.execute({ portal: 'c', rows: 4 }),
    serialize.sync(),
  );
  await client.until('readyForQuery');
  client.send(serialize.execute({ portal: 'c', rows: 4 }), serialize.sync());
  assert.deepEqual(names(await client.until('readyForQuery')), ['dataRow', 'commandComplete', 'readyForQuery']);
  client.send(serialize.query('commit'), serialize.execute({ portal: 'c' }), serialize.sync());
  await client.until('readyForQuery');
  assert.equal((await client.until('readyForQuery'))[0]!.code, '34000');
  assert.equal(sessions[0]!.open.size, 0);
  await client.close();
});

test('after an error all is skipped until Sync; pipelined groups are answered in order', async (t) => {
  const { port } = await serve(t);
  const client = await WireClient.open(port);
  client.send(
    ...extended('fail'),
    ...extended('rows 1'),
    serialize.query('rows 1'),
    serialize.sync(),
    ...extended('rows 1'),
    serialize.sync(),
    ...extended(''),
    serialize.sync(),
  );
  assert.deepEqual(names(await client.until('readyForQuery')), [
    'parseComplete',
    'bindComplete',
    'noData',
    'error',
    'readyForQuery',
  ]);
  assert.deepEqual(names(await client.until('readyForQuery')), [
    'parseComplete',
    'bindComplete',
    'rowDescription',
    'dataRow',
    'commandComplete',
    'readyForQuery',
  ]);
  assert.deepEqual(names(await client.until('readyForQuery')), [
    'parseComplete',
    'bindComplete',
    'noData',
    'emptyQuery',
    'readyForQuery',
  ]);
  await client.close();
});

test('statements and portals that are not there, or there already', async (t) => {
  const { port } = await serve(t);
  const client = await WireClient.open(port);
  const codes: unknown[] = [];
  for (const messages of [
    [serialize.bind({ statement: 'nope' })],
    [serialize.describe({ type: 'S', name: 'nope' })],
    [serialize.execute({ portal: 'nope' })],
    [serialize.parse({ name: 's', text: 'rows 1' }), serialize.parse({ name: 's', text: 'rows 1' })],
    [serialize.bind({ portal: 'p', statement: 's' }), serialize.bind({ portal: 'p', statement: 's' })],
    [serialize.parse({ text: 'rows 1; rows 2' })],
    [serialize.parse({ text: 'echo $1', types: [600] })],
    [serialize.close({ type: 'S', name: 's' }), serialize.bind({ statement: 's' })],
    [...extended('insert 1'), serialize.execute({})],
  ]) {
    client.send(...messages, serialize.sync());
    codes.push((await client.until('readyForQuery')).find(({ name }) => name === 'error')?.code);
  }
  assert.deepEqual(codes, ['26000', '26000', '34000', '42P05', '42P03', '42601', '0A000', '26000', '55000']);
  client.send(serialize.close({ type: 'S', name: 'never' }), serialize.copyData(Buffer.from('x')), serialize.sync());
  assert.deepEqual(names(await client.until('readyForQuery')), ['closeComplete', 'readyForQuery']);
  await client.close();
});

test('binary results and parameters, by the format codes of Bind', async (t) => {
  const { port } = await serve(t);
  const client = await WireClient.open(port);
  client.send(
    serialize.parse({ text: 'echo $1 $2 $3', types: [23, 26, 0] }),
    serialize.bind({ values: [Buffer.from([0, 0, 0, 7]), Buffer.from([0xff, 0, 0, 0]), null] }),
    serialize.execute({}),
    serialize.describe({ type: 'S' }),
    serialize.sync(),
  );
  const echoed = await client.until('readyForQuery');
  const json = (echoed.find(({ name }) => name === 'dataRow')!.fields as string[])[0]!;
  assert.deepEqual(JSON.parse(json), [7, 0xff000000, null]);
  assert.deepEqual(echoed.find(({ name }) => name === 'parameterDescription')!.dataTypeIDs, [23, 26, 25]);
  await client.close();
  const driver = await connectPg(t, port);
  const { rows } = await driver.query({ text: 'rows 3', values: [], binary: true } as pg.QueryConfig);
  assert.deepEqual(rows[2], { n: 2, label: 'row 2' });
});

test('ParameterStatus at start, and again when a setting changes; notices', async (t) => {
  const { port } = await serve(t);
  const client = new WireClient(port);
  client.send(serialize.startup({ user: 'ann', application_name: 'test', options: '-c timezone=Asia/Tokyo' }));
  const greeting = await client.until('readyForQuery');
  const statuses = Object.fromEntries(
    greeting.filter(({ name }) => name === 'parameterStatus').map((m) => [m.parameterName, m.parameterValue]),
  );
  assert.match(String(statuses.server_version), /^15\./);
  assert.equal(statuses.application_name, 'test');
  assert.equal(statuses.TimeZone, 'Asia/Tokyo');
  assert.equal(statuses.session_authorization, 'ann');
  assert.equal(Object.keys(statuses).length, 13);
  client.send(serialize.query('set TimeZone UTC'));
  const changed = await client.until('readyForQuery');
  assert.deepEqual(names(changed), ['commandComplete', 'parameterStatus', 'readyForQuery']);
  client.send(serialize.query('notice'));
  assert.deepEqual(names(await client.until('readyForQuery')), ['notice', 'commandComplete', 'readyForQuery']);
  await client.close();
  const refused = new WireClient(port);
  refused.send(serialize.startup({ user: 'ann', bad_setting: '1' }));
  assert.equal((await refused.until('error')).at(-1)!.code, '42704');
});

test('cancel requests need the right key', async (t) => {
  const { port } = await serve(t);
  const client = new WireClient(port);
  client.send(serialize.startup({ user: 'ann' }));
  const key = (await client.until('readyForQuery')).find(({ name }) => name === 'backendKeyData')!;
  const cancel = async (secret: number): Promise<void> => {
    const other = connect(port, '127.0.0.1');
    other.end(serialize.cancel(key.processID as number, secret));
    other.resume();
    await once(other, 'close');
  };
  client.send(serialize.query('sleep'));
  await cancel((key.secretKey as number) ^ 1);
  assert.equal(client.received.length, 0);
  await cancel(key.secretKey as number);
  assert.equal((await client.until('readyForQuery'))[0]!.code, '57014');
  await client.close();
});

test('a client that disappears takes its statement with it', async (t) => {
  const { port, sessions } = await serve(t);
  const client = await WireClient.open(port);
  client.send(serialize.query('sleep'));
  while (!sessions[0]!.log.includes('sleep')) await new Promise((resolve) => setTimeout(resolve, 5));
  client.socket.destroy();
  while (!sessions[0]!.log.includes('closed')) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(sessions[0]!.log, ['sleep', 'failed', 'closed']);
  assert.equal(sessions[0]!.open.size, 0);
});

test('a client that does not read stops the query from being pulled', async (t) => {
  const { port, sessions } = await serve(t);
  const client = await WireClient.open(port);
  const session = sessions[0]!;
  client.socket.pause();
  client.send(serialize.query('flood 10000'));
  let before = -1;
  while (session.chunksPulled !== before || before < 1) {
    before = session.chunksPulled;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok(session.chunksPulled < 1000, `${session.chunksPulled} chunks`);
  client.socket.destroy();
  while (!session.log.includes('closed')) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(session.open.size, 0);
});

test('passwords: right, wrong, none; and no listening beyond loopback without one', async (t) => {
  const { port } = await serve(t, { password: 'pencil' });
  const client = await connectPg(t, port, { password: 'pencil' });
  assert.equal((await client.query('rows 2')).rowCount, 2);
  await assert.rejects(connectPg(t, port, { password: 'pen' }), { code: '28P01' });
  await assert.rejects(
    startServer({ host: '0.0.0.0', port: 0 }, async () => new FakeSession()),
    { code: '28000' },
  );
  await assert.rejects(
    startServer({ port }, async () => new FakeSession()),
    { code: '58030' },
  );
  const early = new WireClient(port);
  early.send(serialize.startup({ user: 'ann' }), serialize.query('rows 1'));
  const answers = await early.until('error');
  assert.equal(answers.at(-1)!.code, '08P01');
});

test('one client too many gets 53300; a place is free again when one leaves', async (t) => {
  const { port, sessions } = await serve(t, { maxConnections: 1 });
  const client = await WireClient.open(port);
  const second = new WireClient(port);
  second.send(serialize.startup({ user: 'bob' }));
  assert.equal((await second.until('error')).at(-1)!.code, '53300');
  await client.close();
  while (!sessions[0]!.log.includes('closed')) await new Promise((resolve) => setTimeout(resolve, 5));
  const third = await WireClient.open(port);
  await third.close();
});

test('close tells idle clients and lets a running statement finish or cancels it', async (t) => {
  const { port, close, sessions } = await serve(t);
  const idle = await WireClient.open(port);
  const busy = await WireClient.open(port);
  busy.send(serialize.query('sleep'));
  while (!sessions[1]!.log.includes('sleep')) await new Promise((resolve) => setTimeout(resolve, 5));
  const closed = close(100);
  assert.equal((await idle.until('error')).at(-1)!.code, '57P01');
  await closed;
  assert.ok(sessions.every((session) => session.log.includes('closed')));
});

test('encryption: no by default; TLS when there is a certificate; nothing in the clear behind the request', async (t) => {
  const plain = await serve(t);
  await assert.rejects(connectPg(t, plain.port, { ssl: { rejectUnauthorized: false } }), /does not support SSL/);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const paths = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
  try {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-subj',
        '/CN=localhost',
        '-keyout',
        paths.key,
        '-out',
        paths.cert,
      ],
      { stdio: 'ignore' },
    );
  } catch {
    t.skip('openssl is needed to make a certificate');
    return;
  }
  const tls = { key: readFileSync(paths.key), cert: readFileSync(paths.cert) };
  const { port } = await serve(t, { tls, password: 'pencil' });
  const client = await connectPg(t, port, { password: 'pencil', ssl: { rejectUnauthorized: false } });
  assert.equal((await client.query('rows 1000')).rowCount, 1000);
  const vandal = connect(port, '127.0.0.1');
  vandal.on('error', () => undefined);
  vandal.write(serialize.requestSsl());
  assert.equal(String((await once(vandal, 'data'))[0]), 'S');
  vandal.end(Buffer.alloc(100, 'x'));
  vandal.resume();
  await once(vandal, 'close');
  const smuggler = new WireClient(port);
  smuggler.send(serialize.requestSsl(), serialize.startup({ user: 'ann' }));
  assert.equal((await smuggler.until('error')).at(-1)!.code, '08P01');
});

test('random bytes on a socket harm nobody else', async (t) => {
  const { port } = await serve(t);
  const client = await WireClient.open(port);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, started) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      if (started) socket.write(serialize.startup({ user: 'ann' }));
      socket.end(bytes);
      await once(socket, 'close');
    }),
    { numRuns: 40 },
  );
  client.send(serialize.query('rows 1'));
  assert.equal((await client.until('readyForQuery')).length, 4);
  await client.close();
});

test('protocol 3.2: a long key; newer versions and options are negotiated', async (t) => {
  const { port } = await serve(t);
  const greet = async (minor: number, ...parameters: string[]): Promise<Buffer> => {
    const body = Buffer.from([...['user', 'ann', ...parameters].map((text) => `${text}\0`), '\0'].join(''));
    const packet = Buffer.alloc(8 + body.length);
    packet.writeInt32BE(packet.length, 0);
    packet.writeInt32BE((3 << 16) | minor, 4);
    body.copy(packet, 8);
    const socket = connect(port, '127.0.0.1');
    socket.write(packet);
    let answer = Buffer.alloc(0);
    while (!answer.includes('Z\0\0\0\u0005I'))
      answer = Buffer.concat([answer, (await once(socket, 'data'))[0] as Buffer]);
    socket.destroy();
    return answer;
  };
  const keyLength = (answer: Buffer): number => answer.readInt32BE(answer.indexOf('K\0\0\0') + 1) - 8;
  assert.equal(keyLength(await greet(0)), 4);
  assert.equal(keyLength(await greet(2)), 32);
  const negotiated = await greet(7, '_pq_.compression', 'on');
  assert.equal(negotiated[0], 'v'.charCodeAt(0));
  assert.equal(negotiated.readInt32BE(5), (3 << 16) | 2);
  assert.ok(negotiated.includes('_pq_.compression\0'));
});

test('psql', async (t) => {
  try {
    execFileSync('psql', ['--version'], { stdio: 'ignore' });
  } catch {
    t.skip('psql is not installed');
    return;
  }
  const { port } = await serve(t, { password: 'pencil' });
  const psql = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)('psql', ['-X', '-At', '-h', '127.0.0.1', '-p', String(port), '-U', 'ann', 'lake', ...args], {
      env: { ...process.env, PGPASSWORD: 'pencil' },
    });
  assert.equal((await psql('-c', 'rows 2')).stdout, '0|row 0\n1|row 1\n');
  assert.equal(
    (await psql('-F', ',', '-c', 'types')).stdout.split('\n')[0],
    ALL_TYPES.map(([, , text]) => text).join(','),
  );
  await assert.rejects(
    psql('-c', 'rows 1; fail'),
    /ERROR: {2}division by zero\nLINE 1: rows 1; fail\n +\^\nHINT: {2}Try 1\./,
  );
});
