import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Engine } from '../../../src/session/engine.js';
import { LocalObjectStore } from '../../../src/storage/local/local-object-store.js';
import { readFooter } from '../../../src/storage/parquet-reader/read-footer.js';
import { runAlone as run } from '../../support/run-alone.js';
import { openSharedEngine } from '../../support/shared-engine.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// How much a scan reads, which no answer shows: by the counters of EXPLAIN ANALYZE.

const openEngine = (context: TestContext): Promise<Engine> => openSharedEngine(context, temporaryFolder(context), 1);

/** What EXPLAIN ANALYZE says was read is the wanted number of bytes, as exactly as two digits tell. */
async function assertRead(engine: Engine, sql: string, wanted: number): Promise<void> {
  const lines = (await run(engine, `explain analyze ${sql}`)).map(([line]) => line!);
  const [, amount, unit] = /Parquet Scan .* read=([\d.]+) (B|kB|MB)\)/.exec(lines.join('\n')) ?? [];
  assert.ok(unit !== undefined, lines.join('\n'));
  const read = Number(amount) * 1024 ** ['B', 'kB', 'MB'].indexOf(unit);
  assert.ok(Math.abs(read - wanted) <= 0.05 * wanted, `${sql}: ${read} instead of ${wanted} bytes`);
}

/** Bytes of each column in the row groups of the table's only file. */
async function chunkBytes(lake: string, table: string): Promise<number[][]> {
  const [name] = readdirSync(join(lake, table));
  const store = new LocalObjectStore();
  const path = join(lake, table, name!);
  const { byteLength, version } = (await store.stat(path))!;
  const file = await store.openFile({ path, byteLength, version });
  try {
    const { rowGroups } = await readFooter(file);
    return rowGroups.map(({ chunks }) => chunks.map((chunk) => chunk!.byteLength));
  } finally {
    await file.close();
  }
}

test('columns are read only where rows remain, and row groups only where bounds allow', async (context) => {
  const engine = await openEngine(context);
  const lake = engine.lake.root;
  await run(
    engine,
    `create table t as select i as id, i % 1000 * 2 as even, 'text ' || i::bigint * 7919 as note
     from generate_series(1, 300000) as g(i)`,
  );
  const groups = await chunkBytes(lake, 't');
  assert.ok(groups.length >= 3, 'row groups');
  const [id, even, note] = [0, 1, 2];
  const sizeOf = (columns: readonly number[], from = groups): number =>
    from.flatMap((group) => columns.map((column) => group[column]!)).reduce((sum, size) => sum + size, 0);
  await assertRead(engine, 'select sum(id), max(even), max(note) from t', sizeOf([id, even, note]));
  // No row of any row group is odd, though bounds do not say so: the text is not read.
  await assertRead(engine, 'select max(note) from t where even = 501', sizeOf([even]));
  await assertRead(engine, 'select max(note) from t where even = 500', sizeOf([even, note]));
  // Bounds leave one row group, or none.
  await assertRead(engine, 'select max(note) from t where id = 5', sizeOf([id, note], groups.slice(0, 1)));
  await assertRead(engine, 'select max(note) from t where id > 300000', 0);
  // Rows without a column.
  await assertRead(engine, 'select sum(random()) from t', 0);
});

test('each footer is decoded once, by a worker', async (context) => {
  const lake = temporaryFolder(context);
  const engine = await Engine.open({ lake, threads: 2, memoryLimit: 256 * 2 ** 20, checked: true });
  context.after(() => engine.close());
  await run(engine, 'create table t as select 1 as a');
  await run(engine, 'insert into t select 2');
  const { executor } = engine;
  const readFooters = executor.readFooters.bind(executor);
  const counts: number[] = [];
  executor.readFooters = (files) => {
    counts.push(files.length);
    return readFooters(files);
  };
  assert.deepEqual(await run(engine, 'select sum(a) from t'), [['3']]);
  assert.deepEqual(await run(engine, 'select sum(a) from t where a > 1'), [['2']]);
  assert.deepEqual(counts, [2]);
  await run(engine, 'insert into t select 3');
  assert.deepEqual(await run(engine, 'select sum(a) from t'), [['6']]);
  assert.deepEqual(counts, [2, 1]);
});

