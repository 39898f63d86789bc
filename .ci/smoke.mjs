// The installed package, used as its users do: embedded, and as a command. Ends with status 1 at the first difference.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Millrace } from 'millrace';

const lake = mkdtempSync(join(tmpdir(), 'millrace-smoke-'));
const database = await Millrace.open({ lake, memoryLimit: '256MB' });
try {
  await database.run(
    `create table t (a integer, b text) partitioned by (day date);
     insert overwrite t partition (day = :'ds') select i, 'b' from generate_series(1, 20000) as g(i);`,
    { vars: { ds: '2026-03-22' } },
  );
  const table = await database.query('select count(*) as n, sum(a) as s, max(b) as b from t where a > $1', [10_000]);
  assert.deepEqual(table.get(0).toJSON(), { n: 10_000n, s: 150_005_000n, b: 'b' });
  let rows = 0;
  for await (const batch of database.stream('select * from t')) rows += batch.numRows;
  assert.equal(rows, 20_000);
  await assert.rejects(database.query('select c from t'), { code: '42703' });
} finally {
  await database.close();
}
const command = join('node_modules', 'millrace', 'dist', 'cli.js');
const { stdout, status } = spawnSync(
  process.execPath,
  [command, 'query', 'select day, count(*) as n from t group by day', '--format', 'csv', '--lake', lake],
  { encoding: 'utf8' },
);
assert.deepEqual([status, stdout], [0, 'day,n\n2026-03-22,20000\n']);
rmSync(lake, { recursive: true });
console.log(`Node ${process.version}: embedded and as a command, the answers are right`);
