import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Lake } from '../../../src/catalog/lake.js';
import type { TableDefinition } from '../../../src/catalog/table-definition.js';
import { definitionOfTable } from '../../../src/catalog/table-definition-of.js';
import type { InferSchema, TableRelation } from '../../../src/catalog/table-snapshot.js';
import type { TableWrite, WrittenFile } from '../../../src/catalog/table-write.js';
import { LocalObjectStore } from '../../../src/storage/local/local-object-store.js';
import { BIGINT, DATE, INTEGER, TEXT, UUID } from '../../../src/types/sql-type.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const store = new LocalObjectStore();
const inferSchema: InferSchema = async () => [
  { name: 'n', type: BIGINT, nullable: true },
  { name: 'year', type: TEXT, nullable: true },
];

async function lakeWith(context: TestContext, files: readonly string[]): Promise<Lake> {
  const root = temporaryFolder(context);
  await addFiles(root, files);
  return await Lake.open(root, { base: root });
}

async function addFiles(root: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), 'PAR1');
  }
}

const APPEND = { kind: 'append' } as const;

const named = (name: string, schema = 'public') => ({ schema, name });

async function tableOf(lake: Lake, name: string): Promise<TableRelation> {
  const relation = await lake.getRelation(named(name), inferSchema);
  assert.ok(relation.kind === 'table');
  return relation;
}

async function pathsOf(lake: Lake, table: TableRelation): Promise<string[]> {
  return (await lake.snapshot(table)).files.map((file) => file.path.slice(lake.root.length + 1));
}

async function stage(write: TableWrite, ...partitionValues: (string | null)[]): Promise<WrittenFile> {
  const path = join(write.stagingFolder, `${write.filePrefix}${Math.random().toString(36).slice(2)}.parquet`);
  const writer = await store.createWriter(path);
  await writer.close();
  return { path, partitionValues };
}

const definition: TableDefinition = {
  columns: [
    { name: 'n', type: BIGINT, nullable: false },
    { name: 'day', type: DATE, nullable: true },
  ],
  partitionColumns: ['day'],
  options: { compression: 'zstd' },
};

test('folders are tables without registration', async (context) => {
  const lake = await lakeWith(context, [
    'orders/part-0.parquet',
    'events/year=2025/month=11/a.parquet',
    'events/year=2026/month=01/a.parquet',
    'events/year=2026/month=02/_tmp.parquet',
    'notes/readme.txt',
    '_private/x.parquet',
  ]);
  assert.deepEqual(await lake.listRelations(), [
    { schema: 'public', name: 'events', kind: 'table' },
    { schema: 'public', name: 'orders', kind: 'table' },
  ]);
  const events = await tableOf(lake, 'events');
  assert.deepEqual(events.partitionColumns, [
    { name: 'year', type: INTEGER, nullable: true },
    { name: 'month', type: INTEGER, nullable: true },
  ]);
  assert.deepEqual(
    events.columns.map(({ name, type }) => [name, type.kind]),
    [
      ['n', 'bigint'],
      ['year', 'integer'],
      ['month', 'integer'],
    ],
    'partition columns come last and hide those of the files',
  );
  const snapshot = await lake.snapshot(events);
  assert.deepEqual(
    snapshot.files.map((file) => file.partitionValues),
    [
      [2025, 11],
      [2026, 1],
    ],
  );
  assert.equal(snapshot.totalFiles, 2);
  assert.deepEqual(structuredClone(snapshot), snapshot, 'plain data');
  assert.deepEqual(await lake.listPartitions(events), [
    [2025, 11],
    [2026, 1],
  ]);
});

test('partitions are pruned level by level before they are listed', async (context) => {
  const lake = await lakeWith(
    context,
    ['y=1/m=1', 'y=1/m=2', 'y=2/m=1', 'y=2/m=2'].map((folders) => `t/${folders}/a.parquet`),
  );
  const listed: string[] = [];
  const recording = new LocalObjectStore();
  recording.listFolder = (folder) => {
    listed.push(folder.slice(lake.root.length + 1));
    return store.listFolder(folder);
  };
  const table = await tableOf(lake, 't');
  const observed = await Lake.open(lake.root, { store: recording });
  const snapshot = await observed.snapshot(
    table,
    ([year, month]) => year === 2 && (month === undefined || month === 1),
  );
  assert.deepEqual(
    snapshot.files.map((file) => file.partitionValues),
    [[2, 1]],
  );
  assert.deepEqual(listed, ['t', 't/y=2', 't/y=2/m=1']);
  assert.equal(snapshot.prunedFolders, 2);
  assert.equal(snapshot.totalFiles, undefined);
});