test('row groups and partitions are left out where a join finds nothing in them', async (context) => {
  const engine = await openEngine(context);
  await run(
    engine,
    `create table t as select i as id, 'text ' || i::bigint * 7919 as note from generate_series(1, 300000) as g(i)`,
  );
  await run(engine, 'create table days (id integer, day integer) partitioned by (day)');
  await run(engine, 'insert into days select i, i % 10 from generate_series(1, 1000) as g(i)');
  await run(engine, 'create table few (id integer, day integer)');
  await run(engine, 'insert into few values (250000, 3), (250001, 7)');
  const skipped = async (sql: string): Promise<number> => {
    const lines = (await run(engine, `explain analyze ${sql}`)).map(([line]) => line).join('\n');
    return Number(/skipped=(\d+) row groups/.exec(lines)?.[1] ?? 0);
  };
  const byId = 'select max(note), count(*) from t join few on t.id = few.id';
  const byDay = 'select count(*), sum(days.id) from days join few on days.day = few.day';
  assert.deepEqual(await run(engine, byId), [['text 1979757919', '2']]);
  assert.deepEqual(await run(engine, byDay), [['200', '100000']]);
  // Two of three row groups are below the bounds of the keys; eight of ten partitions hold no key.
  assert.equal(await skipped(byId), 2);
  assert.equal(await skipped(byDay), 8);
  assert.equal(await skipped(`${byDay} where few.id % 2 > 5`), 10);
  // Few keys are known one by one: the row group between them is left out, though it lies within their bounds.
  await run(engine, 'create table apart as select id, note from t where id in (7, 299999)');
  assert.equal(await skipped('select max(t.note) from t join apart on t.id = apart.id'), 1);
  await run(
    engine,
    "create table named as select lpad(i::text, 6, '0') as name, i from generate_series(1, 300000) as g(i)",
  );
  assert.equal(
    await skipped("select max(i) from named join (values ('000007'), ('299999'), (null)) as v (name) using (name)"),
    1,
  );
  assert.equal(await skipped('select count(*) from days left join few on days.day = few.day'), 0);
});

test('a top-N leaves out row groups and rows beyond what it has', async (context) => {
  const engine = await openEngine(context);
  await run(
    engine,
    `create table t as select i as id, nullif(i % 5000, 0) as part, 'text ' || i::bigint * 7919 as note
     from generate_series(1, 300000) as g(i)`,
  );
  const analyzed = async (sql: string): Promise<{ skipped: number; scanned: number }> => {
    const lines = (await run(engine, `explain analyze ${sql}`)).map(([line]) => line).join('\n');
    const skipped = Number(/skipped=(\d+) row groups/.exec(lines)?.[1] ?? 0);
    const scanned = Number(/Parquet Scan on public\.t .*actual rows=(\d+)/.exec(lines)?.[1] ?? Number.NaN);
    return { skipped, scanned };
  };
  const first = 'select id, note from t order by id limit 3';
  assert.deepEqual(await run(engine, first), [
    ['1', 'text 7919'],
    ['2', 'text 15838'],
    ['3', 'text 23757'],
  ]);
  // What comes later is all greater: two of three row groups are not read.
  assert.equal((await analyzed(first)).skipped, 2);
  // NULLs come first in descending order, and no bounds tell of them.
  assert.equal((await analyzed('select part from t order by part desc limit 3')).skipped, 0);
  const { scanned } = await analyzed('select part, note from t order by part, id limit 3');
  assert.ok(scanned < 30_000, `${scanned} of 300,000 rows`);
  assert.equal((await analyzed('select id from (select * from t limit 200000) as l order by id limit 3')).skipped, 0);
});
