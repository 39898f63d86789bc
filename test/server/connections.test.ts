import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serialize } from 'pg-protocol';
import { Millrace } from '../../src/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { WireClient } from '../support/wire-client.js';
import { SLOW, serveLake, until } from './served-lake.js';

const CREATE = 'create table t as select i, i % 10 as g from generate_series(1, 50000) as g(i)';

test('50 connections at once, each with queries of its own', async (t) => {
  const { connect, untilFreed } = await serveLake(t);
  await (await connect()).query(CREATE);
  const clients = await Promise.all(Array.from({ length: 50 }, () => connect()));
  const answers = await Promise.all(
    clients.map(async (client, index) => {
      const sums: number[] = [];
      for (let round = 0; round < 3; round++) {
        const { rows } = await client.query('select sum(i)::integer as s from t where g = $1 and i <= $2', [
          index % 10,
          1000 * (round + 1),
        ]);
        sums.push(rows[0].s);
      }
      return sums;
    }),
  );
  const sumOf = (group: number, limit: number): number => {
    let sum = 0;
    for (let i = 1; i <= limit; i++) if (i % 10 === group) sum += i;
    return sum;
  };
  assert.deepEqual(
    answers,
    clients.map((_, index) => [1, 2, 3].map((round) => sumOf(index % 10, 1000 * round))),
  );
  await untilFreed();
});

test('a short query is answered while a long one runs, on the same threads', async (t) => {
  const { connect, engine, untilFreed } = await serveLake(t);
  const [busy, quick] = [await connect(), await connect()];
  await busy.query(CREATE);
  const long = busy.query('select count(*) from t a, t b, t c where a.g = b.g and b.g = c.g');
  const canceled = assert.rejects(long, { code: '57014' });
  await until(() => engine.executor.shared.allocatedChunks > 10);
  for (let round = 0; round < 5; round++) {
    assert.deepEqual((await quick.query('select count(*)::integer as n from t where g = 3')).rows, [{ n: 5000 }]);
  }
  const pid = (busy as unknown as { processID: number; secretKey: number }).processID;
  const other = new WireClient(quick.port);
  other.send(serialize.cancel(pid, (busy as unknown as { secretKey: number }).secretKey));
  await canceled;
  await untilFreed();
});

test('writers of different tables, and of the same one, on two connections', async (t) => {
  const { connect } = await serveLake(t);
  const [one, two] = [await connect(), await connect()];
  await Promise.all([one.query('create table a (i integer)'), two.query('create table b (i integer)')]);
  await Promise.all([
    one.query('insert into a select i from generate_series(1, 30000) as g(i)'),
    two.query('insert into b select i from generate_series(1, 20000) as g(i)'),
  ]);
  await Promise.all([one, two].flatMap((client) => [1, 2, 3].map((n) => client.query(`insert into a values (${n})`))));
  const count = async (table: string): Promise<number> =>
    (await one.query(`select count(*)::integer as n from ${table}`)).rows[0].n as number;
  assert.deepEqual([await count('a'), await count('b')], [30_006, 20_000]);
});

test('closing with open connections: idle clients are told, what runs may end or is canceled', async (t) => {
  const { port, connect, engine, close, untilFreed } = await serveLake(t);
  await (await connect()).query(CREATE);
  const idle = await WireClient.open(port);
  const inTransaction = await WireClient.open(port);
  inTransaction.send(serialize.query('begin; insert into t values (1, 1)'));
  await inTransaction.until('readyForQuery');
  const ending = await WireClient.open(port);
  const slow = await WireClient.open(port);
  slow.send(serialize.query(SLOW));
  await until(() => engine.executor.shared.allocatedChunks > 10);
  ending.send(serialize.query('select i from t'));
  await ending.until('dataRow');
  const closed = close(3000);
  for (const client of [idle, inTransaction]) assert.equal((await client.until('error')).at(-1)!.code, '57P01');
  const rest = await ending.until('error');
  assert.equal(rest.filter(({ name }) => name === 'dataRow').length, 49_999);
  assert.deepEqual([rest.at(-3)!.name, rest.at(-1)!.code], ['commandComplete', '57P01']);
  await closed;
  await untilFreed();
  await slow.until('the end');
});

test('Millrace.close ends its servers, their clients and their queries', async (t) => {
  const database = await Millrace.open({ lake: temporaryFolder(t), threads: 2, memoryLimit: '256MB' });
  const { port, close } = await database.listen({ port: 0 });
  const client = await WireClient.open(port);
  client.send(serialize.query('select 1'));
  await client.until('readyForQuery');
  const second = await database.listen({ port: 0 });
  const busy = await WireClient.open(second.port);
  busy.send(serialize.query('select i from generate_series(1, 1000000) as g(i)'));
  await busy.until('dataRow');
  busy.socket.destroy();
  await close();
  assert.equal((await client.until('error')).at(-1)!.code, '57P01');
  await database.close();
  await assert.rejects(database.query('select 1'));
});