test('missing tables and schemas suggest the nearest name', async (context) => {
  const lake = await lakeWith(context, ['orders/a.parquet']);
  const find = (name: string, schema?: string) => lake.getRelation(named(name, schema), inferSchema);
  await assert.rejects(find('ordres'), { code: '42P01', hint: 'Did you mean "orders"?' });
  await assert.rejects(find('zebra'), { code: '42P01', message: 'relation "zebra" does not exist' });
  await assert.rejects(find('orders', 'pubic'), { code: '3F000', hint: 'Did you mean "public"?' });
  assert.equal(await lake.findRelation(named('ordres'), inferSchema), undefined);
  await assert.rejects(Lake.open(join(lake.root, 'nowhere')), { code: '58P01' });
  await Lake.open(join(lake.root, 'new/lake'), { create: true });
  assert.ok(existsSync(join(lake.root, 'new/lake')));
});

test('create, fill, overwrite and drop a table', async (context) => {
  const lake = await lakeWith(context, []);
  await lake.createTable(named('events'), definition);
  await assert.rejects(lake.createTable(named('events'), definition), { code: '42P07' });
  const table = await tableOf(lake, 'events');
  assert.deepEqual(table.definition, definition);
  assert.deepEqual(await pathsOf(lake, table), []);

  const insert = await lake.beginWrite(table);
  const files = [await stage(insert, '2026-01-01'), await stage(insert, '2026-01-02'), await stage(insert, null)];
  await insert.commit(files, { kind: 'append' });
  const folders = (await pathsOf(lake, table)).map((path) => dirname(path));
  assert.deepEqual(folders, [
    'events/day=2026-01-01',
    'events/day=2026-01-02',
    'events/day=__HIVE_DEFAULT_PARTITION__',
  ]);

  const overwrite = await lake.beginWrite(table);
  await overwrite.commit([], { kind: 'overwrite partition', values: [20454] });
  assert.deepEqual(await lake.listPartitions(table), [[20455], [null]]);
  const dynamic = await lake.beginWrite(table);
  await dynamic.commit([await stage(dynamic, '2026-01-02')], { kind: 'overwrite written partitions' });
  assert.equal((await pathsOf(lake, table)).length, 2);
  const whole = await lake.beginWrite(table);
  await whole.commit([await stage(whole, '2030-12-31')], { kind: 'overwrite table' });
  assert.deepEqual(await lake.listPartitions(table), [[22279]]);

  await writeFile(join(lake.root, 'events/_SUCCESS'), '');
  await assert.rejects(lake.dropView(named('events')), { code: '42809' });
  await lake.dropTable(named('events'));
  assert.ok(!existsSync(join(lake.root, 'events')));
  assert.equal(await lake.findRelation(named('events'), inferSchema), undefined);
  await assert.rejects(lake.dropTable(named('events')), { code: '42P01' });
  await assert.rejects(lake.beginWrite(table), { code: '42P01' });
  await lake.createTable(named('events'), definition);
  assert.deepEqual(await pathsOf(lake, await tableOf(lake, 'events')), []);
});

test('a table that was discovered can be overwritten, in whatever way its folders are written', async (context) => {
  const lake = await lakeWith(context, ['t/month=03/a.parquet', 't/month=04/a.parquet', 't/month=04/b.parquet']);
  const table = await tableOf(lake, 't');
  const write = await lake.beginWrite(table);
  await write.commit([await stage(write, '4')], { kind: 'overwrite written partitions' });
  const paths = await pathsOf(lake, table);
  assert.deepEqual(paths.map(dirname), ['t/month=03', 't/month=4']);
});

test('CREATE TABLE AS appears with its rows or not at all', async (context) => {
  const lake = await lakeWith(context, []);
  const write = await lake.beginCreateTable(named('copy'), definition);
  const file = await stage(write, '2026-01-01');
  assert.equal(await lake.findRelation(named('copy'), inferSchema), undefined);
  await assert.rejects(write.commit([{ ...file, partitionValues: ['no date'] }], { kind: 'append' }), {
    code: '22P02',
  });
  assert.equal(await lake.findRelation(named('copy'), inferSchema), undefined);
  assert.ok(!existsSync(join(lake.root, '_millrace')), 'a failed commit leaves nothing');
  const again = await lake.beginCreateTable(named('copy'), definition);
  const slower = await lake.beginCreateTable(named('copy'), definition);
  await again.commit([await stage(again, '2026-01-01')], { kind: 'append' });
  await assert.rejects(slower.commit([], { kind: 'append' }), { code: '40001' });
  assert.equal((await pathsOf(lake, await tableOf(lake, 'copy'))).length, 1);
});

