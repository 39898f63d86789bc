import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import * as nodeFileSystem from 'node:fs/promises';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cleanLake } from '../../../../src/storage/commit/clean-lake.js';
import type { TableAddress } from '../../../../src/storage/commit/lake-layout.js';
import { readTable } from '../../../../src/storage/commit/read-table.js';
import { rollForward } from '../../../../src/storage/commit/roll-forward.js';
import { readTableHead } from '../../../../src/storage/commit/table-head.js';
import { type Replacement, TableTransaction } from '../../../../src/storage/commit/table-transaction.js';
import { LocalObjectStore } from '../../../../src/storage/local/local-object-store.js';
import { openPinnedFile } from '../../../../src/storage/open-pinned-file.js';
import { readTexts, stageFile } from '../../../support/table-files.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

const store = new LocalObjectStore();

function tableIn(context: TestContext): TableAddress {
  return { lake: temporaryFolder(context), name: 'public.events', folder: 'events' };
}

async function change(table: TableAddress, replace: Replacement, files: Readonly<Record<string, string>>) {
  const transaction = await TableTransaction.begin(store, table);
  return await commitFiles(transaction, replace, files);
}

/** `files`: from a partition's folder to the content of its one new file. */
async function commitFiles(
  transaction: TableTransaction,
  replace: Replacement,
  files: Readonly<Record<string, string>>,
) {
  const staged = Object.entries(files).map(([folder, text]) =>
    stageFile(store, transaction, folder === '' ? [] : folder.split('/'), text),
  );
  return await transaction.commit(await Promise.all(staged), { replace });
}

const append: Replacement = { kind: 'nothing' };
const written: Replacement = { kind: 'written partitions' };
const partition = (...folders: string[]): Replacement => ({ kind: 'partitions', partitions: [folders] });

