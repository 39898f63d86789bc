import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tableFromIPC } from 'apache-arrow';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runCommandLine, startCommandLine } from './run-command-line.js';

const SQL = "select i as n, 'row ' || i::text as label, nullif(i, 2) * 1.5 as half from generate_series(1, 3) as g(i)";

test('rows as a table, CSV, JSON and lines of JSON', async (context) => {
  const lake = temporaryFolder(context);
  const query = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await runCommandLine(['query', SQL, '--lake', lake, ...args]);
    assert.equal(status, 0, stderr);
    return stdout;
  };
  assert.equal(
    await query(),
    [
      ' n │ label │ half',
      '───┼───────┼──────',
      ' 1 │ row 1 │  1.5',
      ' 2 │ row 2 │ NULL',
      ' 3 │ row 3 │  4.5',
      '(3 rows)',
      '',
    ].join('\n'),
  );
  assert.equal(await query('--format', 'csv'), 'n,label,half\n1,row 1,1.5\n2,row 2,\n3,row 3,4.5\n');
  assert.deepEqual(JSON.parse(await query('--format', 'json')), [
    { n: 1, label: 'row 1', half: 1.5 },
    { n: 2, label: 'row 2', half: null },
    { n: 3, label: 'row 3', half: 4.5 },
  ]);
  const lines = (await query('--format', 'jsonl')).trimEnd().split('\n');
  assert.deepEqual(JSON.parse(lines[1]!), { n: 2, label: 'row 2', half: null });
});

test('a file gets its format from its name, and appears only when it is complete', async (context) => {
  const lake = temporaryFolder(context);
  const folder = temporaryFolder(context);
  const write = (file: string, sql: string): Promise<{ status: number | null }> =>
    runCommandLine(['query', sql, '--lake', lake, '-o', join(folder, file)]);
  assert.equal((await write('rows.csv', SQL)).status, 0);
  assert.match(readFileSync(join(folder, 'rows.csv'), 'utf8'), /^n,label,half\n1,row 1,1.5\n/);
  assert.equal((await write('rows.arrow', SQL)).status, 0);
  const table = tableFromIPC(readFileSync(join(folder, 'rows.arrow')));
  assert.deepEqual([...table.getChild('label')!], ['row 1', 'row 2', 'row 3']);
  assert.deepEqual([...table.getChild('half')!.get(2)!], [45, 0, 0, 0]);
  assert.equal((await write('rows.parquet', `${SQL} order by n desc;`)).status, 0);
  const read = `select * from '${join(folder, 'rows.parquet')}'`;
  const back = await runCommandLine(['query', read, '--lake', lake, '--format', 'csv']);
  assert.equal(back.stdout, 'n,label,half\n3,row 3,4.5\n2,row 2,\n1,row 1,1.5\n');
  assert.equal((await write('empty.parquet', `${SQL} where false`)).status, 0);
  const failing = 'select 1 / (i - 200000) as x from generate_series(1, 300000) as g(i)';
  assert.equal((await write('failed.csv', failing)).status, 1);
  assert.equal((await write('failed.parquet', failing)).status, 1);
  assert.deepEqual(readdirSync(folder).sort(), ['empty.parquet', 'rows.arrow', 'rows.csv', 'rows.parquet']);
});

test('variables, standard input and the lake of the environment', async (context) => {
  const { status, stdout } = await runCommandLine(['query', '-f', '-', '--format', 'csv', '-v', "who=O'Neil"], {
    env: { MILLRACE_LAKE: temporaryFolder(context) },
    input: "select :'who' as who",
  });
  assert.deepEqual([status, stdout], [0, "who\nO'Neil\n"]);
});

