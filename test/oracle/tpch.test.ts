import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findSortColumns } from '../../bench/compare/find-sort-columns.js';
import { TPCH_TABLES } from '../../bench/tpch/tables.js';
import { writeTpchLake } from '../../bench/tpch/tpch-lake.js';
import { Engine } from '../../src/session/engine.js';
import { findDifference } from './support/answer.js';
import { DuckDBOracle } from './support/duckdb-oracle.js';
import { askMillrace } from './support/millrace-answers.js';

// The 22 queries of TPC-H at scale 0.1, beside DuckDB on the same files. The data stays in bench/data, as it does for
// benchmarks: the first run writes it.

const SCALE = 0.1;
const root = fileURLToPath(new URL('../../..', import.meta.url));
const lake = join(root, 'bench/data', `tpch-sf${SCALE}`);

let engine: Engine;
let duckdb: DuckDBOracle;
before(async () => {
  await writeTpchLake(lake, SCALE, false);
  engine = await Engine.open({ lake, threads: 2, memoryLimit: 2 ** 31 });
  duckdb = await DuckDBOracle.open();
  for (const { name } of TPCH_TABLES) {
    await duckdb.run(`create view ${name} as select * from read_parquet('${join(lake, name)}/*.parquet')`);
  }
});
after(async () => {
  await engine.close();
  duckdb.close();
});

for (let query = 1; query <= 22; query++) {
  const name = `q${String(query).padStart(2, '0')}`;
  test(name, async (context) => {
    const sql = readFileSync(join(root, 'bench/tpch/queries', `${name}.sql`), 'utf8');
    const expected = await duckdb.ask(sql);
    const session = engine.openSession();
    const actual = await askMillrace(session, sql);
    await session.close();
    assert.ok(expected.rows.length > 0, 'a query without rows shows nothing');
    const orderedBy = findSortColumns(sql, expected.columnNames);
    assert.equal(findDifference(actual, expected, orderedBy), undefined);
    assert.equal(engine.executor.shared.allocatedChunks, 0, 'chunks leaked');
    context.diagnostic(`${actual.rows.length} rows`);
  });
}
