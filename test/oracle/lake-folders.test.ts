import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import type { EngineSession } from '../../src/session/engine-session.js';
import { openSharedEngine } from '../support/shared-engine.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { findDifference } from './support/answer.js';
import { DuckDBOracle } from './support/duckdb-oracle.js';
import { askMillrace } from './support/millrace-answers.js';

// Folders of Parquet files as other engines see them: what we write, DuckDB reads as it is, and the other way round.

interface Both {
  readonly lake: string;
  readonly session: EngineSession;
  readonly duckdb: DuckDBOracle;
}

async function openBoth(context: TestContext): Promise<Both> {
  const lake = temporaryFolder(context);
  const engine = await openSharedEngine(context, lake, 2);
  const duckdb = await DuckDBOracle.open();
  const session = engine.openSession();
  context.after(() => duckdb.close());
  return { lake, session, duckdb };
}

const ROWS = `select i as id, i::smallint as small, i * 10000000000::bigint as big, i / 8.0::float8 as ratio,
  (i * 1.25)::numeric(12, 2) as price, (i * 1.25)::numeric(30, 4) as wide, i % 2 = 0 as flag,
  case when i % 5 <> 0 then 'größe ' || i % 13 end as label, date '2026-03-01' + i % 40 as day,
  timestamp '2026-03-01 12:00:00.5' + i * interval '1 minute' as moment,
  case i % 4 when 0 then 'plain' when 1 then 'a/b c=d%e' when 2 then 'äöü' end as kind, i % 3 as part
  from generate_series(1, 20000) as g(i)`;

const COLUMNS = 'id, small, big, ratio, price, wide, flag, label, day, moment';

const ofDuckDB = (lake: string, table: string, types: string): string =>
  `read_parquet('${lake}/${table}/**/*.parquet', hive_partitioning = true, hive_types = {${types}})`;

/** Both answer the query alike, over `table` as our table and as a folder. */
async function assertAgree(both: Both, query: (table: string) => string, table: string, types: string): Promise<void> {
  const expected = await both.duckdb.ask(query(ofDuckDB(both.lake, table, types)));
  assert.ok(expected.rows.length > 5, 'too few rows show nothing');
  assert.equal(findDifference(await askMillrace(both.session, query(table)), expected), undefined);
}

for (const compression of ['snappy', 'zstd', 'gzip', 'none']) {
  test(`DuckDB reads a partitioned table, ${compression}`, async (context) => {
    const both = await openBoth(context);
    const { lake, session, duckdb } = both;
    const clauses = `partitioned by (kind, part) with (compression = '${compression}')`;
    await askMillrace(session, `create table t ${clauses} as ${ROWS}`);
    // What was replaced is not to be seen.
    const replacement = `select ${COLUMNS} from t where kind = 'äöü' and part = 2`;
    await askMillrace(session, `insert overwrite t partition (kind = 'plain', part = 1) ${replacement}`);
    await askMillrace(session, `insert into t select ${COLUMNS}, null, 7 from t where id < 100`);
    const types = 'kind: varchar, part: integer';
    await assertAgree(both, (table) => `select ${COLUMNS}, kind, part from ${table}`, 't', types);
    const totals = 'kind, part, count(*) as n, sum(price) as price, max(label) as label';
    await assertAgree(both, (table) => `select ${totals} from ${table} group by kind, part`, 't', types);
    const codecs = await duckdb.ask(`select distinct compression from parquet_metadata('${lake}/t/**/*.parquet')`);
    assert.deepEqual(codecs.rows, [[compression === 'none' ? 'UNCOMPRESSED' : compression.toUpperCase()]]);
  });
}

test('a folder that DuckDB wrote is a table without registration, and stays one for DuckDB', async (context) => {
  const both = await openBoth(context);
  const { lake, session, duckdb } = both;
  mkdirSync(join(lake, 'visits'));
  await duckdb.run(
    `copy (select i as id, 'page ' || i % 7 as page, date '2026-03-20' + (i % 3)::integer as day, i % 2 as shard
           from range(5000) t(i))
     to '${lake}/visits' (format parquet, partition_by (day, shard), overwrite_or_ignore true)`,
  );
  const columns = (await askMillrace(session, 'describe visits')).rows.map(([name, type]) => `${name} ${type}`);
  assert.deepEqual(columns, ['id bigint', 'page text', 'day date', 'shard integer']);
  const types = 'day: date, shard: integer';
  const totals = 'day, shard, count(*) as n, sum(id) as ids, min(page) as page';
  const query = (table: string) => `select ${totals} from ${table} where day >= '2026-03-20' group by day, shard`;
  await assertAgree(both, query, 'visits', types);
  const plan = await askMillrace(session, "explain select id from visits where day = '2026-03-21' and shard = 1");
  assert.ok(
    plan.rows.some(([line]) => / Files: 1 of /.test(line!)),
    String(plan.rows),
  );
  await askMillrace(
    session,
    "insert overwrite visits partition (day = '2026-03-21', shard) select -id, page, shard from visits where day = '2026-03-22'",
  );
  await assertAgree(both, query, 'visits', types);
});

test('hyparquet reads the files of INSERT OVERWRITE', async (context) => {
  const { lake, session } = await openBoth(context);
  await askMillrace(session, 'create table t (id integer, label text, price numeric(12, 2)) partitioned by (day date)');
  await askMillrace(session, `insert overwrite t partition (day) select id, label, price, day from (${ROWS}) r`);
  const names = (readdirSync(join(lake, 't'), { recursive: true }) as string[]).filter((name) =>
    name.endsWith('.parquet'),
  );
  assert.equal(names.length, 40);
  const rows = await Promise.all(
    names.map(async (name) => await parquetReadObjects({ file: await asyncBufferFromFile(join(lake, 't', name)) })),
  );
  const texts = rows.flat().map(({ id, label, price }) => [String(id), label ?? null, Number(price).toFixed(2)]);
  const expected = await askMillrace(session, 'select id, label, price from t order by id');
  assert.deepEqual(
    texts.sort((a, b) => Number(a[0]) - Number(b[0])),
    expected.rows,
  );
});
