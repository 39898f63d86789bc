import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runCommandLine } from '../cli/run-command-line.js';
import { mountSmallDisk } from '../support/small-disk.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { TestLake } from './test-lake.js';

/** Does not compress. */
const ROWS = 'select i, i::bigint * 2654435761 % 4294967291 as h from generate_series(1, 1000000) as g(i)';
const WRITES = [
  `insert overwrite days partition (d = '2026-01-02') select h % 1000000000 from (${ROWS}) r`,
  `insert overwrite days partition (d) select h % 1000000000, date '2026-01-01' + i % 30 from (${ROWS}) r`,
  `create table fresh as ${ROWS}`,
  `create or replace table days as ${ROWS}`,
] as const;

test('the disk is full', async (context) => {
  const disk = mountSmallDisk(context, '3m');
  if (disk === undefined) return context.skip('needs to mount a tmpfs');
  const lake = await TestLake.open(context, { lake: disk });
  const expected = { code: '53100', message: /: no space left on device$/, hint: /Free some disk space/ };
  for (const sql of WRITES) await lake.fails(sql, expected);
  await lake.commandLineFails(WRITES[0], expected);
  await lake.commandLineFails(`copy (${ROWS}) to '${lake.path('big.parquet')}' (format parquet)`, expected);
  for (const format of ['csv', 'arrow']) {
    const path = lake.path(`rows.${format}`);
    const { status, stderr } = await runCommandLine(['query', ROWS, '--lake', disk, '-o', path]);
    assert.equal(status, 1);
    assert.match(stderr, /\(53100\)\n(.*\n)* {2}HINT: Free some/);
    assert.deepEqual(readdirSync(disk).sort(), ['_millrace', 'days', 'numbers']);
  }
  // With room again the same statement succeeds.
  rmSync(lake.path('numbers'), { recursive: true });
  await lake.run("insert overwrite days partition (d = '2026-01-02') select 7");
  assert.deepEqual(await lake.run('select sum(n) from days'), [['11']]);
});

test('the disk is full to the last byte, when a commit begins', async (context) => {
  const disk = mountSmallDisk(context, '3m');
  if (disk === undefined) return context.skip('needs to mount a tmpfs');
  const lake = await TestLake.open(context, { lake: disk });
  assert.throws(() => writeFileSync(lake.path('ballast'), Buffer.alloc(8 * 2 ** 20)), { code: 'ENOSPC' });
  const expected = { code: '53100', message: /: no space left on device$/, hint: /Free some disk space/ };
  await lake.fails("insert overwrite days partition (d = '2026-01-02') select 7", expected);
  await lake.fails("insert overwrite days partition (d = '2026-01-02') select 7 where false", expected);
  await lake.fails('create table fresh (a integer)', expected);
  await lake.fails('drop table days', expected);
});

test('a file would be larger than allowed', async (context) => {
  const lake = await TestLake.open(context);
  const run: typeof runCommandLine = (args) => runCommandLine(args, { fileSizeLimit: 100 });
  const expected = { code: '53400', message: /: file too large$/, hint: /ulimit -f/ };
  for (const sql of [WRITES[1], WRITES[3]]) await lake.commandLineFails(sql, expected, run);
});

test('a lake that may not be written to', async (context) => {
  const lake = await TestLake.open(context);
  const isRoot = process.getuid?.() === 0;
  if (process.getuid === undefined) return context.skip('permissions are those of POSIX');
  const names = ['.', ...(readdirSync(lake.folder, { recursive: true }) as string[])];
  const folders = names.map((name) => lake.path(name)).filter((path) => statSync(path).isDirectory());
  for (const folder of folders) chmodSync(folder, 0o555);
  try {
    await staysReadOnly(context, lake, isRoot);
  } finally {
    for (const folder of folders) chmodSync(folder, 0o755);
  }
});

async function staysReadOnly(context: TestContext, lake: TestLake, isRoot: boolean): Promise<void> {
  // Nothing is forbidden to root: be nobody.
  const run: typeof runCommandLine = (args) => runCommandLine(args, isRoot ? { uid: 65_534 } : {});
  const readable = await run(['query', 'select count(*) from numbers', '--lake', lake.folder, '--format', 'csv']);
  if (readable.status !== 0 && isRoot) return context.skip(`nobody cannot run the command: ${readable.stderr}`);
  assert.equal(readable.stdout, 'count\n80000\n', readable.stderr);
  const expected = { code: '42501', message: /permission denied$/, hint: /access to this path/ };
  for (const sql of [
    "insert overwrite days partition (d = '2026-01-02') select 7",
    'create view v as select 1 as a',
    'drop table days',
  ]) {
    await lake.commandLineFails(sql, expected, run);
  }
  const path = lake.path('rows.csv');
  const denied = await run(['query', 'select 1', '--lake', lake.folder, '-o', path]);
  assert.equal(denied.status, 1);
  assert.match(denied.stderr, /cannot write .*rows\.csv.*permission denied/);
}

test('a file where a folder must be', async (context) => {
  const lake = await TestLake.open(context);
  rmSync(lake.path('_millrace', 'staging'), { recursive: true, force: true });
  writeFileSync(lake.path('_millrace', 'staging'), 'in the way');
  for (const sql of [
    "insert overwrite days partition (d = '2026-01-02') select 7",
    'create table fresh as select 1 as a',
  ]) {
    await lake.fails(sql, { code: '58P01', message: /could not create/, hint: /Check the path/ });
  }
  writeFileSync(lake.path('file'), 'x');
  const { status, stderr } = await runCommandLine(['query', 'select 1', '--lake', lake.path('file')]);
  assert.equal(status, 1);
  assert.match(stderr, /^error: the lake ".*file" .*\n {2}HINT: /);
});

test('a first write that fails leaves a folder of files as it was', async (context) => {
  const template = await TestLake.open(context);
  const folder = temporaryFolder(context);
  cpSync(template.path('numbers'), join(folder, 'numbers'), { recursive: true });
  const lake = await TestLake.open(context, { lake: folder });
  const series = 'select 1 / (i - 150000) as i from generate_series(1, 300000) as g(i)';
  const expected = { code: '22012', message: /^division by zero$/ };
  await lake.fails(`create table fresh as ${series}`, expected);
  await lake.fails(`insert into numbers (i) ${series}`, expected);
  assert.ok(!existsSync(lake.path('_millrace')));
});
