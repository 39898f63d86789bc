import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EngineProcess } from '../../../bench/engines/engine-process.js';
import { openParquetWriter } from '../../../bench/tpch/parquet-writer.js';
import { nation } from '../../../bench/tpch/tables/nation.js';
import { supplier } from '../../../bench/tpch/tables/supplier.js';

let lake: string;
let engine: EngineProcess;

before(async () => {
  lake = await mkdtemp(join(tmpdir(), 'millrace-engine-'));
  const writer = await openParquetWriter(join(lake, '_staging.duckdb'));
  for (const table of [nation, supplier]) {
    await writer.writeTable(table, 0.001, join(lake, table.name, `${table.name}.parquet`), () => {});
  }
  await writer.close();
  engine = new EngineProcess('duckdb', { name: 'reference', timeoutMs: 5000 });
  await engine.open(lake, 1, '1GB');
});

after(async () => {
  await engine.close();
  await rm(lake, { recursive: true, force: true });
});

test('an engine in its own process answers with canonical values', async () => {
  const { columns, rows, elapsedMs } = await engine.run(
    "select n_nationkey, n_name, 1.50::decimal(15,2) as price, date '1995-06-17' as day, null as nothing, 2::bigint as two " +
      'from nation join supplier on s_nationkey is not null where n_nationkey = 7 limit 1',
  );
  assert.deepEqual(columns, ['n_nationkey', 'n_name', 'price', 'day', 'nothing', 'two']);
  assert.deepEqual(rows, [[7, 'GERMANY', 1.5, '1995-06-17', null, 2n]]);
  assert.ok(elapsedMs > 0 && engine.peakMemoryBytes > 1e6);
});

test('a failing query leaves the engine open', async () => {
  await assert.rejects(engine.run('select * from nowhere'), /nowhere/);
  assert.deepEqual((await engine.run('select 1::int')).rows, [[1]]);
});

test('after its process dies, the engine starts another', async () => {
  const endless = engine.run('select count(*) from range(1000000000) a, range(1000000) b where a.range = b.range + 1');
  engine.kill();
  await assert.rejects(endless, /the process of reference: ended with SIGKILL/);
  assert.equal((await engine.run('select * from supplier')).rows.length, 10);
});

test('an engine that cannot open leaves no process behind', async () => {
  const broken = new EngineProcess('duckdb');
  await assert.rejects(broken.open(join(lake, 'missing'), 1, '1GB'), /ENOENT/);
  await broken.close();
});
