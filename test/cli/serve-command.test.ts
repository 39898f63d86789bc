import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCommandLine, startCommandLine } from './run-command-line.js';

test('a Postgres client connects with the password, and the server ends on SIGTERM', async (context) => {
  const lake = temporaryFolder(context);
  const passwordFile = join(temporaryFolder(context), 'password');
  writeFileSync(passwordFile, 'secret\n');
  const server = startCommandLine(['serve', '--lake', lake, '--port', '0', '--password-file', passwordFile]);
  context.after(() => server.kill('SIGKILL'));
  const [greeting] = (await once(server.stdout, 'data')) as [Buffer];
  const port = Number(/ on 127\.0\.0\.1:(\d+)\./.exec(String(greeting))?.[1]);
  const connect = (password: string): pg.Client =>
    new pg.Client({ host: '127.0.0.1', port, user: 'anna', database: 'lake', password });
  const client = connect('secret');
  await client.connect();
  await client.query('create table t as select i as a from generate_series(1, 1000) as g(i)');
  const { rows } = await client.query('select count(*)::integer as n, sum(a)::bigint as s from t where a > $1', [500]);
  assert.deepEqual(rows, [{ n: 500, s: '375250' }]);
  await assert.rejects(client.query('select b from t'), { code: '42703' });
  await assert.rejects(client.query("copy (select 1) to '/tmp/x.parquet' (format parquet)"), { code: '42501' });
  await client.end();
  await assert.rejects(connect('wrong').connect(), { code: '28P01' });
  const ended = once(server, 'close');
  server.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
});

test('no listening beyond loopback without a password', async (context) => {
  const { status, stderr } = await runCommandLine(['serve', '--host', '0.0.0.0', '--lake', temporaryFolder(context)], {
    env: { MILLRACE_PASSWORD: '' },
  });
  assert.equal(status, 1);
  assert.match(stderr, /refusing to listen on 0\.0\.0\.0 without a password \(28000\)/);
  const bad = await runCommandLine(['serve', '--port', 'x']);
  assert.match(bad.stderr, /--port takes a number/);
});
