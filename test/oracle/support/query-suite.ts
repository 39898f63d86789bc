import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findSortColumns } from '../../../bench/compare/find-sort-columns.js';
import { MillraceError } from '../../../src/common/errors.js';
import { Engine } from '../../../src/session/engine.js';
import { findDifference } from './answer.js';
import { writeDuckDBLake } from './duckdb-lake.js';
import type { DuckDBOracle } from './duckdb-oracle.js';
import { askMillrace } from './millrace-answers.js';
import { readQueryFile } from './query-file.js';

/** Tests that each query of a folder's `queries.sql` gives DuckDB's answer over the tables of its `schema.sql`. */
export function testQuerySuite(folder: URL): void {
  let root: string;
  let engine: Engine;
  let duckdb: DuckDBOracle;
  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'millrace-suite-'));
    duckdb = await writeDuckDBLake(root, new URL('schema.sql', folder));
    engine = await Engine.open({ lake: root, threads: 2, memoryLimit: 2 ** 30, checked: true });
  });
  after(async () => {
    await engine.close();
    duckdb.close();
    rmSync(root, { recursive: true, force: true });
  });

  for (const { name, sql, pending } of readQueryFile(new URL('queries.sql', folder))) {
    test(name, async (context) => {
      const expected = await duckdb.ask(sql);
      assert.ok(expected.rows.length > 0, 'a query without rows shows nothing');
      const session = engine.openSession();
      try {
        const actual = await askMillrace(session, sql);
        assert.equal(findDifference(actual, expected, findSortColumns(sql, expected.columnNames)), undefined);
        context.diagnostic(`${actual.rows.length} rows${pending ? '; pending no longer' : ''}`);
      } catch (error) {
        const refused = error instanceof MillraceError && ['0A000', '42601', '42883'].includes(error.code);
        if (!pending || !refused) throw error;
        context.diagnostic(`pending: ${error.message}`);
      } finally {
        await session.close();
      }
      assert.equal(engine.executor.shared.allocatedChunks, 0, 'chunks leaked');
    });
  }
}