/** None when there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? await readdir(folder) : [];
}

async function allFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('appends add, overwrites replace exactly what they name', async (context) => {
  const table = tableIn(context);
  await change(table, append, { 'd=1': 'a', 'd=2': 'b' });
  await change(table, append, { 'd=1': 'c' });
  assert.deepEqual(await readTexts(store, table), ['d=1: a', 'd=1: c', 'd=2: b']);
  const result = await change(table, partition('d=1'), { 'd=1': 'new' });
  assert.equal(result.addedFiles, 1);
  assert.equal(result.removedFiles, 2);
  assert.equal(result.rollForwardError, undefined);
  assert.deepEqual(await readTexts(store, table), ['d=1: new', 'd=2: b']);
  await change(table, written, { 'd=2': 'B', 'd=3': 'C' });
  assert.deepEqual(await readTexts(store, table), ['d=1: new', 'd=2: B', 'd=3: C']);
  await change(table, partition('d=2'), {});
  assert.deepEqual(await readTexts(store, table), ['d=1: new', 'd=3: C']);
  assert.ok(!existsSync(join(table.lake, 'events/d=2')), 'the empty folder is gone');
  await change(table, { kind: 'table' }, { 'd=9': 'all' });
  assert.deepEqual(await readTexts(store, table), ['d=9: all']);
  assert.equal((await allFiles(join(table.lake, 'events'))).length, 1);
  assert.deepEqual(await namesIn(join(table.lake, '_millrace/staging')), []);
});

test('a static prefix replaces all partitions beneath it', async (context) => {
  const table = tableIn(context);
  await change(table, append, { 'a=1/b=1': 'x', 'a=1/b=2': 'y', 'a=2/b=1': 'z' });
  await change(table, partition('a=1'), { 'a=1/b=3': 'new' });
  assert.deepEqual(await readTexts(store, table), ['a=1/b=3: new', 'a=2/b=1: z']);
});

test('differently written folders of the same value are one partition', async (context) => {
  const table = tableIn(context);
  await mkdir(join(table.lake, 'events/m=03'), { recursive: true });
  await writeFile(join(table.lake, 'events/m=03/foreign.parquet'), 'old');
  const canonicalFolders = (folders: readonly string[]) => folders.map((folder) => folder.replace('=0', '='));
  const transaction = await TableTransaction.begin(store, table, { canonicalFolders });
  await commitFiles(transaction, written, { 'm=3': 'new' });
  assert.deepEqual(await readTexts(store, table), ['m=3: new']);
});

test('overwriting the same partition: the loser fails and leaves nothing; disjoint partitions both win', async (context) => {
  const table = tableIn(context);
  await change(table, append, { 'd=1': 'a', 'd=2': 'b' });
  const [first, second, third] = await Promise.all([0, 1, 2].map(() => TableTransaction.begin(store, table)));
  await commitFiles(first!, partition('d=1'), { 'd=1': 'first' });
  await assert.rejects(commitFiles(second!, partition('d=1'), { 'd=1': 'second' }), { code: '40001', hint: /again/ });
  await commitFiles(third!, partition('d=2'), { 'd=2': 'third' });
  assert.deepEqual(await readTexts(store, table), ['d=1: first', 'd=2: third']);
  assert.deepEqual(await namesIn(join(table.lake, '_millrace/staging')), []);
  assert.equal(
    (await allFiles(join(table.lake, '_millrace/tables'))).filter((path) => path.endsWith('.json')).length,
    3,
  );
});

test('an append to an overwritten partition, a whole overwrite and a change of the definition conflict', async (context) => {
  const table = tableIn(context);
  const begin = () => TableTransaction.begin(store, table);
  const [overwriting, appending, whole, late] = [await begin(), await begin(), await begin(), await begin()];
  await change(table, append, { 'd=1': 'meanwhile' });
  await assert.rejects(commitFiles(overwriting, partition('d=1'), { 'd=1': 'x' }), { code: '40001' });
  await assert.rejects(commitFiles(whole, { kind: 'table' }, { 'd=7': 'x' }), { code: '40001' });
  await commitFiles(appending, append, { 'd=1': 'appended' });
  await (await begin()).commit([], { replace: append, definition: { value: { kind: 'x' } }, alone: true });
  await assert.rejects(commitFiles(late, append, { 'd=5': 'x' }), { code: '40001' });
  assert.deepEqual(await readTexts(store, table), ['d=1: appended', 'd=1: meanwhile']);
  assert.deepEqual((await begin()).definition, { kind: 'x' });
});

test('many writers at once lose no append', async (context) => {
  const table = tableIn(context);
  await Promise.all(Array.from({ length: 12 }, (_, n) => change(table, append, { [`d=${n % 3}`]: String(n) })));
  assert.equal((await readTexts(store, table)).length, 12);
});

test('writers of the same partition in two instances: the content is that of one of them', async (context) => {
  const table = tableIn(context);
  for (let round = 0; round < 5; round++) {
    const results = await Promise.allSettled(
      ['x', 'y'].map((text) => change(table, partition('d=1'), { 'd=1': text })),
    );
    assert.ok(results.some(({ status }) => status === 'fulfilled'));
    const texts = await readTexts(store, table);
    assert.equal(texts.length, 1);
  }
});

test('readers during overwrites always see exactly one version', async (context) => {
  const table = tableIn(context);
  await change(table, append, { 'd=1': '0', 'd=2': '0' });
  let done = false;
  const reading = (async () => {
    let reads = 0;
    for (; !done; reads++) {
      const texts = await readTexts(store, table);
      assert.equal(texts.length, 2, texts.join());
      assert.equal(texts[0]!.slice(5), texts[1]!.slice(5));
    }
    return reads;
  })();
  for (let n = 1; n <= 15; n++) await change(table, written, { 'd=1': String(n), 'd=2': String(n) });
  done = true;
  assert.ok((await reading) > 0);
});

test('a query goes on reading what it pinned: from staging, from the table, from the trash', async (context) => {
  const table = tableIn(context);
  let pinned: Awaited<ReturnType<typeof readTable>> | undefined;
  const transaction = await TableTransaction.begin(store, table, {
    observer: async (step) => {
      // A reader that may not write here sees the staged file.
      if (step === 'head swapped') pinned = await readTable(new LocalObjectStore(readOnlyFileSystem), table);
    },
  });
  await commitFiles(transaction, append, { 'd=1': 'old' });
  const [file] = pinned!.files;
  assert.match(file!.path, /_millrace\/staging/);
  assert.deepEqual(file!.folders, ['d=1']);
  for (const next of ['newer', 'newest']) {
    const opened = await openPinnedFile(file!);
    const target = new Uint8Array(3);
    await opened.read(0, target);
    await opened.close();
    assert.equal(Buffer.from(target).toString(), 'old');
    await change(table, partition('d=1'), { 'd=1': next });
  }
  await cleanLake(store, table.lake, 1000, Date.now() + 10_000);
  await assert.rejects(openPinnedFile(file!), { code: '58P01', hint: /again/ });
});

const refuse = () => Promise.reject(Object.assign(new Error('EROFS'), { code: 'EROFS' }));
const readOnlyFileSystem = { ...nodeFileSystem, rename: refuse, link: refuse, mkdir: refuse, unlink: refuse };

test('a helper that comes late brings back no removed file', async (context) => {
  const table = tableIn(context);
  let stale: Awaited<ReturnType<typeof readTableHead>> | undefined;
  const transaction = await TableTransaction.begin(store, table, {
    observer: async (step) => {
      if (step === 'head swapped') stale = await readTableHead(store, table);
    },
  });
  await commitFiles(transaction, append, { 'd=1': 'old' });
  await change(table, partition('d=1'), { 'd=1': 'new' });
  await rollForward(store, table, stale!);
  assert.deepEqual(await readTexts(store, table), ['d=1: new']);
});

test('a full disk before the commit point changes nothing, after it the commit stands', async (context) => {
  const table = tableIn(context);
  await change(table, append, { 'd=1': 'old' });
  const before = await allFiles(join(table.lake, 'events'));
  for (const step of ['staged', 'intent written'] as const) {
    const full = { code: '53100' };
    const transaction = await TableTransaction.begin(store, table, {
      observer: (reached) => {
        if (reached === step) throw Object.assign(new Error('full'), full);
      },
    });
    await assert.rejects(commitFiles(transaction, partition('d=1'), { 'd=1': 'new' }), full);
    assert.deepEqual(await allFiles(join(table.lake, 'events')), before);
    assert.deepEqual(await namesIn(join(table.lake, '_millrace/staging')), []);
  }
  const cannotMove = new LocalObjectStore({
    ...nodeFileSystem,
    rename: async (source, destination) => {
      if (String(destination).includes('/events/d=1/part')) {
        if (!String(destination).includes('_millrace')) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      }
      await nodeFileSystem.rename(source, destination);
    },
  });
  const transaction = await TableTransaction.begin(cannotMove, table);
  const result = await commitFiles(transaction, partition('d=1'), { 'd=1': 'new' });
  assert.equal(result.rollForwardError?.code, '53100');
  assert.deepEqual(await readTexts(cannotMove, table), ['d=1: new'], 'read from staging');
  await cleanLake(cannotMove, table.lake, 1000, Date.now() + 10_000);
  assert.deepEqual(await readTexts(store, table), ['d=1: new'], 'rolled forward by the next reader');
  assert.equal((await readTableHead(store, table)).head?.pending, false);
});

test('cleaning deletes old trash, abandoned staging and old intents, and nothing young', async (context) => {
  const table = tableIn(context);
  await change(table, append, { 'd=1': 'old' });
  await change(table, partition('d=1'), { 'd=1': 'new' });
  await stageFile(store, await TableTransaction.begin(store, table), ['d=1'], 'abandoned');
  const state = join(table.lake, '_millrace');
  const halfWritten = join(state, 'tables/public.events/head/.0000000000000009.0123456789ab.tmp');
  await writeFile(halfWritten, '');
  await cleanLake(store, table.lake);
  assert.ok(existsSync(halfWritten));
  assert.equal((await allFiles(join(state, 'trash'))).length, 2);
  assert.equal((await allFiles(join(state, 'staging'))).length, 1);
  await cleanLake(store, table.lake, 1000, Date.now() + 10_000);
  assert.equal((await allFiles(join(state, 'trash'))).length, 0);
  assert.equal((await allFiles(join(state, 'staging'))).length, 0);
  assert.ok(!existsSync(halfWritten));
  assert.equal((await allFiles(join(state, 'tables'))).filter((path) => path.endsWith('.json')).length, 1);
  assert.deepEqual(await readTexts(store, table), ['d=1: new']);
});

test('a damaged or newer head is a clear error', async (context) => {
  const table = tableIn(context);
  await change(table, append, { 'd=1': 'x' });
  const head = join(table.lake, '_millrace/tables/public.events/head');
  const [last] = (await readdir(head)).sort().reverse();
  await writeFile(join(head, last!), '{"format":"millrace table head","version":99}');
  await assert.rejects(readTable(store, table), { code: '0A000', hint: /Upgrade/ });
  await writeFile(join(head, last!), '{"format":');
  await assert.rejects(readTable(store, table), { code: 'XX001' });
});
