import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Millrace } from '../../../src/index.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('UPDATE and DELETE by volatile conditions report the rows that they have changed', async (context) => {
  await using database = await Millrace.open({ lake: temporaryFolder(context), threads: 2, memoryLimit: '256MB' });
  const changedBy = async (sql: string): Promise<number> => {
    const [command] = await database.run(sql);
    return Number(command!.rowCount);
  };
  const numberOf = async (condition: string): Promise<number> => {
    const table = await database.query(`select count(*)::int as n from t where ${condition}`);
    return table.get(0)!.n as number;
  };
  await database.run('create table t as select g as id, 0 as a, 0 as b from generate_series(1, 20000) g');
  assert.equal(await changedBy('update t set a = 1, b = 1 where random() < 0.5'), await numberOf('a = 1 and b = 1'));
  assert.equal(
    await changedBy('with w as (select id from t where random() < 0.5) update t set a = 2 from w where w.id = t.id'),
    await numberOf('a = 2'),
  );
  assert.equal(
    await changedBy('update t set a = 3 where id in (select id from t tablesample bernoulli (50))'),
    await numberOf('a = 3'),
  );
  for (const statement of [
    'delete from t where random() < 0.5',
    'with w as (select id from t where random() < 0.5) delete from t using w where w.id = t.id',
    'delete from t where id % 10 in (select id % 10 from t limit 3)',
  ]) {
    const before = await numberOf('true');
    assert.equal(await changedBy(statement), before - (await numberOf('true')), statement);
  }
  assert.equal(await changedBy('delete from t where random() < 0'), 0);
});
