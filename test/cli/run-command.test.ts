import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCommandLine } from './run-command-line.js';

const SCRIPT = `-- a day of sales
create table if not exists sales (item text, amount integer) partitioned by (day date);
insert overwrite sales partition (day = :'ds')
  select 'item ' || i::text, i * :factor from generate_series(1, 100) as g(i);
select count(*) as rows, sum(amount) as amount from sales;
`;

test('a script runs in order, twice with the same effect as once', async (context) => {
  const lake = temporaryFolder(context);
  const script = join(temporaryFolder(context), 'daily.sql');
  writeFileSync(script, SCRIPT);
  const run = (ds: string): ReturnType<typeof runCommandLine> =>
    runCommandLine(['run', script, '--var', `ds=${ds}`, '--var', 'factor=2', '--lake', lake]);
  const first = await run('2026-03-22');
  assert.equal(first.status, 0, first.stderr);
  assert.equal(first.stdout, ' rows │ amount\n──────┼────────\n  100 │  10100\n(1 row)\n');
  assert.match(first.stderr, /^line 2 +CREATE TABLE +[\d.]+ m?s$/m);
  assert.match(first.stderr, /^line 3 +INSERT +100 rows +[\d.]+ m?s$/m);
  assert.match(first.stderr, /^daily.sql: 3 statements done in /m);
  assert.equal((await run('2026-03-22')).stdout, first.stdout);
  assert.match((await run('2026-03-23')).stdout, / 200 │ +20200\n/);
});

test('the first error stops it, and says where; what was committed stays', async (context) => {
  const lake = temporaryFolder(context);
  const folder = temporaryFolder(context);
  writeFileSync(
    join(folder, 'broken.sql'),
    "create table t (a integer);\ninsert into t values (1);\ninsert into t\n  select :'x'::integer;\ncreate table u (a integer);\n",
  );
  const broken = await runCommandLine(['run', 'broken.sql', '-v', 'x=one', '--lake', lake], { cwd: folder });
  assert.equal(broken.status, 1);
  assert.match(
    broken.stderr,
    /^broken.sql:4:\d+: error: invalid input syntax for type integer: "one" \(22P02\)\n {2}LINE 4: {3}select :'x'::integer;\n/m,
  );
  assert.match(broken.stderr, /^broken.sql: stopped after 2 statements that succeeded/m);
  const query = async (sql: string): Promise<string> =>
    (await runCommandLine(['query', sql, '--format', 'csv', '--lake', lake])).stdout;
  assert.equal(await query('select a from t'), 'a\n1\n');
  assert.equal(await query('select a from u'), '');
  const unset = await runCommandLine(['run', 'broken.sql', '--lake', lake], { cwd: folder });
  assert.match(unset.stderr, /^broken.sql:4:10: error: variable "x" is not set \(42704\)/);
  assert.equal(unset.status, 1);
});

test('usage', async () => {
  assert.match((await runCommandLine(['run'])).stderr, /there is no script to run/);
  assert.match((await runCommandLine(['run', 'none.sql'])).stderr, /there is no file none.sql \(58P01\)/);
  assert.match((await runCommandLine(['--version'])).stdout, /^millrace \d+\.\d+\.\d+\n$/);
  assert.match((await runCommandLine(['run', '--help'])).stdout, /^millrace run SCRIPT.sql \[options\]\n/);
  const nothing = await runCommandLine([]);
  assert.deepEqual([nothing.status, nothing.stdout], [1, '']);
});
