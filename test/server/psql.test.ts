import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.js';
import { SLOW, serveLake, until } from './served-lake.js';

interface PsqlResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const withoutPsql = hasPsql() ? false : 'psql is not installed';

function hasPsql(): boolean {
  try {
    execFileSync('psql', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function startPsql(port: number, args: readonly string[]): ReturnType<typeof spawn> {
  const env = { ...process.env, PGPASSWORD: 'pencil', PAGER: '', LC_ALL: 'C.UTF-8' };
  return spawn('psql', ['-X', '-h', '127.0.0.1', '-p', String(port), '-U', 'ann', 'lake', ...args], { env });
}

async function psql(port: number, ...args: readonly string[]): Promise<PsqlResult> {
  const child = startPsql(port, args);
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (text) => {
    stdout += text;
  });
  child.stderr!.on('data', (text) => {
    stderr += text;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

test('psql: rows, commands, errors with a caret', { skip: withoutPsql }, async (t) => {
  const { port } = await serveLake(t, { password: 'pencil' });
  const created = await psql(
    port,
    '-c',
    'create table t as select i, nullif(i, 2) * 1.5 as half from generate_series(1, 3) as g(i)',
  );
  assert.deepEqual(created, { status: 0, stdout: 'SELECT 3\n', stderr: '' });
  assert.equal(
    (await psql(port, '-c', 'select i, half from t order by i')).stdout,
    [' i | half ', '---+------', ' 1 |  1.5', ' 2 |     ', ' 3 |  4.5', '(3 rows)', '', ''].join('\n'),
  );
  assert.equal((await psql(port, '-At', '-c', 'show server_encoding; select count(*) from t')).stdout, 'UTF8\n3\n');
  const wrong = await psql(port, '-c', 'select i,\n  haff from t');
  assert.equal(wrong.status, 1);
  assert.equal(
    wrong.stderr,
    [
      'ERROR:  column "haff" does not exist',
      'LINE 2:   haff from t',
      '          ^',
      'HINT:  Perhaps you meant to reference the column "t.half".',
      '',
    ].join('\n'),
  );
  assert.match((await psql(port, '-c', '\\conninfo')).stdout, /connected to database "lake" as user "ann"/);
  const notice = await psql(port, '-c', 'drop table if exists nothing');
  assert.equal(notice.stderr, 'NOTICE:  table "nothing" does not exist, skipping\n');
});

test('psql: its catalog commands say what to ask instead', { skip: withoutPsql }, async (t) => {
  const { port } = await serveLake(t, { password: 'pencil' });
  await psql(port, '-c', 'create table t (a integer, b text)');
  for (const command of ['\\d', '\\dt', '\\l', '\\d t']) {
    const { stdout, stderr } = await psql(port, '-c', command);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^ERROR: {2}relation "pg_catalog\..*\nHINT: {2}The system catalogs are not built yet: SHOW TABLES/s,
    );
  }
  assert.equal((await psql(port, '-At', '-c', 'show tables')).stdout, 't|table\n');
  assert.equal((await psql(port, '-At', '-c', 'describe t')).stdout, 'a|integer|YES|NO\nb|text|YES|NO\n');
});

test('psql: a script with variables does what millrace run does', { skip: withoutPsql }, async (t) => {
  const { port } = await serveLake(t, { password: 'pencil' });
  const script = join(temporaryFolder(t), 'daily.sql');
  writeFileSync(
    script,
    `create table if not exists sales (item text, amount integer) partitioned by (day date);
     insert overwrite sales partition (day = :'ds') select 'item ' || i::text, i * :factor from generate_series(1, 100) as g(i);
     select day, count(*) as n, sum(amount) as amount from sales group by day order by day;\n`,
  );
  const run = (ds: string, ...options: string[]): Promise<PsqlResult> =>
    psql(port, '-At', '-q', '-v', 'ON_ERROR_STOP=1', '-v', `ds=${ds}`, '-v', 'factor=2', ...options, '-f', script);
  assert.deepEqual(await run('2026-03-22'), { status: 0, stdout: '2026-03-22|100|10100\n', stderr: '' });
  assert.equal((await run('2026-03-22')).stdout, '2026-03-22|100|10100\n');
  const second = await run('2026-03-23');
  assert.equal(second.stdout, '2026-03-22|100|10100\n2026-03-23|100|10100\n', second.stderr);
  const broken = await run('2026-02-30');
  assert.deepEqual([broken.status, broken.stdout], [3, '']);
  assert.match(
    broken.stderr,
    /ERROR: {2}date\/time field value out of range: "2026-02-30"\nLINE 1: .*'2026-02-30'.*\n +\^/,
  );
});

test('psql: transactions, several statements, and what comes after an error', { skip: withoutPsql }, async (t) => {
  const { port } = await serveLake(t, { password: 'pencil' });
  const { stdout, stderr, status } = await psql(
    port,
    '-At',
    ...[
      'create table t (a integer)',
      'begin',
      'insert into t values (1)',
      'rollback',
      'select count(*) from t',
    ].flatMap((sql) => ['-c', sql]),
    ...['select 1 / 0', 'begin', 'select nope', 'select 1', 'commit', "select 'still here'"].flatMap((sql) => [
      '-c',
      sql,
    ]),
  );
  assert.equal(status, 0);
  assert.equal(stdout, 'CREATE TABLE\nBEGIN\nINSERT 0 1\nROLLBACK\n0\nBEGIN\nROLLBACK\nstill here\n');
  assert.deepEqual(
    stderr.split('\n').filter((line) => line.startsWith('ERROR')),
    [
      'ERROR:  division by zero',
      'ERROR:  column "nope" does not exist',
      'ERROR:  current transaction is aborted, commands ignored until end of transaction block',
    ],
  );
});

test('psql: Ctrl-C cancels the query', { skip: withoutPsql }, async (t) => {
  const { port, engine, untilFreed } = await serveLake(t, { password: 'pencil' });
  const child = startPsql(port, ['-c', SLOW]);
  let output = '';
  child.stderr!.on('data', (text) => {
    output += text;
  });
  await until(() => engine.executor.shared.allocatedChunks > 10);
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'close'), [1, null]);
  assert.match(output, /^(Cancel request sent\n)?ERROR: {2}canceling statement due to user request\n$/);
  await untilFreed();
  assert.equal((await psql(port, '-At', '-c', 'select 6 * 7')).stdout, '42\n');
});

test('psql: COPY from and to the client', { skip: withoutPsql }, async (t) => {
  const { port } = await serveLake(t, { password: 'pencil' });
  const file = join(temporaryFolder(t), 'in.csv');
  writeFileSync(file, 'a,b\n1,"x\ny"\n2,\n');
  await psql(port, '-c', 'create table t (a integer, b text)');
  assert.equal((await psql(port, '-c', `\\copy t from '${file}' csv header`)).stdout, 'COPY 2\n');
  const both = await psql(port, '-c', 'copy t to stdout', '-c', "copy t to stdout (format csv, header, null '-')");
  assert.equal(both.stdout, '1\tx\\ny\n2\t\\N\na,b\n1,"x\ny"\n2,-\n');
  writeFileSync(file, '3,ok\nbad,line\n');
  const failed = await psql(port, '-c', `\\copy t from '${file}' csv`);
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /invalid input syntax for type integer: "bad"\nDETAIL: {2}STDIN, line 2, column "a"/);
  assert.equal((await psql(port, '-Atc', 'select count(*) from t')).stdout, '2\n');
  assert.match((await psql(port, '-c', "copy t to '/tmp/x'")).stderr, /not permitted/);
});
