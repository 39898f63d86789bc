import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as nodeFileSystem from 'node:fs/promises';
import { appendFile, mkdir, readdir, readFile, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MillraceError } from '../../../src/common/errors.js';
import type { FileSystem } from '../../../src/storage/local/file-system.js';
import { LocalObjectStore } from '../../../src/storage/local/local-object-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const store = new LocalObjectStore();
const bytes = (text: string) => new TextEncoder().encode(text);

async function pinOf(path: string) {
  const info = await store.stat(path);
  assert.ok(info);
  return info;
}

test('reads fill views of shared memory, also beyond 2 GiB', async (context) => {
  const path = join(temporaryFolder(context), 'file');
  await writeFile(path, 'the quick brown fox');
  const memory = new WebAssembly.Memory({ initial: 65536, maximum: 65536, shared: true });
  const file = await store.openFile(await pinOf(path));
  const target = new Uint8Array(memory.buffer, 3 * 2 ** 30 + 5, 5);
  await file.read(4, target);
  assert.equal(Buffer.from(target).toString(), 'quick');
  await file.assertUnchanged();
  await file.close();
});

test('writes from views of shared memory', async (context) => {
  const path = join(temporaryFolder(context), 'a/b/file');
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const view = new Uint8Array(memory.buffer, 100, 5);
  view.set(bytes('hello'));
  const writer = await store.createWriter(path);
  await writer.write(view);
  view.fill(0);
  await writer.write(bytes(' world'));
  assert.equal(await store.stat(path), undefined, 'visible only when closed');
  const info = await writer.close();
  assert.equal(info.byteLength, 11);
  assert.deepEqual(info, await store.stat(path));
  assert.equal(await readFile(path, 'utf8'), 'hello world');
  assert.deepEqual(await readdir(join(path, '..')), ['file']);
});

test('a read beyond the end is corrupt data, a shrunken or touched file has changed', async (context) => {
  const path = join(temporaryFolder(context), 'file');
  await writeFile(path, '0123456789');
  const pin = await pinOf(path);
  const file = await store.openFile(pin);
  await assert.rejects(file.read(8, new Uint8Array(3)), { code: 'XX001' });
  await truncate(path, 5);
  await assert.rejects(file.read(4, new Uint8Array(6)), { code: '40001', message: /changed while being read/ });
  await assert.rejects(file.assertUnchanged(), { code: '40001' });
  await file.close();
  await assert.rejects(store.openFile(pin), { code: '40001' });
  await writeFile(path, 'abcdefghij');
  await utimes(path, 1, 1);
  await assert.rejects(store.openFile(pin), { code: '40001', hint: /again/ });
  await store.delete(path);
  await assert.rejects(store.openFile(pin), { code: '58P01' });
});

test('an aborted or failed writer leaves nothing behind', async (context) => {
  const folder = temporaryFolder(context);
  const writer = await store.createWriter(join(folder, 'x/y/file'));
  await writer.write(bytes('half'));
  await writer.abort();
  await writer.abort();
  assert.deepEqual(await readdir(folder), []);

  for (const [systemCode, code, failing] of [
    ['ENOSPC', '53100', 'write'],
    ['EDQUOT', '53100', 'sync'],
    ['EIO', '58030', 'write'],
  ] as const) {
    const full = new LocalObjectStore(failingFileSystem(systemCode, failing));
    const failed = await full.createWriter(join(folder, 'x/y/file'));
    const attempt = failed.write(bytes('data')).then(() => failed.close());
    await assert.rejects(attempt, (error: MillraceError) => {
      assert.equal(error.code, code);
      assert.ok(error.hint);
      return true;
    });
    assert.deepEqual(await readdir(folder), []);
  }
});

/** A disk whose files fail at one operation. */
function failingFileSystem(systemCode: string, operation: 'write' | 'sync'): FileSystem {
  return {
    ...nodeFileSystem,
    open: async (path, flags, mode) => {
      const handle = await nodeFileSystem.open(path, flags, mode);
      if (flags === 'wx') {
        handle[operation] = () => Promise.reject(Object.assign(new Error(systemCode), { code: systemCode }));
      }
      return handle;
    },
  };
}

test('listings have files with versions, and folders; links are followed, but not in circles', async (context) => {
  const folder = temporaryFolder(context);
  await mkdir(join(folder, 'p=1'));
  await writeFile(join(folder, 'p=1/b'), 'bb');
  await writeFile(join(folder, 'a'), 'a');
  await symlink(folder, join(folder, 'p=1/loop'));
  await symlink(join(folder, 'p=1'), join(folder, 'p=2'));
  await symlink('nowhere', join(folder, 'dangling'));
  const listing = await store.listFolder(folder);
  assert.deepEqual(listing.folders, ['p=1', 'p=2']);
  assert.deepEqual(listing.files, [await store.stat(join(folder, 'a'))]);
  const paths = (await store.list(folder)).map((file) => file.path).sort();
  assert.deepEqual(paths, [join(folder, 'a'), join(folder, 'p=1/b')]);
  assert.deepEqual(await store.listFolder(join(folder, 'missing')), { files: [], folders: [] });
  assert.equal(await store.stat(join(folder, 'p=1')), undefined);
  assert.equal(await store.stat(join(folder, 'a/b')), undefined);
});

test('put-if-absent writes once', async (context) => {
  const path = join(temporaryFolder(context), 'deep/object');
  const results = await Promise.all(['a', 'b', 'c'].map((text) => store.putIfAbsent(path, bytes(text))));
  assert.equal(results.filter(Boolean).length, 1);
  assert.deepEqual(await readdir(join(path, '..')), ['object']);
  const blocked = join(path, 'below-a-file');
  await assert.rejects(store.putIfAbsent(blocked, bytes('x')), { code: '58P02' });
});