test('a table that was redefined since it was read is not given a definition made of the old one', async (context) => {
  const lake = await lakeWith(context, ['found/a.parquet']);
  await lake.createTable(named('events'), definition);
  for (const name of ['events', 'found']) {
    const read = await tableOf(lake, name);
    const before = definitionOfTable(read);
    const options = { orReplace: true, redefines: read };
    await (await lake.beginCreateTable(named(name), { ...before, comment: 'first' }, options)).commit([], APPEND);
    const block = lake.openBlock();
    for (const access of [lake, block]) {
      const late = access.beginCreateTable(named(name), { ...before, comment: 'late' }, options);
      await assert.rejects(late, { code: '40001' });
    }
    await block.abort();
    assert.equal((await tableOf(lake, name)).definition?.comment, 'first');
  }
});

test('what a block did to a table itself does not stand in its way', async (context) => {
  const lake = await lakeWith(context, []);
  await lake.createTable(named('events'), definition);
  const block = lake.openBlock();
  for (const comment of ['first', 'second']) {
    const read = await block.getRelation(named('events'), inferSchema);
    assert.ok(read.kind === 'table');
    const options = { orReplace: true, redefines: read };
    await (await block.beginCreateTable(named('events'), { ...definition, comment }, options)).commit([], APPEND);
  }
  await block.commit();
  assert.equal((await tableOf(lake, 'events')).definition?.comment, 'second');
});

test('definitions that make no table are refused', async (context) => {
  const lake = await lakeWith(context, []);
  const create = (columns: TableDefinition['columns'], partitionColumns: string[]) =>
    lake.createTable(named('x'), { columns, partitionColumns, options: {} });
  const a = { name: 'a', type: TEXT, nullable: true };
  await assert.rejects(create([a, a], []), { code: '42701' });
  await assert.rejects(create([a], ['a']), { code: '42P17' });
  await assert.rejects(create([a, { ...a, name: 'u', type: UUID }], ['u']), { code: '0A000' });
});

test('tables neither take nor drop files that are not theirs', async (context) => {
  const lake = await lakeWith(context, ['notes/readme.txt', 't/a.parquet', 't/_SUCCESS', 't/project/main.c']);
  await assert.rejects(lake.createTable(named('notes'), definition), { code: '42P07', detail: /readme\.txt/ });
  await lake.dropTable(named('t'));
  assert.deepEqual(await readdir(join(lake.root, 't')), ['project']);
});

test('views are created, replaced and dropped', async (context) => {
  const lake = await lakeWith(context, ['t/a.parquet']);
  await lake.createView(named('v'), { sql: 'select 1' });
  await assert.rejects(lake.createView(named('v'), { sql: 'select 2' }), { code: '42P07' });
  await lake.createView(named('v'), { sql: 'select 2' }, { orReplace: true });
  await assert.rejects(lake.createView(named('t'), { sql: 'select 2' }, { orReplace: true }), { code: '42P07' });
  const view = await lake.getRelation(named('v'), inferSchema);
  assert.ok(view.kind === 'view' && view.definition.sql === 'select 2');
  assert.deepEqual(
    (await lake.listRelations()).map(({ name, kind }) => `${kind} ${name}`),
    ['table t', 'view v'],
  );
  await assert.rejects(lake.dropTable(named('v')), { code: '42809', hint: /DROP VIEW/ });
  await lake.dropView(named('v'));
  assert.equal(await lake.findRelation(named('v'), inferSchema), undefined);
});

test('schemas are folders that were registered', async (context) => {
  const lake = await lakeWith(context, ['sales/orders/a.parquet', 'taken/a.parquet']);
  assert.equal(await lake.createSchema('sales'), true);
  assert.equal(await lake.createSchema('sales'), false);
  assert.equal(await lake.createSchema('pg_catalog'), false);
  await assert.rejects(lake.createSchema('taken'), { code: '42P06' });
  assert.deepEqual(await lake.listSchemas(), ['public', 'sales']);
  assert.deepEqual(await lake.listRelations('sales'), [{ schema: 'sales', name: 'orders', kind: 'table' }]);
  await lake.createTable(named('events', 'sales'), definition);
  await assert.rejects(lake.createTable(named('sales'), definition), { code: '42P07' });
  await assert.rejects(lake.dropSchema('sales'), { code: '2BP01' });
  await lake.dropTable(named('events', 'sales'));
  await lake.dropTable(named('orders', 'sales'));
  await lake.dropSchema('sales');
  assert.deepEqual(await lake.listSchemas(), ['public']);
});

test('names with special characters are escaped', async (context) => {
  const lake = await lakeWith(context, []);
  for (const name of ['a.b', '_hidden', 'x/y', 'día', 'k=v', 'head']) {
    await lake.createTable(named(name), definition);
    const write = await lake.beginWrite(await tableOf(lake, name));
    await write.commit([await stage(write, '2026-01-01')], { kind: 'append' });
  }
  const names = (await lake.listRelations()).map((relation) => relation.name);
  assert.deepEqual(names, ['_hidden', 'a.b', 'día', 'head', 'k=v', 'x/y']);
  assert.deepEqual(await readdir(lake.root).then((entries) => entries.sort()), [
    '%5Fhidden',
    '_millrace',
    'a.b',
    'día',
    'head',
    'k%3Dv',
    'x%2Fy',
  ]);
});

