import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Engine } from '../../../src/session/engine.js';
import type { EngineSession } from '../../../src/session/engine-session.js';
import { execute } from '../../slt/slt-database.js';
import { openSharedEngine } from '../../support/shared-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function openEngine(context: TestContext): Promise<{ engine: Engine; lake: string }> {
  const lake = join(temporaryFolder(context), 'lake');
  const engine = await openSharedEngine(context, lake, 2);
  return { engine, lake };
}

async function run(session: EngineSession, ...statements: readonly string[]): Promise<string[]> {
  let rows: string[] = [];
  for (const sql of statements) {
    try {
      rows = (await execute(session, sql)).map((row) => row.join('|'));
      await session.endStatementGroup('succeeded');
    } catch (error) {
      await session.endStatementGroup('failed');
      throw error;
    }
  }
  return rows;
}

const staged = (lake: string): readonly string[] => {
  const folder = join(lake, '_millrace', 'staging');
  return existsSync(folder) ? readdirSync(folder) : [];
};

test('others see nothing of a block before it is committed', async (context) => {
  const { engine, lake } = await openEngine(context);
  const [one, other] = [engine.openSession(), engine.openSession()];
  await run(one, 'create table t (a integer)', 'insert into t values (1)');
  await run(one, 'begin', 'insert into t values (2)', 'create table u as select * from t', 'drop table t');
  assert.deepEqual(await run(other, 'select count(*) from t'), ['1']);
  await assert.rejects(run(other, 'select * from u'), { code: '42P01' });
  assert.deepEqual(await run(one, 'select count(*) from u'), ['2']);
  assert.deepEqual(await run(other, 'show tables'), ['t|table']);
  assert.deepEqual(await run(one, 'show tables'), ['u|table']);
  await run(one, 'commit');
  assert.deepEqual(await run(other, 'select count(*) from u'), ['2']);
  await assert.rejects(run(other, 'select * from t'), { code: '42P01' });
  assert.deepEqual(staged(lake), []);
});

test('a block that is in the way of another commit fails as a whole', async (context) => {
  const { engine, lake } = await openEngine(context);
  const [one, other] = [engine.openSession(), engine.openSession()];
  await run(one, 'create table t (a integer)', 'create table u (a integer)', 'insert into t values (1)');
  await run(one, 'begin', 'insert into u values (1)', 'truncate t', 'insert into t values (2)');
  await run(other, 'insert into t values (3)');
  await assert.rejects(run(one, 'commit'), { code: '40001' });
  assert.equal(one.transactionStatus, 'I');
  assert.deepEqual(await run(one, 'select a from t order by a'), ['1', '3']);
  assert.deepEqual(await run(one, 'select count(*) from u'), ['0']);
  assert.deepEqual(staged(lake), []);
  // Rows that are only added are in nobody's way.
  await run(one, 'begin', 'insert into t values (4)');
  await run(other, 'insert into t values (5)');
  await run(one, 'commit');
  assert.deepEqual(await run(one, 'select a from t order by a'), ['1', '3', '4', '5']);
});

test('nothing is left of a block that was rolled back, nor of what it replaced itself', async (context) => {
  const { engine, lake } = await openEngine(context);
  const session = engine.openSession();
  await run(
    session,
    'create table t (a integer)',
    'begin',
    'insert into t values (1)',
    'create table u as select 1 as a',
  );
  assert.notDeepEqual(staged(lake), []);
  await run(session, 'rollback');
  assert.deepEqual(staged(lake), []);
  await run(session, 'begin', 'insert into t values (1)', 'savepoint s', 'insert into t values (2)', 'rollback to s');
  await run(session, 'truncate t', 'insert into t values (3)', 'commit');
  assert.deepEqual(await run(session, 'select a from t'), ['3']);
  assert.deepEqual(staged(lake), []);
  const files = readdirSync(join(lake, 't')).filter((name) => name.endsWith('.parquet'));
  assert.equal(files.length, 1);
  // A session that ends takes its block along.
  await run(session, 'begin', 'insert into t values (4)');
  await session.close();
  assert.deepEqual(staged(lake), []);
  assert.deepEqual(await run(engine.openSession(), 'select a from t'), ['3']);
});

test('no update is lost to another', async (context) => {
  const { engine } = await openEngine(context);
  await run(
    engine.openSession(),
    'create table t (v integer)',
    'create table log (n integer)',
    'insert into t values (0)',
  );
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    const session = engine.openSession();
    for (let done = 0; done < 5; ) {
      try {
        const update = 'update t set v = v + 1';
        if (writer % 2 === 0) await run(session, update);
        else await run(session, 'begin', update, `insert into log values (${writer})`, 'commit');
        done++;
      } catch (error) {
        assert.equal((error as { code: string }).code, '40001');
        if (session.transactionStatus !== 'I') await run(session, 'rollback');
      }
    }
  });
  await Promise.all(writers);
  assert.deepEqual(await run(engine.openSession(), 'select v, (select count(*) from log) from t'), ['20|10']);
});