test('compare-and-swap lets one of several win', async (context) => {
  const path = join(temporaryFolder(context), 'head');
  assert.equal(await store.readSwappable(path), undefined);
  const first = await store.compareAndSwap(path, undefined, bytes('1'));
  assert.ok(first);
  assert.equal(await store.compareAndSwap(path, undefined, bytes('x')), undefined);
  const results = await Promise.all(['a', 'b', 'c'].map((text) => store.compareAndSwap(path, first, bytes(text))));
  assert.equal(results.filter((version) => version !== undefined).length, 1);
  assert.equal(await store.compareAndSwap(path, first, bytes('x')), undefined);
});

test('compare-and-swap loses no update among processes', async (context) => {
  const path = join(temporaryFolder(context), 'head');
  const script = `
    import { LocalObjectStore } from ${JSON.stringify(import.meta.resolve('../../../src/storage/local/local-object-store.js'))};
    const store = new LocalObjectStore();
    for (let done = 0; done < 40; ) {
      const current = await store.readSwappable(${JSON.stringify(path)});
      const next = String(Number(current === undefined ? 0 : new TextDecoder().decode(current.bytes)) + 1);
      if (await store.compareAndSwap(${JSON.stringify(path)}, current?.version, new TextEncoder().encode(next))) done++;
    }`;
  const exits = [0, 1].map(() => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    return new Promise((resolve) => child.on('exit', resolve));
  });
  assert.deepEqual(await Promise.all(exits), [0, 0]);
  const { bytes: final } = (await store.readSwappable(path))!;
  assert.equal(new TextDecoder().decode(final), '80');
});

test('old versions of a swapped object are removed, late and not all', async (context) => {
  const path = join(temporaryFolder(context), 'head');
  let version: string | undefined;
  for (let n = 0; n < 40; n++) {
    version = await store.compareAndSwap(path, version, bytes(String(n)));
    assert.ok(version);
  }
  assert.equal((await readdir(path)).length, 40, 'young versions stay');
  for (const name of await readdir(path)) await utimes(join(path, name), 1, 1);
  assert.ok(await store.compareAndSwap(path, version, bytes('last')));
  assert.equal((await readdir(path)).length, 17);
});

test('moves create folders and keep the version; a missing source is no error', async (context) => {
  const folder = temporaryFolder(context);
  await writeFile(join(folder, 'file'), 'x');
  const { version } = await pinOf(join(folder, 'file'));
  assert.equal(await store.move(join(folder, 'file'), join(folder, 'a/b/file')), true);
  assert.equal((await pinOf(join(folder, 'a/b/file'))).version, version);
  assert.equal(await store.move(join(folder, 'file'), join(folder, 'c/d/file')), false);
  await store.delete(join(folder, 'a/b/file'));
  await store.removeEmptyFolders(join(folder, 'a/b'), folder);
  assert.ok(!(await readdir(folder)).includes('a'));
});

test('moves between file systems copy, and bring no file back', async (context) => {
  const folder = temporaryFolder(context);
  const across: FileSystem = {
    ...nodeFileSystem,
    rename: async (source, destination) => {
      if (!String(source).endsWith('.tmp')) throw Object.assign(new Error('EXDEV'), { code: 'EXDEV' });
      await nodeFileSystem.rename(source, destination);
    },
  };
  const crossing = new LocalObjectStore(across);
  await appendFile(join(folder, 'file'), 'content');
  assert.equal(await crossing.move(join(folder, 'file'), join(folder, 'to/file')), true);
  assert.equal(await readFile(join(folder, 'to/file'), 'utf8'), 'content');
  assert.equal(await crossing.move(join(folder, 'file'), join(folder, 'to/file')), false);
  assert.deepEqual(await readdir(join(folder, 'to')), ['file']);
});

test('a folder that somebody prunes before a file is opened in it is created again', async (context) => {
  const folder = temporaryFolder(context);
  const path = join(folder, 'staging', 'part.parquet');
  let pruned = 0;
  const pruning: FileSystem = {
    ...nodeFileSystem,
    open: async (opened, flags, mode) => {
      if (flags === 'wx' && pruned++ === 0) await nodeFileSystem.rmdir(join(folder, 'staging'));
      return await nodeFileSystem.open(opened, flags, mode);
    },
  };
  const writer = await new LocalObjectStore(pruning).createWriter(path);
  await writer.write(new Uint8Array([1, 2, 3]));
  assert.equal((await writer.close()).byteLength, 3);
  assert.equal(pruned, 2);
});

test('a file that is closed while it is read closes afterwards, once, and is not read again', async (context) => {
  const folder = temporaryFolder(context);
  const [path, other] = [join(folder, 'file'), join(folder, 'other')];
  await writeFile(path, new Uint8Array(8 * 2 ** 20).fill(7));
  await writeFile(other, new Uint8Array(8 * 2 ** 20).fill(9));
  const target = new Uint8Array(8 * 2 ** 20);
  for (let round = 0; round < 5; round++) {
    const file = await store.openFile(await pinOf(path));
    const reading = file.read(0, target.fill(0));
    const closing = file.close();
    await file.close();
    const next = await store.openFile(await pinOf(other));
    await Promise.all([reading, closing]);
    assert.ok(target.every((byte) => byte === 7));
    await assert.rejects(file.read(0, target), { code: 'XX000' });
    await assert.rejects(file.assertUnchanged(), { code: 'XX000' });
    await file.close();
    await next.read(0, target);
    assert.ok(target.every((byte) => byte === 9));
    await next.close();
  }
});