test('files, folders and patterns are tables', async (context) => {
  const lake = await lakeWith(context, [
    'data/a.parquet',
    'data/b.parquet',
    'data/deep/c.parquet',
    'events/day=2026-01-01/a.parquet',
    'events/day=2026-01-02/a.parquet',
  ]);
  const one = await lake.resolvePath('data/a.parquet', inferSchema);
  assert.deepEqual(await pathsOf(lake, one), ['data/a.parquet']);
  assert.equal(one.displayName, 'data/a.parquet');
  const list = await lake.resolvePath(['data/b.parquet', 'data/*'], inferSchema);
  assert.deepEqual(await pathsOf(lake, list), ['data/b.parquet', 'data/a.parquet']);
  const days = await lake.resolvePath('events/**/*.parquet', inferSchema);
  assert.deepEqual(days.partitionColumns, [{ name: 'day', type: DATE, nullable: true }]);
  const pruned = await lake.snapshot(days, ([day]) => day === 20455);
  assert.deepEqual(
    pruned.files.map((file) => file.partitionValues),
    [[20455]],
  );
  await assert.rejects(lake.beginWrite(one), { code: '42809' });
  await assert.rejects(lake.resolvePath(['data/*', 'events'], inferSchema), { code: '42P17' });
});

test('paths that lead nowhere say where they end', async (context) => {
  const lake = await lakeWith(context, ['data/orders.parquet', 'text/readme']);
  const resolve = (path: string) => lake.resolvePath(path, inferSchema);
  await assert.rejects(resolve('data/order.parquet'), { code: '58P01', hint: 'Did you mean "orders.parquet"?' });
  await assert.rejects(resolve('dta/orders.parquet'), { code: '58P01', hint: 'Did you mean "data"?' });
  await assert.rejects(resolve('data/*.parq'), { code: '58P01', message: 'no file matches "data/*.parq"' });
  await mkdir(join(lake.root, 'empty'));
  await assert.rejects(resolve('empty/'), { code: '58P01', hint: /empty\/\*\*\/\*\.parquet/ });
  await assert.rejects(lake.resolvePath([], inferSchema), { code: '22023' });
});

test('folders that contradict each other are clear errors', async (context) => {
  const lake = await lakeWith(context, [
    'mixed/a=1/x.parquet',
    'mixed/b=1/x.parquet',
    'stray/a=1/x.parquet',
    'stray/x.parquet',
  ]);
  await assert.rejects(tableOf(lake, 'mixed'), { code: '42P17' });
  const stray = await tableOf(lake, 'stray');
  await assert.rejects(lake.snapshot(stray), { code: '42P17', hint: /Move/ });
  await lake.createTable(named('typed'), definition);
  await addFiles(lake.root, ['typed/day=yesterday/x.parquet']);
  await assert.rejects(lake.snapshot(await tableOf(lake, 'typed')), { code: '22P02', detail: /day=yesterday/ });
});

/** A lake in which `other` happens once: when somebody has looked twice at what a table is, and looks again. */
async function lakeWithRace(context: TestContext, other: (lake: Lake) => Promise<void>): Promise<Lake> {
  const root = temporaryFolder(context);
  let looks = 0;
  const racing = new Proxy(store, {
    get: (target, name: keyof LocalObjectStore) => {
      const member = target[name] as unknown;
      if (name !== 'readSwappable') return typeof member === 'function' ? member.bind(target) : member;
      return async (path: string) => {
        if (++looks === 3) await other(await Lake.open(root));
        return await target.readSwappable(path);
      };
    },
  });
  return await Lake.open(root, { base: root, store: racing });
}

for (const [what, change] of [
  ['a table', (lake: Lake) => lake.createTable(named('t'), definition)],
  ['a view', (lake: Lake) => lake.createView(named('t'), { sql: 'select 1' })],
] as const) {
  test(`a block that creates ${what} does not replace what another has created meanwhile`, async (context) => {
    const theirs: TableDefinition = {
      columns: [{ name: 'n', type: TEXT, nullable: true }],
      partitionColumns: [],
      options: {},
    };
    const lake = await lakeWithRace(context, (other) => other.createTable(named('t'), theirs));
    const block = lake.openBlock();
    const changing = change(block as unknown as Lake).then(() => block.commit());
    await assert.rejects(changing, ({ code }: { code: string }) => code === '42P07' || code === '40001');
    await block.abort();
    assert.deepEqual((await tableOf(lake, 't')).columns, theirs.columns);
  });
}
