import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execute } from '../../slt/slt-database.js';
import { openSharedEngine } from '../../support/shared-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('OPTIMIZE puts the small files of a partition together, and does nothing when there are none', async (context) => {
  const lake = join(temporaryFolder(context), 'lake');
  const engine = await openSharedEngine(context, lake, 2);
  const session = engine.openSession();
  const run = (sql: string) => execute(session, sql);
  const filesIn = (folder: string): string[] =>
    readdirSync(join(lake, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.parquet'))
      .sort();
  await run('create table t (id int, name text check (length(name) > 0)) partitioned by (p int)');
  for (let round = 0; round < 4; round++) {
    await run(`insert into t select g, 'row ' || g, nullif(g % 3, 0) from generate_series(1, 600) g`);
  }
  await run(`insert into t values (1, 'alone', 7)`);
  const before = filesIn('t');
  assert.ok(before.length >= 13, String(before));
  const rows = await run('select p, count(*), sum(id), min(name), max(name) from t group by p order by p');

  await run('optimize t where p = 1');
  const oneDone = filesIn('t');
  assert.equal(oneDone.filter((path) => path.startsWith('p=1')).length, 1);
  const others = (paths: readonly string[]): string[] => paths.filter((path) => !path.startsWith('p=1'));
  assert.deepEqual(others(oneDone), others(before));

  await run('optimize t');
  const done = filesIn('t');
  assert.equal(done.length, 4);
  assert.deepEqual(
    done.filter((path) => path.startsWith('p=7')),
    before.filter((path) => path.startsWith('p=7')),
  );
  await run('optimize t');
  assert.deepEqual(filesIn('t'), done);
  assert.deepEqual(await run('select p, count(*), sum(id), min(name), max(name) from t group by p order by p'), rows);

  await run('create table whole as select 1 as id');
  await run('insert into whole values (2)');
  await run('insert into whole values (3)');
  await run('begin');
  await run('optimize whole');
  await run('rollback');
  assert.equal(filesIn('whole').length, 3);
  await run('optimize whole');
  assert.equal(filesIn('whole').length, 1);
  assert.equal((await run('select id from whole')).join(), '1,2,3');
});