test('errors name line and column, with a caret and what to do; the status is 1', async (context) => {
  const lake = temporaryFolder(context);
  const fail = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await runCommandLine(['query', ...args, '--lake', lake]);
    assert.deepEqual([status, stdout], [1, '']);
    return stderr;
  };
  assert.equal(
    await fail('select 1,\n  n0 from generate_series(1, 2) as g(n1)'),
    [
      'line 2, column 3: error: column "n0" does not exist (42703)',
      '  LINE 2:   n0 from generate_series(1, 2) as g(n1)',
      '            ^',
      '  HINT: Perhaps you meant to reference the column "g.n1".',
      '',
    ].join('\n'),
  );
  assert.match(await fail('selec 1'), /^line 1, column 1: error: syntax error at or near "selec" \(42601\)\n/);
  assert.match(await fail("select * from 'none.parquet'"), /file "none.parquet" does not exist \(58P01\)/);
  assert.match(await fail('select 1 / 0'), /division by zero \(22012\)/);
  assert.match(await fail("select 1 + 'x'"), /invalid input syntax for type integer: "x" \(22P02\)/);
  assert.match(await fail('select 1', '--threads', 'two'), /--threads takes a whole number from 1/);
  assert.match(await fail('select 1', '--memory-limit', 'much'), /"much" is not an amount of memory/);
  assert.match(await fail('select 1', '--format', 'xml'), /There are table, csv/);
  for (const file of ['rows.csv', 'rows.parquet']) {
    assert.match(await fail('select 1', '-o', join(lake, 'none', file)), /there is no such folder \(58P01\)\n/);
  }
  const parquet = await fail('select nope', '-o', join(lake, 'x.parquet'));
  assert.match(parquet, /^line 1, column 8: error: column "nope" does not exist \(42703\)\n {2}LINE 1: select nope\n/);
  assert.match(await fail('select 1; select 2', '--format', 'json'), /the format json takes one query/);
  const missing = await runCommandLine(['query', 'select 1', '--lake', join(lake, 'none')]);
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /the lake ".*none" does not exist \(58P01\)/);
});

test('a reader that has seen enough ends the query quietly', async (context) => {
  const sql = 'select i, i * 2 as twice from generate_series(1, 50000000) as g(i)';
  const child = startCommandLine(['query', sql, '--format', 'csv', '--lake', temporaryFolder(context)]);
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  assert.deepEqual(await once(child, 'close'), [0, null]);
  assert.equal(stderr, '');
});

test('Ctrl-C cancels the query, and the status is 130', async (context) => {
  const sql =
    'select count(*) from generate_series(1, 400000) a(i), generate_series(1, 400000) b(j) where i % 7 = j % 7';
  const child = startCommandLine(['query', `select 1; ${sql}`, '--lake', temporaryFolder(context)]);
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  child.stdout.once('data', () => child.kill('SIGINT'));
  assert.deepEqual(await once(child, 'close'), [130, null]);
  assert.match(stderr, /canceling statement due to user request \(57014\)/);
});

test('--plan draws how queries ran, further ones beside the first, and leaves the rows as they are', async (context) => {
  const lake = temporaryFolder(context);
  const folder = temporaryFolder(context);
  const run = (sql: string, plan: string): ReturnType<typeof runCommandLine> =>
    runCommandLine(['query', sql, '--lake', lake, '--format', 'csv', '--plan', join(folder, plan)]);
  const one = await run(SQL, 'one.svg');
  assert.equal(one.status, 0, one.stderr);
  assert.match(one.stdout, /^n,label,half\n1,row 1,1.5\n/);
  const svg = readFileSync(join(folder, 'one.svg'), 'utf8');
  assert.match(svg, /^<svg xmlns=.*<\/svg>\n$/s);
  assert.match(svg, /Generate Series/);
  assert.match(svg, />3 rows</);
  assert.match(svg, /Execution [\d.]+ ms/);
  const write = "create table t as select i from generate_series(1, 10) as g(i); copy t to '/dev/null'; select 1";
  const several = await runCommandLine(['query', write, '--lake', lake, '--plan', join(folder, 'several.txt')]);
  assert.equal(several.status, 0, several.stderr);
  assert.match(readFileSync(join(folder, 'several.txt'), 'utf8'), /^Parquet Sink .*actual rows=10 .*Execution Time: /s);
  assert.match(readFileSync(join(folder, 'several-2.txt'), 'utf8'), /Parquet Scan on public\.t .*actual rows=10 /s);
  assert.match(readFileSync(join(folder, 'several-3.txt'), 'utf8'), /actual rows=1 .*Result/s);
  const failed = await run('select 1 / (i - 2) from generate_series(1, 3) as g(i)', 'failed.json');
  assert.equal(failed.status, 1);
  const files = ['one.svg', 'several-2.txt', 'several-3.txt', 'several.txt'];
  assert.deepEqual(readdirSync(folder).sort(), files);
  const nowhere = await run(SQL, 'no/such/folder.svg');
  assert.equal(nowhere.status, 1);
  assert.match(nowhere.stderr, /could not write the plan/);
  const nameless = await run(SQL, 'plan.png');
  assert.equal(nameless.status, 1);
  assert.match(nameless.stderr, /ends in \.svg, \.json or \.txt/);
});
