import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { serialize } from 'pg-protocol';
import { type Received, WireClient } from '../support/wire-client.js';
import { SLOW, serveLake, until } from './served-lake.js';

interface Cancelable {
  readonly client: WireClient;
  /** Sends a cancel request; resolves when the server has taken it. */
  cancel(): Promise<void>;
}

async function openCancelable(port: number): Promise<Cancelable> {
  const client = new WireClient(port);
  client.send(serialize.startup({ user: 'ann' }));
  const key = (await client.until('readyForQuery')).find(({ name }) => name === 'backendKeyData')!;
  const cancel = async (): Promise<void> => {
    const other = new WireClient(port);
    other.send(serialize.cancel(key.processID as number, key.secretKey as number));
    await other.until('the end');
  };
  return { client, cancel };
}

const errorOf = (messages: readonly Received[]): unknown => messages.find(({ name }) => name === 'error')?.code;
const fill = 'select i, i % 1000 as g, (i::bigint * 7919 % 1000003)::text as h from generate_series(1, 300000) as g(i)';

const LONG = [
  SLOW,
  'select count(*) from t a, t b where a.g = b.g and a.h < b.h',
  'explain analyze select count(*) from t a, t b where a.g = b.g and a.h < b.h',
  'select a.h from t a, t b where a.g = b.g order by a.h, b.h',
  "insert overwrite w partition (d = '2026-01-01') select a.h from t a, t b where a.g = b.g",
];

test('long queries are canceled, and the connection goes on', async (t) => {
  const { port, connect, engine, untilFreed, lake } = await serveLake(t);
  const setup = await connect();
  await setup.query(`create table t as ${fill}`);
  await setup.query('create table w (h text) partitioned by (d date)');
  const { client, cancel } = await openCancelable(port);
  for (const sql of LONG) {
    for (const messages of [
      [serialize.query(sql)],
      [serialize.parse({ text: sql }), serialize.bind(), serialize.execute({}), serialize.sync()],
    ]) {
      client.send(...messages);
      await until(() => engine.executor.shared.allocatedChunks > 10);
      await cancel();
      assert.equal(errorOf(await client.until('readyForQuery')), '57014');
      await untilFreed();
    }
    client.send(serialize.query('select count(*) from w'));
    const answers = await client.until('readyForQuery');
    assert.deepEqual(answers.find(({ name }) => name === 'dataRow')!.fields, ['0']);
  }
  const files = readdirSync(lake, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet'));
  assert.ok(
    files.every((name) => name.startsWith('t/')),
    files.join(),
  );
  await client.close();
});

test('a cancel request with a wrong key, or when nothing runs, does nothing', async (t) => {
  const { port } = await serveLake(t);
  const { client, cancel } = await openCancelable(port);
  await cancel();
  client.send(serialize.query('select 1'));
  assert.equal(errorOf(await client.until('readyForQuery')), undefined);
  await client.close();
});

test('a client that disappears in the middle of a large result: the work stops, memory comes back', async (t) => {
  const { port, connect, engine, untilFreed } = await serveLake(t);
  await (await connect()).query(`create table t as ${fill}`);
  for (const sql of [
    'select a.i, b.h from t a, t b where a.g = b.g',
    'select i, i::text from generate_series(1, 2000000000) as g(i)',
    SLOW,
  ]) {
    for (const end of ['destroy', 'resetAndDestroy'] as const) {
      const client = await WireClient.open(port);
      client.send(serialize.query(sql));
      if (sql === SLOW) await until(() => engine.executor.shared.allocatedChunks > 10);
      else await client.until('dataRow');
      client.socket[end]();
      await untilFreed();
    }
  }
  assert.equal((await (await connect()).query('select count(*)::integer as n from t')).rows[0].n, 300_000);
});

test('a client that does not read makes the server wait, not gather the result', async (t) => {
  const { port, connect, engine, untilFreed } = await serveLake(t);
  await (await connect()).query(`create table t as ${fill}`);
  const client = await WireClient.open(port);
  client.socket.pause();
  const before = process.memoryUsage();
  // Each row has 90,000 matches: a batch alone would make 30 GB.
  client.send(serialize.query('select a.h, c.h from t a, t b, t c where a.g = b.g and b.g = c.g'));
  await until(() => engine.executor.shared.allocatedChunks > 10);
  // The work ends when the socket's buffers are full: nothing changes any more.
  let seen = 0;
  for (let quietRounds = 0; quietRounds < 5; quietRounds++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { rss } = process.memoryUsage();
    if (Math.abs(rss - seen) > 2 ** 20) quietRounds = 0;
    seen = rss;
    assert.ok(rss - before.rss < 256 * 2 ** 20, `${rss - before.rss} bytes are held`);
  }
  // Others are served meanwhile.
  assert.equal((await (await connect()).query('select count(*)::integer as n from t')).rows[0].n, 300_000);
  client.socket.destroy();
  await untilFreed();
});
